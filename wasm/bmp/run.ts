/** Run lengths of BMP, RLE8 and RLE4 ("Bitmap Compression", Win32 documentation). What is skipped stays transparent. */
import { bmpPalette } from './pixel';

const END_OF_LINE: i32 = 0;
const END_OF_PICTURE: i32 = 1;
const DELTA: i32 = 2;

/** The row under the pen is whole: hand it on, blank it, and go on. */
export const RUN_ROW: i32 = 1;
/** More input is needed. */
export const RUN_NEEDS_INPUT: i32 = 0;
/** The picture says that it is over. */
export const RUN_END: i32 = 2;

let column: i32 = 0;
/** Rows to be handed on before anything else is read. */
let rowsToGo: i32 = 0;
/** Indices of a literal stretch that are still to come, and whether a byte of padding follows. */
let literal: i32 = 0;
let hasPadding: bool = false;

export function runBegin(): void {
  column = rowsToGo = literal = 0;
  hasPadding = false;
}

/** Reads one code, or a part of a literal stretch, at `at` where `available` bytes are. `row`: RGBA of `width` pixels. */
export function runStep(at: usize, available: usize, row: usize, width: i32, bits: i32): i32 {
  taken = 0;
  if (rowsToGo > 0) {
    rowsToGo--;
    return RUN_ROW;
  }
  if (literal > 0 || hasPadding) return readLiteral(at, available, row, width, bits);
  if (available < 2) return RUN_NEEDS_INPUT;
  const count = <i32>load<u8>(at);
  const value = <i32>load<u8>(at, 1);
  if (count > 0) {
    taken = 2;
    for (let i = 0; i < count; i++) put(row, width, bits == 8 ? value : i & 1 ? value & 15 : value >> 4);
    return RUN_NEEDS_INPUT;
  }
  if (value == DELTA) return readDelta(at, available);
  taken = 2;
  if (value == END_OF_PICTURE) return RUN_END;
  if (value == END_OF_LINE) {
    column = 0;
    return RUN_ROW;
  }
  literal = value;
  // Literal stretches are padded to 16 bits.
  hasPadding = (((bits == 8 ? value : (value + 1) >> 1) & 1) != 0);
  return RUN_NEEDS_INPUT;
}

let taken: usize = 0;

/** Bytes that the last step used up. A step may use none and still go on: see its status. */
export function runTaken(): usize {
  return taken;
}

function readDelta(at: usize, available: usize): i32 {
  if (available < 4) return RUN_NEEDS_INPUT;
  taken = 4;
  column += <i32>load<u8>(at, 2);
  rowsToGo = <i32>load<u8>(at, 3);
  return RUN_NEEDS_INPUT;
}

function readLiteral(at: usize, available: usize, row: usize, width: i32, bits: i32): i32 {
  while (literal > 0 && taken < available) {
    const value = <i32>load<u8>(at + taken);
    taken++;
    if (bits == 8) {
      put(row, width, value);
      literal--;
      continue;
    }
    put(row, width, value >> 4);
    if (--literal == 0) break;
    put(row, width, value & 15);
    literal--;
  }
  if (literal == 0 && hasPadding && taken < available) {
    taken++;
    hasPadding = false;
  }
  return RUN_NEEDS_INPUT;
}

/** What runs over the end of a row is dropped. */
@inline
function put(row: usize, width: i32, index: i32): void {
  if (column < width) store<u32>(row + ((<usize>column) << 2), load<u32>(bmpPalette() + ((<usize>index) << 2)));
  column++;
}
