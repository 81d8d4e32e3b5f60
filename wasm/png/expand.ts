/**
 * From the samples of a row, as stored, to RGB (3 bytes) or RGBA (4 bytes), u8. 16-bit samples keep their high byte,
 * as libvips does; tRNS keys are compared at full depth (PNG 3rd ed. §11.3.1.1).
 */
import {
  bitDepth,
  COLOUR_GRAY,
  COLOUR_GRAY_ALPHA,
  COLOUR_PALETTE,
  COLOUR_RGB,
  COLOUR_RGBA,
  colourType,
  hasTransparency,
  keyBlue,
  keyGreen,
  keyRed,
  PALETTE,
} from './header';

/** For gray of 8 bits or fewer: the RGBA of each sample value. Palette images use their palette. */
const GRAYS = memory.data(1024, 16);

/** Bytes a pixel of expanded rows: 3 only where the file's own rows can be used as they are. */
export function expandedLayout(): i32 {
  return colourType == COLOUR_RGB && !hasTransparency ? 3 : 4;
}

/** Fills the look-up table of gray images. */
export function prepareExpansion(): void {
  if (colourType != COLOUR_GRAY || bitDepth > 8) return;
  const top = (1 << bitDepth) - 1;
  for (let value = 0; value <= top; value++) {
    const level = <u32>((value * 255) / top);
    const alpha: u32 = hasTransparency && value == (keyRed & top) ? 0 : 0xff000000;
    store<u32>(GRAYS + ((<usize>value) << 2), (level * 0x10101) | alpha);
  }
}

/** Gives the address of the expanded row: `to`, or `row` itself when nothing needs doing. */
export function expandRow(row: usize, to: usize, pixels: i32): usize {
  if (colourType == COLOUR_PALETTE) {
    lookUp(row, to, pixels, PALETTE);
    return to;
  }
  if (colourType == COLOUR_GRAY) {
    if (bitDepth == 16) expandGray16(row, to, pixels);
    else if (bitDepth == 8 && !hasTransparency) expandGray8(row, to, pixels);
    else lookUp(row, to, pixels, GRAYS);
    return to;
  }
  if (bitDepth == 8) {
    if (colourType == COLOUR_RGBA || (colourType == COLOUR_RGB && !hasTransparency)) return row;
    if (colourType == COLOUR_RGB) expandKeyed8(row, to, pixels);
    else expandGrayAlpha8(row, to, pixels);
    return to;
  }
  if (colourType == COLOUR_RGBA) {
    for (let x: usize = 0; x < <usize>pixels; x++) {
      const samples = load<u64>(row + (x << 3));
      store<u32>(
        to + (x << 2),
        (<u32>(samples & 255)) | ((<u32>(samples >> 8)) & 0xff00) | ((<u32>(samples >> 16)) & 0xff0000) | ((<u32>(samples >> 24)) & 0xff000000),
      );
    }
  } else if (colourType == COLOUR_GRAY_ALPHA) {
    for (let x: usize = 0; x < <usize>pixels; x++) {
      const samples = load<u32>(row + (x << 2));
      store<u32>(to + (x << 2), ((samples & 255) * 0x10101) | ((samples << 8) & 0xff000000));
    }
  } else if (hasTransparency) expandKeyed16(row, to, pixels);
  else {
    for (let x: usize = 0; x < <usize>pixels; x++) {
      const samples = load<u64>(row + x * 6);
      store<u32>(to + x * 3, (<u32>(samples & 255)) | ((<u32>(samples >> 8)) & 0xff00) | ((<u32>(samples >> 16)) & 0xff0000));
    }
  }
  return to;
}

function lookUp(row: usize, to: usize, pixels: i32, table: usize): void {
  if (bitDepth == 8) {
    for (let x: usize = 0; x < <usize>pixels; x++) {
      store<u32>(to + (x << 2), load<u32>(table + ((<usize>load<u8>(row + x)) << 2)));
    }
    return;
  }
  const mask: u32 = (1 << bitDepth) - 1;
  let shift = 8;
  for (let x: usize = 0; x < <usize>pixels; x++) {
    shift -= bitDepth;
    store<u32>(to + (x << 2), load<u32>(table + ((<usize>(((<u32>load<u8>(row)) >> shift) & mask)) << 2)));
    if (!shift) {
      shift = 8;
      row++;
    }
  }
}

function expandGray8(row: usize, to: usize, pixels: i32): void {
  const alpha = i32x4.splat(0xff000000);
  const end = to + ((<usize>pixels) << 2);
  for (; to < end; to += 16) {
    const four = v128.load32_zero(row);
    v128.store(to, v128.or(v128.shuffle<i8>(four, four, 0, 0, 0, 15, 1, 1, 1, 15, 2, 2, 2, 15, 3, 3, 3, 15), alpha));
    row += 4;
  }
}

function expandGrayAlpha8(row: usize, to: usize, pixels: i32): void {
  const end = to + ((<usize>pixels) << 2);
  for (; to < end; to += 16) {
    const four = v128.load64_zero(row);
    v128.store(to, v128.shuffle<i8>(four, four, 0, 0, 0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 6, 7));
    row += 8;
  }
}

function expandGray16(row: usize, to: usize, pixels: i32): void {
  for (let x: usize = 0; x < <usize>pixels; x++) {
    const sample = <i32>bswap(load<u16>(row + (x << 1)));
    const alpha: u32 = sample == keyRed ? 0 : 0xff000000;
    store<u32>(to + (x << 2), (<u32>(sample >> 8) * 0x10101) | alpha);
  }
}

function expandKeyed8(row: usize, to: usize, pixels: i32): void {
  const key = (<u32>(keyRed & 255)) | ((<u32>(keyGreen & 255)) << 8) | ((<u32>(keyBlue & 255)) << 16);
  for (let x: usize = 0; x < <usize>pixels; x++) {
    const colour = load<u32>(row + x * 3) & 0xffffff;
    store<u32>(to + (x << 2), colour == key ? colour : colour | 0xff000000);
  }
}

function expandKeyed16(row: usize, to: usize, pixels: i32): void {
  for (let x: usize = 0; x < <usize>pixels; x++) {
    const at = row + x * 6;
    const red = <i32>bswap(load<u16>(at));
    const green = <i32>bswap(load<u16>(at, 2));
    const blue = <i32>bswap(load<u16>(at, 4));
    const alpha: u32 = red == keyRed && green == keyGreen && blue == keyBlue ? 0 : 0xff000000;
    store<u32>(to + (x << 2), (<u32>(red >> 8)) | ((<u32>(green >> 8)) << 8) | ((<u32>(blue >> 8)) << 16) | alpha);
  }
}
