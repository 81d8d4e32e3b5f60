/** From the pixels of a BMP row, as stored, to RGBA of 8 bits. */

/** RGBA of each index, then for each of red, green, blue and alpha: mask, shift, greatest value. */
const TABLE = memory.data(1024 + 48, 16);
const MASKS: usize = 1024;

/** Address of 256 colours, RGBA. */
export function bmpPalette(): usize {
  return TABLE;
}

/** Sets the bits of `channel` (0 to 3: red, green, blue, alpha). False unless they stand together. 0: the channel is absent. */
export function setMask(channel: usize, mask: u32): bool {
  const at = TABLE + MASKS + channel * 12;
  const shift = mask ? <u32>ctz(mask) : 0;
  const value = mask >> shift;
  store<u32>(at, mask);
  store<u32>(at, shift, 4);
  store<u32>(at, value, 8);
  return (value & (value + 1)) == 0;
}

/** The value of a channel in `pixel`, scaled to 8 bits and rounded; 0 where it is absent. */
@inline
function channelOf(pixel: u32, channel: usize): u32 {
  const at = TABLE + MASKS + channel * 12;
  const most = load<u32>(at, 8);
  if (!most) return 0;
  const value = (pixel & load<u32>(at)) >> load<u32>(at, 4);
  return most == 255 ? value : <u32>((<u64>value * 255 + (most >> 1)) / most);
}

/** Whether red, green and blue stand as Windows writes them without masks, in 32 bits. */
export function isStandardOrder(): bool {
  const at = TABLE + MASKS;
  return load<u32>(at) == 0xff0000 && load<u32>(at, 12) == 0xff00 && load<u32>(at, 24) == 0xff;
}

/** Writes `pixels` RGBA pixels to `to`. `row`: padded, with 16 readable bytes behind it. Gives the alphas of all, or-ed. */
export function expandPixels(row: usize, to: usize, pixels: i32, depth: i32, hasAlpha: bool, isStandard: bool): u32 {
  if (depth <= 8) {
    expandIndices(row, to, pixels, depth);
    return 255;
  }
  if (depth == 24) {
    expandTriples(row, to, pixels);
    return 255;
  }
  if (depth == 32 && isStandard && !hasAlpha) {
    expandQuads(row, to, pixels);
    return 255;
  }
  return expandFields(row, to, pixels, depth, hasAlpha);
}

function expandIndices(row: usize, to: usize, pixels: i32, depth: i32): void {
  if (depth == 8) {
    for (let x: usize = 0; x < <usize>pixels; x++) store<u32>(to + (x << 2), load<u32>(TABLE + ((<usize>load<u8>(row + x)) << 2)));
    return;
  }
  const mask = (1 << depth) - 1;
  for (let x = 0; x < pixels; x++) {
    const bit = x * depth;
    const index = (<i32>load<u8>(row + <usize>(bit >> 3)) >> (8 - depth - (bit & 7))) & mask;
    store<u32>(to + ((<usize>x) << 2), load<u32>(TABLE + ((<usize>index) << 2)));
  }
}

/** Blue, green, red. Four pixels a step; the last step may read and write beyond the row. */
function expandTriples(row: usize, to: usize, pixels: i32): void {
  const order = i8x16(2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1);
  const opaque = i32x4.splat(0xff000000);
  const end = to + ((<usize>pixels) << 2);
  for (; to < end; to += 16, row += 12) v128.store(to, v128.or(i8x16.swizzle(v128.load(row), order), opaque));
}

/** Blue, green, red and a byte that means nothing. */
function expandQuads(row: usize, to: usize, pixels: i32): void {
  const order = i8x16(2, 1, 0, -1, 6, 5, 4, -1, 10, 9, 8, -1, 14, 13, 12, -1);
  const opaque = i32x4.splat(0xff000000);
  const end = to + ((<usize>pixels) << 2);
  for (; to < end; to += 16, row += 16) v128.store(to, v128.or(i8x16.swizzle(v128.load(row), order), opaque));
}

function expandFields(row: usize, to: usize, pixels: i32, depth: i32, hasAlpha: bool): u32 {
  let seen: u32 = 0;
  for (let x: usize = 0; x < <usize>pixels; x++) {
    const pixel = depth == 16 ? <u32>load<u16>(row + (x << 1)) : load<u32>(row + (x << 2));
    const alpha = hasAlpha ? channelOf(pixel, 3) : 255;
    seen |= alpha;
    store<u32>(to + (x << 2), channelOf(pixel, 0) | (channelOf(pixel, 1) << 8) | (channelOf(pixel, 2) << 16) | (alpha << 24));
  }
  return seen;
}
