// The residue of one macroblock, RFC 6386 §13 and §14: its blocks of coefficients, with the contexts that they leave
// for the neighbours, and what they add to the prediction.

import { alloc } from '../../memory';
import { BoolReader } from './bool';
import { STEPS_BYTES, probabilities, steps } from './header';
import { readBlock } from './token';
import { inverseWht } from './transform';

/** Coefficients: 16 luma blocks, 4 of U, 4 of V, and Y2; 32 bytes each. */
export const coefficients: usize = memory.data(25 * 32, 16);
/** Position behind the last token of the first 24 blocks, a byte each; up to 1 means that there is a DC at most. */
export const ends: usize = memory.data(24, 4);

const BLOCK_BYTES: usize = 32;
const Y2: usize = coefficients + 24 * BLOCK_BYTES;
/** Bytes of one plane type in the probability table: 8 bands of 33. */
const PLANE_BYTES: usize = 264;

/** Whether blocks had tokens: 4 columns of Y, 2 of U, 2 of V, then Y2. A byte each, for every column and for the left. */
const FLAGS: usize = 9;
let above: usize = 0;
const left: usize = memory.data(9, 4);

/** Allocates the contexts of `columns` macroblocks; false when memory is out. */
export function openResidue(columns: i32): bool {
  const bytes = <usize>columns * FLAGS;
  above = alloc(bytes);
  if (above == 0) return false;
  memory.fill(above, 0, bytes);
  memory.fill(coefficients, 0, 25 * BLOCK_BYTES);
  return true;
}

/** Starts a row: there is nothing to the left. */
export function startResidueRow(): void {
  memory.fill(left, 0, FLAGS);
}

/** Leaves the contexts of a macroblock without residue. With sub-block modes there is no Y2, whose context stays. */
export function skipResidue(column: i32, hasSubblocks: bool): void {
  const bytes = hasSubblocks ? FLAGS - 1 : FLAGS;
  memory.fill(above + <usize>column * FLAGS, 0, bytes);
  memory.fill(left, 0, bytes);
}

/** Clears the coefficients once they have been used. */
export function clearCoefficients(): void {
  memory.fill(coefficients, 0, 25 * BLOCK_BYTES);
}

/** Reads the residue; gives whether any block adds something to its prediction. The coefficients must be cleared. */
export function readResidue(reader: BoolReader, column: i32, segment: i32, hasSubblocks: bool): bool {
  const top = above + <usize>column * FLAGS;
  const table = steps + segment * STEPS_BYTES;
  let first = 0;
  let plane = probabilities + 3 * PLANE_BYTES;
  if (!hasSubblocks) {
    const context = <usize>load<u8>(top, 8) + load<u8>(left, 8);
    const end = readBlock(reader, probabilities + PLANE_BYTES, context, 0, load<i32>(table, 8), load<i32>(table, 12), Y2);
    store<u8>(top, end > 0, 8);
    store<u8>(left, end > 0, 8);
    if (end > 0) inverseWht(Y2, coefficients);
    first = 1;
    plane = probabilities;
  }
  let isAny = readPlane(reader, plane, top, 0, 4, 0, first, load<i32>(table), load<i32>(table, 4));
  const chroma = probabilities + 2 * PLANE_BYTES;
  const dc = load<i32>(table, 16);
  const ac = load<i32>(table, 20);
  isAny = readPlane(reader, chroma, top, 4, 2, 16, 0, dc, ac) || isAny;
  isAny = readPlane(reader, chroma, top, 6, 2, 20, 0, dc, ac) || isAny;
  return isAny;
}

/** Reads `size`² blocks from number `block` on, whose contexts are at `flag`. */
function readPlane(reader: BoolReader, plane: usize, top: usize, flag: usize, size: i32, block: usize, first: i32, dc: i32, ac: i32): bool {
  let isAny = false;
  for (let y = 0; y < size; y++) {
    let before = <i32>load<u8>(left + flag + y);
    for (let x = 0; x < size; x++) {
      const at = coefficients + block * BLOCK_BYTES;
      const end = readBlock(reader, plane, before + load<u8>(top + flag + x), first, dc, ac, at);
      before = end > first ? 1 : 0;
      store<u8>(top + flag + x, before);
      store<u8>(ends + block, end);
      isAny = isAny || end > 1 || load<i16>(at) != 0;
      block++;
    }
    store<u8>(left + flag + y, before);
  }
  return isAny;
}
