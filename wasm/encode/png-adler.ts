/** Adler-32 (RFC 1950 §8.2), sixteen bytes a step. */

const MODULUS: u32 = 65521;
/** Bytes after which the second sum may pass 32 bits: RFC 1950's 5,552, in whole vectors. */
const RUN_BYTES: usize = 5552;

/** Goes on with `adler` (1 at first) over `bytes` bytes. */
export function adler32(adler: u32, from: usize, bytes: usize): u32 {
  let first = adler & 0xffff;
  let second = adler >> 16;
  const falling = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const rest = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (bytes) {
    const run = min(bytes, RUN_BYTES);
    const vectors = run & ~(<usize>15);
    let before = i32x4.splat(0);
    let plain = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    for (let i: usize = 0; i < vectors; i += 16) {
      const block = v128.load(from + i);
      before = i32x4.add(before, plain);
      plain = i32x4.add(plain, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(block)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(block), falling));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(block), rest));
    }
    second += first * <u32>vectors + 16 * lanes(before) + lanes(weighted);
    first += lanes(plain);
    for (let i = vectors; i < run; i++) {
      first += <u32>load<u8>(from + i);
      second += first;
    }
    first %= MODULUS;
    second %= MODULUS;
    from += run;
    bytes -= run;
  }
  return (second << 16) | first;
}

@inline
function lanes(v: v128): u32 {
  return <u32>(i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3));
}
