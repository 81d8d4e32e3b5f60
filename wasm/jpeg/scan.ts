/**
 * What all scans share: the scan header's parameters, the supply of bits, and restart intervals (T.81 B.2.3, E.2.4).
 */
import { BLOCK_BITS, startCode, ZEROS_AHEAD } from "./arithmetic";
import {
  bitPosition, bitsAreOverrun, closeSegment, heldBits, safePosition, segmentEndsAtMarker, segmentIsHeld, skipSegment,
  startSegment, takeInput,
} from "./bits";
import { Component, component, isArithmetic } from "./frame";
import { consumeTo, inputCursor, inputEnd, inputIsFinal } from "./input";
import { DONE, NEED_INPUT } from "./status";

/** Bits that the largest MCU can take: ten blocks, and with Huffman codes 64 symbols of 31 bits in each. */
const MCU_BLOCKS: i32 = 10;
const HUFFMAN_MCU_BITS: i32 = MCU_BLOCKS * 64 * 31;
const ARITHMETIC_MCU_BITS: i32 = MCU_BLOCKS * BLOCK_BITS;

/** Bits that a unit of the present frame can take. */
export function mcuBits(): i32 {
  return isArithmetic ? ARITHMETIC_MCU_BITS : HUFFMAN_MCU_BITS;
}

export let scanCount: i32 = 0;
/** Spectral selection and successive approximation. */
export let spectralStart: i32 = 0;
export let spectralEnd: i32 = 63;
export let approximationHigh: i32 = 0;
export let approximationLow: i32 = 0;

/** Indices of the scan's components, a byte each. */
let members: u32 = 0;
let interval: i32 = 0;
let unitsLeft: i32 = 0;
let expected: i32 = 0;
let starved: bool = false;
let warnings: i32 = 0;

/** Component number `i` of the scan, in its order. */
@inline
export function scanComponent(i: i32): Component {
  return component((members >> (i << 3)) & 255);
}

/** Forgets the previous file. */
export function resetScans(): void {
  interval = 0;
  warnings = 0;
}

/** Counts one tolerated damage. */
export function warn(): void {
  warnings++;
}

/** Damage tolerated so far. */
export function warningCount(): i32 {
  return warnings;
}

/** Sets the restart interval in MCUs; 0 is none (B.2.4.4). */
export function setRestartInterval(units: i32): void {
  interval = units;
}

/** Begins a scan over `count` components, whose indices are the bytes of `indices`. */
export function beginScan(count: i32, indices: u32, start: i32, end: i32, high: i32, low: i32): void {
  scanCount = count;
  members = indices;
  spectralStart = start;
  spectralEnd = end;
  approximationHigh = high;
  approximationLow = low;
  unitsLeft = interval;
  expected = 0;
  starved = false;
  forgetPredictions();
  startSegment();
}

/** What begins anew with a scan and with a restart interval. */
function forgetPredictions(): void {
  for (let i = 0; i < scanCount; i++) {
    scanComponent(i).prediction = 0;
    scanComponent(i).dcContext = 0;
  }
  if (isArithmetic) startCode();
}

/** Declares the rest of the restart interval lost: its data contradict themselves. */
export function starve(): void {
  if (!starved) warnings++;
  starved = true;
}

/** True when more bits were read than there were. Arithmetic coders leave zeros at a segment's end out, so with them that is no damage. */
export function dataAreOverrun(): bool {
  return !isArithmetic && bitsAreOverrun();
}

/** True while the present restart interval has no data left: what is decoded now is made up. */
@inline
export function isStarved(): bool {
  return starved;
}

/** True when data may come back after a starved interval: restart markers are in use, and bytes are left to hold one. */
export function mayRecover(): bool {
  return interval > 0 && !(inputIsFinal() && inputEnd() - inputCursor() < 2);
}

/** True when a restart marker is due before the next unit. */
@inline
export function restartIsDue(): bool {
  return interval > 0 && unitsLeft == 0;
}

/** Counts decoded units: MCUs, or blocks where the scan has one component. */
@inline
export function countUnits(units: i32): void {
  unitsLeft -= units;
}

/** Units left before the next restart marker. */
export function unitsToRestart(): i32 {
  return interval > 0 ? unitsLeft : i32.MAX_VALUE >> 1;
}

/**
 * The last position from which a unit of `bits` may be read without asking; near the end of data, its last bit. Arithmetic data end only
 * where the file does: before a marker, zeros may follow without end.
 */
export function limitFor(bits: i32): i32 {
  if (!isArithmetic || !segmentIsHeld()) return safePosition(segmentIsHeld() ? 1 : bits);
  return segmentEndsAtMarker() ? i32.MAX_VALUE : heldBits() + ZEROS_AHEAD / 2;
}

/**
 * Called when the reader is past `limitFor(bits)`: takes in more.
 * NEED_INPUT, or DONE when reading may go on. When the segment has no data left, `isStarved` becomes true.
 */
export function supplyBits(bits: i32): i32 {
  if (!segmentIsHeld()) takeInput();
  if (bitPosition() <= limitFor(bits)) return DONE;
  if (!segmentIsHeld()) return NEED_INPUT;
  if (!starved) warnings++;
  starved = true;
  return DONE;
}

/**
 * Goes to the next restart interval. NEED_INPUT, or DONE; when its marker is missing the interval is starved.
 *
 * A wrong marker is judged as libjpeg does: one or two ahead of the expected one means that this interval is lost, one or
 * two behind is a left-over to be passed over, anything further is taken for the expected one.
 */
export function passRestart(): i32 {
  if (!starved && segmentIsHeld() && dataAreOverrun()) warnings++;
  while (true) {
    if (!skipSegment()) return NEED_INPUT;
    const at = inputCursor();
    const code = inputEnd() - at >= 2 ? <i32>load<u8>(at, 1) : 0xd9;
    const isRestart = (code & 0xf8) == 0xd0;
    const ahead = (code - 0xd0 - expected) & 7;
    if (code < 0xc0 || (isRestart && ahead >= 6)) {
      warnings++;
      consumeTo(at + 2);
      startSegment();
      continue;
    }
    if (!isRestart || ahead == 1 || ahead == 2) {
      warnings++;
      starved = true;
      closeSegment();
    } else {
      if (ahead != 0) warnings++;
      starved = false;
      consumeTo(at + 2);
      startSegment();
    }
    break;
  }
  expected = (expected + 1) & 7;
  unitsLeft = interval;
  forgetPredictions();
  return DONE;
}
