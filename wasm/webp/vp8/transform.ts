// The inverse transforms, RFC 6386 §14.3 and §14.4.

/** √2·cos(π/8) − 1 and √2·sin(π/8), times 65536 (§14.4). */
const COSINE: i32 = 20091;
const SINE: i32 = 35468;

/**
 * Inverse Walsh-Hadamard transform of the 16 coefficients of Y2: sets the DC of each of the 16 luma blocks, which lie 32
 * bytes apart from `blocks`.
 */
export function inverseWht(y2: usize, blocks: usize): void {
  const low = v128.load(y2);
  const high = v128.load(y2, 16);
  const columns = hadamard(
    i32x4.extend_low_i16x8_s(low), i32x4.extend_high_i16x8_s(low),
    i32x4.extend_low_i16x8_s(high), i32x4.extend_high_i16x8_s(high), 0,
  );
  v128.store(scratch, columns);
  const rows = hadamard(
    v128.load(scratch), v128.load(scratch, 16), v128.load(scratch, 32), v128.load(scratch, 48), 3,
  );
  v128.store(scratch, rows);
  for (let i: usize = 0; i < 16; i++) {
    store<i16>(blocks + i * 32, <i16>(load<i32>(scratch + i * 4) >> 3));
  }
}

const scratch: usize = memory.data(64, 16);

/** One pass over four rows; leaves the transposed result in `scratch` and gives its first vector. */
function hadamard(r0: v128, r1: v128, r2: v128, r3: v128, rounding: i32): v128 {
  const first = i32x4.add(r0, i32x4.splat(rounding));
  const a0 = i32x4.add(first, r3);
  const a1 = i32x4.add(r1, r2);
  const a2 = i32x4.sub(r1, r2);
  const a3 = i32x4.sub(first, r3);
  return transpose(i32x4.add(a0, a1), i32x4.add(a3, a2), i32x4.sub(a0, a1), i32x4.sub(a3, a2));
}

/** Transposes four rows into `scratch` and gives the first. */
@inline
function transpose(r0: v128, r1: v128, r2: v128, r3: v128): v128 {
  const a = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const d = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(scratch, v128.shuffle<i64>(a, b, 1, 3), 16);
  v128.store(scratch, v128.shuffle<i64>(c, d, 0, 2), 32);
  v128.store(scratch, v128.shuffle<i64>(c, d, 1, 3), 48);
  return v128.shuffle<i64>(a, b, 0, 2);
}

/** x·√2·cos(π/8) and x·√2·sin(π/8), each rounded down as §14.4 has it. */
@inline
function cosine(x: v128): v128 {
  return i32x4.add(i32x4.shr_s(i32x4.mul(x, i32x4.splat(COSINE)), 16), x);
}
@inline
function sine(x: v128): v128 {
  return i32x4.shr_s(i32x4.mul(x, i32x4.splat(SINE)), 16);
}

/**
 * Adds the residue of a 4×4 block of 16 coefficients to its prediction: sixteen bytes in raster order in, the same out.
 */
@inline
export function addResidue(prediction: v128, block: usize): v128 {
  const low = v128.load(block);
  const high = v128.load(block, 16);
  // Down the columns,
  let x0 = i32x4.extend_low_i16x8_s(low);
  let x1 = i32x4.extend_high_i16x8_s(low);
  let x2 = i32x4.extend_low_i16x8_s(high);
  let x3 = i32x4.extend_high_i16x8_s(high);
  let a = i32x4.add(x0, x2);
  let b = i32x4.sub(x0, x2);
  let c = i32x4.sub(sine(x1), cosine(x3));
  let d = i32x4.add(cosine(x1), sine(x3));
  const y0 = i32x4.add(a, d);
  const y1 = i32x4.add(b, c);
  const y2 = i32x4.sub(b, c);
  const y3 = i32x4.sub(a, d);
  // then along the rows, which the transposition makes columns,
  let e = v128.shuffle<i32>(y0, y1, 0, 4, 1, 5);
  let f = v128.shuffle<i32>(y2, y3, 0, 4, 1, 5);
  let g = v128.shuffle<i32>(y0, y1, 2, 6, 3, 7);
  let h = v128.shuffle<i32>(y2, y3, 2, 6, 3, 7);
  x0 = i32x4.add(v128.shuffle<i64>(e, f, 0, 2), i32x4.splat(4));
  x1 = v128.shuffle<i64>(e, f, 1, 3);
  x2 = v128.shuffle<i64>(g, h, 0, 2);
  x3 = v128.shuffle<i64>(g, h, 1, 3);
  a = i32x4.add(x0, x2);
  b = i32x4.sub(x0, x2);
  c = i32x4.sub(sine(x1), cosine(x3));
  d = i32x4.add(cosine(x1), sine(x3));
  // and back to raster order as 16-bit numbers.
  const left = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(a, d), 3), i32x4.shr_s(i32x4.add(b, c), 3));
  const right = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.sub(b, c), 3), i32x4.shr_s(i32x4.sub(a, d), 3));
  e = v128.shuffle<i16>(left, right, 0, 4, 8, 12, 1, 5, 9, 13);
  f = v128.shuffle<i16>(left, right, 2, 6, 10, 14, 3, 7, 11, 15);
  return i8x16.narrow_i16x8_u(
    i16x8.add(i16x8.extend_low_i8x16_u(prediction), e),
    i16x8.add(i16x8.extend_high_i8x16_u(prediction), f),
  );
}

/** The same for a block whose only coefficient is `dc`. */
@inline
export function addDc(prediction: v128, dc: i32): v128 {
  const residue = i16x8.splat(<i16>((dc + 4) >> 3));
  return i8x16.narrow_i16x8_u(
    i16x8.add(i16x8.extend_low_i8x16_u(prediction), residue),
    i16x8.add(i16x8.extend_high_i8x16_u(prediction), residue),
  );
}

/** The 4×4 pixels at `at` as sixteen bytes in raster order. */
@inline
export function loadBlock(at: usize, stride: usize): v128 {
  let pixels = v128.load32_zero(at);
  pixels = v128.load_lane<u32>(at + stride, pixels, 1);
  pixels = v128.load_lane<u32>(at + stride * 2, pixels, 2);
  return v128.load_lane<u32>(at + stride * 3, pixels, 3);
}

/** Puts sixteen bytes in raster order to the 4×4 pixels at `at`. */
@inline
export function storeBlock(at: usize, stride: usize, pixels: v128): void {
  v128.store_lane<u32>(at, pixels, 0);
  v128.store_lane<u32>(at + stride, pixels, 1);
  v128.store_lane<u32>(at + stride * 2, pixels, 2);
  v128.store_lane<u32>(at + stride * 3, pixels, 3);
}
