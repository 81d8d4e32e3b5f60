// A VP8 key frame, decoded row by row of macroblocks (RFC 6386). Holds one such row and the end of the one before it;
// slices of finished rows are given out as soon as the loop filter can no longer change them.

import { alloc } from '../../memory';
import { DONE, NEED_INPUT, OK, OUT_OF_MEMORY, ROWS, TRUNCATED, UNDECODABLE } from '../status';
import { has, openSource, rewind } from '../source';
import { BoolReader, startBool } from './bool';
import { filterRow, openFilter, setStrength } from './filter-row';
import { FRAME_TAG_BYTES, firstPartitionBytes, height, isFiltered, partitions, readFrameHeader, readFrameTag, width } from './header';
import { B_PRED, RECORD_BYTES_MAX, assumeModes, isEmpty, lumaMode, openModes, readModes, segment, startModeRow } from './mode';
import { KEPT, chromaStride, chromaU, chromaV, keepRows, keptLuma, keptU, keptV, luma, lumaStride, openPlanes, saveUnfiltered } from './plane';
import { clearCoefficients, openResidue, readResidue, skipResidue, startResidueRow } from './residue';
import { reconstruct } from './reconstruct';
import { RESIDUE_BYTES_MAX } from './token';

/** Bytes of the window over the first partition, and over each token partition. */
export const WINDOW_BYTES: u32 = 32768;
/** Bytes that the header fields take at most: about 1,200 fields of at most nine symbols. */
const HEADER_BYTES_MAX: usize = 12288;
/** Of the macroblocks, one in LOST_PART may be missing; a picture with more made up is refused. */
const LOST_PART: i32 = 10;
const PARTITIONS_MAX: usize = 8;

// What the next step does.
const TAG: i32 = 0;
const HEADER_FIELDS: i32 = 1;
const PARTITION_SIZES: i32 = 2;
const MACROBLOCKS: i32 = 3;
const UPPER_SLICE: i32 = 4;
const LOWER_SLICE: i32 = 5;
const LAST_SLICE: i32 = 6;
const NEXT_ROW: i32 = 7;
let state: i32 = TAG;

let modes: BoolReader = changetype<BoolReader>(0);
/** The token partitions' readers, one behind the other. */
let tokens: usize = 0;
let chunkOffset: u32 = 0;
let chunkBytes: u32 = 0;
let columns: i32 = 0;
let rows: i32 = 0;
let column: i32 = 0;
let row: i32 = 0;
let isLost: bool = false;

/** 1 when the end of the picture is made up. */
export let frameWarnings: i32 = 0;
/** The slice given out last: its first row and how many, and where its planes begin. Chroma has half as many rows. */
export let sliceY: i32 = 0;
export let sliceRows: i32 = 0;
export let sliceLuma: usize = 0;
export let sliceU: usize = 0;
export let sliceV: usize = 0;

let skipsFilter: bool = false;

/** Leaves the loop filter out: what it smooths is lost in the resizing. After `openFrame`, before the first row. */
export function skipFilter(): void {
  skipsFilter = true;
}

/** Starts on the payload of a `VP8 ` chunk. */
export function openFrame(offset: u32, bytes: u32): i32 {
  skipsFilter = false;
  state = TAG;
  chunkOffset = offset;
  chunkBytes = bytes;
  column = 0;
  row = 0;
  isLost = false;
  frameWarnings = 0;
  const reader = alloc(offsetof<BoolReader>());
  if (reader == 0) return OUT_OF_MEMORY;
  modes = changetype<BoolReader>(reader);
  return openSource(modes, offset, bytes, WINDOW_BYTES) ? OK : OUT_OF_MEMORY;
}

/** Goes on until the size is known: OK, NEED_INPUT or an error. */
export function stepFrameTag(): i32 {
  if (!has(modes, FRAME_TAG_BYTES)) return NEED_INPUT;
  if (modes.end - modes.read < FRAME_TAG_BYTES) return modes.isCut != 0 ? TRUNCATED : UNDECODABLE;
  const status = readFrameTag(modes.read, chunkBytes);
  if (status != OK) return status;
  columns = (width + 15) >> 4;
  rows = (height + 15) >> 4;
  rewind(modes, chunkOffset + FRAME_TAG_BYTES, firstPartitionBytes);
  state = HEADER_FIELDS;
  return OK;
}

/** Goes on to the next slice: ROWS, NEED_INPUT, DONE or an error. Call it after `stepFrameTag` gave OK. */
export function stepFrame(): i32 {
  let status = OK;
  while (status == OK) {
    switch (state) {
      case HEADER_FIELDS:
        status = stepHeader();
        break;
      case PARTITION_SIZES:
        status = stepPartitions();
        break;
      case MACROBLOCKS:
        status = stepRow();
        break;
      case UPPER_SLICE:
        state = LOWER_SLICE;
        if (row > 0) return slice(row * 16 - 8, 8);
        break;
      case LOWER_SLICE:
        state = row == rows - 1 ? LAST_SLICE : NEXT_ROW;
        return slice(row * 16, min(8, height - row * 16));
      case LAST_SLICE:
        state = NEXT_ROW;
        if (height > row * 16 + 8) return slice(row * 16 + 8, height - row * 16 - 8);
        break;
      default:
        if (++row == rows) {
          row--;
          return DONE;
        }
        keepRows();
        state = MACROBLOCKS;
    }
  }
  return status;
}

/** A line of one chroma plane near the slice, counted from the top of the picture. */
export function chromaLine(y: i32, isV: bool): usize {
  const below = y - row * 8;
  if (below >= 0) return (isV ? chromaV : chromaU) + <usize>below * chromaStride;
  return (isV ? keptV : keptU) + <usize>(<i32>KEPT + below) * chromaStride;
}

function slice(y: i32, count: i32): i32 {
  const below = y - row * 16;
  sliceY = y;
  sliceRows = count;
  sliceLuma = below >= 0 ? luma + <usize>below * lumaStride : keptLuma + <usize>(<i32>KEPT + below) * lumaStride;
  sliceU = chromaLine(y >> 1, false);
  sliceV = chromaLine(y >> 1, true);
  return ROWS;
}

function stepHeader(): i32 {
  if (!has(modes, HEADER_BYTES_MAX)) return NEED_INPUT;
  startBool(modes);
  const status = readFrameHeader(modes);
  if (status != OK) return status == UNDECODABLE && modes.isCut != 0 ? TRUNCATED : status;
  tokens = alloc(PARTITIONS_MAX * offsetof<BoolReader>());
  if (tokens == 0 || !openPlanes(columns) || !openModes(columns) || !openResidue(columns) || !openFilter(columns)) {
    return OUT_OF_MEMORY;
  }
  for (let i = 0; i < partitions; i++) {
    if (!openSource(partition(i), 0, 0, WINDOW_BYTES)) return OUT_OF_MEMORY;
  }
  const sizes = chunkOffset + FRAME_TAG_BYTES + firstPartitionBytes;
  const room = chunkOffset + chunkBytes - sizes;
  rewind(partition(0), sizes, min(room, <u32>(partitions - 1) * 3));
  state = PARTITION_SIZES;
  return OK;
}

/** Partition sizes, §9.5: three bytes each, but for the last, which has the rest. */
function stepPartitions(): i32 {
  const first = partition(0);
  const bytes = <u32>(partitions - 1) * 3;
  if (!has(first, bytes)) return NEED_INPUT;
  if (first.end - first.read < bytes) return first.isCut != 0 ? TRUNCATED : UNDECODABLE;
  const sizes = first.read;
  const end = chunkOffset + chunkBytes;
  let start = first.next;
  for (let i = 0; i < partitions; i++) {
    const isLast = i == partitions - 1;
    const own = isLast ? end - start : min(sizeAt(sizes, i), end - start);
    // Sizes that leave nothing for the last partition are wrong, even where no row would read it.
    if (isLast && own == 0) return UNDECODABLE;
    rewind(partition(i), start, own);
    startBool(partition(i));
    start += own;
  }
  startModeRow();
  startResidueRow();
  state = MACROBLOCKS;
  return OK;
}

function sizeAt(sizes: usize, i: i32): u32 {
  const at = sizes + i * 3;
  return (<u32>load<u8>(at)) | ((<u32>load<u8>(at, 1)) << 8) | ((<u32>load<u8>(at, 2)) << 16);
}

function partition(i: i32): BoolReader {
  return changetype<BoolReader>(tokens + <usize>i * offsetof<BoolReader>());
}

function stepRow(): i32 {
  const reader = partition(row & (partitions - 1));
  for (; column < columns; column++) {
    let hasResidue = false;
    if (!isLost) {
      if (!has(modes, RECORD_BYTES_MAX) || !has(reader, RESIDUE_BYTES_MAX)) return NEED_INPUT;
      readModes(modes, column);
      if (isEmpty) skipResidue(column, lumaMode == B_PRED);
      else hasResidue = readResidue(reader, column, segment, lumaMode == B_PRED);
      if (modes.isPast != 0 || reader.isPast != 0) {
        const missing = rows * columns - row * columns - column;
        const isCut = (modes.isPast != 0 ? modes.isCut : reader.isCut) != 0;
        if (missing * LOST_PART > rows * columns) return isCut ? TRUNCATED : UNDECODABLE;
        isLost = true;
        frameWarnings = 1;
      }
    }
    if (isLost) {
      // What is missing at the end is continued smoothly from what is there.
      if (!isEmpty) clearCoefficients();
      hasResidue = false;
      assumeModes(column);
    }
    reconstruct(column, row, hasResidue);
    if (!isEmpty) clearCoefficients();
    setStrength(column, segment, lumaMode == B_PRED, hasResidue);
  }
  column = 0;
  startModeRow();
  startResidueRow();
  saveUnfiltered(columns);
  if (isFiltered && !skipsFilter) filterRow(row, columns);
  state = UPPER_SLICE;
  return OK;
}
