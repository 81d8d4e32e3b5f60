/** What is reserved for a picture before anything is allocated, against what it then holds: every format, through the product's own path. */
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { createCodec } from '../../src/codec/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { planMemory, scanlinePeakBytes } from '../../src/core/vision/memory/memory.ts';
import { loadModules } from './modules.ts';

const WIDTH = 1800;
const HEIGHT = 1300;
const TOLERANCE = 0.05;
const codec = createCodec(loadModules());

/** Soft shapes with grain: photographic, so that JPEG comes out; or flat shapes, for PNG. RGB, row-major. */
function pixelsOf(isFlat: boolean): Buffer {
  const data = Buffer.alloc(WIDTH * HEIGHT * 3);
  let seed = 7;
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      seed = (Math.imul(seed, 1103515245) + 12345) | 0;
      const value = isFlat ? ((x >> 7) + (y >> 7)) % 3 : 0;
      for (let channel = 0; channel < 3; channel++)
        data[at++] = isFlat ? value * 90 + channel * 20 : 100 + 60 * Math.sin((x + channel * 40) / 90) + ((seed >>> 16) & 15);
    }
  }
  return data;
}

const SOURCES: readonly (readonly [string, (image: Sharp) => Sharp])[] = [
  ['baseline JPEG 4:2:0', (image) => image.jpeg()],
  ['baseline JPEG 4:4:4', (image) => image.jpeg({ chromaSubsampling: '4:4:4' })],
  ['progressive JPEG', (image) => image.jpeg({ progressive: true })],
  ['gray JPEG', (image) => image.grayscale().jpeg()],
  ['CMYK JPEG', (image) => image.toColourspace('cmyk').jpeg()],
  ['RGB PNG', (image) => image.png({ compressionLevel: 3 })],
  ['RGBA PNG', (image) => image.ensureAlpha(0.5).png({ compressionLevel: 3 })],
  ['interlaced PNG', (image) => image.png({ progressive: true, compressionLevel: 3 })],
  ['GIF', (image) => image.gif({ effort: 1, colours: 32, dither: 0 })],
  ['lossy WebP', (image) => image.webp({ effort: 0 })],
  ['lossless WebP', (image) => image.webp({ lossless: true, effort: 0 })],
];

describe.each([false, true])('flat graphics: %s', (isFlat) => {
  const pixels = pixelsOf(isFlat);
  const picture = (): Sharp => sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

  it.each(SOURCES)('%s holds what was predicted, to 5 %, and never more than was reserved', async (_, encode) => {
    const bytes = new Uint8Array(await encode(picture()).toBuffer());
    const info = inspectImage(bytes);
    for (const size of [
      { width: 900, height: 650 },
      { width: 1500, height: 1083 },
    ]) {
      const plan = planMemory(info, size);
      expect(plan?.decoder).toBe('scanline');
      const result = await codec.transcode(bytes, info, { kind: 'transcode', size, isResized: true, imageTokens: 1, bytesMax: 7_864_320, ...plan! });
      const predicted = scanlinePeakBytes(info, size, result.mediaType === 'image/png' ? 'png' : 'jpeg')!;
      expect(result.peakBytes, `${result.peakBytes} held, ${plan!.peakBytes} reserved`).toBeLessThanOrEqual(plan!.peakBytes * 1.001);
      // Files say only while they are read how many code tables a lossless WebP brings, and whether a palette suffices.
      if (info.format !== 'webp' || info.colourModel === 'ycbcr')
        expect(Math.abs(result.peakBytes / predicted - 1), `${result.peakBytes} held, ${predicted} predicted`).toBeLessThan(TOLERANCE);
    }
  });
});
