/** The two resolution tiers of Claude vision (vision docs 2026-08, "Evaluate image size"). */

export type TierName = 'standard' | 'high';

export interface Tier {
  readonly name: TierName;
  /** Longest side after padding, in pixels. */
  readonly longEdgeMaxPx: number;
  /** Image tokens, one for each 28x28 patch. */
  readonly imageTokensMax: number;
}

export const TIERS: Readonly<Record<TierName, Tier>> = {
  standard: { name: 'standard', longEdgeMaxPx: 1568, imageTokensMax: 1568 },
  high: { name: 'high', longEdgeMaxPx: 2576, imageTokensMax: 4784 },
};

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An upright size in the axes of the stored rows: EXIF orientations 5 to 8 exchange them. */
export function storedSize({ width, height }: Size, orientation: number): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
