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
