import { describe, expect, it } from 'vitest';
import { differenceFromOracle, decodeWhole, encodeWithSwitches, picture } from './load-webp.ts';

describe('the opacities of a lossy WebP are those of libwebp', () => {
  it.each([1, 30, 70, 100])('at alpha quality %i', async (alphaQuality) => {
    for (const content of ['gradient', 'noise', 'few colours', 'photograph'] as const) {
      const file = await picture(131, 77, 4, content).webp({ quality: 60, alphaQuality }).toBuffer();
      expect(await differenceFromOracle(file)).toBe(0);
      expect(decodeWhole(file).hasAlpha).toBe(true);
    }
  });

  it.each([
    ['raw, unfiltered', { alpha_compression: 0, alpha_filtering: 0 }],
    ['raw, fast filter', { alpha_compression: 0, alpha_filtering: 1 }],
    ['raw, best filter', { alpha_compression: 0, alpha_filtering: 2 }],
    ['compressed, unfiltered', { alpha_compression: 1, alpha_filtering: 0 }],
    ['compressed, best filter', { alpha_compression: 1, alpha_filtering: 2 }],
    ['compressed, levels reduced', { alpha_compression: 1, alpha_filtering: 2, alpha_quality: 40 }],
  ])('%s', async (_, switches) => {
    for (const content of ['gradient', 'noise', 'few colours', 'photograph'] as const) {
      for (const [width, height] of [
        [1, 1],
        [17, 9],
        [203, 131],
      ] as const) {
        const file = await encodeWithSwitches(width, height, content, { quality: 50, ...switches });
        expect(await differenceFromOracle(file)).toBe(0);
      }
    }
  });

  it.each([0, 1, 2, 3])('raw with filter method %i, written by hand', async (method) => {
    const file = await encodeWithSwitches(40, 30, 'gradient', { quality: 50, alpha_compression: 0, alpha_filtering: 0 });
    const at = Buffer.from(file).indexOf('ALPH') + 8;
    file[at] = ((file[at] ?? 0) & ~0x0c) | (method << 2);
    expect(await differenceFromOracle(file)).toBe(0);
  });
});
