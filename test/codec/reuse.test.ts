/** One instance serves many pictures: none may show in the next one, whatever both are, damaged ones too. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instantiate, type ScanlineExports } from '../../src/codec/scanline/instance.ts';
import { transcodeOn } from '../../src/codec/scanline/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { loadModules } from './modules.ts';

const FOLDER = 'test/fixture';
const BYTES_MAX = 10_000_000;
const { scanline } = loadModules();

interface Picture {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Each kind of file once for each form of coding; of the eight orientations, two. */
const whole: readonly Picture[] = readdirSync(FOLDER)
  .filter((name) => /\.(jpg|png|gif|webp|bmp)$/.test(name) && !/orientation-[1-4578]-/.test(name))
  .map((name) => ({ name, bytes: new Uint8Array(readFileSync(`${FOLDER}/${name}`)) }));

/** The same with a run of wrong bytes two thirds in, so that the header is whole. */
const damaged: readonly Picture[] = whole.map(({ name, bytes }) => {
  const broken = bytes.slice();
  broken.fill(0xa5, Math.floor(bytes.length * 0.66), Math.floor(bytes.length * 0.66) + 24);
  return { name: `${name}, damaged`, bytes: broken };
});

const pictures = [...whole, ...damaged].filter(({ bytes }) => {
  try {
    inspectImage(bytes);
    return true;
  } catch {
    return false;
  }
});

/** Hash of the file that comes out, or the way in which none does. */
function outcome(exports: ScanlineExports, { bytes }: Picture): string {
  const info = inspectImage(bytes);
  const size = { width: Math.max(1, Math.ceil(info.width / 2)), height: Math.max(1, Math.ceil(info.height / 2)) };
  try {
    const { bytes: made, mediaType } = transcodeOn(exports, bytes, info, size, BYTES_MAX);
    return `${mediaType} ${createHash('sha256').update(made).digest('hex')}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : 'thrown';
  }
}

describe('an instance that is used again', () => {
  const fresh = new Map(pictures.map((picture) => [picture, outcome(instantiate(scanline), picture)]));

  it('has files that come out, and some that do not', () => {
    const outcomes = [...fresh.values()];
    expect(outcomes.filter((one) => one.startsWith('image/')).length).toBeGreaterThan(30);
    expect(outcomes.filter((one) => !one.startsWith('image/')).length).toBeGreaterThan(3);
  });

  it.each(pictures.map((picture) => [picture.name, picture] as const))('makes of every picture before and after %s what a fresh one makes', (_name, one) => {
    const exports = instantiate(scanline);
    const differing = pictures.filter((other) => {
      const before = outcome(exports, one);
      const between = outcome(exports, other);
      return before !== fresh.get(one) || between !== fresh.get(other) || outcome(exports, one) !== fresh.get(one);
    });
    expect(differing.map(({ name }) => name)).toEqual([]);
  });
});
