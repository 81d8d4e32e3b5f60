/**
 * Progressive scans (T.81 Annex G) into the coefficient store.
 *
 * DC scans may be interleaved; AC scans have one component. Every scan can stop between two units when the input runs
 * dry and go on later. A scan without data ends at once; coefficients that it would have brought stay as they are.
 */
import { arithmeticDc, arithmeticFirstPass, arithmeticRefinement } from "./arithmetic-progressive";
import { bitOrigin, bitPosition, peekBits, safePosition, segmentIsHeld, setBitPosition } from "./bits";
import { readDc } from "./block";
import { Component, isArithmetic, mcusHigh, mcusWide } from "./frame";
import { bandsEnded, clearEndOfBand, firstPassRow, refineRow } from "./progressive-ac";
import {
  approximationHigh, approximationLow, countUnits, mayRecover, isStarved, limitFor, mcuBits, passRestart,
  restartIsDue, scanComponent, scanCount, spectralStart, supplyBits, unitsToRestart,
} from "./scan";
import { DONE, NEED_INPUT } from "./status";

let column: i32 = 0;
let row: i32 = 0;

/** To be called after `beginScan` and before the first `runProgressive`. */
export function beginProgressive(): void {
  column = 0;
  row = 0;
  clearEndOfBand();
}

/** Decodes as far as the input goes: NEED_INPUT, or DONE at the scan's end. */
export function runProgressive(): i32 {
  const isInterleaved = scanCount > 1;
  const columns = isInterleaved ? mcusWide : scanComponent(0).blocksWide;
  const rows = isInterleaved ? mcusHigh : scanComponent(0).blocksHigh;
  while (row < rows) {
    while (column < columns) {
      if (restartIsDue()) {
        if (passRestart() == NEED_INPUT) return NEED_INPUT;
        clearEndOfBand();
      }
      if (bitPosition() > limitFor(mcuBits()) && !runGoesOn() && !isStarved()) {
        if (supplyBits(mcuBits()) == NEED_INPUT) return NEED_INPUT;
      }
      const stop = min(columns, column + unitsToRestart());
      if (isStarved()) {
        if (!mayRecover()) return DONE;
        countUnits(stop - column);
        column = stop;
        continue;
      }
      const next = decodeRow(stop);
      countUnits(next - column);
      column = next;
    }
    column = 0;
    row++;
  }
  return DONE;
}

/** True when all data is here and the next block lies in a run of ended bands, so that it may need no more. */
function runGoesOn(): bool {
  return segmentIsHeld() && bandsEnded() > 0 && bitPosition() <= safePosition(0);
}

function decodeRow(stop: i32): i32 {
  const limit = limitFor(mcuBits());
  const c = scanComponent(0);
  if (isArithmetic) {
    if (spectralStart == 0) return arithmeticDcRow(stop, limit);
    if (approximationHigh == 0) return arithmeticFirstPass(c, row, column, stop, limit);
    return arithmeticRefinement(c, row, column, stop, limit);
  }
  if (spectralStart == 0) return approximationHigh == 0 ? firstDcRow(stop, limit) : refineDcRow(stop, limit);
  if (approximationHigh == 0) return firstPassRow(c, row, column, stop, limit);
  return refineRow(c, row, column, stop, limit, segmentIsHeld() ? safePosition(0) : limit);
}

/** Address of the DC coefficient of block (x, y) of the present unit. */
@inline
function dcAddress(c: Component, unit: i32, wide: i32, high: i32, x: i32, y: i32): usize {
  return c.coefficients + <usize>((row * high + y) * c.paddedWide + unit * wide + x) * c.blockBytes;
}

function firstDcRow(stop: i32, limit: i32): i32 {
  const from = bitOrigin();
  const low = approximationLow;
  let unit = column;
  for (; unit < stop && bitPosition() <= limit; unit++) {
    for (let i = 0; i < scanCount; i++) {
      const c = scanComponent(i);
      const wide = scanCount > 1 ? c.horizontal : 1;
      const high = scanCount > 1 ? c.vertical : 1;
      for (let y = 0; y < high; y++) {
        for (let x = 0; x < wide; x++) {
          c.prediction += readDc(c.dc, from);
          store<i16>(dcAddress(c, unit, wide, high, x, y), <i16>(c.prediction << low));
        }
      }
      c.blocksKnown += wide * high;
    }
  }
  return unit;
}

function arithmeticDcRow(stop: i32, limit: i32): i32 {
  const isRefinement = approximationHigh != 0;
  let unit = column;
  for (; unit < stop && bitPosition() <= limit && !isStarved(); unit++) {
    for (let i = 0; i < scanCount; i++) {
      const c = scanComponent(i);
      const wide = scanCount > 1 ? c.horizontal : 1;
      const high = scanCount > 1 ? c.vertical : 1;
      for (let y = 0; y < high; y++) {
        for (let x = 0; x < wide; x++) arithmeticDc(c, dcAddress(c, unit, wide, high, x, y), isRefinement);
      }
      if (!isRefinement) c.blocksKnown += wide * high;
    }
  }
  return unit;
}

function refineDcRow(stop: i32, limit: i32): i32 {
  const from = bitOrigin();
  const step = 1 << approximationLow;
  let at = bitPosition();
  let unit = column;
  for (; unit < stop && at <= limit; unit++) {
    for (let i = 0; i < scanCount; i++) {
      const c = scanComponent(i);
      const wide = scanCount > 1 ? c.horizontal : 1;
      const high = scanCount > 1 ? c.vertical : 1;
      for (let y = 0; y < high; y++) {
        for (let x = 0; x < wide; x++) {
          const address = dcAddress(c, unit, wide, high, x, y);
          if (<i64>peekBits(from, at) < 0) store<i16>(address, <i16>(<i32>load<i16>(address) | step));
          at++;
        }
      }
    }
  }
  setBitPosition(at);
  return unit;
}
