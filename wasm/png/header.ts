/** Facts from IHDR, PLTE and tRNS (PNG 3rd ed. §11.2.1, §11.2.2, §11.3.1.1), checked the way libpng checks them. */
import { PIXELS_MAX, SIDE_MAX, UNDECODABLE, WORK_BOUND } from "./status";

export const COLOUR_GRAY: i32 = 0;
export const COLOUR_RGB: i32 = 2;
export const COLOUR_PALETTE: i32 = 3;
export const COLOUR_GRAY_ALPHA: i32 = 4;
export const COLOUR_RGBA: i32 = 6;

export let width: i32 = 0;
export let height: i32 = 0;
export let bitDepth: i32 = 0;
export let colourType: i32 = 0;
export let isInterlaced: bool = false;
export let hasTransparency: bool = false;

/** tRNS of gray and RGB images: samples at full depth. */
export let keyRed: i32 = -1;
export let keyGreen: i32 = -1;
export let keyBlue: i32 = -1;

/** 256 RGBA entries. Those that PLTE does not set are opaque black, as in libpng. */
export const PALETTE = memory.data(1024, 16);
let paletteEntries: i32 = 0;

@inline
function bigEndian32(at: usize): u32 {
  return bswap(load<u32>(at));
}

@inline
function bigEndian16(at: usize): i32 {
  return <i32>bswap(load<u16>(at));
}

export function headerReset(): void {
  width = height = bitDepth = colourType = paletteEntries = 0;
  isInterlaced = false;
  hasTransparency = false;
  keyRed = keyGreen = keyBlue = -1;
  for (let i: usize = 0; i < 256; i++) store<u32>(PALETTE + (i << 2), 0xff000000);
}

/** Samples a pixel. */
export function samplesPerPixel(): i32 {
  if (colourType == COLOUR_RGB) return 3;
  if (colourType == COLOUR_RGBA) return 4;
  return colourType == COLOUR_GRAY_ALPHA ? 2 : 1;
}

/** Bytes of a row of `pixels` pixels, filter byte not counted. */
export function rowBytesFor(pixels: i32): usize {
  return <usize>((<u64>pixels * <u64>(samplesPerPixel() * bitDepth) + 7) >> 3);
}

/** Reads the 13 bytes of IHDR. 0 or an error status. */
export function readHeader(at: usize): i32 {
  const columns = bigEndian32(at);
  const rows = bigEndian32(at + 4);
  bitDepth = <i32>load<u8>(at, 8);
  colourType = <i32>load<u8>(at, 9);
  const interlace = load<u8>(at, 12);
  if (!columns || !rows || columns > 0x7fffffff || rows > 0x7fffffff) return UNDECODABLE;
  if (load<u8>(at, 10) || load<u8>(at, 11) || interlace > 1) return UNDECODABLE;
  if (!isLegalDepth()) return UNDECODABLE;
  if (columns > SIDE_MAX || rows > SIDE_MAX || <i64>columns * <i64>rows > PIXELS_MAX) return WORK_BOUND;
  width = <i32>columns;
  height = <i32>rows;
  isInterlaced = interlace == 1;
  return 0;
}

function isLegalDepth(): bool {
  const isWhole = bitDepth == 8 || bitDepth == 16;
  const isPart = bitDepth == 1 || bitDepth == 2 || bitDepth == 4;
  if (colourType == COLOUR_GRAY) return isWhole || isPart;
  if (colourType == COLOUR_PALETTE) return isPart || bitDepth == 8;
  return (colourType == COLOUR_RGB || colourType == COLOUR_GRAY_ALPHA || colourType == COLOUR_RGBA) && isWhole;
}

/**
 * Reads PLTE. False when its length is impossible for an image that needs it. More entries than the depth can index
 * are dropped; a suggested palette of a truecolour image is not looked at.
 */
export function readPalette(at: usize, bytes: u32): bool {
  if (colourType != COLOUR_PALETTE) return true;
  if (!bytes || bytes % 3 || bytes > 768) return false;
  paletteEntries = min(<i32>(bytes / 3), 1 << bitDepth);
  for (let i = 0; i < paletteEntries; i++) {
    const from = at + <usize>i * 3;
    const red = <u32>load<u8>(from);
    const green = <u32>load<u8>(from, 1);
    const blue = <u32>load<u8>(from, 2);
    store<u32>(PALETTE + (<usize>i << 2), red | (green << 8) | (blue << 16) | 0xff000000);
  }
  return true;
}

/** True when the image may begin: a palette image needs its palette first. */
export function hasPalette(): bool {
  return colourType != COLOUR_PALETTE || paletteEntries > 0;
}

/** Reads tRNS. False when it does not fit the image; the picture is then opaque, as in libpng. */
export function readTransparency(at: usize, bytes: u32): bool {
  if (hasTransparency) return false;
  if (colourType == COLOUR_PALETTE) {
    if (!bytes || <i32>bytes > paletteEntries) return false;
    for (let i: usize = 0; i < <usize>bytes; i++) store<u8>(PALETTE + (i << 2), load<u8>(at + i), 3);
  } else if (colourType == COLOUR_GRAY) {
    if (bytes != 2) return false;
    keyRed = keyGreen = keyBlue = bigEndian16(at);
  } else if (colourType == COLOUR_RGB) {
    if (bytes != 6) return false;
    keyRed = bigEndian16(at);
    keyGreen = bigEndian16(at + 2);
    keyBlue = bigEndian16(at + 4);
  } else return false;
  hasTransparency = true;
  return true;
}

/** True when a pixel may be other than opaque. */
export function mayHaveAlpha(): bool {
  return hasTransparency || colourType == COLOUR_GRAY_ALPHA || colourType == COLOUR_RGBA;
}
