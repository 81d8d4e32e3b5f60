// YUV 4:2:0 to RGBA. Chroma is interpolated between samples (9, 3, 3 and 1 sixteenths of the four nearest), then the
// matrix of ITU-R BT.601 for studio swing is applied, which is what RFC 9649 §2.5 asks of a `VP8 ` chunk.

import { alloc } from "../memory";

/** Bytes in front of and behind the mixed chroma samples. */
const PAD: usize = 32;
/** Pixels converted at once. */
const STEP: i32 = 16;

/** A row of U and one of V, mixed from the two nearest chroma rows, 16 bits a sample: 3·near + far. */
let mixedU: usize = 0;
let mixedV: usize = 0;
/** The end of a row, where 16 pixels do not fit. */
const tail: usize = memory.data(64, 16);

/** Allocates for rows of `width` pixels; false when memory is out. */
export function openColour(width: i32): bool {
  const bytes = <usize>((width + 15) & ~15) + 2 * PAD;
  mixedU = alloc(bytes);
  mixedV = alloc(bytes);
  return mixedU != 0 && mixedV != 0;
}

/**
 * Converts one row of `width` pixels to RGBA at `out`. `nearU` and `nearV` are the chroma rows that this luma row falls
 * on, `farU` and `farV` the next nearest; `alpha` is a row of opacities, or 0 for an opaque one.
 */
export function convertRow(
  luma: usize, nearU: usize, farU: usize, nearV: usize, farV: usize, alpha: usize, width: i32, out: usize,
): void {
  mix(nearU, farU, width, mixedU + PAD);
  mix(nearV, farV, width, mixedV + PAD);
  let x = 0;
  for (; x + STEP <= width; x += STEP) {
    convert(luma + x, mixedU + PAD + x, mixedV + PAD + x, alpha == 0 ? 0 : alpha + x, out + x * 4);
  }
  if (width > x) {
    convert(luma + x, mixedU + PAD + x, mixedV + PAD + x, alpha == 0 ? 0 : alpha + x, tail);
    memory.copy(out + x * 4, tail, (width - x) * 4);
  }
}

/** Mixes two chroma rows; the first and the last sample are repeated beyond the ends. */
function mix(near: usize, far: usize, width: i32, out: usize): void {
  const samples = (width + 1) >> 1;
  for (let i = 0; i < samples; i += 8) {
    const a = v128.load_ext<u8>(near + i);
    const b = v128.load_ext<u8>(far + i);
    v128.store(out + i * 2, i16x8.add(i16x8.add(a, i16x8.shl(a, 1)), b));
  }
  store<u16>(out - 2, load<u16>(out));
  store<u16>(out + samples * 2, load<u16>(out + samples * 2 - 2));
}

/** Sixteen chroma values between eight mixed samples. */
@inline
function interpolate(mixed: usize): v128 {
  const centre = v128.load(mixed);
  const base = i16x8.add(i16x8.add(centre, i16x8.shl(centre, 1)), i16x8.splat(8));
  const even = i16x8.shr_u(i16x8.add(base, v128.load(mixed - 2)), 4);
  const odd = i16x8.shr_u(i16x8.add(base, v128.load(mixed + 2)), 4);
  return v128.or(even, i16x8.shl(odd, 8));
}

/** (x · factor) >> 8 of unsigned 16-bit numbers: the middle bytes of the products. */
@inline
function scale(x: v128, factor: v128): v128 {
  return v128.shuffle<i8>(
    i32x4.extmul_low_i16x8_u(x, factor), i32x4.extmul_high_i16x8_u(x, factor),
    1, 2, 5, 6, 9, 10, 13, 14, 17, 18, 21, 22, 25, 26, 29, 30,
  );
}

// The matrix in 14 bits: 255/219, 1.596, 0.392, 0.813, 2.017. Sums have six bits of fraction; the offsets take away the
// 16 and 128 that black and gray stand at, and round.
@inline
function red(y: v128, v: v128): v128 {
  const sum = i16x8.add(y, scale(v, i16x8.splat(26149)));
  return i16x8.shr_s(i16x8.sub(sum, i16x8.splat(14234)), 6);
}
@inline
function green(y: v128, u: v128, v: v128): v128 {
  const less = i16x8.add(scale(u, i16x8.splat(6419)), scale(v, i16x8.splat(13320)));
  return i16x8.shr_s(i16x8.add(i16x8.sub(y, less), i16x8.splat(8708)), 6);
}
@inline
function blue(y: v128, u: v128): v128 {
  // This sum passes 15 bits: it is kept unsigned.
  const sum = i16x8.add(y, scale(u, i16x8.splat(<i16>33050)));
  return i16x8.shr_u(i16x8.sub_sat_u(sum, i16x8.splat(17685)), 6);
}

@inline
function convert(luma: usize, u: usize, v: usize, alpha: usize, out: usize): void {
  const y = v128.load(luma);
  const us = interpolate(u);
  const vs = interpolate(v);
  const weight = i16x8.splat(19077);
  const yLow = scale(i16x8.extend_low_i8x16_u(y), weight);
  const yHigh = scale(i16x8.extend_high_i8x16_u(y), weight);
  const uLow = i16x8.extend_low_i8x16_u(us);
  const uHigh = i16x8.extend_high_i8x16_u(us);
  const vLow = i16x8.extend_low_i8x16_u(vs);
  const vHigh = i16x8.extend_high_i8x16_u(vs);
  const r = i8x16.narrow_i16x8_u(red(yLow, vLow), red(yHigh, vHigh));
  const g = i8x16.narrow_i16x8_u(green(yLow, uLow, vLow), green(yHigh, uHigh, vHigh));
  const b = i8x16.narrow_i16x8_u(blue(yLow, uLow), blue(yHigh, uHigh));
  const a = alpha == 0 ? i8x16.splat(-1) : v128.load(alpha);
  const rgLow = v128.shuffle<i8>(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const rgHigh = v128.shuffle<i8>(r, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const baLow = v128.shuffle<i8>(b, a, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const baHigh = v128.shuffle<i8>(b, a, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  v128.store(out, v128.shuffle<i16>(rgLow, baLow, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(out, v128.shuffle<i16>(rgLow, baLow, 4, 12, 5, 13, 6, 14, 7, 15), 16);
  v128.store(out, v128.shuffle<i16>(rgHigh, baHigh, 0, 8, 1, 9, 2, 10, 3, 11), 32);
  v128.store(out, v128.shuffle<i16>(rgHigh, baHigh, 4, 12, 5, 13, 6, 14, 7, 15), 48);
}
