import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePngToTarget } from '../../src/codec/scanline/png.ts';
import { isFlat, measureContent } from '../../src/codec/scanline/content.ts';
import { encodePng } from '../../src/codec/scanline/png-encode.ts';
import { loadPngModule } from './load-png.ts';
import { compareRgba, makePicture } from './png-picture.ts';

/** Puts a bitmap into a module by decoding it there, then encodes it. */
async function encode(pixels: Uint8Array, width: number, height: number, bytesMax?: number) {
  const exports = loadPngModule();
  const source = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const decoded = decodePngToTarget(exports, new Uint8Array(source), { targetWidth: width, targetHeight: height, orientation: 1 });
  expect(decoded.kind).toBe('decoded');
  const bitmap = { address: exports.rgbaTarget(), width, height };
  const file = encodePng(exports, bitmap, { isFlat: isFlat(measureContent(exports, bitmap)), ...(bytesMax === undefined ? {} : { bytesMax }) });
  return { file, colourType: exports.pngEncodeColourType(), exports, bitmap };
}

async function expectSamePixels(file: Uint8Array | undefined, pixels: Uint8Array): Promise<void> {
  if (!file) throw new Error('not encoded');
  const back = await sharp(file, { failOn: 'warning' }).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  expect(compareRgba(new Uint8Array(back), pixels).largest).toBe(0);
}

function paint(width: number, height: number, colour: (x: number, y: number) => readonly number[]): Uint8Array {
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels.set(colour(x, y), (y * width + x) * 4);
  return pixels;
}

describe('each picture gets the smallest exact colour type', () => {
  test.each([
    ['two colours', 3, (x: number) => (x & 1 ? [9, 8, 7, 255] : [1, 2, 3, 255])],
    ['sixteen colours, some translucent', 3, (x: number) => [x & 15, 0, 0, 240 + (x & 15)]],
    ['256 colours', 3, (x: number, y: number) => [(x + y) & 255, 77, 3, 255]],
    ['gray', 0, (x: number, y: number) => [(x * y) & 255, (x * y) & 255, (x * y) & 255, 255]],
    ['RGB', 2, (x: number, y: number) => [x & 255, y & 255, (x * y) & 255, 255]],
    ['gray and alpha', 4, (x: number, y: number) => [x & 255, x & 255, x & 255, Math.max(1, (x * y) & 255)]],
    ['RGB and alpha', 6, (x: number, y: number) => [x & 255, y & 255, (x * y) & 255, Math.max(1, (x + y) & 255)]],
  ])('%s', async (_, colourType, colour) => {
    const pixels = paint(301, 97, colour);
    const encoded = await encode(pixels, 301, 97);
    expect(encoded.colourType).toBe(colourType);
    await expectSamePixels(encoded.file, pixels);
  });
});

test.each([
  [1, 1],
  [1, 300],
  [300, 1],
  [2, 3],
  [17, 5],
])('%i by %i pixels survive', async (width, height) => {
  const pixels = makePicture(width, height, false);
  await expectSamePixels((await encode(pixels, width, height)).file, pixels);
});

test('pictures larger than the window survive: noise, flat areas, far repeats', async () => {
  let noise = 7;
  const random = () => (noise = (Math.imul(noise, 1103515245) + 12345) | 0) >>> 24;
  const noisy = paint(700, 500, () => [random(), random(), random(), 255]);
  const flat = paint(900, 900, (x, y) => (x === y ? [random(), 5, 5, 255] : [200, 201, 202, 255]));
  const repeats = paint(640, 600, (x, y) => [...noisy.subarray(((y % 40) * 640 + x) * 4, ((y % 40) * 640 + x) * 4 + 3), 255]);
  await expectSamePixels((await encode(noisy, 700, 500)).file, noisy);
  await expectSamePixels((await encode(flat, 900, 900)).file, flat);
  await expectSamePixels((await encode(repeats, 640, 600)).file, repeats);
});

test('a skewed alphabet keeps its codes within fifteen bits', async () => {
  // Fibonacci frequencies make the deepest Huffman trees.
  const values: number[] = [];
  for (let value = 0, a = 1, b = 1; value < 24; value++, [a, b] = [b, a + b]) for (let i = 0; i < a; i++) values.push(value);
  let noise = 3;
  for (let i = values.length - 1; i > 0; i--) {
    noise = (Math.imul(noise, 1103515245) + 12345) | 0;
    const j = (noise >>> 8) % (i + 1);
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  const width = 331;
  const height = Math.floor(values.length / width);
  const pixels = paint(width, height, (x, y) => {
    const value = values[y * width + x]! * 9;
    return [value, value, value, 255];
  });
  await expectSamePixels((await encode(pixels, width, height)).file, pixels);
});

test("files are not much larger than libpng's at level 6", async () => {
  const picture = makePicture(800, 600, false);
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="800" height="600" fill="#fff"/>${Array.from(
    { length: 28 },
    (_, i) => `<text x="9" y="${20 + i * 20}" font-size="16">The quick brown fox ${i} jumps over the lazy dog</text>`,
  ).join('')}</svg>`;
  const screenshot = new Uint8Array(await sharp(Buffer.from(text)).ensureAlpha().raw().toBuffer());
  for (const pixels of [picture, screenshot]) {
    const image = sharp(pixels, { raw: { width: 800, height: 600, channels: 4 } }).removeAlpha();
    const plain = await image.clone().png({ compressionLevel: 6 }).toBuffer();
    const adaptive = await image.clone().png({ compressionLevel: 6, adaptiveFiltering: true }).toBuffer();
    const { file } = await encode(pixels, 800, 600);
    expect(file!.length).toBeLessThan(Math.min(plain.length, adaptive.length) * 1.08);
  }
});

test('encoding stops at the byte limit', async () => {
  const pixels = makePicture(400, 300, false);
  const { file } = await encode(pixels, 400, 300);
  expect((await encode(pixels, 400, 300, file!.length)).file?.length).toBe(file!.length);
  expect((await encode(pixels, 400, 300, file!.length - 1)).file).toBeUndefined();
});

test('the memory of an encoding that stopped at the limit is given back: the next one does not raise the peak', async () => {
  const { exports, bitmap } = await encode(makePicture(400, 300, false), 400, 300, 1000);
  const peak = exports.peak();
  expect(encodePng(exports, bitmap, { isFlat: false })).toBeDefined();
  expect(exports.peak()).toBe(peak);
});
