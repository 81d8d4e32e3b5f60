/**
 * Reversing the filters of a row (PNG 3rd ed. §9.2). `prior` is the row above, zeros for the first row of a pass.
 * Rows need `ROW_TAIL` writable bytes after their last: everything here works in whole vectors.
 */
import { paethRow } from './paeth';

/** Bytes to allocate after each row buffer. */
export const ROW_TAIL: usize = 96;

/** Reverses filter `kind` of `bytes` bytes at `from` into `row`. False for a filter that does not exist. */
export function unfilter(kind: u32, from: usize, row: usize, prior: usize, bytes: usize, pixelBytes: i32): bool {
  switch (kind) {
    case 0:
      memory.copy(row, from, bytes);
      return true;
    case 1:
      if (pixelBytes == 4) subFour(from, row, bytes);
      else if (pixelBytes == 1) subOne(from, row, bytes);
      else subAny(from, row, bytes, <usize>pixelBytes);
      return true;
    case 2:
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(row + i, i8x16.add(v128.load(from + i), v128.load(prior + i)));
      }
      return true;
    case 3:
      averageRow(from, row, prior, bytes, <usize>pixelBytes);
      return true;
    case 4:
      paethRow(from, row, prior, bytes, <usize>pixelBytes);
      return true;
    default:
      return false;
  }
}

/** Prefix sum over four pixels of four bytes at once. */
function subFour(from: usize, row: usize, bytes: usize): void {
  const zero = i32x4.splat(0);
  let left = zero;
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = v128.load(from + i);
    sum = i8x16.add(sum, v128.shuffle<i32>(zero, sum, 0, 4, 5, 6));
    sum = i8x16.add(sum, v128.shuffle<i32>(zero, sum, 0, 0, 4, 5));
    sum = i8x16.add(sum, left);
    v128.store(row + i, sum);
    left = v128.shuffle<i32>(sum, sum, 3, 3, 3, 3);
  }
}

/** Prefix sum over sixteen pixels of one byte. */
function subOne(from: usize, row: usize, bytes: usize): void {
  const zero = i32x4.splat(0);
  let left = zero;
  const last = i8x16.splat(15);
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = v128.load(from + i);
    sum = i8x16.add(sum, v128.shuffle<i8>(zero, sum, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30));
    sum = i8x16.add(sum, v128.shuffle<i8>(zero, sum, 0, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
    sum = i8x16.add(sum, v128.shuffle<i32>(zero, sum, 0, 4, 5, 6));
    sum = i8x16.add(sum, v128.shuffle<i32>(zero, sum, 0, 0, 4, 5));
    sum = i8x16.add(sum, left);
    v128.store(row + i, sum);
    left = i8x16.swizzle(sum, last);
  }
}

/** One pixel at a time; each store of 8 bytes is mended by the next, the last spills into the row's tail. */
function subAny(from: usize, row: usize, bytes: usize, pixelBytes: usize): void {
  let left = i32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += pixelBytes) {
    left = i8x16.add(left, v128.load64_zero(from + i));
    v128.store64_lane(row + i, left, 0);
  }
}

function averageRow(from: usize, row: usize, prior: usize, bytes: usize, pixelBytes: usize): void {
  const one = i8x16.splat(1);
  let left = i32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += pixelBytes) {
    const up = v128.load64_zero(prior + i);
    // avgr rounds up and the filter rounds down: take off the odd bit.
    const mean = i8x16.sub(i8x16.avgr_u(left, up), v128.and(v128.xor(left, up), one));
    left = i8x16.add(v128.load64_zero(from + i), mean);
    v128.store64_lane(row + i, left, 0);
  }
}
