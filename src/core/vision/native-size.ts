/** The size at which Claude sees a picture, and what it costs in tokens: the documented algorithm, exactly. */
import { MANY_IMAGES_SIDE_MAX_PX, PATCH_PX } from './limit.ts';
import type { Size, Tier } from './tier.ts';

/** Image tokens of a size: one for each started 28x28 patch; the padding on the right and bottom is billed. */
export function imageTokens({ width, height }: Size): number {
  return Math.ceil(width / PATCH_PX) * Math.ceil(height / PATCH_PX);
}

/** The size after padding to whole patches, right and bottom. */
export function paddedSize({ width, height }: Size): Size {
  return { width: Math.ceil(width / PATCH_PX) * PATCH_PX, height: Math.ceil(height / PATCH_PX) * PATCH_PX };
}

/** Whether Claude leaves a size as it is in this tier. */
export function fitsTier(size: Size, tier: Tier): boolean {
  const padded = paddedSize(size);
  return padded.width <= tier.longEdgeMaxPx && padded.height <= tier.longEdgeMaxPx && imageTokens(size) <= tier.imageTokensMax;
}

/**
 * The size to which the API would bring a picture: itself when it fits, else the largest one of the same
 * proportions whose longer side is a smaller integer (vision docs 2026-08, "Evaluate image size").
 * `isManyImageRequest`: more than 20 images travel together, so both sides are brought to 2,000 px first.
 * Work: a binary search, at most 32 steps. Sides are integers of at least 1, in and out.
 */
export function nativeSize(source: Size, tier: Tier, isManyImageRequest = false): Size {
  const bounded = withinSide(source, isManyImageRequest ? MANY_IMAGES_SIDE_MAX_PX : Infinity);
  return fitsTier(bounded, tier) ? bounded : largestBelow(bounded, (size) => fitsTier(size, tier));
}

/** Brings both sides to at most `sideMaxPx`, with the same rounding. */
export function withinSide(source: Size, sideMaxPx: number): Size {
  if (source.width <= sideMaxPx && source.height <= sideMaxPx) return { width: source.width, height: source.height };
  return scaledTo(source, sideMaxPx);
}

/** Fitting is monotone in the long edge, so the largest one that fits is found by halving. */
function largestBelow(source: Size, fits: (size: Size) => boolean): Size {
  let low = 1;
  let high = Math.max(source.width, source.height);
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(scaledTo(source, middle))) low = middle;
    else high = middle;
  }
  return scaledTo(source, low);
}

/** A square counts as landscape. */
function scaledTo(source: Size, longEdgePx: number): Size {
  const isPortrait = source.height > source.width;
  const long = isPortrait ? source.height : source.width;
  const short = isPortrait ? source.width : source.height;
  const scaled = Math.max(1, roundHalfToEven(longEdgePx * short, long));
  return isPortrait ? { width: scaled, height: longEdgePx } : { width: longEdgePx, height: scaled };
}

/** Rounds numerator / denominator, ties to even, in exact integer arithmetic. */
function roundHalfToEven(numerator: number, denominator: number): number {
  const quotient = Math.floor(numerator / denominator);
  const doubledRest = 2 * (numerator - quotient * denominator);
  if (doubledRest !== denominator) return doubledRest > denominator ? quotient + 1 : quotient;
  return quotient % 2 === 0 ? quotient : quotient + 1;
}
