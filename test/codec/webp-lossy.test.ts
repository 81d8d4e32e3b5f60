import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { instantiate } from '../../src/codec/scanline/instance.ts';
import { decodeWebpToTarget } from '../../src/codec/scanline/webp-target.ts';
import { differenceFromOracle, encodeWithSwitches, picture } from './load-webp.ts';
import { loadModules } from './modules.ts';

describe('a lossy WebP decodes to the very pixels of libwebp', () => {
  it.each([1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100])('at quality %i', async (quality) => {
    for (const smartSubsample of [false, true]) {
      const file = await picture(331, 253, 3, 'photograph')
        .webp({ quality, smartSubsample, effort: quality % 7 })
        .toBuffer();
      expect(await differenceFromOracle(file)).toBe(0);
    }
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('at effort %i', async (effort) => {
    for (const content of ['gradient', 'noise', 'few colours'] as const) {
      const file = await picture(100, 80, 3, content).webp({ quality: 60, effort }).toBuffer();
      expect(await differenceFromOracle(file)).toBe(0);
    }
  });

  it.each([1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33])('%i pixels wide, at heights around the macroblock', async (width) => {
    for (const height of [1, 2, 3, 8, 9, 15, 16, 17, 24, 25, 31, 32, 33, 40, 41]) {
      const file = await picture(width, height, 3, 'gradient').webp({ quality: 70 }).toBuffer();
      expect(await differenceFromOracle(file)).toBe(0);
    }
  });

  it.each([
    ['the simple loop filter', { filter_type: 0, filter_strength: 80 }],
    ['the simple loop filter, sharp', { filter_type: 0, filter_strength: 100, filter_sharpness: 7 }],
    ['no loop filter', { filter_strength: 0 }],
    ['the strongest loop filter', { filter_strength: 100, quality: 10 }],
    ['loop filter sharpness 3', { filter_sharpness: 3, filter_strength: 70 }],
    ['loop filter sharpness 7', { filter_sharpness: 7, filter_strength: 70 }],
    ['automatic filtering', { autofilter: 1, method: 2 }],
    ['one segment', { segments: 1 }],
    ['two segments, much noise shaping', { segments: 2, sns_strength: 100 }],
    ['four segments, much noise shaping', { segments: 4, sns_strength: 100, quality: 40 }],
    ['two token partitions', { partitions: 1, method: 1 }],
    ['four token partitions', { partitions: 2, method: 1 }],
    ['eight token partitions', { partitions: 3, method: 1, quality: 95 }],
    ['a limited first partition', { partition_limit: 100 }],
    ['several passes', { pass: 5, target_size: 4000 }],
    ['sharp YUV', { use_sharp_yuv: 1 }],
  ])(
    'with %s',
    async (_, switches) => {
      for (const content of ['photograph', 'gradient'] as const) {
        const file = await encodeWithSwitches(203, 331, content, { quality: 60, ...switches });
        expect(await differenceFromOracle(file)).toBe(0);
      }
    },
    60_000,
  );

  it('16,383 pixels wide, and as high', async () => {
    for (const [width, height] of [
      [16383, 20],
      [20, 16383],
    ] as const) {
      const file = await picture(width, height, 3, 'gradient').webp({ quality: 50, effort: 0 }).toBuffer();
      expect(await differenceFromOracle(file)).toBe(0);
    }
  });
});

describe('resized below three quarters, where the loop filter is left out', () => {
  it.each([0.74, 0.5, 0.25])('by %f it is as near to a full decode resized as with the filter', async (scale) => {
    const file = await picture(640, 480, 3, 'photograph').webp({ quality: 60 }).toBuffer();
    const [width, height] = [Math.round(640 * scale), Math.round(480 * scale)];
    const whole = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    const wanted = await sharp(whole.data, { raw: whole.info }).resize(width, height, { fit: 'fill', kernel: 'lanczos3' }).raw().toBuffer();
    const outcome = decodeWebpToTarget(instantiate(loadModules().scanline), new Uint8Array(file), { targetWidth: width, targetHeight: height, orientation: 1 });
    if (outcome.kind === 'failed') throw new Error(outcome.reason);
    let squares = 0;
    for (let at = 0; at < wanted.length; at++) squares += (wanted[at]! - outcome.rgba[Math.floor(at / 3) * 4 + (at % 3)]!) ** 2;
    expect(10 * Math.log10((255 * 255 * wanted.length) / squares)).toBeGreaterThan(34);
  });
});
