/** Alpha: the opacity test and premultiplication. Weighing colours without it would bleed hidden ones into edges. */

/** True when all of `pixels` RGBA pixels at `from` have alpha 255. */
export function isOpaqueRow(from: usize, pixels: i32): bool {
  let all = i32x4.splat(-1);
  let at = from;
  const whole = from + ((<usize>(pixels & ~3)) << 2);
  for (; at < whole; at += 16) all = v128.and(all, v128.load(at));
  let alpha: u32 = <u32>(i32x4.extract_lane(all, 0) & i32x4.extract_lane(all, 1) & i32x4.extract_lane(all, 2) & i32x4.extract_lane(all, 3));
  const end = from + ((<usize>pixels) << 2);
  for (; at < end; at += 4) alpha &= load<u32>(at);
  return alpha >> 24 == 255;
}

/** RGBA, u8 → premultiplied RGBA, i16, Q7 (255 · 128 at most). Writes in units of two pixels. */
export function premultiplyRow(from: usize, to: usize, pixels: i32): void {
  // 32,896 / 65,536 = 128 / 255 to 16 bits: c · a · 128 / 255 is exact to a quarter of a unit.
  const factor = i16x8.splat(<i16>32896);
  const round = i32x4.splat(32768);
  const opaque = i64x2.splat(0x00ff000000000000);
  const colours = i64x2.splat(0x0000ffffffffffff);
  const end = from + ((<usize>pixels) << 2);
  for (; from < end; from += 8) {
    const two = i16x8.extend_low_i8x16_u(v128.load64_zero(from));
    const alpha = v128.shuffle<i16>(two, two, 3, 3, 3, 3, 7, 7, 7, 7);
    const product = i16x8.mul(v128.or(v128.and(two, colours), opaque), alpha);
    const low = i32x4.shr_u(i32x4.add(i32x4.extmul_low_i16x8_u(product, factor), round), 16);
    const high = i32x4.shr_u(i32x4.add(i32x4.extmul_high_i16x8_u(product, factor), round), 16);
    v128.store(to, i16x8.narrow_i32x4_s(low, high));
    to += 16;
  }
}

/** Opaque RGB, u8, 3 bytes a pixel → opaque RGBA, u8. Reads 4 bytes and writes 16 past the end at most. */
export function widenRgb(from: usize, to: usize, pixels: i32): void {
  const alpha = i32x4.splat(0xff000000);
  const end = to + ((<usize>pixels) << 2);
  for (; to < end; to += 16) {
    const four = v128.load(from);
    v128.store(to, v128.or(v128.shuffle<i8>(four, i32x4.splat(0), 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11, 16), alpha));
    from += 12;
  }
}
