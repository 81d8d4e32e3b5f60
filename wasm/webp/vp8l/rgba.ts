// ARGB pixels, 32 bits each, as bytes in the order R, G, B, A.

/** Writes `width` pixels of `row` to `out`; without alpha every pixel is made opaque. Nothing is written beyond the end. */
export function writeRgba(row: usize, width: i32, hasAlpha: bool, out: usize): void {
  const opaque = hasAlpha ? i32x4.splat(0) : i32x4.splat(0xff000000);
  const end = out + ((<usize>width) << 2);
  for (; out + 16 <= end; out += 16, row += 16) {
    const pixels = v128.load(row);
    const swapped = v128.shuffle<i8>(pixels, pixels, 2, 1, 0, 3, 6, 5, 4, 7, 10, 9, 8, 11, 14, 13, 12, 15);
    v128.store(out, v128.or(swapped, opaque));
  }
  for (; out < end; out += 4, row += 4) {
    const pixel = load<u32>(row);
    const swapped = (pixel & 0xff00ff00) | ((pixel >> 16) & 255) | ((pixel & 255) << 16);
    store<u32>(out, hasAlpha ? swapped : swapped | 0xff000000);
  }
}

/** Writes the green byte of each pixel, which is the opacity in an `ALPH` chunk (RFC 9649 §2.7.1.2). */
export function writeGreen(row: usize, width: i32, out: usize): void {
  for (let x = 0; x < width; x++) store<u8>(out + x, load<u8>(row + ((<usize>x) << 2), 1));
}
