/**
 * From the coefficients of a block to N·N samples in a plane's ring (T.81 A.3.3).
 *
 * Samples are i8, centred at 0 (the level shift of A.3.1 is left out until the very end of the pipeline).
 * N = 3, 4 write 4 bytes a row and N >= 5 write 8: the surplus is overwritten by the block to the right, or falls into
 * the ring's row padding.
 */
import {
  inverse3, inverse4, inverse5, inverse5Sparse, inverse6, inverse6Sparse, inverse7, inverse7Sparse, inverse8,
  inverse8Sparse,
} from "./idct-kernel";

/** The last zig-zag index up to which both frequencies are below 4. */
const LAST_SPARSE: i32 = 9;

@inline
function clampSample(value: i32): i32 {
  return min(max(value, -128), 127);
}

/** N = 1: the mean alone, from a dequantised DC. */
@inline
export function storeMean(dc: i32, out: usize): void {
  store<i8>(out, <i8>clampSample((dc + 4) >> 3));
}

/** N = 2: sums and differences; with two points both cosines are cos 45° and the weights come to 1/8. */
@inline
export function storeTwo(c00: i32, c10: i32, c01: i32, c11: i32, out: usize, stride: usize): void {
  // c01: horizontal frequency 1. c10: vertical frequency 1.
  const top = c00 + c10 + 4;
  const topDifference = c01 + c11;
  const bottom = c00 - c10 + 4;
  const bottomDifference = c01 - c11;
  const upper = (clampSample((top + topDifference) >> 3) & 255) | (clampSample((top - topDifference) >> 3) << 8);
  const lower = (clampSample((bottom + bottomDifference) >> 3) & 255) | (clampSample((bottom - bottomDifference) >> 3) << 8);
  store<u16>(out, <u16>upper);
  store<u16>(out + stride, <u16>lower);
}

/** A block of one colour. */
export function storeFlat(dc: i32, scale: i32, out: usize, stride: usize): void {
  const value = i8x16.splat(<i8>clampSample((dc + 4) >> 3));
  if (scale <= 4) {
    for (let y = 0; y < scale; y++) {
      v128.store32_lane(out, value, 0);
      out += stride;
    }
    return;
  }
  for (let y = 0; y < scale; y++) {
    v128.store64_lane(out, value, 0);
    out += stride;
  }
}

/**
 * Transforms the dequantised block at `block`, whose last non-zero zig-zag index is `last`, to scale N, and clears it
 * for the next one.
 */
export function transformBlock(block: usize, scale: i32, last: i32, out: usize, stride: usize): void {
  const zero = i32x4.splat(0);
  if (scale == 1) return storeMean(load<i16>(block), out);
  if (last == 0) return storeFlat(load<i16>(block), scale, out, stride);
  if (scale == 2) {
    storeTwo(load<i16>(block), load<i16>(block, 2), load<i16>(block, 4), load<i16>(block, 6), out, stride);
    store<u64>(block, 0);
    return;
  }
  if (scale <= 4) {
    if (scale == 3) inverse3(block, out, stride);
    else inverse4(block, out, stride);
    v128.store(block, zero);
    v128.store(block, zero, 16);
    return;
  }
  if (last <= LAST_SPARSE) transformSparse(block, scale, out, stride);
  else transformFull(block, scale, out, stride);
  v128.store(block, zero);
  v128.store(block, zero, 16);
  v128.store(block, zero, 32);
  v128.store(block, zero, 48);
  if (last <= LAST_SPARSE) return;
  v128.store(block, zero, 64);
  v128.store(block, zero, 80);
  v128.store(block, zero, 96);
  v128.store(block, zero, 112);
}

function transformSparse(block: usize, scale: i32, out: usize, stride: usize): void {
  if (scale == 8) inverse8Sparse(block, out, stride);
  else if (scale == 5) inverse5Sparse(block, out, stride);
  else if (scale == 6) inverse6Sparse(block, out, stride);
  else inverse7Sparse(block, out, stride);
}

/** Transforms without clearing; N is 5 to 8. */
export function transformFull(block: usize, scale: i32, out: usize, stride: usize): void {
  if (scale == 8) inverse8(block, out, stride);
  else if (scale == 5) inverse5(block, out, stride);
  else if (scale == 6) inverse6(block, out, stride);
  else inverse7(block, out, stride);
}
