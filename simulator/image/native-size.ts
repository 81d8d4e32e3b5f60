import type { Tier } from '../model.ts';

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Side of the square that costs one token, in pixels. */
const PATCH_PX = 28;

/** Vision docs 2026-08: the padded sides and the patches that a tier allows. */
const TIER: Record<Tier, { readonly edgeMaxPx: number; readonly tokensMax: number }> = {
  standard: { edgeMaxPx: 1_568, tokensMax: 1_568 },
  high: { edgeMaxPx: 2_576, tokensMax: 4_784 },
};

/** Tokens that an image of this size is billed: patches of 28 x 28 px, begun ones count. */
export function imageTokens(size: Size): number {
  return patches(size.width) * patches(size.height);
}

/**
 * The size that a model of the tier sees. Walks upward from one pixel through every long side and keeps the last one
 * whose picture fits, instead of bisecting downward: the two ways agree only when both are right.
 */
export function nativeSize(size: Size, tier: Tier): Size {
  if (fits(size, tier)) return size;
  const isPortrait = size.height > size.width;
  const long = isPortrait ? size.height : size.width;
  const short = isPortrait ? size.width : size.height;
  let best: Size = { width: 1, height: 1 };
  // A long side above the tier's edge never fits, so the walk ends there.
  const end = Math.min(long - 1, TIER[tier].edgeMaxPx);
  for (let longPx = 1; longPx <= end; longPx++) {
    const shortPx = Math.max(1, halfToEven(longPx * short, long));
    const candidate = isPortrait ? { width: shortPx, height: longPx } : { width: longPx, height: shortPx };
    if (fits(candidate, tier)) best = candidate;
  }
  return best;
}

function patches(px: number): number {
  return Math.ceil(px / PATCH_PX);
}

function fits(size: Size, tier: Tier): boolean {
  const { edgeMaxPx, tokensMax } = TIER[tier];
  const longestPaddedPx = patches(Math.max(size.width, size.height)) * PATCH_PX;
  return longestPaddedPx <= edgeMaxPx && imageTokens(size) <= tokensMax;
}

/** numerator / denominator rounded half to even, in whole numbers so that no tie is lost to a floating point. */
function halfToEven(numerator: number, denominator: number): number {
  const floor = Math.floor(numerator / denominator);
  const twiceRest = 2 * (numerator - floor * denominator);
  if (twiceRest !== denominator) return twiceRest > denominator ? floor + 1 : floor;
  return floor % 2 === 0 ? floor : floor + 1;
}
