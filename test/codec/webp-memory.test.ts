import { describe, expect, it } from 'vitest';
import { decodeWebp } from '../../src/codec/scanline/webp.ts';
import { webpPeakBytes } from '../../src/core/vision/memory/webp.ts';
import { decodeWhole, encodeWithSwitches, picture, webpInstance } from './load-webp.ts';

/** Lossless encoding of megapixels is slow on a busy machine; decoding is not. */
const SLOW_ENCODER_MS = 60_000;

const facts = { hasAlphaChunk: false, isPlanar: false } as const;

describe('the memory that a WebP takes is known before it is decoded', () => {
  it.each([
    [1, 1],
    [17, 300],
    [640, 480],
    [1920, 1080],
    [4000, 250],
    [16383, 16],
  ])('exactly, lossy %i × %i', async (width, height) => {
    const file = await picture(width, height, 3, 'gradient').webp({ quality: 60, effort: 0 }).toBuffer();
    const predicted = webpPeakBytes({
      ...facts,
      compression: 'lossy',
      frameWidth: width,
      frameHeight: height,
      canvasWidth: width,
    });
    expect(decodeWhole(file).peakBytes).toBe(predicted);
  });

  it.each([0, 1, 2, 3])('exactly, with 2 to the %i partitions', async (partitions) => {
    const file = await encodeWithSwitches(300, 200, 'photograph', { partitions, method: 1 }, true);
    const predicted = webpPeakBytes({
      ...facts,
      compression: 'lossy',
      frameWidth: 300,
      frameHeight: 200,
      canvasWidth: 300,
      partitions: 2 ** partitions,
    });
    expect(decodeWhole(file).peakBytes).toBe(predicted);
  });

  it('exactly, when planes are asked for', async () => {
    const file = await picture(300, 200, 3, 'gradient').webp().toBuffer();
    const { peakBytes } = decodeWebp(webpInstance(), file, () => undefined, { isPlanar: true });
    expect(peakBytes).toBe(
      webpPeakBytes({
        ...facts,
        isPlanar: true,
        compression: 'lossy',
        frameWidth: 300,
        frameHeight: 200,
        canvasWidth: 300,
      }),
    );
  });

  it('as a bound, when opacities go with a lossy picture', async () => {
    for (const content of ['gradient', 'photograph', 'few colours'] as const) {
      const file = await picture(800, 600, 4, content).webp({ quality: 60 }).toBuffer();
      const predicted = webpPeakBytes({
        ...facts,
        hasAlphaChunk: true,
        compression: 'lossy',
        frameWidth: 800,
        frameHeight: 600,
        canvasWidth: 800,
      });
      expect(decodeWhole(file).peakBytes).toBeLessThanOrEqual(predicted);
    }
  });

  it.each([
    [1200, 900, 'photograph', undefined],
    [1920, 1080, 'photograph', undefined],
    [2500, 1600, 'photograph', undefined],
    [1920, 1080, 'few colours', 4],
    [2500, 1600, 'few colours', 4],
  ] as const)(
    'within 5 percent, lossless %i × %i, %s',
    async (width, height, content, indicesPerPixel) => {
      const file = await picture(width, height, 3, content).webp({ lossless: true, effort: 1 }).toBuffer();
      const predicted = webpPeakBytes({
        ...facts,
        compression: 'lossless',
        frameWidth: width,
        frameHeight: height,
        canvasWidth: width,
        ...(indicesPerPixel === undefined ? {} : { indicesPerPixel }),
      });
      const { peakBytes } = decodeWhole(file);
      expect(Math.abs(peakBytes / predicted - 1)).toBeLessThan(0.05);
    },
    SLOW_ENCODER_MS,
  );

  it('does not grow with the height of a lossy picture, nor with the length of its file', async () => {
    const low = await picture(400, 100, 3, 'gradient').webp({ quality: 10 }).toBuffer();
    const high = await picture(400, 3000, 3, 'noise').webp({ quality: 100, effort: 0 }).toBuffer();
    expect(decodeWhole(high).peakBytes).toBe(decodeWhole(low).peakBytes);
  });

  it(
    'never passes 6 MiB for a lossless picture of 16 million pixels with large tiles',
    async () => {
      const file = await picture(4000, 4000, 3, 'few colours').webp({ lossless: true, effort: 0 }).toBuffer();
      const exports = webpInstance();
      const { peakBytes } = decodeWhole(file, exports);
      expect(peakBytes).toBeLessThan(6 * 1024 * 1024);
      expect(exports.memory.buffer.byteLength).toBeLessThan(7 * 1024 * 1024);
    },
    SLOW_ENCODER_MS,
  );
});
