// Prediction of luma sub-blocks, RFC 6386 §12.3. The edge of a block is one run of pixels, from the bottom of the left
// column over the corner to the end of the row above. Every directional mode takes rounded means of two or of three
// neighbours on that run, so all the means are made at once and each mode is one shuffle of them.

import { B_DC_PRED, B_HD_PRED, B_HE_PRED, B_LD_PRED, B_RD_PRED, B_TM_PRED, B_VE_PRED, B_VL_PRED, B_VR_PRED } from './mode';

/**
 * Predicts the 4×4 pixels at `at`: sixteen bytes in raster order. `right` holds the four pixels above and to the right.
 */
export function predictSubblock(at: usize, stride: usize, mode: i32, right: u32): v128 {
  const above = load<u32>(at - stride);
  const left0 = <u64>load<u8>(at - 1);
  const left1 = <u64>load<u8>(at + stride - 1);
  const left2 = <u64>load<u8>(at + stride * 2 - 1);
  const left3 = <u64>load<u8>(at + stride * 3 - 1);
  const corner = load<u8>(at - stride - 1);

  if (mode == B_DC_PRED) {
    const sum = (above & 255) + ((above >> 8) & 255) + ((above >> 16) & 255) + (above >> 24);
    return i8x16.splat(<i8>((<u64>sum + left0 + left1 + left2 + left3 + 4) >> 3));
  }
  if (mode == B_TM_PRED) {
    const top = i16x8.sub(i16x8.extend_low_i8x16_u(i32x4.splat(above)), i16x8.splat(<i16>corner));
    const low = i64x2(left0 * 0x0001000100010001, left1 * 0x0001000100010001);
    const high = i64x2(left2 * 0x0001000100010001, left3 * 0x0001000100010001);
    return i8x16.narrow_i16x8_u(i16x8.add(top, low), i16x8.add(top, high));
  }

  // Both ends of the run are doubled: bytes 0 and 1 are the lowest pixel at the left, 13 and 14 the last one above.
  const lower = (left3 * 0x0101) | (left2 << 16) | (left1 << 24) | (left0 << 32) | ((<u64>corner) << 40) | ((<u64>above) << 48);
  const upper = (<u64>(above >> 16)) | ((<u64>right) << 16) | ((<u64>(right >> 24)) << 48);
  const a = i64x2(lower, upper);
  const b = v128.shuffle<i8>(a, a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15);
  const c = v128.shuffle<i8>(a, a, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15, 15);
  // (a + b + 1) >> 1, and (a + 2b + c + 2) >> 2 by way of (a + c) >> 1.
  const two = i8x16.avgr_u(a, b);
  const floor = i8x16.sub(i8x16.avgr_u(a, c), v128.and(v128.xor(a, c), i8x16.splat(1)));
  const three = i8x16.avgr_u(floor, b);

  // Below, 0 to 15 is a mean of three that starts there, 16 to 31 a mean of two.
  switch (mode) {
    case B_VE_PRED:
      return v128.shuffle<i8>(three, two, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8);
    case B_HE_PRED:
      return v128.shuffle<i8>(three, two, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
    case B_LD_PRED:
      return v128.shuffle<i8>(three, two, 6, 7, 8, 9, 7, 8, 9, 10, 8, 9, 10, 11, 9, 10, 11, 12);
    case B_RD_PRED:
      return v128.shuffle<i8>(three, two, 4, 5, 6, 7, 3, 4, 5, 6, 2, 3, 4, 5, 1, 2, 3, 4);
    case B_VR_PRED:
      return v128.shuffle<i8>(three, two, 21, 22, 23, 24, 4, 5, 6, 7, 3, 21, 22, 23, 2, 4, 5, 6);
    case B_VL_PRED:
      return v128.shuffle<i8>(three, two, 22, 23, 24, 25, 6, 7, 8, 9, 23, 24, 25, 10, 7, 8, 9, 11);
    case B_HD_PRED:
      return v128.shuffle<i8>(three, two, 20, 4, 5, 6, 19, 3, 20, 4, 18, 2, 19, 3, 17, 1, 18, 2);
    // B_HU_PRED
    default:
      return v128.shuffle<i8>(three, two, 19, 2, 18, 1, 18, 1, 17, 0, 17, 0, 16, 16, 16, 16, 16, 16);
  }
}
