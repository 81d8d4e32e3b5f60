import { describe, expect, it } from 'vitest';
import { differenceFromOracle, encodeWithSwitches, oracle, paint, picture } from './load-webp.ts';

describe('a lossless WebP decodes to the very pixels of libwebp', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('at effort %i, with and without alpha', async (effort) => {
    for (const content of ['gradient', 'noise', 'few colours', 'photograph'] as const) {
      for (const channels of [3, 4] as const) {
        const file = await picture(131, 77, channels, content).webp({ lossless: true, effort }).toBuffer();
        expect(await differenceFromOracle(file)).toBe(0);
      }
    }
  });

  it.each([1, 2, 3, 4, 5, 8, 9, 16, 17, 31, 33, 64])('%i pixels wide, with 1 to 17 rows', async (width) => {
    for (const height of [1, 2, 3, 7, 8, 9, 16, 17]) {
      for (const content of ['gradient', 'few colours'] as const) {
        const file = await picture(width, height, 4, content).webp({ lossless: true }).toBuffer();
        expect(await differenceFromOracle(file)).toBe(0);
      }
    }
  });

  it.each([20, 40, 60, 80])('near-lossless at %i', async (quality) => {
    const file = await picture(200, 150, 4, 'photograph').webp({ nearLossless: true, quality }).toBuffer();
    expect(await differenceFromOracle(file)).toBe(0);
  });

  it.each([2, 3, 4, 5, 16, 17, 200, 256])('with a palette of %i colours', async (colours) => {
    const pixels = Buffer.alloc(97 * 61 * 4);
    for (let i = 0; i < 97 * 61; i++) {
      const index = (i * 7919) % colours;
      pixels.set([index * 3, 255 - index, (index * 91) & 255, 255 - (index & 127)], i * 4);
    }
    const { default: sharp } = await import('sharp');
    const raw = { width: 97, height: 61, channels: 4 } as const;
    const file = await sharp(pixels, { raw }).webp({ lossless: true, effort: 6 }).toBuffer();
    expect(await differenceFromOracle(file)).toBe(0);
  });

  it('keeps the colours of transparent pixels when the file has them', async () => {
    const file = await encodeWithSwitches(64, 64, 'noise', { lossless: 1, exact: 1 });
    expect(await differenceFromOracle(file)).toBe(0);
    expect(Buffer.compare(Buffer.from((await oracle(file)).rgba), paint(64, 64, 4, 'noise'))).toBe(0);
  });

  it('when the picture is larger than the ring of past pixels', async () => {
    const file = await picture(1500, 1400, 3, 'photograph').webp({ lossless: true, effort: 1 }).toBuffer();
    expect(await differenceFromOracle(file)).toBe(0);
  }, 60_000);
});
