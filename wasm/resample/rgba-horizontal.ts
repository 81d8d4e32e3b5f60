/**
 * Horizontal convolution: one source row to one intermediate row of RGBA, i16, value · 128 ("Q7"), 8 bytes a pixel.
 *
 * Two neighbouring pixels are interleaved channel by channel, so that one 16-bit dot product weighs both for all four
 * channels. Weights come as pairs; taps are padded to groups of four with zero weights, therefore up to 16 bytes a tap
 * group past the row's end are read (and multiplied by zero): rows must be followed by readable bytes.
 */

const ROUND_8: i32 = 64;
const ROUND_16: i32 = 8192;

/** Source: opaque RGBA, u8. The fourth channel is weighed as it is. */
export function horizontalRgba(from: usize, to: usize, outputs: i32, taps: i32, starts: usize, weights: usize): void {
  const groupBytes = (<usize>taps) << 1;
  for (let output = 0; output < outputs; output++) {
    let at = from + ((<usize>load<i32>(starts + ((<usize>output) << 2))) << 2);
    const end = weights + groupBytes;
    let even = i32x4.splat(ROUND_8);
    let odd = i32x4.splat(0);
    do {
      const four = v128.load(at);
      const paired = v128.shuffle<i8>(four, four, 0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
      even = i32x4.add(even, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(paired), v128.load32_splat(weights)));
      odd = i32x4.add(odd, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(paired), v128.load32_splat(weights, 4)));
      at += 16;
      weights += 8;
    } while (weights < end);
    const sum = i32x4.shr_s(i32x4.add(even, odd), 7);
    v128.store64_lane(to, i16x8.narrow_i32x4_s(sum, sum), 0);
    to += 8;
  }
}

/** Source: RGB, u8, 3 bytes a pixel. The fourth channel of the result is undefined. */
export function horizontalRgb(from: usize, to: usize, outputs: i32, taps: i32, starts: usize, weights: usize): void {
  const groupBytes = (<usize>taps) << 1;
  for (let output = 0; output < outputs; output++) {
    let at = from + <usize>load<i32>(starts + ((<usize>output) << 2)) * 3;
    const end = weights + groupBytes;
    let even = i32x4.splat(ROUND_8);
    let odd = i32x4.splat(0);
    do {
      const four = v128.load(at);
      const paired = v128.shuffle<i8>(four, four, 0, 3, 1, 4, 2, 5, 2, 5, 6, 9, 7, 10, 8, 11, 8, 11);
      even = i32x4.add(even, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(paired), v128.load32_splat(weights)));
      odd = i32x4.add(odd, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(paired), v128.load32_splat(weights, 4)));
      at += 12;
      weights += 8;
    } while (weights < end);
    const sum = i32x4.shr_s(i32x4.add(even, odd), 7);
    v128.store64_lane(to, i16x8.narrow_i32x4_s(sum, sum), 0);
    to += 8;
  }
}

/** Source: premultiplied or opaque RGBA, i16, Q7. */
export function horizontalQ7(from: usize, to: usize, outputs: i32, taps: i32, starts: usize, weights: usize): void {
  const groupBytes = (<usize>taps) << 1;
  for (let output = 0; output < outputs; output++) {
    let at = from + ((<usize>load<i32>(starts + ((<usize>output) << 2))) << 3);
    const end = weights + groupBytes;
    let even = i32x4.splat(ROUND_16);
    let odd = i32x4.splat(0);
    do {
      const low = v128.load(at);
      const high = v128.load(at, 16);
      const lowPaired = v128.shuffle<i16>(low, low, 0, 4, 1, 5, 2, 6, 3, 7);
      const highPaired = v128.shuffle<i16>(high, high, 0, 4, 1, 5, 2, 6, 3, 7);
      even = i32x4.add(even, i32x4.dot_i16x8_s(lowPaired, v128.load32_splat(weights)));
      odd = i32x4.add(odd, i32x4.dot_i16x8_s(highPaired, v128.load32_splat(weights, 4)));
      at += 32;
      weights += 8;
    } while (weights < end);
    const sum = i32x4.shr_s(i32x4.add(even, odd), 14);
    v128.store64_lane(to, i16x8.narrow_i32x4_s(sum, sum), 0);
    to += 8;
  }
}
