// Prediction of whole blocks, RFC 6386 §12.2 and §12.3: 16×16 luma and 8×8 chroma. The pixels above and to the left of
// the block lie in the frame, with 127 above the picture and 129 beside it.

import { DC_PRED, H_PRED, V_PRED } from './mode';

/** Predicts the 16×16 luma pixels at `at`. */
export function predictLuma(at: usize, stride: usize, mode: i32, hasAbove: bool, hasLeft: bool): void {
  const top = v128.load(at - stride);
  if (mode == V_PRED) {
    for (let y = 0; y < 16; y++, at += stride) v128.store(at, top);
  } else if (mode == H_PRED) {
    for (let y = 0; y < 16; y++, at += stride) v128.store(at, v128.load8_splat(at - 1));
  } else if (mode == DC_PRED) {
    const fill = i8x16.splat(<i8>average(at, stride, 16, hasAbove, hasLeft));
    for (let y = 0; y < 16; y++, at += stride) v128.store(at, fill);
  } else {
    const corner = i16x8.splat(<i16>load<u8>(at - stride - 1));
    const low = i16x8.sub(i16x8.extend_low_i8x16_u(top), corner);
    const high = i16x8.sub(i16x8.extend_high_i8x16_u(top), corner);
    for (let y = 0; y < 16; y++, at += stride) {
      const left = i16x8.splat(<i16>load<u8>(at - 1));
      v128.store(at, i8x16.narrow_i16x8_u(i16x8.add(low, left), i16x8.add(high, left)));
    }
  }
}

/** Predicts the 8×8 pixels of one chroma plane at `at`. */
export function predictChroma(at: usize, stride: usize, mode: i32, hasAbove: bool, hasLeft: bool): void {
  if (mode == V_PRED) {
    const top = load<u64>(at - stride);
    for (let y = 0; y < 8; y++, at += stride) store<u64>(at, top);
  } else if (mode == H_PRED) {
    for (let y = 0; y < 8; y++, at += stride) store<u64>(at, <u64>load<u8>(at - 1) * 0x0101010101010101);
  } else if (mode == DC_PRED) {
    const fill = <u64>average(at, stride, 8, hasAbove, hasLeft) * 0x0101010101010101;
    for (let y = 0; y < 8; y++, at += stride) store<u64>(at, fill);
  } else {
    const corner = i16x8.splat(<i16>load<u8>(at - stride - 1));
    const top = i16x8.sub(v128.load_ext<u8>(at - stride), corner);
    for (let y = 0; y < 8; y++, at += stride) {
      const row = i16x8.add(top, i16x8.splat(<i16>load<u8>(at - 1)));
      v128.store_lane<u64>(at, i8x16.narrow_i16x8_u(row, row), 0);
    }
  }
}

/** The mean of the `size` pixels above and the `size` to the left, of those that are in the picture; 128 without any. */
function average(at: usize, stride: usize, size: i32, hasAbove: bool, hasLeft: bool): i32 {
  let sum = 0;
  if (hasAbove) for (let x = 0; x < size; x++) sum += load<u8>(at - stride + x);
  if (hasLeft) for (let y = 0; y < size; y++) sum += load<u8>(at + stride * y - 1);
  if (hasAbove && hasLeft) return (sum + size) / (2 * size);
  return hasAbove || hasLeft ? (sum + (size >> 1)) / size : 128;
}
