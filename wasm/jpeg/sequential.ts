/**
 * Sequential scans, baseline and extended (T.81 F.2), interleaved or not.
 *
 * A component is coded completely in one scan, and every plane has a picture of its own, so rows of samples can leave
 * at once in either case: no coefficients are stored.
 */
import { acceptRows, rewindPlane, stripAddress } from "../resample/plane";
import { alloc } from "../memory";
import { bitPosition } from "./bits";
import { decodeArithmeticBlock } from "./arithmetic-block";
import { decodeBlock } from "./block";
import { Component, isArithmetic, mcusHigh, mcusWide } from "./frame";
import { storeFlat, transformBlock } from "./idct";
import { BLOCK_BYTES } from "./layout";
import {
  countUnits, mayRecover, isStarved, limitFor, mcuBits, passRestart, restartIsDue, scanComponent, scanCount,
  supplyBits,
} from "./scan";
import { DONE, NEED_INPUT, TRUNCATED } from "./status";

/** One MCU in so many may be made up; beyond that the picture counts as lost. */
const MADE_UP_SHARE: i32 = 10;

/** Blocks of an interleaved MCU (T.81 B.2.3); a scan of one component has one. */
const UNITS_MAX: usize = 10;

/** A block's place in the MCU. */
@unmanaged
class Unit {
  component: Component;
  /** Where the samples of the next MCU's block go, and how far it is from one MCU to the next. */
  at: usize;
  advance: usize;
  stride: usize;
}

let units: usize = 0;
let unitCount: i32 = 0;
let block: usize = 0;
let column: i32 = 0;
let row: i32 = 0;
let madeUp: i32 = 0;

/** Allocates the block buffer and the list of units. False when memory is exhausted. */
export function openSequential(): bool {
  block = alloc(BLOCK_BYTES);
  units = alloc(UNITS_MAX * offsetof<Unit>());
  if (block == 0 || units == 0) return false;
  memory.fill(block, 0, BLOCK_BYTES);
  return true;
}

/** The block buffer, all zero between uses. */
export function blockBuffer(): usize {
  return block;
}

@inline
function unit(index: i32): Unit {
  return changetype<Unit>(units + <usize>index * offsetof<Unit>());
}

/** To be called after `beginScan` and before the first `runSequential`. */
export function beginSequential(): void {
  column = 0;
  row = 0;
  madeUp = 0;
  for (let i = 0; i < scanCount; i++) rewindPlane(scanComponent(i).plane);
  beginRow();
}

/** Lists the blocks of the row's first MCU in the order of T.81 A.2.3. */
function beginRow(): void {
  const isInterleaved = scanCount > 1;
  unitCount = 0;
  for (let i = 0; i < scanCount; i++) {
    const c = scanComponent(i);
    const wide = isInterleaved ? c.horizontal : 1;
    const high = isInterleaved ? c.vertical : 1;
    const stride = <usize>c.plane.stride;
    const first = stripAddress(c.plane);
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const next = unit(unitCount++);
        next.component = c;
        next.stride = stride;
        next.at = first + <usize>(y * c.scale) * stride + <usize>(x * c.scale);
        next.advance = <usize>(wide * c.scale);
      }
    }
  }
}

/** Decodes as far as the input goes: NEED_INPUT, DONE at the scan's end, TRUNCATED when too much of it is missing. */
export function runSequential(): i32 {
  const isInterleaved = scanCount > 1;
  const columns = isInterleaved ? mcusWide : scanComponent(0).blocksWide;
  const rows = isInterleaved ? mcusHigh : scanComponent(0).blocksHigh;
  const tolerated = <i32>(<i64>columns * rows / MADE_UP_SHARE);
  const unitBits = mcuBits();
  let limit = limitFor(unitBits);
  while (row < rows) {
    while (column < columns) {
      if (restartIsDue()) {
        if (passRestart() == NEED_INPUT) return NEED_INPUT;
        limit = limitFor(unitBits);
      }
      if (bitPosition() > limit) {
        if (supplyBits(unitBits) == NEED_INPUT) return NEED_INPUT;
        limit = limitFor(unitBits);
      }
      if (isStarved()) {
        madeUp++;
        const left = mayRecover() ? 0 : <i32>min(<i64>(rows - row - 1) * columns + columns - column, i32.MAX_VALUE);
        if (max(madeUp, left) > tolerated) return TRUNCATED;
      }
      for (let i = 0; i < unitCount; i++) decodeUnit(unit(i));
      countUnits(1);
      column++;
    }
    for (let i = 0; i < scanCount; i++) {
      const c = scanComponent(i);
      acceptRows(c.plane, isInterleaved ? c.vertical * c.scale : c.scale);
    }
    column = 0;
    row++;
    if (row < rows) beginRow();
  }
  return DONE;
}

/** Decodes one block, or makes it gray when its data is lost, and moves on to the next MCU's. */
@inline
function decodeUnit(next: Unit): void {
  const c = next.component;
  const at = next.at;
  next.at = at + next.advance;
  if (isStarved()) storeFlat(0, c.scale, at, next.stride);
  else if (isArithmetic) transformBlock(block, c.scale, decodeArithmeticBlock(c, block), at, next.stride);
  else transformBlock(block, c.scale, decodeBlock(c, block), at, next.stride);
}
