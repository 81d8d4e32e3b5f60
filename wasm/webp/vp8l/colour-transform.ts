// The inverse transforms of colours, RFC 9649 §3.5.2 to §3.5.4, on a row of ARGB pixels, in place. Rows may be read and
// written up to 12 bytes beyond their end.

/** Green as two signed 16-bit numbers a pixel; red as one, beside a zero. A shift from the upper byte makes them signed. */
@inline
function greenAsSigned(pixels: v128): v128 {
  const zero = i8x16.splat(0);
  return i16x8.shr_s(v128.shuffle<i8>(pixels, zero, 16, 1, 16, 1, 16, 5, 16, 5, 16, 9, 16, 9, 16, 13, 16, 13), 8);
}
@inline
function redAsSigned(pixels: v128): v128 {
  const zero = i8x16.splat(0);
  return i16x8.shr_s(v128.shuffle<i8>(pixels, zero, 16, 2, 16, 16, 16, 6, 16, 16, 16, 10, 16, 16, 16, 14, 16, 16), 8);
}

/**
 * Colour transform, §3.5.2: red and blue get parts of green, blue a part of red, in 32nds. `elements` holds 4 bytes for
 * each tile of 1 << `bits` pixels: green to red, green to blue, red to blue.
 */
export function restoreColours(row: usize, width: i32, elements: usize, bits: i32): void {
  const tile = 1 << bits;
  const bytes = i32x4.splat(0x00ff00ff);
  const low = i32x4.splat(0xff);
  for (let x = 0; x < width; x += tile) {
    const element = elements + (<usize>(x >> bits) << 2);
    const greenToRed = <i32>load<i8>(element);
    const greenToBlue = <i32>load<i8>(element, 1);
    const redToBlue = <i32>load<i8>(element, 2);
    const byGreen = i32x4.splat(greenToRed << 16 | (greenToBlue & 0xffff));
    const byRed = i32x4.splat(redToBlue & 0xffff);
    const end = row + (<usize>min(width, x + tile) << 2);
    // Tiles have 4 pixels or more a side: only the last step of a row can pass its end.
    for (let at = row + (<usize>x << 2); at < end; at += 16) {
      let pixels = v128.load(at);
      const fromGreen = i16x8.shr_s(i16x8.mul(greenAsSigned(pixels), byGreen), 5);
      pixels = i8x16.add(pixels, v128.and(fromGreen, bytes));
      const fromRed = i16x8.shr_s(i16x8.mul(redAsSigned(pixels), byRed), 5);
      v128.store(at, i8x16.add(pixels, v128.and(fromRed, low)));
    }
  }
}

/** Subtract green, §3.5.3: green is added to red and blue. */
export function addGreen(row: usize, width: i32): void {
  const end = row + (<usize>width << 2);
  const zero = i8x16.splat(0);
  for (let at = row; at < end; at += 16) {
    const pixels = v128.load(at);
    const green = v128.shuffle<i8>(pixels, zero, 1, 16, 1, 16, 5, 16, 5, 16, 9, 16, 9, 16, 13, 16, 13, 16);
    v128.store(at, i8x16.add(pixels, green));
  }
}

/**
 * Colour indexing, §3.5.4: the green byte holds 1 << `packing` indices into `table`, which has 256 colours, the first in
 * the lowest bits. The row widens to `width` pixels; from its end to its start, so that nothing is overwritten unread.
 */
export function restoreIndexed(row: usize, width: i32, table: usize, packing: i32): void {
  const bits = 8 >> packing;
  const mask = (1 << bits) - 1;
  const inByte = (1 << packing) - 1;
  for (let x = width - 1; x >= 0; x--) {
    const packed = <u32>load<u8>(row + (<usize>(x >> packing) << 2), 1);
    const index = (packed >> ((x & inByte) * bits)) & mask;
    store<u32>(row + (<usize>x << 2), load<u32>(table + (<usize>index << 2)));
  }
}
