/**
 * Streaming resampler for one plane of 8-bit samples: rows go into a ring, finished rows come out.
 *
 * Input: i8 samples centred at 0, written by the caller into the ring, `stripRows` rows at a time.
 * Output: u8 samples in a picture of its own with PADDING samples around it, so that a reader may fetch whole
 * 16·16 blocks across any edge. Each output row is made vertically first (into i16 with 7 fraction bits), then
 * horizontally, because the vertical pass reads rows as they lie in memory.
 */
import { alloc } from '../memory';
import { computeWeights, tapCount, WEIGHT_BITS } from './plane-weight';

/** Samples around the output picture, on all four sides. */
export const PADDING: i32 = 16;

@unmanaged
export class Plane {
  /** Samples that exist in the input. */
  width: i32;
  height: i32;
  /** The ring: `ringRows` rows of `stride` bytes; row y lies at y mod ringRows. */
  ring: usize;
  stride: i32;
  ringRows: i32;
  stripRows: i32;
  /** Input rows written so far. */
  rowsIn: i32;
  /** Output size, its first sample, its bytes a row, and rows made so far. */
  outputWidth: i32;
  outputHeight: i32;
  output: usize;
  outputStride: i32;
  rowsOut: i32;
  verticalTaps: i32;
  verticalStarts: usize;
  verticalWeights: usize;
  /** Padded to whole vectors of eight. */
  horizontalTaps: i32;
  horizontalStarts: usize;
  horizontalWeights: usize;
  /** One row between the passes, i16. */
  between: usize;
  /** Addresses of the ring rows that the present output row reads. */
  sources: usize;
}

/**
 * Sets up a plane. False when memory is exhausted.
 * @param strideSamples bytes that a written row may take, at least `width`
 * @param stripRows     rows written at once; their ring addresses are contiguous
 */
export function openPlane(
  plane: Plane,
  width: i32,
  height: i32,
  strideSamples: i32,
  stripRows: i32,
  outputWidth: i32,
  outputHeight: i32,
  originX: f64,
  stepX: f64,
  originY: f64,
  stepY: f64,
): bool {
  plane.width = width;
  plane.height = height;
  plane.stride = (strideSamples + 47) & ~15;
  plane.stripRows = stripRows;
  plane.outputWidth = outputWidth;
  plane.outputHeight = outputHeight;
  plane.outputStride = (outputWidth + 2 * PADDING + 15) & ~15;
  plane.verticalTaps = tapCount(height, stepY);
  const horizontalTaps = vectorTaps(tapCount(width, stepX), width);
  plane.horizontalTaps = (horizontalTaps + 7) & ~7;
  // A strip may arrive when all but the last row that an output row needs are there.
  plane.ringRows = ((plane.verticalTaps + stripRows - 2) / stripRows + 1) * stripRows;

  plane.verticalStarts = alloc(4 * outputHeight);
  plane.verticalWeights = alloc(2 * outputHeight * plane.verticalTaps);
  plane.horizontalStarts = alloc(4 * (outputWidth + 4));
  plane.horizontalWeights = alloc(2 * (outputWidth + 4) * plane.horizontalTaps);
  plane.between = alloc(2 * (plane.stride + plane.horizontalTaps) + 32);
  plane.sources = alloc(4 * (plane.verticalTaps + 1));
  // Before any row is in it, the ring serves as scratch for computing the weights: eight bytes a tap.
  const scratchBytes = 8 * max(plane.verticalTaps, plane.horizontalTaps);
  plane.ring = alloc(max(<usize>plane.ringRows * plane.stride, <usize>scratchBytes) + 64);
  const outputBytes = <u64>plane.outputStride * (outputHeight + 2 * PADDING);
  const picture = outputBytes > <u64>i32.MAX_VALUE ? 0 : alloc(<usize>outputBytes);
  if (plane.verticalStarts == 0 || plane.verticalWeights == 0 || plane.horizontalStarts == 0) return false;
  if (plane.horizontalWeights == 0 || plane.between == 0 || plane.sources == 0) return false;
  if (plane.ring == 0 || picture == 0) return false;
  plane.output = picture + <usize>(PADDING * plane.outputStride + PADDING);

  computeWeights(height, outputHeight, originY, stepY, plane.verticalTaps, plane.verticalTaps, plane.verticalStarts, plane.verticalWeights, plane.ring);
  computeWeights(width, outputWidth, originX, stepX, horizontalTaps, plane.horizontalTaps, plane.horizontalStarts, plane.horizontalWeights, plane.ring);
  // Four outputs are made at once: the surplus ones read the row's beginning with zero weights.
  memory.fill(plane.horizontalStarts + <usize>(4 * outputWidth), 0, 16);
  memory.fill(plane.horizontalWeights + <usize>(2 * outputWidth * plane.horizontalTaps), 0, 8 * plane.horizontalTaps);
  memory.fill(plane.between, 0, 2 * (plane.stride + plane.horizontalTaps) + 32);
  rewindPlane(plane);
  return true;
}

/**
 * Nine or ten taps are cut to the eight of one vector, around the centre: the outer ones weigh little, which costs 0.01 dB, and a second
 * vector for one or two of them would cost as much as the first. Not where there are no more `samples`: they weigh the same there.
 */
function vectorTaps(taps: i32, samples: i32): i32 {
  return samples > taps && (taps == 9 || taps == 10) ? 8 : taps;
}

/** Begins again at the top, as when a component's scan is repeated. */
export function rewindPlane(plane: Plane): void {
  plane.rowsIn = 0;
  plane.rowsOut = 0;
}

/** Where the caller writes the next strip. */
export function stripAddress(plane: Plane): usize {
  return plane.ring + <usize>(plane.rowsIn % plane.ringRows) * plane.stride;
}

/** Takes note of `rows` written rows, at most a strip, and makes every output row that they complete. */
export function acceptRows(plane: Plane, rows: i32): void {
  plane.rowsIn += rows;
  const have = min(plane.rowsIn, plane.height);
  while (plane.rowsOut < plane.outputHeight) {
    const start = load<i32>(plane.verticalStarts + <usize>(4 * plane.rowsOut));
    if (start + plane.verticalTaps > have) return;
    makeRow(plane, start);
    plane.rowsOut++;
    if (plane.rowsOut == plane.outputHeight) padOutput(plane);
  }
}

function makeRow(plane: Plane, start: i32): void {
  const taps = plane.verticalTaps;
  let weights = plane.verticalWeights + <usize>(2 * plane.rowsOut * taps);
  let count = 0;
  // Zero weights at either end are common (an exact copy has one tap); rows are not read for them.
  let skipped = 0;
  while (taps - 1 > skipped && load<i16>(weights + <usize>(2 * skipped)) == 0) skipped++;
  let used = taps;
  while (used - 1 > skipped && load<i16>(weights + <usize>(2 * (used - 1))) == 0) used--;
  weights += <usize>(2 * skipped);
  for (let t = skipped; t < used; t++) {
    store<usize>(plane.sources + <usize>(4 * count), plane.ring + <usize>((start + t) % plane.ringRows) * plane.stride);
    count++;
  }
  combineRows(plane.sources, weights, count, plane.width, plane.between);
  combineColumns(plane);
}

/** between[x] = Σ weight · row[x], in i16 with 7 fraction bits. */
function combineRows(sources: usize, weights: usize, count: i32, width: i32, between: usize): void {
  const zero = i32x4.splat(0);
  for (let x = 0; x < width; x += 16) {
    let low = zero;
    let high = zero;
    for (let t = 0; t < count; t++) {
      const samples = v128.load(load<usize>(sources + <usize>(4 * t)) + <usize>x);
      const weight = v128.load_splat<i16>(weights + <usize>(2 * t));
      // The byte on top of a 16-bit lane is the sample times 256; (256 s · w + 2^14) >> 15 has 7 fraction bits. The relaxed product
      // differs from the saturating one for -32768 · -32768 alone, and no weight is below -32767.
      const a = v128.shuffle<i8>(zero, samples, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const b = v128.shuffle<i8>(zero, samples, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      low = i16x8.add_sat_s(low, i16x8.relaxed_q15mulr_s(a, weight));
      high = i16x8.add_sat_s(high, i16x8.relaxed_q15mulr_s(b, weight));
    }
    v128.store(between + <usize>(2 * x), low);
    v128.store(between + <usize>(2 * x), high, 16);
  }
}

/** One output row from `between`: 7 + 14 fraction bits down to a byte, 128 added back. */
function combineColumns(plane: Plane): void {
  const width = plane.outputWidth;
  const starts = plane.horizontalStarts;
  const between = plane.between;
  const bytes = <usize>(2 * plane.horizontalTaps);
  const out = plane.output + <usize>(plane.rowsOut * plane.outputStride);
  const round = i32x4.splat((1 << (WEIGHT_BITS + 6)) + (128 << (WEIGHT_BITS + 7)));
  let weights = plane.horizontalWeights;
  for (let x = 0; x < width; x += 4) {
    const s0 = between + <usize>(2 * load<i32>(starts + <usize>(4 * x)));
    const s1 = between + <usize>(2 * load<i32>(starts + <usize>(4 * x), 4));
    const s2 = between + <usize>(2 * load<i32>(starts + <usize>(4 * x), 8));
    const s3 = between + <usize>(2 * load<i32>(starts + <usize>(4 * x), 12));
    const w1 = weights + bytes;
    const w2 = w1 + bytes;
    const w3 = w2 + bytes;
    let c0 = i32x4.dot_i16x8_s(v128.load(s0), v128.load(weights));
    let c1 = i32x4.dot_i16x8_s(v128.load(s1), v128.load(w1));
    let c2 = i32x4.dot_i16x8_s(v128.load(s2), v128.load(w2));
    let c3 = i32x4.dot_i16x8_s(v128.load(s3), v128.load(w3));
    for (let t: usize = 16; t < bytes; t += 16) {
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load(s0 + t), v128.load(weights + t)));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load(s1 + t), v128.load(w1 + t)));
      c2 = i32x4.add(c2, i32x4.dot_i16x8_s(v128.load(s2 + t), v128.load(w2 + t)));
      c3 = i32x4.add(c3, i32x4.dot_i16x8_s(v128.load(s3 + t), v128.load(w3 + t)));
    }
    weights = w3 + bytes;
    // Four horizontal sums by a transpose.
    const c01 = i32x4.add(v128.shuffle<i32>(c0, c1, 0, 4, 1, 5), v128.shuffle<i32>(c0, c1, 2, 6, 3, 7));
    const c23 = i32x4.add(v128.shuffle<i32>(c2, c3, 0, 4, 1, 5), v128.shuffle<i32>(c2, c3, 2, 6, 3, 7));
    const sum = i32x4.add(v128.shuffle<i64>(c01, c23, 0, 2), v128.shuffle<i64>(c01, c23, 1, 3));
    const shifted = i32x4.shr_s(i32x4.add(sum, round), WEIGHT_BITS + 7);
    const words = i16x8.narrow_i32x4_s(shifted, shifted);
    v128.store32_lane(out + <usize>x, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** Repeats the picture's border samples outwards. */
function padOutput(plane: Plane): void {
  const stride = <usize>plane.outputStride;
  const width = plane.outputWidth;
  for (let y = 0; y < plane.outputHeight; y++) {
    const row = plane.output + <usize>y * stride;
    memory.fill(row - PADDING, load<u8>(row), PADDING);
    memory.fill(row + <usize>width, load<u8>(row + <usize>width - 1), <usize>(plane.outputStride - width - PADDING));
  }
  const top = plane.output - PADDING;
  const bottom = top + <usize>(plane.outputHeight - 1) * stride;
  for (let y = 1; y <= PADDING; y++) {
    memory.copy(top - <usize>y * stride, top, stride);
    memory.copy(bottom + <usize>y * stride, bottom, stride);
  }
}
