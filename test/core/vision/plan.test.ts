import { describe, expect, it } from 'vitest';
import type { FormatDetail } from '../../../src/core/image/format.ts';
import type { ImageInfo } from '../../../src/core/image/info.ts';
import { BASE64_CHARACTERS_MAX, IMAGE_BYTES_MAX, imageBytesIn } from '../../../src/core/vision/limit.ts';
import { planImage } from '../../../src/core/vision/plan.ts';
import { TIERS } from '../../../src/core/vision/tier.ts';
import { faultOf } from '../outcome.ts';

const DETAILS = {
  baseline: { format: 'jpeg', coding: 'baseline', components: Array.from({ length: 3 }, () => ({ horizontal: 1, vertical: 1 })) },
  arithmetic: { format: 'jpeg', coding: 'arithmetic', components: Array.from({ length: 3 }, () => ({ horizontal: 1, vertical: 1 })) },
  deep: { format: 'jpeg', coding: 'extended', components: [{ horizontal: 1, vertical: 1 }] },
  lossless: { format: 'jpeg', coding: 'lossless', components: [{ horizontal: 1, vertical: 1 }] },
  webp: { format: 'webp', coding: 'lossless' },
  png: { format: 'png', isInterlaced: false, channels: 4 },
  gif: { format: 'gif', isInterlaced: false },
  fourProgressive: { format: 'jpeg', coding: 'progressive', components: Array.from({ length: 4 }, () => ({ horizontal: 1, vertical: 1 })) },
} as const satisfies Record<string, FormatDetail>;

function info(width: number, height: number, kind: keyof typeof DETAILS = 'baseline', more: Partial<ImageInfo> = {}): ImageInfo {
  const detail = DETAILS[kind];
  return {
    format: detail.format,
    mediaType: `image/${detail.format}`,
    width,
    height,
    storedWidth: width,
    storedHeight: height,
    orientation: 1,
    hasAlpha: false,
    frames: 1,
    bitDepth: kind === 'deep' ? 12 : 8,
    colourModel: 'rgb',
    bytes: 100_000,
    detail,
    ...more,
  };
}

const STANDARD = { tier: TIERS.standard, isManyImageRequest: false };
const HIGH = { tier: TIERS.high, isManyImageRequest: false };
const MANY = { tier: TIERS.high, isManyImageRequest: true };

describe('a plan', () => {
  it.each([
    ['a picture that fits', info(1000, 1000), STANDARD, { kind: 'pass-through', size: { width: 1000, height: 1000 }, imageTokens: 1296 }],
    ['the smallest picture', info(1, 1), STANDARD, { kind: 'pass-through', size: { width: 1, height: 1 }, imageTokens: 1 }],
    ['a GIF that fits', info(640, 480, 'gif', { frames: 40 }), STANDARD, { kind: 'pass-through', imageTokens: 414 }],
    ['a JPEG that fits and that nothing here decodes', info(640, 480, 'deep'), STANDARD, { kind: 'pass-through', imageTokens: 414 }],
    ['the largest square of the tier', info(1092, 1092), STANDARD, { kind: 'pass-through', imageTokens: 1521 }],
    ['one that is too large for the standard tier', info(1120, 1120), STANDARD, { kind: 'transcode', isResized: true, imageTokens: 1521 }],
    ['the same in the high tier', info(1120, 1120), HIGH, { kind: 'pass-through', imageTokens: 1600 }],
    ['a screen', info(1920, 1080, 'png'), STANDARD, { kind: 'transcode', size: { width: 1456, height: 819 }, isResized: true, imageTokens: 1560 }],
    ['2,000 px among many', info(2000, 100), MANY, { kind: 'pass-through', size: { width: 2000, height: 100 } }],
    ['2,001 px among many', info(2001, 100), MANY, { kind: 'transcode', size: { width: 2000, height: 100 }, isResized: true }],
    ['2,001 px alone', info(2001, 100), HIGH, { kind: 'pass-through', size: { width: 2001, height: 100 } }],
  ] as const)('for %s', (_, image, options, expected) => {
    expect(planImage(image, options)).toMatchObject(expected);
  });

  it.each([2, 3, 4, 5, 6, 7, 8] as const)('turns a picture with orientation %i upright even when its size fits', (orientation) => {
    const swaps = orientation >= 5;
    const image = info(600, 400, 'baseline', { orientation, storedWidth: swaps ? 400 : 600, storedHeight: swaps ? 600 : 400 });
    expect(planImage(image, STANDARD)).toMatchObject({ kind: 'transcode', size: { width: 600, height: 400 }, isResized: false });
  });

  it('sizes a turned photograph by its upright sides', () => {
    const image = info(3024, 4032, 'baseline', { orientation: 6, storedWidth: 4032, storedHeight: 3024 });
    expect(planImage(image, STANDARD)).toMatchObject({ size: { width: 952, height: 1270 }, imageTokens: 1564 });
  });

  it.each([
    [7_864_319, 'pass-through'],
    [7_864_320, 'pass-through'],
    [7_864_321, 'transcode'],
  ])('for a file of %i bytes that fits by size is to %s it: its base64 text may have 10,485,760 characters', (bytes, kind) => {
    expect(planImage(info(1000, 1000, 'baseline', { bytes }), STANDARD)).toMatchObject({ kind });
    expect(Math.ceil(bytes / 3) * 4 <= 10_485_760).toBe(kind === 'pass-through');
  });

  it.each([
    [3_932_160, 'pass-through'],
    [3_932_161, 'transcode'],
  ])('for a file of %i bytes, behind a provider of 5,242,880 characters, is to %s it into as many', (bytes, kind) => {
    const plan = planImage(info(1000, 1000, 'baseline', { bytes }), { ...STANDARD, imageBytesMax: imageBytesIn(5_242_880) });
    expect(plan).toMatchObject(kind === 'transcode' ? { kind, isResized: false, bytesMax: 3_932_160 } : { kind });
  });

  it.each([
    ['of the right size', info(640, 480, 'lossless')],
    ['that is too large', info(4000, 3000, 'lossless')],
  ])('refuses lossless JPEG %s, which Claude reads no more than we do', (_, image) => {
    expect(faultOf(() => planImage(image, STANDARD))).toMatchObject({ code: 'image_undecodable', message: expect.stringMatching(/Lossless.*Save/) });
  });

  it.each([
    ['of the right size', info(640, 480, 'arithmetic')],
    ['that is too large', info(4000, 3000, 'arithmetic')],
  ])('decodes arithmetic JPEG %s here, as not every reader does', (_, image) => {
    expect(planImage(image, STANDARD)).toMatchObject({ kind: 'transcode', decoder: 'scanline' });
  });

  it('names the limit of the provider for an original that cannot be made smaller', () => {
    const image = info(4000, 3000, 'deep', { bytes: 3_932_161 });
    const fault = faultOf(() => planImage(image, { ...STANDARD, imageBytesMax: imageBytesIn(5_242_880) }));
    expect(fault).toMatchObject({ code: 'image_too_large', message: expect.stringContaining('at most 3932160') });
  });

  it('knows the API limit in both its forms', () => {
    expect(BASE64_CHARACTERS_MAX).toBe(10 * 1024 * 1024);
    expect(Math.ceil(IMAGE_BYTES_MAX / 3) * 4).toBe(BASE64_CHARACTERS_MAX);
  });

  it.each([
    ['12 bits a sample', info(4000, 3000, 'deep')],
    ['more coefficients than the memory holds', info(8000, 8000, 'fourProgressive', { colourModel: 'cmyk' })],
    ['an orientation in a file that nothing here decodes', info(600, 400, 'deep', { orientation: 6, storedWidth: 400, storedHeight: 600 })],
  ])('sends the original where it cannot be transcoded: %s', (_, image) => {
    const plan = planImage(image, STANDARD);
    expect(plan.kind).toBe('original');
    // Claude brings it to this size itself, so tokens and coordinates are those of the native size all the same.
    expect(plan.size.width * plan.size.height).toBeLessThanOrEqual(1568 * 784);
    if (plan.kind === 'original') expect(plan.reason).not.toBe('');
  });

  it.each([
    [7999, STANDARD, 'original'],
    [8000, STANDARD, 'original'],
    [8001, STANDARD, 'image_too_large'],
    [1999, MANY, 'pass-through'],
    [2000, MANY, 'pass-through'],
    [2001, MANY, 'image_too_large'],
  ] as const)('for a side of %i px that cannot be resized here ends as the API would take it', (width, options, expected) => {
    const image = info(width, 10, 'deep');
    if (expected !== 'image_too_large') expect(planImage(image, options).kind).toBe(expected);
    else {
      const fault = faultOf(() => planImage(image, options));
      expect(fault.code).toBe('image_too_large');
      expect(fault.message).toContain(String(width));
      expect(fault.message).toContain(String(width - 1));
    }
  });

  it.each([
    [7_864_320, 'original'],
    [7_864_321, 'image_too_large'],
  ])('for an original of %i bytes that cannot be made smaller: %s', (bytes, expected) => {
    const image = info(4000, 3000, 'deep', { bytes });
    if (expected === 'original') expect(planImage(image, STANDARD).kind).toBe('original');
    else expect(faultOf(() => planImage(image, STANDARD))).toMatchObject({ code: 'image_too_large', message: expect.stringContaining('7864321') });
  });

  it("tells Claude's own size for an original: that of the model's tier, whatever detail was asked for", () => {
    const plan = planImage(info(4000, 3000, 'deep'), { ...STANDARD, modelTier: TIERS.high });
    expect(plan).toMatchObject({ kind: 'original', size: { width: 2212, height: 1659 }, imageTokens: 4740 });
  });

  it('finds room for every kind of 64 megapixels but four-component progressive JPEG', () => {
    for (const tier of [STANDARD, HIGH]) {
      for (const kind of ['baseline', 'webp', 'png', 'gif'] as const) {
        const plan = planImage(info(8000, 8000, kind, { colourModel: 'ycbcr' }), tier);
        expect(plan).toMatchObject({ kind: 'transcode', decoder: 'scanline' });
        if (plan.kind === 'transcode') expect(plan.peakBytes).toBeLessThanOrEqual(64 * 1024 * 1024);
      }
    }
  });
});
