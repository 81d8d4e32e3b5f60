// How much of the codec module's memory a WebP decode takes, from facts known before it starts. Mirrors what wasm/webp
// allocates, block by block; a test holds the two together.

import type { HeaderFacts } from '../../image/facts.ts';
import type { WebpDetail } from '../../image/webp.ts';
import type { MemoryTarget } from './png.ts';
import { predictRgbaBytes } from './rgba.ts';
import { CODEC_STATIC_BYTES } from './static.ts';

/** What is known of a WebP from its headers. Sizes in pixels. */
export interface WebpMemoryFacts {
  /** Size of the frame that is decoded, and of the canvas that rows are given out for. */
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly canvasWidth: number;
  readonly compression: 'lossy' | 'lossless';
  /** A lossy picture with an `ALPH` chunk; its opacities are taken to be compressed. */
  readonly hasAlphaChunk: boolean;
  /** True when planes are asked for instead of RGBA. */
  readonly isPlanar: boolean;
  /** Token partitions of a lossy picture, 1 to 8; encoders write 1 unless told otherwise. */
  readonly partitions?: number;
  /** Prefix code groups of a lossless picture. */
  readonly codeGroups?: number;
  /** Tiles of its predictor, colour and entropy images have 2 to this power pixels a side, 2 to 9. */
  readonly tileBits?: number;
  /** Palette indices that it packs into one pixel: 8, 4 or 2 for up to 2, 4 or 16 colours. */
  readonly indicesPerPixel?: number;
}

const LOSSY_WINDOW_BYTES = 32_768;
const LOSSLESS_WINDOW_BYTES = 65_536;
const WINDOW_SLACK_BYTES = 16;
const READER_BYTES = 52;
const SLICE_ROWS = 8;
/** Rows of each plane: 8 kept, 1 unfiltered, and one row of macroblocks. */
const LUMA_ROWS = 25;
const CHROMA_ROWS = 17;
const LINE_PAD_BYTES = 32;
/** Pixels that a back reference reaches: 2^20 less the 120 short distance codes. */
const REACH_PIXELS = 1_048_456;
/** Five tables of 256 entries, and about a quarter as much for longer codes. */
const CODE_GROUP_BYTES = 6_400;
/** What the usual encoder writes for photographs and screenshots of some megapixels. */
const CODE_GROUPS_USUAL = 16;
const CODE_GROUPS_OF_PALETTE = 2;
const TILE_BITS_USUAL = 5;

/**
 * Peak bytes of the module's memory while the picture is decoded.
 *
 * Exact for a lossy picture without opacities whose `partitions` are known. A lossless stream, and the opacities of a
 * lossy picture are one, says only while it is read how many code tables and tiles it brings, and whether a palette makes
 * it smaller: without those facts this is what a full-colour picture by the usual encoder takes, within 5 % from a
 * megapixel up, and more than a palette or opacities take. The module refuses at 64 MiB whatever this says.
 */
export function webpPeakBytes(facts: WebpMemoryFacts): number {
  const picture = facts.compression === 'lossless' ? losslessBytes(facts, facts.frameWidth, facts.frameHeight) : lossyBytes(facts);
  const slice = facts.isPlanar ? 0 : block(facts.canvasWidth * 4 * SLICE_ROWS);
  return CODEC_STATIC_BYTES + picture + slice;
}

/** Peak while the picture is decoded into a bitmap of `target`, from the facts of a header. */
export function webpDecodeBytes(facts: HeaderFacts<WebpDetail>, target: MemoryTarget): number {
  const { storedWidth: width, storedHeight: height, hasAlpha, detail } = facts;
  const decoder = webpPeakBytes({
    frameWidth: width,
    frameHeight: height,
    canvasWidth: width,
    compression: detail.coding,
    hasAlphaChunk: detail.coding === 'lossy' && hasAlpha,
    isPlanar: false,
  });
  const resampler = predictRgbaBytes({
    width,
    height,
    targetWidth: target.width,
    targetHeight: target.height,
    channels: 4,
    mayHaveAlpha: hasAlpha,
    isScattered: false,
  });
  return decoder + resampler;
}

function lossyBytes(facts: WebpMemoryFacts): number {
  const columns = Math.ceil(facts.frameWidth / 16);
  const partitions = facts.partitions ?? 1;
  const lumaStride = columns * 16 + LINE_PAD_BYTES;
  const chromaStride = align(columns * 8 + LINE_PAD_BYTES);
  const readers = block(READER_BYTES) + block(8 * READER_BYTES) + (1 + partitions) * window(LOSSY_WINDOW_BYTES);
  const header = block(1056) + block(96) + 2 * block(32);
  const planes = block(LUMA_ROWS * lumaStride) + 2 * block(CHROMA_ROWS * chromaStride);
  const contexts = block(columns * 4) + block(columns * 9) + block(columns);
  const mixed = facts.isPlanar ? 0 : 2 * block(align(facts.frameWidth) + 64);
  return readers + header + planes + contexts + mixed + (facts.hasAlphaChunk ? alphaBytes(facts) : 0);
}

function alphaBytes(facts: WebpMemoryFacts): number {
  const stride = align(facts.frameWidth);
  const rows = block(stride * SLICE_ROWS) + block(stride);
  return block(28) + window(LOSSY_WINDOW_BYTES) + rows + losslessBytes(facts, facts.frameWidth, facts.frameHeight);
}

function losslessBytes(facts: WebpMemoryFacts, width: number, height: number): number {
  const tileBits = facts.tileBits ?? TILE_BITS_USUAL;
  const side = 2 ** tileBits;
  const tiles = Math.ceil(width / side) * Math.ceil(height / side);
  const codedWidth = Math.ceil(width / (facts.indicesPerPixel ?? 1));
  const ringRows = Math.min(height, Math.ceil(REACH_PIXELS / codedWidth));
  const groups = facts.indicesPerPixel === undefined ? CODE_GROUPS_USUAL : CODE_GROUPS_OF_PALETTE;
  const codes = (facts.codeGroups ?? groups) * CODE_GROUP_BYTES;
  const rows = 2 * block((width + 4) * 4);
  // A byte for the predictor, four for the colour transform, two for the entropy image.
  return block(READER_BYTES) + window(LOSSLESS_WINDOW_BYTES) + tiles * 7 + codes + rows + block(ringRows * codedWidth * 4);
}

function window(bytes: number): number {
  return block(bytes + WINDOW_SLACK_BYTES);
}

/** Blocks are aligned to 16 bytes. */
function block(bytes: number): number {
  return align(bytes);
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
