import { describe, expect, it } from 'vitest';
import { decodeJpegRgba, transcodeJpeg } from '../../src/codec/scanline/jpeg.ts';
import { predictJpegPeakBytes } from '../../src/core/vision/memory/jpeg.ts';
import { CODEC_MEMORY_BYTES_MAX } from '../../src/core/vision/memory/static.ts';
import { makeJpeg } from './jpeg-picture.ts';
import { loadJpeg } from './load-jpeg.ts';

const FULL = [1, 1, 1].map(() => ({ horizontal: 1, vertical: 1 }));
const HALF = [{ horizontal: 2, vertical: 2 }, ...FULL.slice(1)];

describe('the predicted peak is what the module allocates', () => {
  const cases = [false, true].flatMap((progressive) =>
    (['4:2:0', '4:4:4'] as const).flatMap((source) => (['jpeg-4:2:0', 'jpeg-4:4:4', 'rgba'] as const).map((output) => [progressive, source, output] as const)),
  );
  it.each(cases)('progressive %s, %s, out as %s', async (isProgressive, source, output) => {
    const exports = loadJpeg();
    for (const [width, height, targetWidth, targetHeight, orientation] of [
      [1000, 700, 333, 233, 1],
      [64, 48, 64, 48, 6],
      [900, 1200, 100, 133, 8],
    ] as const) {
      const file = await makeJpeg(width, height, { progressive: isProgressive, chromaSubsampling: source });
      const target = { width: targetWidth, height: targetHeight, orientation };
      const frame = { width, height, isProgressive, isYcbcr: true, samplings: source === '4:2:0' ? HALF : FULL };
      const predicted = predictJpegPeakBytes(frame, { ...target, output });
      const measured =
        output === 'rgba'
          ? decodeJpegRgba(exports, file, target).peakBytes
          : transcodeJpeg(exports, file, { ...target, quality: 85, subsampling: output === 'jpeg-4:2:0' ? '4:2:0' : '4:4:4' }).peakBytes;
      expect(predicted).toBeDefined();
      expect(Math.abs((predicted ?? 0) / measured - 1), `${predicted} against ${measured}`).toBeLessThan(0.01);
    }
  });
});

describe('64 megapixels', () => {
  const frame = { width: 8000, height: 8000, isYcbcr: true, samplings: HALF };

  it('progressive fits in 40 MB at the standard cap and in the module at the high one', () => {
    const standard = { width: 1092, height: 1092, orientation: 1, output: 'jpeg-4:2:0' } as const;
    expect(predictJpegPeakBytes({ ...frame, isProgressive: true }, standard)).toBeLessThan(40e6);
    expect(predictJpegPeakBytes({ ...frame, isProgressive: true }, { ...standard, width: 1932, height: 1932 })).toBeLessThan(CODEC_MEMORY_BYTES_MAX);
  });

  it('baseline fits in 8 MB', () => {
    const target = { width: 1932, height: 1932, orientation: 6, output: 'jpeg-4:2:0' } as const;
    expect(predictJpegPeakBytes({ ...frame, isProgressive: false }, target)).toBeLessThan(8e6);
  });

  it('what cannot fit is told', () => {
    expect(predictJpegPeakBytes({ ...frame, isProgressive: true }, { width: 8000, height: 8000, orientation: 1, output: 'rgba' })).toBeUndefined();
  });
});
