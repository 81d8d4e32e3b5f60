/** JPEGs with arithmetic coding, against libjpeg: libvips reads them, and on damaged data both follow the same zeros and ones. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeJpegRgba, JpegFault, type JpegFaultCode } from '../../src/codec/scanline/jpeg.ts';
import { transcodeScanline } from '../../src/codec/scanline/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { planImage } from '../../src/core/vision/plan.ts';
import { TIERS } from '../../src/core/vision/tier.ts';
import { psnr, referencePixels, toRgb } from './jpeg-picture.ts';
import { loadJpeg } from './load-jpeg.ts';
import { loadModules } from './modules.ts';

const NAMES = ['420', 'gray', '444-restart', 'progressive', 'progressive-gray'] as const;
const [WIDTH, HEIGHT] = [93, 61];
const exports = loadJpeg();

function read(name: (typeof NAMES)[number]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../fixture/arithmetic/jpeg-arithmetic-${name}.jpg`, import.meta.url)));
}

/** Offset of the first marker FF `code`. */
function find(file: Uint8Array, code: number): number {
  for (let at = 2; at < file.length;) {
    if (file[at + 1] === code) return at;
    at += 2 + (((file[at + 2] ?? 0) << 8) | (file[at + 3] ?? 0));
  }
  throw new Error(`no marker ${code.toString(16)}`);
}

/** `file` with `bytes` from offset `at` on. */
function patched(file: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  const copy = Uint8Array.from(file);
  copy.set(bytes, at);
  return copy;
}

async function distance(file: Uint8Array, width = WIDTH, height = HEIGHT): Promise<number> {
  const ours = decodeJpegRgba(exports, file, { width, height, orientation: 1 });
  return psnr(toRgb(ours.rgba, 4), await referencePixels(file, width, height));
}

function faultOf(file: Uint8Array): JpegFaultCode | undefined {
  try {
    decodeJpegRgba(exports, file, { width: 40, height: 26, orientation: 1 });
    return undefined;
  } catch (error) {
    if (error instanceof JpegFault) return error.code;
    throw error;
  }
}

describe('a JPEG with arithmetic coding', () => {
  it.each([
    ['420', 32],
    ['gray', 50],
    ['444-restart', 50],
    // Subsampled chroma is interpolated differently on purpose.
    ['progressive', 32],
    ['progressive-gray', 50],
  ] as const)('has the pixels that libjpeg gives: %s', async (name, least) => {
    expect(await distance(read(name))).toBeGreaterThan(least);
    expect(exports.jpegWarnings()).toBe(0);
  });

  it.each(NAMES)('may be made smaller, at every scale: %s', async (name) => {
    for (const width of [5, 12, 23, 40, 55, 70, 80]) expect(await distance(read(name), width, Math.ceil((width * 2) / 3)), `${width} px`).toBeGreaterThan(27);
  });

  it.each([
    ['DC differences that count as small from 2 on, and as large from 4 on', [0x00, 0x31, 0x10, 0x05]],
    ['no small DC differences', [0x00, 0xff, 0x10, 0x05]],
    ['AC magnitudes of one kind from the second index on', [0x00, 0x10, 0x10, 0x01]],
    ['AC magnitudes of one kind', [0x00, 0x10, 0x10, 0x3f]],
  ])('follows its conditioning: %s', async (_, segment) => {
    // The data were coded with other values, so the picture is noise; it has to be the same noise.
    const file = read('444-restart');
    const at = find(file, 0xcc) + 4;
    const changed = patched(file, at, ...segment);
    expect(await distance(changed)).toBeGreaterThan(40);
    expect(psnr(await referencePixels(changed, WIDTH, HEIGHT), await referencePixels(file, WIDTH, HEIGHT))).toBeLessThan(40);
  });

  it.each([0, 1, 20, 200, 1_000])('reads zeros without end before the marker that ends its data, after %i bytes of them', async (length) => {
    const file = read('gray');
    const data = find(file, 0xda) + 2 + 8;
    expect(await distance(Uint8Array.from([...file.subarray(0, data + length), 0xff, 0xd9]))).toBeGreaterThan(40);
  });

  it.each(NAMES)('is planned from its header and sent as baseline JPEG, although it fits: %s', async (name) => {
    const file = read(name);
    const info = inspectImage(file);
    const plan = planImage(info, { tier: TIERS.standard, isManyImageRequest: false });
    if (plan.kind !== 'transcode') throw new Error(`planned as ${plan.kind}`);
    const sent = transcodeScanline(loadModules().scanline, file, info, plan.size, plan.bytesMax);
    expect(Math.abs(sent.peakBytes / plan.peakBytes - 1)).toBeLessThan(0.01);
    expect(inspectImage(sent.bytes).detail).toMatchObject({ coding: 'baseline' });
    expect(
      psnr(toRgb(await sharp(sent.bytes).toColourspace('srgb').removeAlpha().raw().toBuffer(), 3), await referencePixels(file, WIDTH, HEIGHT)),
    ).toBeGreaterThan(28);
  });
});

describe('a JPEG with arithmetic coding that is damaged', () => {
  it.each(NAMES)('is refused when it ends at any byte of its header: %s', (name) => {
    const file = read(name);
    const scan = find(file, 0xda);
    for (let length = 0; length <= scan + 2; length++) expect(faultOf(file.subarray(0, length)), String(length)).toBe('truncated');
  });

  it.each(['420', '444-restart'] as const)('is refused when half of it is missing: %s', (name) => {
    const file = read(name);
    expect(faultOf(file.subarray(0, Math.floor(file.length / 2)))).toBe('truncated');
  });

  it.each([
    ['a table number of 4', [0x04, 0x10]],
    ['a class of 2', [0x20, 0x10]],
    ['a lower bound above the upper', [0x00, 0x12]],
    ['Kx of 0', [0x10, 0x00]],
    ['Kx of 64', [0x10, 0x40]],
  ])('is refused for conditioning with %s', (_, segment) => {
    const file = read('420');
    expect(faultOf(patched(file, find(file, 0xcc) + 4, ...segment))).toBe('undecodable');
  });

  it('ends in bounded work, however much it claims for how few bytes', () => {
    for (const name of NAMES) {
      const file = read(name);
      const frame = find(file, name.startsWith('progressive') ? 0xca : 0xc9);
      expect(faultOf(patched(file, frame + 5, 0xff, 0xdc, 0xff, 0xdc)), name).toMatch(/work_bound|out_of_memory/);
    }
  });
});
