/** What becomes of a trap: a defect of ours, so another decoder is asked, and the caller never sees it as it is. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instantiate, type ScanlineExports } from '../../src/codec/scanline/instance.ts';
import { ScanlineFailure, transcodeOn } from '../../src/codec/scanline/transcode.ts';
import { Fault } from '../../src/core/fault.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { loadModules } from './modules.ts';

const { scanline } = loadModules();

function trap(): never {
  throw new WebAssembly.RuntimeError('unreachable');
}

function failureOf(name: string, step: keyof ScanlineExports): unknown {
  const bytes = new Uint8Array(readFileSync(new URL(`../fixture/${name}`, import.meta.url)));
  const info = inspectImage(bytes);
  try {
    return transcodeOn({ ...instantiate(scanline), [step]: trap }, bytes, info, { width: 12, height: 8 }, Infinity);
  } catch (error) {
    return error instanceof ScanlineFailure ? { reason: error.reason, isDefect: error.isDefect, fault: error.toFault(info) } : error;
  }
}

describe('a trap is a failure of our own codec', () => {
  it.each([
    ['jpeg-baseline-420.jpg', 'jpegPush'],
    ['jpeg-baseline-420.jpg', 'jpegTranscodeStep'],
    ['png-rgb8.png', 'pngPush'],
    ['gif-still.gif', 'gifPush'],
    ['webp-vp8-lossy.webp', 'webpPush'],
    ['webp-vp8-lossy.webp', 'webpTargetRows'],
    ['webp-vp8-lossy.webp', 'rgbaMeasure'],
  ] as const)('%s in %s', (name, step) => {
    const failure = failureOf(name, step);
    expect(failure).toMatchObject({ reason: 'trap', isDefect: true, fault: { code: 'image_undecodable' } });
    expect((failure as { fault: unknown }).fault).toBeInstanceOf(Fault);
  });
});
