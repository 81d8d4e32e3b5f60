// Brings the edges of a macroblock into the form that the filters work on: 16 pixels wide and horizontal. A vertical
// edge is transposed to a scratch block and back; the two chroma planes share one block, U in the lower half.

/** Eight rows of 16 bytes: p3 p2 p1 p0 q0 q1 q2 q3. */
export const block: usize = memory.data(128, 16);
/** Bytes from a row of `block` to the next. */
export const BLOCK_STRIDE: usize = 16;
/** Rows p0 and q0 of `block`. */
export const P0: usize = block + 3 * BLOCK_STRIDE;
export const Q0: usize = block + 4 * BLOCK_STRIDE;

/** Interleaves the lower halves of two vectors, byte by byte. */
@inline
function zipLow(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
@inline
function zipHigh(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/**
 * Transposes two groups of 8 rows by 8 columns, from `first` and `second`, into `block`: the columns become its rows,
 * the first group their lower half. Zipping rows n/2 apart log2(n) times is a transposition.
 */
export function takeColumns(first: usize, second: usize, stride: usize): void {
  const stride2 = stride * 2;
  const stride4 = stride * 4;
  const a0 = zipLow(v128.load64_zero(first), v128.load64_zero(second));
  const a1 = zipLow(v128.load64_zero(first + stride), v128.load64_zero(second + stride));
  const a2 = zipLow(v128.load64_zero(first + stride2), v128.load64_zero(second + stride2));
  const a3 = zipLow(v128.load64_zero(first + stride2 + stride), v128.load64_zero(second + stride2 + stride));
  const a4 = zipLow(v128.load64_zero(first + stride4), v128.load64_zero(second + stride4));
  const a5 = zipLow(v128.load64_zero(first + stride4 + stride), v128.load64_zero(second + stride4 + stride));
  const a6 = zipLow(v128.load64_zero(first + stride4 + stride2), v128.load64_zero(second + stride4 + stride2));
  const a7 = zipLow(
    v128.load64_zero(first + stride4 + stride2 + stride), v128.load64_zero(second + stride4 + stride2 + stride),
  );
  const b0 = zipLow(a0, a4);
  const b1 = zipLow(a1, a5);
  const b2 = zipLow(a2, a6);
  const b3 = zipLow(a3, a7);
  const b4 = zipHigh(a0, a4);
  const b5 = zipHigh(a1, a5);
  const b6 = zipHigh(a2, a6);
  const b7 = zipHigh(a3, a7);
  const c0 = zipLow(b0, b2);
  const c1 = zipLow(b1, b3);
  const c2 = zipHigh(b0, b2);
  const c3 = zipHigh(b1, b3);
  const c4 = zipLow(b4, b6);
  const c5 = zipLow(b5, b7);
  const c6 = zipHigh(b4, b6);
  const c7 = zipHigh(b5, b7);
  v128.store(block, zipLow(c0, c1));
  v128.store(block, zipHigh(c0, c1), 16);
  v128.store(block, zipLow(c2, c3), 32);
  v128.store(block, zipHigh(c2, c3), 48);
  v128.store(block, zipLow(c4, c5), 64);
  v128.store(block, zipHigh(c4, c5), 80);
  v128.store(block, zipLow(c6, c7), 96);
  v128.store(block, zipHigh(c6, c7), 112);
}

/** Puts `block` back to the columns that `takeColumns` took it from. */
export function putColumns(first: usize, second: usize, stride: usize): void {
  const r0 = v128.load(block);
  const r1 = v128.load(block, 16);
  const r2 = v128.load(block, 32);
  const r3 = v128.load(block, 48);
  const r4 = v128.load(block, 64);
  const r5 = v128.load(block, 80);
  const r6 = v128.load(block, 96);
  const r7 = v128.load(block, 112);
  put8(first, stride,
    zipLow(zipLow(r0, r4), zipLow(r2, r6)), zipLow(zipLow(r1, r5), zipLow(r3, r7)),
    zipHigh(zipLow(r0, r4), zipLow(r2, r6)), zipHigh(zipLow(r1, r5), zipLow(r3, r7)));
  put8(second, stride,
    zipLow(zipHigh(r0, r4), zipHigh(r2, r6)), zipLow(zipHigh(r1, r5), zipHigh(r3, r7)),
    zipHigh(zipHigh(r0, r4), zipHigh(r2, r6)), zipHigh(zipHigh(r1, r5), zipHigh(r3, r7)));
}

/** The last zip, and eight rows of eight bytes to `at`. */
@inline
function put8(at: usize, stride: usize, evenLow: v128, oddLow: v128, evenHigh: v128, oddHigh: v128): void {
  putTwo(at, stride, zipLow(evenLow, oddLow));
  putTwo(at + stride * 2, stride, zipHigh(evenLow, oddLow));
  putTwo(at + stride * 4, stride, zipLow(evenHigh, oddHigh));
  putTwo(at + stride * 6, stride, zipHigh(evenHigh, oddHigh));
}
@inline
function putTwo(at: usize, stride: usize, rows: v128): void {
  v128.store_lane<u64>(at, rows, 0);
  v128.store_lane<u64>(at + stride, rows, 1);
}

/** Takes four rows of U and V above the edge, up from `p`, and four below it, down from `q`. */
export function takeRows(pU: usize, pV: usize, qU: usize, qV: usize, stride: usize): void {
  for (let i: usize = 0; i < 4; i++) {
    store<u64>(P0 - i * BLOCK_STRIDE, load<u64>(pU - i * stride));
    store<u64>(P0 - i * BLOCK_STRIDE, load<u64>(pV - i * stride), 8);
    store<u64>(Q0 + i * BLOCK_STRIDE, load<u64>(qU + i * stride));
    store<u64>(Q0 + i * BLOCK_STRIDE, load<u64>(qV + i * stride), 8);
  }
}

/** Puts back the three rows on each side that a filter may have changed. */
export function putRows(pU: usize, pV: usize, qU: usize, qV: usize, stride: usize): void {
  for (let i: usize = 0; i < 3; i++) {
    store<u64>(pU - i * stride, load<u64>(P0 - i * BLOCK_STRIDE));
    store<u64>(pV - i * stride, load<u64>(P0 - i * BLOCK_STRIDE, 8));
    store<u64>(qU + i * stride, load<u64>(Q0 + i * BLOCK_STRIDE));
    store<u64>(qV + i * stride, load<u64>(Q0 + i * BLOCK_STRIDE, 8));
  }
}
