// Prediction records of a key frame, RFC 6386 §10 and §11: segment, empty flag, luma and chroma modes of a macroblock.

import { alloc } from '../../memory';
import { BoolReader, readBool } from './bool';
import { hasSegmentMap, segmentProbabilities, skipProbability } from './header';
import { SUBBLOCK_MODE_PROBABILITY } from './mode-table';

// intra_mbmode, §8.2.
export const DC_PRED: i32 = 0;
export const V_PRED: i32 = 1;
export const H_PRED: i32 = 2;
export const TM_PRED: i32 = 3;
export const B_PRED: i32 = 4;

// intra_bmode, §11.2.
export const B_DC_PRED: i32 = 0;
export const B_TM_PRED: i32 = 1;
export const B_VE_PRED: i32 = 2;
export const B_HE_PRED: i32 = 3;
export const B_LD_PRED: i32 = 4;
export const B_RD_PRED: i32 = 5;
export const B_VR_PRED: i32 = 6;
export const B_VL_PRED: i32 = 7;
export const B_HD_PRED: i32 = 8;
export const B_HU_PRED: i32 = 9;

/** Bytes that one record may take at most: 1 + 3 + 16·9 + 3 symbols of at most 7 bits. */
export const RECORD_BYTES_MAX: usize = 160;

/** The record read last. */
export let segment: i32 = 0;
export let isEmpty: bool = false;
export let lumaMode: i32 = 0;
export let chromaMode: i32 = 0;
/** Its 16 sub-block modes in raster order, a byte each; set only with B_PRED. */
export const subblockModes: usize = memory.data(16, 16);

/** Modes at the lower edge of the row above, four bytes a macroblock, and at the right edge of the one before. */
let above: usize = 0;
const left: usize = memory.data(4, 4);

/** Allocates the contexts of a row of `columns` macroblocks; false when memory is out. */
export function openModes(columns: i32): bool {
  above = alloc(<usize>columns * 4);
  if (above == 0) return false;
  memory.fill(above, <u8>B_DC_PRED, <usize>columns * 4);
  return true;
}

/** Starts a row: there is nothing to the left. */
export function startModeRow(): void {
  store<u32>(left, 0);
}

/** Reads the record of the macroblock in `column`. */
export function readModes(reader: BoolReader, column: i32): void {
  segment = 0;
  if (hasSegmentMap) {
    segment =
      readBool(reader, segmentProbabilities & 255) != 0
        ? 2 + readBool(reader, (segmentProbabilities >> 16) & 255)
        : readBool(reader, (segmentProbabilities >> 8) & 255);
  }
  isEmpty = skipProbability != 0 && readBool(reader, skipProbability & 255) != 0;
  if (readBool(reader, 145) == 0) {
    lumaMode = B_PRED;
    readSubblockModes(reader, above + <usize>column * 4);
  } else {
    lumaMode = readBool(reader, 156) == 0 ? (readBool(reader, 163) == 0 ? DC_PRED : V_PRED) : readBool(reader, 128) == 0 ? H_PRED : TM_PRED;
    setContext(lumaMode, column);
  }
  chromaMode = readBool(reader, 142) == 0 ? DC_PRED : readBool(reader, 114) == 0 ? V_PRED : readBool(reader, 183) == 0 ? H_PRED : TM_PRED;
}

/** Takes the flattest record in place of one that the file does not have. */
export function assumeModes(column: i32): void {
  segment = 0;
  isEmpty = true;
  lumaMode = DC_PRED;
  chromaMode = DC_PRED;
  setContext(DC_PRED, column);
}

/** §11.3: for its neighbours, a macroblock with one mode has that mode in every sub-block. */
function setContext(mode: i32, column: i32): void {
  let implied = B_DC_PRED;
  if (mode == V_PRED) implied = B_VE_PRED;
  else if (mode == H_PRED) implied = B_HE_PRED;
  else if (mode == TM_PRED) implied = B_TM_PRED;
  const four = <u32>implied * 0x01010101;
  store<u32>(above + <usize>column * 4, four);
  store<u32>(left, four);
}

function readSubblockModes(reader: BoolReader, top: usize): void {
  for (let y: usize = 0; y < 4; y++) {
    let before = <i32>load<u8>(left + y);
    for (let x: usize = 0; x < 4; x++) {
      before = readSubblockMode(reader, SUBBLOCK_MODE_PROBABILITY + (<i32>load<u8>(top + x) * 10 + before) * 9);
      store<u8>(subblockModes + y * 4 + x, before);
      store<u8>(top + x, before);
    }
    store<u8>(left + y, before);
  }
}

/** bmode_tree, §11.2. */
function readSubblockMode(reader: BoolReader, p: usize): i32 {
  if (readBool(reader, load<u8>(p)) == 0) return B_DC_PRED;
  if (readBool(reader, load<u8>(p, 1)) == 0) return B_TM_PRED;
  if (readBool(reader, load<u8>(p, 2)) == 0) return B_VE_PRED;
  if (readBool(reader, load<u8>(p, 3)) == 0) {
    if (readBool(reader, load<u8>(p, 4)) == 0) return B_HE_PRED;
    return readBool(reader, load<u8>(p, 5)) == 0 ? B_RD_PRED : B_VR_PRED;
  }
  if (readBool(reader, load<u8>(p, 6)) == 0) return B_LD_PRED;
  if (readBool(reader, load<u8>(p, 7)) == 0) return B_VL_PRED;
  return readBool(reader, load<u8>(p, 8)) == 0 ? B_HD_PRED : B_HU_PRED;
}
