/**
 * Streaming BMP decoder: rows in the order of the file, straight into the resampler. A picture whose last row stands first is stored upside
 * down by the orientation, so that no row waits for another.
 *
 * Policy: what a palette lacks is black, what run lengths skip is transparent, 32 bits without a mask for alpha are opaque; Chromium does the
 * same. A JPEG or PNG inside of a BMP, Huffman and 24-bit runs of OS/2 are not read. Work is bounded by input bytes and declared pixels.
 */
import { alloc, resetMemory } from '../memory';
import { DONE, HEADER_KNOWN, MISSING_PERCENT_MAX, NEED_INPUT, OUT_OF_MEMORY, TRUNCATED, UNDECODABLE } from '../png/status';
import { rgbaBegin, rgbaFinish, rgbaRow } from '../resample/rgba';
import { depth, hasAlphaMask, height, isBottomUp, pixelsAt, preambleBytes, readHeaders, readTail, rowBytes, runBits, tailBytes, width } from './header';
import { expandPixels, isStandardOrder } from './pixel';
import { RUN_END, RUN_ROW, runBegin, runStep, runTaken } from './run';

const INPUT_BYTES: usize = 65536;
const ROW_TAIL: usize = 96;
/** What an orientation becomes when the stored rows are upside down: the flip first, then the turn (Exif 3.0, tag 0x0112). */
const FLIPPED = memory.data<u8>([0, 4, 3, 2, 1, 6, 5, 8, 7]);

const AT_HEADER: i32 = 0;
const AT_TAIL: i32 = 1;
const AT_GAP: i32 = 2;
const AT_CONFIGURE: i32 = 3;
const AT_ROWS: i32 = 4;
const AT_RUNS: i32 = 5;
const AT_END: i32 = 6;

let state: i32 = AT_HEADER;
let outcome: i32 = 0;
let warnings: i32 = 0;
let inputStart: usize = 0;
let inputAt: usize = 0;
let inputEnd: usize = 0;
/** Bytes of the file before `inputAt`. */
let offset: u32 = 0;
let isConfigured: bool = false;
let ignoresAlpha: bool = false;
let alphaSeen: u32 = 0;
let stored: usize = 0;
let storedBytes: usize = 0;
let expanded: usize = 0;
let rowsTaken: i32 = 0;

/** Begins a file; everything allocated before is forgotten. 0 or an error status. */
export function bmpReset(): i32 {
  resetMemory();
  state = AT_HEADER;
  outcome = warnings = rowsTaken = 0;
  offset = alphaSeen = 0;
  storedBytes = 0;
  isConfigured = ignoresAlpha = false;
  inputStart = alloc(INPUT_BYTES + 16);
  inputAt = inputEnd = inputStart;
  return inputStart ? 0 : OUT_OF_MEMORY;
}

/** After `bmpReset`: takes every pixel as opaque, whatever its mask says. */
export function bmpIgnoreAlpha(): void {
  ignoresAlpha = true;
}

/** Where the next bytes of the file go. */
export function bmpInput(): usize {
  return inputEnd;
}

/** How many bytes may be put there. */
export function bmpSpace(): i32 {
  return <i32>(inputStart + INPUT_BYTES - inputEnd);
}

/** 1 when pixels may be other than opaque. */
export function bmpMayHaveAlpha(): i32 {
  return <i32>(runBits != 0 || (hasAlphaMask && !ignoresAlpha));
}

/** After DONE: 1 when there is a mask for alpha and it gave 0 for every pixel. Such files mean an opaque picture. */
export function bmpIsAllClear(): i32 {
  return <i32>(hasAlphaMask && !ignoresAlpha && alphaSeen == 0);
}

/** How many faults were tolerated. */
export function bmpWarnings(): i32 {
  return warnings;
}

/** See `pngConfigure`. */
export function bmpConfigure(targetWidth: i32, targetHeight: i32, orientation: i32, background: i32): i32 {
  if (state != AT_CONFIGURE || targetWidth < 1 || targetHeight < 1) return UNDECODABLE;
  if (orientation < 1 || orientation > 8) return UNDECODABLE;
  if (<i64>targetWidth * <i64>targetHeight > (<i64>1) << 24) return OUT_OF_MEMORY;
  const bytes = ((<usize>width) << 2) + ROW_TAIL;
  stored = alloc(bytes);
  expanded = alloc(bytes);
  if (!stored || !expanded) return fail(OUT_OF_MEMORY);
  memory.fill(expanded, 0, bytes);
  const turn = isBottomUp ? <i32>load<u8>(FLIPPED + <usize>orientation) : orientation;
  if (!rgbaBegin(width, height, targetWidth, targetHeight, turn, background, 4, bmpMayHaveAlpha() != 0, false)) return fail(OUT_OF_MEMORY);
  runBegin();
  isConfigured = true;
  state = runBits ? AT_RUNS : AT_ROWS;
  return 0;
}

function fail(status: i32): i32 {
  state = AT_END;
  outcome = status;
  return status;
}

/** Takes `bytes` bytes that were put at `bmpInput()`. Gives a status of png/status.ts. */
export function bmpPush(bytes: i32, isFinal: i32): i32 {
  if (bytes < 0 || bytes > bmpSpace()) return fail(UNDECODABLE);
  inputEnd += <usize>bytes;
  while (true) {
    if (state == AT_END) return outcome;
    if (state == AT_CONFIGURE) return HEADER_KNOWN;
    const before = inputAt;
    const stateBefore = state;
    const rowsBefore = rowsTaken;
    const status = step();
    if (status != NEED_INPUT) return status;
    if (inputAt == before && state == stateBefore && rowsTaken == rowsBefore) break;
  }
  const rest = inputEnd - inputAt;
  memory.copy(inputStart, inputAt, rest);
  inputAt = inputStart;
  inputEnd = inputStart + rest;
  if (!isFinal) return NEED_INPUT;
  return isConfigured ? endEarly() : fail(TRUNCATED);
}

/** The file is over and the picture is not: delivered, with a warning, when little is missing. */
function endEarly(): i32 {
  // Some writers leave out the padding of the last row.
  if (!runBits && storedBytes >= usedBytes()) readRow(rowBytes() - storedBytes);
  if (state == AT_END) return outcome;
  const missing = <i64>(height - rowsTaken);
  if (missing * 100 > <i64>height * MISSING_PERCENT_MAX) return fail(TRUNCATED);
  warnings++;
  return finish();
}

/** What did not come is blank. */
function finish(): i32 {
  if (rowsTaken < height) {
    // The row under the pen first, then empty ones.
    if (runBits) takeRow();
    else memory.fill(expanded, 0, (<usize>width) << 2);
    while (rowsTaken < height) takeRow();
  }
  rgbaFinish();
  return fail(DONE);
}

/** Hands the expanded row on; that of run lengths is blank again afterwards. */
function takeRow(): void {
  rgbaRow(expanded, false);
  rowsTaken++;
  if (runBits) memory.fill(expanded, 0, (<usize>width) << 2);
}

function step(): i32 {
  const available = inputEnd - inputAt;
  switch (state) {
    case AT_HEADER:
      return readHeader(available);
    case AT_TAIL:
      return readColours(available);
    case AT_GAP:
      skip(min(available, <usize>(pixelsAt - offset)));
      if (offset == pixelsAt) state = AT_CONFIGURE;
      return NEED_INPUT;
    case AT_ROWS:
      return readRow(available);
    default:
      return readRuns(available);
  }
}

@inline
function skip(bytes: usize): void {
  inputAt += bytes;
  offset += <u32>bytes;
}

function readHeader(available: usize): i32 {
  if (available < 18) return NEED_INPUT;
  if (load<u16>(inputAt) != 0x4d42) return fail(UNDECODABLE);
  const bytes = preambleBytes(inputAt);
  if (!bytes) return fail(UNDECODABLE);
  if (available < <usize>bytes) return NEED_INPUT;
  const status = readHeaders(inputAt);
  if (status < 0) return fail(status);
  state = AT_TAIL;
  return NEED_INPUT;
}

/** Headers and tail stand in the window together: they have 1,162 bytes at most. */
function readColours(available: usize): i32 {
  const headers = <usize>preambleBytes(inputAt);
  const bytes = headers + <usize>tailBytes(inputAt);
  if (available < bytes) return NEED_INPUT;
  if (!readTail(inputAt, inputAt + headers)) return fail(UNDECODABLE);
  skip(bytes);
  state = AT_GAP;
  return NEED_INPUT;
}

/** Bytes of a row without its padding. */
function usedBytes(): usize {
  return (<usize>width * <usize>depth + 7) >> 3;
}

function readRow(available: usize): i32 {
  const wanted = rowBytes() - storedBytes;
  const bytes = min(wanted, available);
  memory.copy(stored + storedBytes, inputAt, bytes);
  skip(bytes);
  storedBytes += bytes;
  if (bytes < wanted) return NEED_INPUT;
  storedBytes = 0;
  alphaSeen |= expandPixels(stored, expanded, width, depth, hasAlphaMask && !ignoresAlpha, isStandardOrder());
  takeRow();
  if (rowsTaken < height) return NEED_INPUT;
  rgbaFinish();
  return fail(DONE);
}

function readRuns(available: usize): i32 {
  const status = runStep(inputAt, available, expanded, width, runBits);
  skip(runTaken());
  if (status == RUN_END) return finish();
  if (status != RUN_ROW) return NEED_INPUT;
  takeRow();
  if (rowsTaken < height) return NEED_INPUT;
  rgbaFinish();
  return fail(DONE);
}
