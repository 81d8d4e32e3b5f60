/** What is measured in a bitmap, and what is decided by it: photographs leave as JPEG, text and drawings exactly, as PNG. */
import sharp from 'sharp';
import { describe, expect, it, test } from 'vitest';
import { type Content, measureContent, suitsPng } from '../../src/codec/scanline/content.ts';
import { decodePngToTarget } from '../../src/codec/scanline/png.ts';
import { createCodec } from '../../src/codec/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { loadPngModule } from './load-png.ts';
import { loadModules } from './modules.ts';
import { makePicture } from './png-picture.ts';

const codec = createCodec(loadModules());

async function measured(rgba: Uint8Array, width: number, height: number): Promise<Content> {
  const exports = loadPngModule();
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  decodePngToTarget(exports, new Uint8Array(png), { targetWidth: width, targetHeight: height, orientation: 1 });
  return measureContent(exports, { address: exports.rgbaTarget(), width, height });
}

/** The same by hand, pair by pair; those after the last whole four of a row are left out. */
function counted(rgba: Uint8Array, width: number, height: number): Content {
  const counts = { equal: 0, faint: 0, clear: 0, strong: 0 };
  const colours = new Set<number>();
  let pairs = 0;
  for (let y = 0; y < height; y += 4) {
    const compared = width - 1 < 4 ? width - 1 : (width - 1) & ~3;
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      colours.add(new DataView(rgba.buffer, rgba.byteOffset).getUint32(at));
      if (x >= compared) continue;
      const difference = Math.max(...[0, 1, 2, 3].map((channel) => Math.abs(rgba[at + channel]! - rgba[at + 4 + channel]!)));
      counts[difference === 0 ? 'equal' : difference < 9 ? 'faint' : difference < 32 ? 'clear' : 'strong'] += 1;
      pairs += 1;
    }
  }
  const share = (kind: keyof typeof counts) => counts[kind] / pairs;
  return { equal: share('equal'), faint: share('faint'), clear: share('clear'), strong: share('strong'), colours: Math.min(257, colours.size) };
}

test.each([
  [300, 200, false],
  [299, 41, true],
  [17, 9, true],
])('neighbours of a %i by %i picture are counted by how much they differ', async (width, height, hasAlpha) => {
  const rgba = makePicture(width, height, hasAlpha);
  const content = await measured(rgba, width, height);
  const wanted = counted(rgba, width, height);
  expect(content.colours).toBe(wanted.colours);
  for (const kind of ['equal', 'faint', 'clear', 'strong'] as const) expect(content[kind]).toBeCloseTo(wanted[kind], 10);
});

test.each([0, 8, 9, 31, 32, 255])('a step of %i levels in one channel', async (step) => {
  const rgba = new Uint8Array(64 * 4 * 4).map((_, at) => ((at & 3) === 3 ? 255 : (at & 3) === 1 && (at >> 2) & 1 ? step : 0));
  const { equal, faint, clear, strong } = await measured(rgba, 64, 4);
  expect([equal, faint, clear, strong].map(Math.round)).toEqual([step === 0, step > 0 && step < 9, step >= 9 && step < 32, step >= 32].map(Number));
});

test('colours are counted up to one more than a palette holds', async () => {
  const ramp = (count: number) => Uint8Array.from({ length: 512 * 4 }, (_, at) => [(at >> 2) % count, (at >> 2) % count > 255 ? 1 : 0, 0, 255][at & 3]!);
  for (const [count, seen] of [
    [256, 256],
    [257, 257],
    [300, 257],
  ] as const) {
    expect((await measured(ramp(count), 512, 1)).colours).toBe(seen);
  }
});

/** A shaded, grainy thing on a plain ground, as shops show their goods. */
function productShot(width: number, height: number): Buffer {
  const rgb = Buffer.alloc(width * height * 3, 246);
  let seed = 5;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [(x - width / 2) / (width * 0.33), (y - height / 2) / (height * 0.4)];
      if (dx * dx + dy * dy > 1) continue;
      seed = (Math.imul(seed, 1103515245) + 12345) | 0;
      const light = 150 - 90 * dx - 40 * dy + ((seed >>> 16) % 7);
      for (let channel = 0; channel < 3; channel++) rgb[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, light * [1, 0.7, 0.5][channel]!));
    }
  }
  return rgb;
}

const PAGE = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="900"><rect width="1200" height="900" fill="#fdfdfd"/>${Array.from(
  { length: 40 },
  (_, i) =>
    `<text x="20" y="${30 + i * 21}" font-size="${12 + (i % 5) * 2}" fill="${i % 4 ? '#222' : '#c02010'}">Line ${i}: the quick brown fox jumps over the lazy dog 0123456789</text>`,
).join('')}</svg>`;

async function sentAs(bytes: Uint8Array<ArrayBuffer>, scale: number) {
  const info = inspectImage(bytes);
  const size = { width: Math.round(info.width * scale), height: Math.round(info.height * scale) };
  return codec.transcode(bytes, info, { kind: 'transcode', size, isResized: true, imageTokens: 1, decoder: 'scanline', peakBytes: 0, bytesMax: 7_864_320 });
}

describe('the output format', () => {
  const shot = sharp(productShot(1500, 1200), { raw: { width: 1500, height: 1200, channels: 3 } });
  it.each([
    ['PNG', () => shot.clone().png()],
    ['WebP without loss', () => shot.clone().webp({ lossless: true, effort: 0 })],
    ['WebP with loss', () => shot.clone().webp({ quality: 90, effort: 0 })],
  ])('of a product on a plain ground is JPEG, though two thirds of it are flat: %s', async (_, encode) => {
    for (const scale of [1, 0.6]) {
      expect((await sentAs(new Uint8Array(await encode().toBuffer()), scale)).mediaType).toBe('image/jpeg');
    }
  });

  it.each([
    ['PNG', () => sharp(Buffer.from(PAGE)).png()],
    ['GIF', () => sharp(Buffer.from(PAGE)).gif({ effort: 1 })],
    ['WebP without loss', () => sharp(Buffer.from(PAGE)).webp({ lossless: true, effort: 0 })],
  ])('of text is PNG, at every size: %s', async (_, encode) => {
    const bytes = new Uint8Array(await encode().toBuffer());
    for (const scale of [1, 0.93, 0.7, 0.5]) expect((await sentAs(bytes, scale)).mediaType, `at ${scale}`).toBe('image/png');
  });

  it('of a gradient is JPEG: it is smooth, and costs a PNG four times the bytes', () => {
    expect(suitsPng({ equal: 0.6, faint: 0.38, clear: 0.01, strong: 0.01, colours: 257 })).toBe(false);
  });
});
