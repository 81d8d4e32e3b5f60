// The opacities of an `ALPH` chunk, RFC 9649 §2.7.1.2, row by row beside the rows of the VP8 frame.

import { alloc } from '../memory';
import { SLICE_ROWS } from './canvas';
import { DONE, NEED_INPUT, OK, OUT_OF_MEMORY, ROWS, TRUNCATED, UNDECODABLE } from './status';
import { Source, has, openSource } from './source';
import { writeGreen } from './vp8l/rgba';
import { losslessRow, losslessWarnings, openLossless, setLosslessSize, stepLossless } from './vp8l/stream';

const WINDOW_BYTES: u32 = 32768;
/** Of the rows, one in LOST_PART may be missing. */
const LOST_PART: i32 = 10;

// Compression methods and filters of the chunk's first byte.
const RAW: i32 = 0;
const LOSSLESS: i32 = 1;
const NO_FILTER: i32 = 0;
const HORIZONTAL: i32 = 1;
const VERTICAL: i32 = 2;

let raw: Source = changetype<Source>(0);
let chunkOffset: u32 = 0;
let chunkBytes: u32 = 0;
let isStarted: bool = false;
let compression: i32 = RAW;
let filter: i32 = NO_FILTER;
/** The opacities of one slice, `stride` bytes a row, and the last row of the slice before. */
let rows: usize = 0;
let stride: usize = 0;
let previous: usize = 0;
let nextRow: i32 = 0;
let isRawLost: bool = false;

/** 1 when the end of the plane is made up. */
export let alphaWarnings: i32 = 0;

/** Starts on the payload of an `ALPH` chunk. */
export function openAlpha(offset: u32, bytes: u32): i32 {
  chunkOffset = offset;
  chunkBytes = bytes;
  isStarted = false;
  isRawLost = false;
  nextRow = 0;
  alphaWarnings = 0;
  const at = alloc(offsetof<Source>());
  if (at == 0) return OUT_OF_MEMORY;
  raw = changetype<Source>(at);
  return openSource(raw, offset, bytes, WINDOW_BYTES) ? OK : OUT_OF_MEMORY;
}

/** Row `i` of the slice. */
export function alphaRow(i: i32): usize {
  return rows + <usize>i * stride;
}

/** Makes rows `from` to `from + count` of a plane of `width` by `height`: OK, NEED_INPUT or an error. */
export function stepAlpha(from: i32, count: i32, width: i32, height: i32): i32 {
  if (!isStarted) {
    const status = start(width, height);
    if (status != OK) return status;
  }
  while (nextRow < from + count) {
    const row = alphaRow(nextRow - from);
    const status = compression == RAW ? readRaw(row, width, height) : readCompressed(row, width);
    if (status != OK) return status;
    unfilter(row, width, nextRow == 0);
    memory.copy(previous, row, width);
    nextRow++;
  }
  return OK;
}

function start(width: i32, height: i32): i32 {
  if (!has(raw, 1)) return NEED_INPUT;
  if (raw.end == raw.read) return raw.isCut != 0 ? TRUNCATED : UNDECODABLE;
  const flags = <i32>load<u8>(raw.read++);
  compression = flags & 3;
  filter = (flags >> 2) & 3;
  // Bits 4 and 5 say that the levels were reduced, for which a decoder has nothing to do; 6 and 7 are reserved.
  if (compression > LOSSLESS) return UNDECODABLE;
  stride = (<usize>width + 15) & ~15;
  rows = alloc(stride * SLICE_ROWS);
  previous = alloc(stride);
  if (rows == 0 || previous == 0) return OUT_OF_MEMORY;
  memory.fill(rows, 0, stride * SLICE_ROWS);
  if (compression == LOSSLESS) {
    const status = openLossless(chunkOffset + 1, chunkBytes - 1);
    if (status != OK) return status;
    setLosslessSize(width, height, true);
  }
  isStarted = true;
  return OK;
}

function readRaw(row: usize, width: i32, height: i32): i32 {
  if (!isRawLost && !has(raw, width)) return NEED_INPUT;
  if (!isRawLost && raw.end - raw.read < <usize>width) {
    if ((height - nextRow) * LOST_PART > height) return raw.isCut != 0 ? TRUNCATED : UNDECODABLE;
    isRawLost = true;
    alphaWarnings = 1;
  }
  if (isRawLost) {
    // Unfiltered, the row above goes on; filtered, a difference of 0 does the same.
    if (filter == NO_FILTER) memory.copy(row, previous, width);
    else memory.fill(row, 0, width);
    return OK;
  }
  memory.copy(row, raw.read, width);
  raw.read += width;
  return OK;
}

function readCompressed(row: usize, width: i32): i32 {
  const status = stepLossless();
  if (status != ROWS) return status == DONE ? UNDECODABLE : status;
  alphaWarnings = losslessWarnings;
  writeGreen(losslessRow, width, row);
  return OK;
}

/** Adds the prediction from the pixels to the left (A), above (B) and above left (C); the first row has A alone. */
function unfilter(row: usize, width: i32, isFirst: bool): void {
  if (filter == NO_FILTER) return;
  if (isFirst || filter == HORIZONTAL) {
    let left = isFirst ? 0 : <i32>load<u8>(previous);
    for (let x = 0; x < width; x++) {
      left += load<u8>(row + x);
      store<u8>(row + x, left);
    }
    return;
  }
  if (filter == VERTICAL) {
    for (let x = 0; x < width; x += 16) {
      v128.store(row + x, i8x16.add(v128.load(row + x), v128.load(previous + x)));
    }
    return;
  }
  let corner = <i32>load<u8>(previous);
  let left = corner;
  for (let x = 0; x < width; x++) {
    const above = <i32>load<u8>(previous + x);
    left = (min(max(left + above - corner, 0), 255) + load<u8>(row + x)) & 255;
    store<u8>(row + x, left);
    corner = above;
  }
}
