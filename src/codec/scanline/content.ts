/** What a bitmap of the module holds, and which output format suits it. */
import type { RgbaBitmap } from './png-encode.ts';

/** Exports of `wasm/resample/rgba-content.ts`. */
export interface ContentExports {
  rgbaMeasure(bitmap: number, width: number, height: number): void;
  rgbaPairs(): number;
  rgbaEqualPairs(): number;
  rgbaClearPairs(): number;
  rgbaStrongPairs(): number;
  rgbaColours(): number;
}

/** Horizontal neighbours by how much they differ, as shares of 1, and the number of colours. Every fourth row was looked at. */
export interface Content {
  /** Exactly the same colour: plain grounds. */
  readonly equal: number;
  /** No channel differs by more than 8 levels: gradients, noise, texture. */
  readonly faint: number;
  /** A channel differs by 9 to 31 levels. */
  readonly clear: number;
  /** A channel differs by 32 levels or more: text, edges. */
  readonly strong: number;
  /** 257 stands for that many or more. */
  readonly colours: number;
}

export function measureContent(exports: ContentExports, { address, width, height }: RgbaBitmap): Content {
  exports.rgbaMeasure(address, width, height);
  const pairs = exports.rgbaPairs();
  const colours = exports.rgbaColours();
  // A column of pixels has no neighbours.
  if (pairs === 0) return { equal: 1, faint: 0, clear: 0, strong: 0, colours };
  const equal = exports.rgbaEqualPairs() / pairs;
  const clear = exports.rgbaClearPairs() / pairs;
  const strong = exports.rgbaStrongPairs() / pairs;
  return { equal, faint: 1 - equal - clear - strong, clear, strong, colours };
}

/** From this share of equal neighbours on, repeated pixels compress better unfiltered (by 12 % on a text screenshot). */
const FLAT_FROM = 0.3;

/** Whether the rows of a PNG are left unfiltered. */
export function isFlat({ equal }: Content): boolean {
  return equal >= FLAT_FROM;
}

/** Bytes a pixel that each kind of pair is expected to take. */
interface Cost {
  readonly any: number;
  readonly faint: number;
  readonly clear: number;
  readonly strong: number;
}

/**
 * Fitted by least squares to 460 screenshots, drawings, photographs, maps and pages of text, each encoded both ways by this codec
 * (`npm run bench:output-format` tells how well it holds). Noise is what PNG pays for, edges are what JPEG pays for.
 */
const JPEG_COST: Cost = { any: 0.069, faint: 0.033, clear: 0.384, strong: 1.028 };
const PALETTE_COST: Cost = { any: 0.005, faint: 0.638, clear: 0.975, strong: 0.713 };
const COLOUR_COST: Cost = { any: 0.012, faint: 1.05, clear: 4.215, strong: 0.937 };

const PALETTE_MAX = 256;

/** How many times larger than the JPEG a PNG may be expected to be. Pages of text reach 2. */
const PNG_RATIO_MAX = 2.5;

/** Drawings, text and screenshots are kept exactly, as PNG, unless the file is expected to be much larger than a JPEG. */
export function suitsPng(content: Content): boolean {
  const png = expectedBytes(content, content.colours <= PALETTE_MAX ? PALETTE_COST : COLOUR_COST);
  return png <= PNG_RATIO_MAX * expectedBytes(content, JPEG_COST);
}

function expectedBytes({ faint, clear, strong }: Content, cost: Cost): number {
  return cost.any + cost.faint * faint + cost.clear * clear + cost.strong * strong;
}
