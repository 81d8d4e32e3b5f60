import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsTier, imageTokens, nativeSize, paddedSize, withinSide } from '../../../src/core/vision/native-size.ts';
import { type Size, TIERS, type TierName } from '../../../src/core/vision/tier.ts';
import { VECTORS } from './native-size.vectors.ts';

const TIER_NAMES = ['standard', 'high'] as const;

/** The tiers as documented, typed in again on purpose. */
const DOCUMENTED = { standard: { edge: 1568, tokens: 1568 }, high: { edge: 2576, tokens: 4784 } } as const;

/** The documented rule in its slowest and plainest form: exact rationals, every candidate from the largest down. */
function byLinearSearch(source: Size, name: TierName): Size {
  const { edge, tokens } = DOCUMENTED[name];
  const fits = ({ width, height }: Size) =>
    Math.ceil(width / 28) * 28 <= edge && Math.ceil(height / 28) * 28 <= edge && Math.ceil(width / 28) * Math.ceil(height / 28) <= tokens;
  if (fits(source)) return source;
  for (let longEdge = Math.max(source.width, source.height) - 1; longEdge > 1; longEdge--) {
    const candidate = proportional(source, longEdge);
    if (fits(candidate)) return candidate;
  }
  return { width: 1, height: 1 };
}

function proportional(source: Size, longEdge: number): Size {
  const [long, short] = source.height > source.width ? [source.height, source.width] : [source.width, source.height];
  const scaled = Math.max(1, Number(halfToEven(BigInt(longEdge) * BigInt(short), BigInt(long))));
  return source.height > source.width ? { width: scaled, height: longEdge } : { width: longEdge, height: scaled };
}

/** Of the two neighbouring integers the nearer one, of two equally near ones the even one. */
function halfToEven(numerator: bigint, denominator: bigint): bigint {
  const below = numerator / denominator;
  const toBelow = numerator - below * denominator;
  const toAbove = (below + 1n) * denominator - numerator;
  if (toBelow === toAbove) return below % 2n === 0n ? below : below + 1n;
  return toBelow < toAbove ? below : below + 1n;
}

const side = fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1500, max: 8000 }));
const anySize = fc.record({ width: side, height: side });
const anyTier = fc.constantFrom(...TIER_NAMES);

describe('the native size', () => {
  for (const name of TIER_NAMES) {
    it.each(VECTORS)(`of $source.0 x $source.1 px in the ${name} tier is the documented one`, (vector) => {
      const [width, height] = vector.source;
      const size = nativeSize({ width, height }, TIERS[name]);
      const padded = paddedSize(size);
      expect([size.width, size.height]).toEqual(vector[name].size);
      expect([padded.width, padded.height]).toEqual(vector[name].padded);
      expect(imageTokens(size)).toBe(vector[name].tokens);
    });
  }

  it('has all 52 documented sizes to answer for', () => {
    expect(VECTORS).toHaveLength(52);
  });

  it('is what a linear search with exact fractions finds', () => {
    fc.assert(
      fc.property(anySize, anyTier, (source, name) => {
        expect(nativeSize(source, TIERS[name])).toEqual(byLinearSearch(source, name));
      }),
      { numRuns: 600 },
    );
  });

  it.each([
    ['the widest file that can be read', { width: 65_535, height: 1 }],
    ['the tallest', { width: 1, height: 65_535 }],
    ['the largest', { width: 65_535, height: 65_535 }],
    ['a wide strip', { width: 65_535, height: 4_001 }],
  ])('is found for %s, too', (_, source) => {
    for (const name of TIER_NAMES) expect(nativeSize(source, TIERS[name])).toEqual(byLinearSearch(source, name));
  });

  it('rounds a half to the even neighbour, up and down', () => {
    // 1568 · 1/2 of an odd short side: 3136x1 → 0.5 → 0 → kept at 1; 3136x3 → 1.5 → 2; 3136x5 → 2.5 → 2; 3136x7 → 3.5 → 4.
    for (const [short, expected] of [
      [1, 1],
      [3, 2],
      [5, 2],
      [7, 4],
      [9, 4],
    ] as const) {
      expect(nativeSize({ width: 3136, height: short }, TIERS.standard)).toEqual({ width: 1568, height: expected });
    }
  });

  it('always fits its tier, and the API therefore leaves it alone', () => {
    fc.assert(
      fc.property(anySize, anyTier, (source, name) => {
        const size = nativeSize(source, TIERS[name]);
        const { edge, tokens } = DOCUMENTED[name];
        expect(Math.max(Math.ceil(size.width / 28), Math.ceil(size.height / 28)) * 28).toBeLessThanOrEqual(edge);
        expect(Math.ceil(size.width / 28) * Math.ceil(size.height / 28)).toBeLessThanOrEqual(tokens);
        expect(nativeSize(size, TIERS[name])).toEqual(size);
      }),
    );
  });

  it('is the largest that fits: one pixel more on the long edge does not', () => {
    fc.assert(
      fc.property(anySize, anyTier, (source, name) => {
        const size = nativeSize(source, TIERS[name]);
        const longEdge = Math.max(size.width, size.height);
        const isShrunk = longEdge < Math.max(source.width, source.height);
        if (isShrunk)
          expect(fitsTier(longEdge + 1 === Math.max(source.width, source.height) ? source : proportional(source, longEdge + 1), TIERS[name])).toBe(false);
        else expect(size).toEqual(source);
      }),
    );
  });

  it('never enlarges, and never loses a side', () => {
    fc.assert(
      fc.property(anySize, anyTier, fc.boolean(), (source, name, isMany) => {
        const size = nativeSize(source, TIERS[name], isMany);
        expect(size.width).toBeLessThanOrEqual(source.width);
        expect(size.height).toBeLessThanOrEqual(source.height);
        expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('of a portrait is that of the landscape, turned', () => {
    fc.assert(
      fc.property(anySize, anyTier, fc.boolean(), (source, name, isMany) => {
        const turned = nativeSize({ width: source.height, height: source.width }, TIERS[name], isMany);
        expect(nativeSize(source, TIERS[name], isMany)).toEqual({ width: turned.height, height: turned.width });
      }),
    );
  });

  it('with more than 20 images is that of the picture brought to 2,000 px first', () => {
    fc.assert(
      fc.property(anySize, anyTier, (source, name) => {
        const isLong = Math.max(source.width, source.height) > 2000;
        const expected = byLinearSearch(isLong ? proportional(source, 2000) : source, name);
        expect(nativeSize(source, TIERS[name], true)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [1999, 1999],
    [2000, 2000],
    [2001, 2000],
  ])('with many images lets a side of %i px become %i px', (width, expected) => {
    expect(nativeSize({ width, height: 100 }, TIERS.high, true)).toEqual({ width: expected, height: 100 });
    expect(withinSide({ width: 100, height: width }, 2000)).toEqual({ width: 100, height: expected });
  });
});

describe('image tokens', () => {
  it.each([
    [1, 1, 1],
    [27, 27, 1],
    [28, 28, 1],
    [29, 28, 2],
    [29, 29, 4],
    [56, 56, 4],
    [57, 56, 6],
    [200, 200, 64],
    [1092, 1092, 1521],
  ])('of %i x %i px are %i, one for each started patch of 28 px', (width, height, tokens) => {
    expect(imageTokens({ width, height })).toBe(tokens);
  });

  it.each([
    ['standard', 1567, 100, true],
    ['standard', 1568, 100, true],
    ['standard', 1569, 100, false],
    ['standard', 1568, 784, true],
    ['standard', 1568, 785, false],
    ['standard', 1092, 1092, true],
    ['standard', 1092, 1120, true],
    ['standard', 1120, 1120, false],
    ['high', 2575, 100, true],
    ['high', 2576, 100, true],
    ['high', 2577, 100, false],
    ['high', 2576, 1456, true],
    ['high', 2576, 1457, false],
    ['high', 1932, 1932, true],
    ['high', 1933, 1932, false],
  ] as const)('fit the %s tier at %i x %i px: %s', (name, width, height, expected) => {
    expect(fitsTier({ width, height }, TIERS[name])).toBe(expected);
    expect(fitsTier({ width: height, height: width }, TIERS[name])).toBe(expected);
  });
});
