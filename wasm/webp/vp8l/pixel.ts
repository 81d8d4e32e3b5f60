// Entropy-coded pixels, RFC 9649 §3.6.2 and §3.7.2.3: literals, back references and colour cache entries, row by row.
//
// A back reference reaches 2^20 − 120 pixels at most (the longest distance that 40 prefix symbols and their extra bits can
// write, less the 120 short codes), so that many past pixels are enough. They are kept in a ring of whole rows, which
// makes every row one piece of memory.

import { alloc } from "../../memory";
import { NEED_INPUT, OK, TRUNCATED, UNDECODABLE } from "../status";
import { BitReader, fill } from "./bit";
import { NEIGHBOUR } from "./distance-table";
import { Group, group } from "./group";
import { LINK, ROOT_BITS, ROOT_MASK } from "./prefix-code";
import { hasAll } from "../source";

/** The farthest pixel that a back reference reaches. */
export const REACH: i32 = (1 << 20) - 120;
/** Bytes that one symbol with all that follows it takes at most, and a spare word. */
const SYMBOL_BYTES_MAX: usize = 24;
/** kColorCacheHashMul, §3.6.2.3. */
const HASH: u32 = 0x1e35a7bd;

let width: i32 = 0;
let height: i32 = 0;
let x: i32 = 0;
let y: i32 = 0;
/** The ring, and the byte behind it. */
let ring: usize = 0;
let ringEnd: usize = 0;
/** Where the pixel at `x`, `y` goes. */
let at: usize = 0;
/** What is left of a back reference that runs into the next row. */
let copyLeft: i32 = 0;
let copyFrom: usize = 0;

let cache: usize = 0;
let cacheShift: u32 = 0;
/** The group number of each tile, 16 bits each, or 0 when there is one group; tiles have 1 << tileBits pixels a side. */
let tiles: usize = 0;
let tileBits: i32 = 0;
let tilesAcross: i32 = 0;

/** The row read last, ARGB, 4 bytes a pixel. */
export let row: usize = 0;

/** Rows that the ring of a picture has. */
export function ringRows(width_: i32, height_: i32): i32 {
  return min(height_, (REACH + width_ - 1) / width_);
}

/**
 * Starts on the pixels of an image. `cacheBits` is 0 without a colour cache; `tiles_` is 0 without an entropy image. False
 * when memory is out.
 */
export function openPixels(width_: i32, height_: i32, cacheBits: i32, tiles_: usize, tileBits_: i32): bool {
  width = width_;
  height = height_;
  x = 0;
  y = 0;
  copyLeft = 0;
  const bytes = <usize>width * ringRows(width, height) * 4;
  ring = alloc(bytes);
  if (ring == 0) return false;
  ringEnd = ring + bytes;
  at = ring;
  cache = 0;
  cacheShift = 32 - cacheBits;
  if (cacheBits > 0) {
    cache = alloc(<usize>4 << cacheBits);
    if (cache == 0) return false;
    memory.fill(cache, 0, <usize>4 << cacheBits);
  }
  tiles = tiles_;
  tileBits = tileBits_;
  tilesAcross = (width + (1 << tileBits) - 1) >> tileBits;
  return true;
}

@inline
function groupAt(column: i32, tileRow: usize): Group {
  return tileRow == 0 ? group(0) : group(load<u16>(tileRow + (<usize>(column >> tileBits) << 1)));
}

@inline
function remember(colour: u32): void {
  store<u32>(cache + <usize>((colour * HASH) >> cacheShift << 2), colour);
}

/** Reads the rest of the current row: OK with it in `row`, NEED_INPUT or an error. */
export function readRow(reader: BitReader): i32 {
  if (at == ringEnd) at = ring;
  const start = at - (<usize>x << 2);
  const end = start + (<usize>width << 2);
  if (copyLeft > 0) copyPending(end);
  if (at < end) {
    const status = readSymbols(reader, start, end);
    if (status != OK) {
      x = <i32>((at - start) >> 2);
      return status;
    }
  }
  row = start;
  x = 0;
  y++;
  return OK;
}

/**
 * Makes up the rest of a row that the file does not have: what was coded above it is repeated, or zeros, which add nothing
 * to a prediction, when `isResidue`.
 */
export function assumeRow(isResidue: bool): void {
  if (at == ringEnd) at = ring;
  const start = at - (<usize>x << 2);
  const bytes = <usize>width << 2;
  const above = (start == ring ? ringEnd : start) - bytes;
  const rest = start + bytes - at;
  if (isResidue || y == 0) memory.fill(at, 0, rest);
  else memory.copy(at, above + bytes - rest, rest);
  at = start + bytes;
  copyLeft = 0;
  row = start;
  x = 0;
  y++;
}

function readSymbols(reader: BitReader, start: usize, end: usize): i32 {
  const tileMask = tiles == 0 ? 0x7fffffff : (1 << tileBits) - 1;
  const tileRow: usize = tiles == 0 ? 0 : tiles + (<usize>((y >> tileBits) * tilesAcross) << 1);
  const isWhole = reader.next == reader.limit;
  const safe = isWhole ? usize.MAX_VALUE : reader.end - SYMBOL_BYTES_MAX;
  const inputEnd = reader.end;
  const hasCache = cache != 0;
  let value = reader.value;
  let bits = reader.bits;
  let p = reader.read;
  let to = at;
  let column = <i32>((to - start) >> 2);
  let codes = groupAt(column, tileRow);
  let status = OK;

  while (to < end) {
    if (p > safe) {
      status = NEED_INPUT;
      break;
    }
    if ((column & tileMask) == 0) codes = groupAt(column, tileRow);
    if (p + 8 <= inputEnd) {
      value |= load<u64>(p) << <u64>bits; p += (63 - bits) >> 3; bits |= 56;
    } else {
      reader.value = value; reader.bits = bits; reader.read = p;
      fill(reader);
      value = reader.value; bits = reader.bits; p = reader.read;
    }
    let entry = load<u32>(codes.green + ((<u32>value & ROOT_MASK) << 2));
    if (entry & LINK) {
      value >>= ROOT_BITS; bits -= ROOT_BITS;
      entry = load<u32>(codes.green + (((entry >> 8) + (<u32>value & ((1 << (entry & 15)) - 1))) << 2));
    }
    value >>= <u64>(entry & 15); bits -= entry & 15;
    const symbol = entry >> 8;

    if (symbol < 256) {
      let colour = symbol << 8;
      if (codes.isConstant != 0) {
        colour |= codes.constant;
      } else {
        entry = load<u32>(codes.red + ((<u32>value & ROOT_MASK) << 2));
        if (entry & LINK) {
          value >>= ROOT_BITS; bits -= ROOT_BITS;
          entry = load<u32>(codes.red + (((entry >> 8) + (<u32>value & ((1 << (entry & 15)) - 1))) << 2));
        }
        value >>= <u64>(entry & 15); bits -= entry & 15;
        colour |= entry >> 8 << 16;
        entry = load<u32>(codes.blue + ((<u32>value & ROOT_MASK) << 2));
        if (entry & LINK) {
          value >>= ROOT_BITS; bits -= ROOT_BITS;
          entry = load<u32>(codes.blue + (((entry >> 8) + (<u32>value & ((1 << (entry & 15)) - 1))) << 2));
        }
        value >>= <u64>(entry & 15); bits -= entry & 15;
        colour |= entry >> 8;
        if (bits < 15) {
          reader.value = value; reader.bits = bits; reader.read = p;
          fill(reader);
          value = reader.value; bits = reader.bits; p = reader.read;
        }
        entry = load<u32>(codes.alpha + ((<u32>value & ROOT_MASK) << 2));
        if (entry & LINK) {
          value >>= ROOT_BITS; bits -= ROOT_BITS;
          entry = load<u32>(codes.alpha + (((entry >> 8) + (<u32>value & ((1 << (entry & 15)) - 1))) << 2));
        }
        value >>= <u64>(entry & 15); bits -= entry & 15;
        colour |= entry >> 8 << 24;
      }
      if (bits < 0) { status = UNDECODABLE; break; }
      store<u32>(to, colour);
      if (hasCache) remember(colour);
      to += 4;
      column++;
      continue;
    }
    if (symbol >= 256 + 24) {
      if (bits < 0) { status = UNDECODABLE; break; }
      const colour = load<u32>(cache + (<usize>(symbol - 280) << 2));
      store<u32>(to, colour);
      remember(colour);
      to += 4;
      column++;
      continue;
    }

    // A back reference: its length, then its distance.
    const length = reach(symbol - 256, value);
    bits -= extraBits(symbol - 256); value >>= <u64>extraBits(symbol - 256);
    entry = load<u32>(codes.distance + ((<u32>value & ROOT_MASK) << 2));
    if (entry & LINK) {
      value >>= ROOT_BITS; bits -= ROOT_BITS;
      entry = load<u32>(codes.distance + (((entry >> 8) + (<u32>value & ((1 << (entry & 15)) - 1))) << 2));
    }
    value >>= <u64>(entry & 15); bits -= entry & 15;
    reader.value = value; reader.bits = bits; reader.read = p;
    fill(reader);
    value = reader.value; bits = reader.bits; p = reader.read;
    const distance = pixelDistance(<i32>reach(entry >> 8, value));
    bits -= extraBits(entry >> 8); value >>= <u64>extraBits(entry >> 8);
    if (bits < 0 || reader.isPast != 0) { status = UNDECODABLE; break; }
    const done = y * width + column;
    if (distance > done || <i32>length > width * height - done) { status = UNDECODABLE; break; }
    const back = <usize>distance << 2;
    copyFrom = back > to - ring ? to + (ringEnd - ring) - back : to - back;
    copyLeft = length;
    at = to;
    copyPending(end);
    to = at;
    column = <i32>((to - start) >> 2);
    if (to < end) codes = groupAt(column, tileRow);
  }
  at = to;
  reader.value = value;
  reader.bits = bits;
  reader.read = p;
  if (status == NEED_INPUT) hasAll(reader);
  if (status == UNDECODABLE && bits < 0 && reader.isCut != 0) return TRUNCATED;
  return status;
}

/** Extra bits of a length or distance symbol, §3.6.2.2. */
@inline
function extraBits(symbol: u32): i32 {
  return symbol < 4 ? 0 : <i32>(symbol - 2) >> 1;
}

/** The number that such a symbol stands for, with its extra bits at the bottom of `value`. */
@inline
function reach(symbol: u32, value: u64): u32 {
  if (symbol < 4) return symbol + 1;
  const extra = extraBits(symbol);
  return ((2 + (symbol & 1)) << extra) + (<u32>value & ((1 << extra) - 1)) + 1;
}

/** Pixels back from a distance code: the first 120 stand for neighbours in two dimensions. */
@inline
function pixelDistance(code: i32): i32 {
  if (code > 120) return code - 120;
  const place = <i32>load<u8>(NEIGHBOUR + code - 1);
  return max(1, (place >> 4) * width + 8 - (place & 15));
}

/** Copies what is left of the back reference, up to `end`, the end of the row. */
function copyPending(end: usize): void {
  let to = at;
  let from = copyFrom;
  let left = min(copyLeft, <i32>((end - to) >> 2));
  copyLeft -= left;
  while (left > 0) {
    const piece = min(left, <i32>((ringEnd - from) >> 2));
    left -= piece;
    const stop = to + (<usize>piece << 2);
    if (cache != 0) {
      for (; to < stop; to += 4, from += 4) {
        const colour = load<u32>(from);
        store<u32>(to, colour);
        remember(colour);
      }
    } else if (to - from >= 16 || from > to) {
      // Four at a time, where they do not overlap.
      for (; to + 16 <= stop; to += 16, from += 16) v128.store(to, v128.load(from));
      for (; to < stop; to += 4, from += 4) store<u32>(to, load<u32>(from));
    } else {
      for (; to < stop; to += 4, from += 4) store<u32>(to, load<u32>(from));
    }
    if (from == ringEnd) from = ring;
  }
  at = to;
  copyFrom = from;
}
