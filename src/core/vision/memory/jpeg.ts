/**
 * Peak memory of a JPEG job in the scanline codec, known from the header before anything is allocated.
 *
 * Mirrors the allocations of wasm/jpeg (target.ts, coefficient.ts), wasm/resample/plane.ts and wasm/encode/jpeg*.ts; a test
 * holds the two together. All sizes are bytes.
 */

import { CODEC_MEMORY_BYTES_MAX, CODEC_STATIC_BYTES } from './static.ts';

/** Static data, input and bit windows, Huffman and quantisation tables, statistics of arithmetic coding. */
const FIXED_BYTES = CODEC_STATIC_BYTES + 223_120;

/** Huffman codes, reciprocals and block buffers of the encoder. */
const ENCODER_TABLE_BYTES = 8_768;

/** What the frame header says. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly isProgressive: boolean;
  /** False for RGB (Adobe transform 0), CMYK and YCCK, and for gray, which has no chroma. */
  readonly isYcbcr: boolean;
  /** Sampling factors by component, 1 to 4 each. */
  readonly samplings: readonly { readonly horizontal: number; readonly vertical: number }[];
}

/** Target size in stored axes; orientation 1 to 8; what comes out. */
export interface JpegMemoryTarget {
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly output: 'jpeg-4:2:0' | 'jpeg-4:4:4' | 'rgba';
}

/** Weights, rings and the encoder, which are small beside coefficients and pictures. */
const REST_BYTES = 2 << 20;

/** Hundredths of samples that scale N must leave for each target sample, by policy; see wasm/jpeg/target.ts. */
const GENEROUS = [0, 200, 200, 200, 200, 200, 200, 200];
const MEASURED = [0, 120, 125, 180, 138, 130, 125, 120];
const MODEST = [0, 120, 120, 115, 110, 105, 105, 105];
const LEAN = [0, 100, 100, 100, 100, 100, 100, 100];

/**
 * Peak bytes in use, or `undefined` when the job does not fit in `CODEC_MEMORY_BYTES_MAX`. WebAssembly memory itself is
 * this rounded up to whole 65,536-byte pages.
 */
export function predictJpegPeakBytes(frame: JpegFrame, target: JpegMemoryTarget): number | undefined {
  const isHalf = frame.isYcbcr && target.output === 'jpeg-4:2:0';
  const after = outputBytes(frame, target);
  for (const reserve of isHalf ? [MEASURED, MODEST, LEAN] : [GENEROUS, MEASURED, MODEST, LEAN]) {
    const chromaReserve = reserve === GENEROUS && frame.isYcbcr && target.output !== 'rgba' ? MEASURED : reserve;
    const components = frame.samplings.map((_, i) => componentBytes(frame, target, i, isHalf, i === 0 ? reserve : chromaReserve));
    // The reserve is chosen by the large parts, before anything is allocated; see hasRoom in wasm/jpeg/target.ts.
    const large = FIXED_BYTES + REST_BYTES + components.reduce((sum, { store, picture }) => sum + store + picture, 0);
    if (reserve !== LEAN && large > CODEC_MEMORY_BYTES_MAX) continue;
    const opened = FIXED_BYTES + components.reduce((sum, { store, plane }) => sum + 320 + 128 + 96 + plane + store, 0);
    return opened + after <= CODEC_MEMORY_BYTES_MAX ? opened + after : undefined;
  }
  return undefined;
}

/** `picture` is the part of `plane` that holds the target. */
interface ComponentBytes {
  readonly plane: number;
  readonly picture: number;
  readonly store: number;
}

function componentBytes(frame: JpegFrame, target: JpegMemoryTarget, index: number, isHalf: boolean, reserve: readonly number[]): ComponentBytes {
  const { horizontal = 1, vertical = 1 } = frame.samplings[index] ?? {};
  const horizontalMax = Math.max(...frame.samplings.map((s) => s.horizontal));
  const verticalMax = Math.max(...frame.samplings.map((s) => s.vertical));
  const pixels = isHalf && index > 0 ? 2 : 1;
  const width = Math.ceil(target.width / pixels);
  const height = Math.ceil(target.height / pixels);
  const stepX = ((frame.width * horizontal) / horizontalMax / target.width) * pixels;
  const stepY = ((frame.height * vertical) / verticalMax / target.height) * pixels;
  const scale = chooseScale(Math.min(stepX, stepY), reserve);

  const paddedWide = Math.ceil(frame.width / (8 * horizontalMax)) * horizontal;
  const paddedHigh = Math.ceil(frame.height / (8 * verticalMax)) * vertical;
  const blocksWide = Math.ceil(Math.ceil((frame.width * horizontal) / horizontalMax) / 8);
  const blocksHigh = Math.ceil(Math.ceil((frame.height * vertical) / verticalMax) / 8);
  const plane = planeBytes({
    samplesWide: Math.min(Math.ceil((frame.width * horizontal * scale) / 8 / horizontalMax), blocksWide * scale),
    samplesHigh: Math.min(Math.ceil((frame.height * vertical * scale) / 8 / verticalMax), blocksHigh * scale),
    stride: (paddedWide * scale + 47) & ~15,
    stripRows: vertical * scale,
    width,
    height,
    stepX: (stepX * scale) / 8,
    stepY: (stepY * scale) / 8,
  });
  const blocks = paddedWide * paddedHigh;
  const store = frame.isProgressive ? aligned(blocks * keptBytes(scale) + 16) + aligned(scale === 1 ? 0 : blocks * 8) : 0;
  return { plane, picture: ((width + 47) & ~15) * (height + 32), store };
}

interface PlaneShape {
  readonly samplesWide: number;
  readonly samplesHigh: number;
  readonly stride: number;
  readonly stripRows: number;
  readonly width: number;
  readonly height: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Weights of both axes, the ring of scaled rows, and the target picture with 16 samples around it. */
function planeBytes(plane: PlaneShape): number {
  const verticalTaps = tapCount(plane.samplesHigh, plane.stepY);
  const horizontalTaps = (vectorTaps(tapCount(plane.samplesWide, plane.stepX), plane.samplesWide) + 7) & ~7;
  const ringRows = (Math.floor((verticalTaps + plane.stripRows - 2) / plane.stripRows) + 1) * plane.stripRows;
  return (
    aligned(4 * plane.height) +
    aligned(2 * plane.height * verticalTaps) +
    aligned(4 * (plane.width + 4)) +
    aligned(2 * (plane.width + 4) * horizontalTaps) +
    aligned(2 * (plane.stride + horizontalTaps) + 32) +
    aligned(4 * (verticalTaps + 1)) +
    aligned(Math.max(ringRows * plane.stride, 8 * Math.max(verticalTaps, horizontalTaps)) + 64) +
    aligned(((plane.width + 47) & ~15) * (plane.height + 32))
  );
}

/** Row buffers, and the encoder's output buffer for the largest MCU row. */
function outputBytes(frame: JpegFrame, target: JpegMemoryTarget): number {
  const width = target.orientation >= 5 ? target.height : target.width;
  const rows = 4 * ((width + 31) & ~15);
  const rgba = aligned(64 * width + 32);
  if (target.output === 'rgba') return rows + rgba;
  const isGray = frame.samplings.length === 1;
  const factor = target.output === 'jpeg-4:2:0' && !isGray ? 2 : 1;
  const blocks = Math.ceil(width / (8 * factor)) * (isGray ? 1 : factor * factor + 2);
  const encoder = aligned(1024 + blocks * 448) + ENCODER_TABLE_BYTES;
  if (isGray || frame.isYcbcr) return rows + encoder;
  // Other colours go through RGBA rows.
  return rows + rgba + encoder + stripBytes(width, factor);
}

/** Planes of one MCU row, and full-size chroma of two rows. `factor`: 2 when chroma is halved. */
function stripBytes(width: number, factor: number): number {
  const stride = (width + 48) & ~15;
  const chromaStride = (Math.ceil(width / factor) + 48) & ~15;
  return stride * 8 * factor + 2 * chromaStride * 8 + 48 + 4 * ((width + 31) & ~15);
}

/** Bytes that encoding a bitmap of the module as JPEG adds on top of whatever holds the bitmap. `width`: upright. */
export function predictRgbaJpegBytes(width: number, subsampling: '4:2:0' | '4:4:4'): number {
  const factor = subsampling === '4:2:0' ? 2 : 1;
  return aligned(1024 + Math.ceil(width / (8 * factor)) * (factor * factor + 2) * 448) + ENCODER_TABLE_BYTES + stripBytes(width, factor);
}

function chooseScale(step: number, reserve: readonly number[]): number {
  for (let n = 1; n < 8; n++) if (step * n * 100 >= 8 * (reserve[n] ?? 100)) return n;
  return 8;
}

function keptBytes(scale: number): number {
  if (scale === 1) return 2;
  if (scale === 2) return 8;
  return scale <= 4 ? scale * 8 : scale * 16;
}

function tapCount(samples: number, step: number): number {
  return Math.min(Math.floor(6 * Math.max(1, step)) + 1, samples);
}

/** Nine or ten horizontal taps are cut to the eight of one vector, where there are more samples; see wasm/resample/plane.ts. */
function vectorTaps(taps: number, samples: number): number {
  return samples > taps && (taps === 9 || taps === 10) ? 8 : taps;
}

/** Every allocation is rounded up to 16 bytes. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
