/** Bounds on the work that a file may ask for, beyond what its bytes and the blocks of its frame bound already. */

/** Progressive files of common encoders have 10 to 14 scans; each costs a pass over all blocks. */
const SCANS_MAX: i32 = 100;

/**
 * Blocks that all arithmetic scans of a file may pass over. Their cost does not follow from the file's size, since a block may take no bits
 * at all; 64 megapixels in twelve progressive scans have 18 million at most.
 */
const ARITHMETIC_BLOCKS_MAX: i64 = 1 << 25;

let scans: i32 = 0;
let arithmeticBlocks: i64 = 0;

/** Forgets the previous file. */
export function resetBounds(): void {
  scans = 0;
  arithmeticBlocks = 0;
}

/** Counts one more scan. False when there were too many. */
export function countScan(): bool {
  return ++scans <= SCANS_MAX;
}

/** Counts `blocks` more of arithmetic scans. False when there were too many. */
export function countArithmeticBlocks(blocks: i32): bool {
  arithmeticBlocks += blocks;
  return arithmeticBlocks <= ARITHMETIC_BLOCKS_MAX;
}
