import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeGifToTarget } from '../../src/codec/scanline/gif.ts';
import { decodePngToTarget } from '../../src/codec/scanline/png.ts';
import { encodePng } from '../../src/codec/scanline/png-encode.ts';
import { predictGifDecodeBytes } from '../../src/core/vision/memory/gif.ts';
import { predictPngDecodeBytes, predictPngEncodeBytes } from '../../src/core/vision/memory/png.ts';
import { CODEC_MEMORY_BYTES_MAX, CODEC_STATIC_BYTES } from '../../src/core/vision/memory/static.ts';
import { loadPngModule } from './load-png.ts';
import { makePicture } from './png-picture.ts';

const WIDTH = 900;
const HEIGHT = 640;
const image = sharp(makePicture(WIDTH, HEIGHT, true), { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });

/** Each source is encoded once: quantising colours takes seconds. Smaller effort loses nothing that matters here. */
const sources = new Map<string, Promise<Buffer>>();
function source(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const known = sources.get(key) ?? make();
  sources.set(key, known);
  return known;
}

const targets = [
  [900, 640],
  [611, 434],
  [300, 213],
  [97, 69],
] as const;

test('static data are what the plan says, to the byte', () => {
  expect(loadPngModule().staticBytes()).toBe(CODEC_STATIC_BYTES);
});

describe.each(targets)('to %ix%i', (width, height) => {
  const job = { targetWidth: width, targetHeight: height, orientation: 6 };

  test.each([
    ['RGBA', 6, 8, false],
    ['RGBA interlaced', 6, 8, true],
    ['RGB', 2, 8, false],
    ['RGB interlaced', 2, 8, true],
    ['palette', 3, 8, false],
  ] as const)('a %s PNG takes the predicted bytes, to 1 %%', async (_, colourType, bitDepth, isInterlaced) => {
    const picture = colourType === 6 ? image.clone() : image.clone().removeAlpha();
    const options = { progressive: isInterlaced, palette: colourType === 3, effort: 1 };
    const bytes = await source(`png ${colourType} ${isInterlaced}`, () => picture.png(options).toBuffer());
    const exports = loadPngModule();
    const outcome = decodePngToTarget(exports, new Uint8Array(bytes), job);
    if (outcome.kind !== 'decoded') throw new Error(outcome.reason);
    const facts = { width: WIDTH, height: HEIGHT, bitDepth, colourType, hasTransparency: false, isInterlaced };
    const predicted = predictPngDecodeBytes(facts, { width, height });
    expect(Math.abs(outcome.peakBytes - predicted)).toBeLessThan(predicted * 0.01);

    encodePng(exports, { address: exports.rgbaTarget(), width: outcome.width, height: outcome.height }, { isFlat: false });
    const both = predicted + predictPngEncodeBytes({ width: outcome.width, height: outcome.height });
    expect(exports.peak()).toBeLessThanOrEqual(both * 1.01);
    expect(exports.peak()).toBeGreaterThan(both * 0.95);
  });

  test.each([false, true])('a GIF, interlaced %s, takes the predicted bytes, to 5 %%', async (isInterlaced) => {
    const options = { progressive: isInterlaced, effort: 1, dither: 0 };
    const bytes = await source(`gif ${isInterlaced}`, () => image.clone().gif(options).toBuffer());
    const outcome = decodeGifToTarget(loadPngModule(), new Uint8Array(bytes), job);
    if (outcome.kind !== 'decoded') throw new Error(outcome.reason);
    const predicted = predictGifDecodeBytes({ width: WIDTH, height: HEIGHT, isInterlaced }, { width, height });
    expect(Math.abs(outcome.peakBytes - predicted)).toBeLessThan(predicted * 0.05);
  });
});

test('8000x8000 fits: 24 MB at the standard tier, 64 MiB interlaced at the high tier', () => {
  const facts = { width: 8000, height: 8000, bitDepth: 16, colourType: 6, hasTransparency: false, isInterlaced: false };
  expect(predictPngDecodeBytes(facts, { width: 1092, height: 1092 })).toBeLessThan(24_000_000);
  const interlaced = { ...facts, isInterlaced: true };
  for (const side of [1092, 1224, 1225, 1932]) {
    const decoding = predictPngDecodeBytes(interlaced, { width: side, height: side });
    expect(decoding + predictPngEncodeBytes({ width: side, height: side })).toBeLessThan(CODEC_MEMORY_BYTES_MAX);
  }
});
