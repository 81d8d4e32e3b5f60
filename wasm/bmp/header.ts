/** BMP headers of every size from OS/2's 12 bytes to the 124 of version 5, their palette and their bit fields. */
import { PIXELS_MAX, SIDE_MAX, UNDECODABLE, UNSUPPORTED, WORK_BOUND } from '../png/status';
import { bmpPalette, setMask } from './pixel';

/** Bytes of the file header and the longest header behind it. */
export const HEADERS_BYTES: usize = 14 + 124;
/** The same with a palette of 256 entries, or masks, behind it. */
export const PREAMBLE_BYTES: usize = HEADERS_BYTES + 1024;

const RGB: u32 = 0;
const RLE8: u32 = 1;
const RLE4: u32 = 2;
const BIT_FIELDS: u32 = 3;
const ALPHA_BIT_FIELDS: u32 = 6;

/** Stored size in pixels, always positive. */
export let width: i32 = 0;
export let height: i32 = 0;
/** Bits a pixel as stored: 1, 4, 8, 16, 24 or 32. */
export let depth: i32 = 0;
/** 0, or the bits of an index in run lengths: 4 or 8. */
export let runBits: i32 = 0;
/** The last row of the picture stands first. */
export let isBottomUp: bool = true;
export let hasAlphaMask: bool = false;
/** Offset of the pixels in the file. */
export let pixelsAt: u32 = 0;

/** Bytes of a row as stored, padded to 32 bits. */
export function rowBytes(): usize {
  return ((<usize>width * <usize>depth + 31) >> 5) << 2;
}

/** Bytes of the preamble that `readPreamble` needs, once `at` holds the first 18 of the file; 0 for none that is known. */
export function preambleBytes(at: usize): u32 {
  const size = load<u32>(at, 14);
  if (size != 12 && size != 16 && size != 40 && size != 52 && size != 56 && size != 64 && size != 108 && size != 124) return 0;
  return size + 14;
}

/** Reads the headers. 0 or an error status. `at`: `preambleBytes` bytes of the file. */
export function readHeaders(at: usize): i32 {
  const size = load<u32>(at, 14);
  const isCore = size == 12;
  const rows = isCore ? <i32>load<u16>(at, 20) : load<i32>(at, 22);
  width = isCore ? <i32>load<u16>(at, 18) : load<i32>(at, 18);
  isBottomUp = rows > 0;
  height = rows < 0 ? -rows : rows;
  depth = <i32>load<u16>(at + (isCore ? 24 : 28));
  const compression = size < 40 ? RGB : load<u32>(at, 30);
  pixelsAt = load<u32>(at, 10);
  if (width < 1 || height < 1) return UNDECODABLE;
  if (<u32>width > SIDE_MAX || <u32>height > SIDE_MAX || <i64>width * <i64>height > PIXELS_MAX) return WORK_BOUND;
  const isOs2 = size == 16 || size == 64;
  return readCoding(compression, isOs2);
}

function readCoding(compression: u32, isOs2: bool): i32 {
  runBits = compression == RLE8 && depth == 8 ? 8 : compression == RLE4 && depth == 4 ? 4 : 0;
  hasAlphaMask = false;
  if (runBits) return 0;
  if (compression == RGB) {
    if (depth == 16) setMasks(0x7c00, 0x3e0, 0x1f, 0);
    else if (depth == 32) setMasks(0xff0000, 0xff00, 0xff, 0);
    return depth == 1 || depth == 4 || depth == 8 || depth == 16 || depth == 24 || depth == 32 ? 0 : UNSUPPORTED;
  }
  const isBitFields = (compression == BIT_FIELDS || compression == ALPHA_BIT_FIELDS) && !isOs2;
  return isBitFields && (depth == 16 || depth == 32) ? 0 : UNSUPPORTED;
}

/** Bytes behind the headers that belong to the preamble: masks of the smallest header, and the palette. Known after `readHeaders`. */
export function tailBytes(at: usize): u32 {
  const size = load<u32>(at, 14);
  return maskBytes(at, size) + paletteEntries(at, size) * entryBytes(size);
}

function maskBytes(at: usize, size: u32): u32 {
  const compression = size < 40 ? RGB : load<u32>(at, 30);
  if (size != 40) return 0;
  return compression == BIT_FIELDS ? 12 : compression == ALPHA_BIT_FIELDS ? 16 : 0;
}

function entryBytes(size: u32): u32 {
  return size == 12 ? 3 : 4;
}

/** As many as the depth can use; fewer where the header says so, or the pixels begin before. */
function paletteEntries(at: usize, size: u32): u32 {
  if (depth > 8) return 0;
  const most: u32 = 1 << depth;
  const used = size < 40 ? 0 : load<u32>(at, 46);
  const entries = used == 0 ? most : min(used, most);
  const start: u32 = size + 14;
  return pixelsAt <= start ? entries : min(entries, (pixelsAt - start) / entryBytes(size));
}

/** Reads masks and palette at `tail`, behind the headers at `at`. False when the masks are no masks. */
export function readTail(at: usize, tail: usize): bool {
  const size = load<u32>(at, 14);
  const compression = size < 40 ? RGB : load<u32>(at, 30);
  if (!runBits && compression != RGB) {
    const masks = at + 54;
    const hasAlpha = size >= 56 || compression == ALPHA_BIT_FIELDS;
    if (!setMasks(load<u32>(masks), load<u32>(masks, 4), load<u32>(masks, 8), hasAlpha ? load<u32>(masks, 12) : 0)) return false;
  }
  const entries = paletteEntries(at, size);
  const step = <usize>entryBytes(size);
  const from = tail + <usize>maskBytes(at, size);
  for (let i: usize = 0; i < 256; i++) {
    // An index without an entry is black.
    let colour: u32 = 0;
    if (i < <usize>entries) {
      const entry = from + i * step;
      colour = (<u32>load<u8>(entry, 2)) | ((<u32>load<u8>(entry, 1)) << 8) | ((<u32>load<u8>(entry)) << 16);
    }
    store<u32>(bmpPalette() + (i << 2), colour | 0xff000000);
  }
  // Without an offset the pixels follow at once.
  const end: u32 = size + 14 + tailBytes(at);
  if (pixelsAt < end) pixelsAt = end;
  return true;
}

function setMasks(red: u32, green: u32, blue: u32, alpha: u32): bool {
  hasAlphaMask = alpha != 0;
  return setMask(0, red) && setMask(1, green) && setMask(2, blue) && setMask(3, alpha);
}
