/**
 * The exact integer box that precedes Lanczos at large ratios (at least a factor of two is left to Lanczos, as libvips
 * does by default). Rows of a block are added up, then `factorX` columns of the sum become one Q7 pixel. While a block
 * is opaque its sums are 16-bit; from the first row with alpha on they are 32-bit and premultiplied.
 */
import { alloc } from '../memory';
import { isOpaqueRow } from './rgba-alpha';

/** Largest factor: 128² · 255² still fits in 31 bits. */
export const BOX_FACTOR_MAX: i32 = 128;

let width: i32 = 0;
let factorX: i32 = 1;
let channels: i32 = 4;
let narrow: usize = 0;
let wide: usize = 0;
let isPremultiplied: bool = false;
let rows: i32 = 0;

/** Allocates the sums of rows of `pixels` pixels. False when memory is short. */
export function boxBegin(pixels: i32, factor: i32, layout: i32, mayHaveAlpha: bool): bool {
  width = pixels;
  factorX = factor;
  channels = layout;
  rows = 0;
  isPremultiplied = false;
  narrow = alloc(((<usize>(pixels * layout)) << 1) + 64);
  wide = mayHaveAlpha ? alloc(((<usize>pixels) << 4) + 64) : 0;
  return narrow != 0 && (wide != 0 || !mayHaveAlpha);
}

/** Rows added since the block began. */
export function boxRows(): i32 {
  return rows;
}

/** Adds one row of RGB or RGBA, u8, in the layout given at the beginning. */
export function boxAdd(row: usize): void {
  if (wide && (isPremultiplied || !isOpaqueRow(row, width))) addPremultiplied(row);
  else addOpaque(row);
  rows++;
}

function addOpaque(row: usize): void {
  const end = row + <usize>(width * channels);
  let to = narrow;
  if (!rows) {
    for (; row < end; row += 16) {
      const bytes = v128.load(row);
      v128.store(to, i16x8.extend_low_i8x16_u(bytes));
      v128.store(to, i16x8.extend_high_i8x16_u(bytes), 16);
      to += 32;
    }
    return;
  }
  for (; row < end; row += 16) {
    const bytes = v128.load(row);
    v128.store(to, i16x8.add(v128.load(to), i16x8.extend_low_i8x16_u(bytes)));
    v128.store(to, i16x8.add(v128.load(to, 16), i16x8.extend_high_i8x16_u(bytes)), 16);
    to += 32;
  }
}

function addPremultiplied(row: usize): void {
  if (!isPremultiplied) {
    isPremultiplied = true;
    const full = i32x4.splat(255);
    for (let x = 0; x < width; x++) {
      const sum = rows ? i32x4.mul(v128.load16x4_u(narrow + ((<usize>x) << 3)), full) : i32x4.splat(0);
      v128.store(wide + ((<usize>x) << 4), sum);
    }
  }
  const end = row + ((<usize>width) << 2);
  const opaque = i64x2.splat(0x00ff000000000000);
  const colours = i64x2.splat(0x0000ffffffffffff);
  let to = wide;
  for (; row < end; row += 4) {
    const pixel = i16x8.extend_low_i8x16_u(v128.load32_zero(row));
    const alpha = v128.shuffle<i16>(pixel, pixel, 3, 3, 3, 3, 3, 3, 3, 3);
    const product = i32x4.extmul_low_i16x8_u(v128.or(v128.and(pixel, colours), opaque), alpha);
    v128.store(to, i32x4.add(v128.load(to), product));
    to += 16;
  }
}

/** Ends the block: one row of ceil(width / factor) RGBA pixels, Q7, at `to`. Writes 8 bytes past the end at most. */
export function boxFlush(to: usize): void {
  let x = 0;
  while (x < width) {
    const columns = min(factorX, width - x);
    let sum = i32x4.splat(0);
    let scale: f32;
    if (isPremultiplied) {
      let at = wide + ((<usize>x) << 4);
      for (let i = 0; i < columns; i++, at += 16) sum = i32x4.add(sum, v128.load(at));
      scale = <f32>128 / <f32>(columns * rows * 255);
    } else {
      const step = (<usize>channels) << 1;
      let at = narrow + <usize>x * step;
      for (let i = 0; i < columns; i++, at += step) sum = i32x4.add(sum, v128.load16x4_u(at));
      scale = <f32>128 / <f32>(columns * rows);
    }
    const mean = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sum), f32x4.splat(scale)), f32x4.splat(0.5));
    const pixel = i32x4.trunc_sat_f32x4_s(mean);
    v128.store64_lane(to, i16x8.narrow_i32x4_s(pixel, pixel), 0);
    to += 8;
    x += columns;
  }
  rows = 0;
  isPremultiplied = false;
}
