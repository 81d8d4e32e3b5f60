/**
 * Where a coefficient lies in a block, for the transform kernels and for the coefficient store alike.
 *
 * A block is stored transposed: column u of frequencies is a row of lanes, lane by vertical frequency v.
 *   N = 1: one i16.                N = 2: u · 2 + v.
 *   N = 3, 4: rows of four lanes, v in the order 0 2 1 3.
 *   N = 5 to 8: rows of eight lanes, v in the order 0 2 4 6 1 3 5 7.
 * The lane order puts the pairs that the kernels multiply together side by side, so that one transpose of 32-bit
 * lanes turns a block between its two passes.
 */
import { ZIGZAG } from './zigzag';
import { Component } from './frame';

/** Bytes of a block buffer: 64 coefficients, then the slot for what is dropped. */
export const BLOCK_BYTES: i32 = 144;
/** Byte offset of that slot. */
export const WASTE_OFFSET: i32 = 128;

/** Bytes that the kept coefficients of a block take at scale N. */
export function keptBytes(scale: i32): i32 {
  if (scale == 1) return 2;
  if (scale == 2) return 8;
  return scale <= 4 ? scale * 8 : scale * 16;
}

/** Byte offset of the coefficient with vertical frequency `v` and horizontal frequency `u`; both below N. */
function offsetOf(scale: i32, v: i32, u: i32): i32 {
  if (scale <= 2) return (u * scale + v) * 2;
  if (scale <= 4) return (u * 4 + (((v & 1) << 1) | (v >> 1))) * 2;
  return (u * 8 + (((v & 1) << 2) | (v >> 1))) * 2;
}

/** Fills the component's `targets` offsets, `keptMask` and `lastKept` for its scale. */
export function layOutCoefficients(c: Component): void {
  c.lastKept = 0;
  c.keptMask = 0;
  for (let k = 0; k < 80; k++) {
    let offset = WASTE_OFFSET;
    if (k < 64) {
      const at = <i32>load<u8>(ZIGZAG + <usize>k);
      const v = at >> 3;
      const u = at & 7;
      if (c.scale > v && c.scale > u) {
        offset = offsetOf(c.scale, v, u);
        c.lastKept = k;
        c.keptMask |= (<u64>1) << k;
      }
    }
    store<u32>(c.targets + <usize>(k << 2), offset);
  }
}

/** Copies the 64 quantisation values at `values` (u16, zig-zag) into the component's tables. */
export function bindQuantiser(c: Component, values: usize): void {
  for (let k = 0; k < 64; k++) {
    const target = c.targets + <usize>(k << 2);
    const value = load<u16>(values + <usize>(k << 1));
    store<u16>(target, value, 2);
    const offset = <i32>load<u16>(target);
    if (offset != WASTE_OFFSET) store<u16>(c.dequantiser + <usize>offset, value);
  }
  c.isQuantiserBound = true;
}
