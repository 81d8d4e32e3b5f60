/**
 * From inflated bytes to the resampler: filter off, samples expanded, pass by pass (PNG 3rd ed. §8 for Adam7).
 *
 * Interlaced pictures are never put together: each pass is resampled on its own into the grid of target size.
 */
import {
  INFLATE_DONE,
  INFLATE_INVALID,
  INFLATE_NEEDS_INPUT,
  INFLATE_TRUNCATED,
  inflateAvailable,
  inflateBegin,
  inflateConsume,
  inflateOutput,
  inflateRun,
} from '../inflate/inflate';
import { alloc } from '../memory';
import { rgbaBegin, rgbaFinish, rgbaPass, rgbaRow, rgbaScatterRow } from '../resample/rgba';
import { expandedLayout, expandRow, prepareExpansion } from './expand';
import { ROW_TAIL, unfilter } from './filter';
import { bitDepth, height, isInterlaced, mayHaveAlpha, rowBytesFor, samplesPerPixel, width } from './header';
import { DONE, MISSING_PERCENT_MAX, NEED_INPUT, OUT_OF_MEMORY, TRUNCATED, UNDECODABLE } from './status';

/** Room of the inflate window beside its 32 KiB of history; at least two rows. Larger ones fall out of the cache. */
const WINDOW_ROOM: usize = 131072;

// Adam7: first column and row, and distances between them, of passes 1 to 7.
const PASS_X = memory.data<u8>([0, 4, 0, 2, 0, 1, 0]);
const PASS_Y = memory.data<u8>([0, 0, 4, 0, 2, 0, 1]);
const PASS_STEP_X = memory.data<u8>([8, 8, 4, 4, 2, 2, 1]);
const PASS_STEP_Y = memory.data<u8>([8, 8, 8, 4, 4, 2, 2]);
const PASSES: i32 = 7;

let current: usize = 0;
let prior: usize = 0;
let expanded: usize = 0;
let pixelBytes: i32 = 1;
let pass: i32 = 0;
let passColumns: i32 = 0;
let passRows: i32 = 0;
let passRow: i32 = 0;
let rowBytes: usize = 0;
let pixelsDone: i64 = 0;
let areComplete: bool = false;
let isDamaged: bool = false;

/** Allocates everything for one picture. 0 or an error status. */
export function rowsBegin(targetWidth: i32, targetHeight: i32, orientation: i32, background: i32): i32 {
  const fullBytes = rowBytesFor(width);
  current = alloc(fullBytes + ROW_TAIL);
  prior = alloc(fullBytes + ROW_TAIL);
  expanded = alloc(((<usize>width) << 2) + ROW_TAIL);
  if (!current || !prior || !expanded) return OUT_OF_MEMORY;
  if (!inflateBegin(max(WINDOW_ROOM, (fullBytes + 1) << 1))) return OUT_OF_MEMORY;
  const isReady = rgbaBegin(width, height, targetWidth, targetHeight, orientation, background, expandedLayout(), mayHaveAlpha(), isInterlaced);
  if (!isReady) return OUT_OF_MEMORY;
  prepareExpansion();
  pixelBytes = max(1, (samplesPerPixel() * bitDepth) >> 3);
  pixelsDone = 0;
  areComplete = isDamaged = false;
  pass = -1;
  if (isInterlaced) beginPass();
  else beginRows(width, height);
  return 0;
}

/** True when every row has reached the resampler. */
export function rowsComplete(): bool {
  return areComplete;
}

/** True when the picture was delivered with a part of it blank. */
export function rowsDamaged(): bool {
  return isDamaged;
}

function beginRows(columns: i32, rows: i32): void {
  passColumns = columns;
  passRows = rows;
  passRow = 0;
  rowBytes = rowBytesFor(columns);
  memory.fill(prior, 0, rowBytes + ROW_TAIL);
}

/** Goes to the next pass that has pixels; small pictures lack some. */
function beginPass(): void {
  while (++pass < PASSES) {
    const x = <i32>load<u8>(PASS_X + pass);
    const y = <i32>load<u8>(PASS_Y + pass);
    const stepX = <i32>load<u8>(PASS_STEP_X + pass);
    const stepY = <i32>load<u8>(PASS_STEP_Y + pass);
    if (width <= x || height <= y) continue;
    const columns = (width - x + stepX - 1) / stepX;
    beginRows(columns, (height - y + stepY - 1) / stepY);
    rgbaPass(x, stepX, columns);
    return;
  }
  finish();
}

function finish(): void {
  areComplete = true;
  rgbaFinish();
}

/** Inflates and resamples what has been fed. NEED_INPUT, DONE or an error status. */
export function rowsRun(isFinal: bool): i32 {
  while (!areComplete) {
    const status = inflateRun(isFinal);
    while (!areComplete && inflateAvailable() > rowBytes) {
      const filtered = inflateOutput();
      if (!unfilter(<u32>load<u8>(filtered), filtered + 1, current, prior, rowBytes, pixelBytes)) return endEarly(UNDECODABLE);
      inflateConsume(rowBytes + 1);
      takeRow();
    }
    if (areComplete) break;
    if (status == INFLATE_NEEDS_INPUT) return NEED_INPUT;
    if (status == INFLATE_INVALID) return endEarly(UNDECODABLE);
    if (status == INFLATE_DONE || status == INFLATE_TRUNCATED) return endEarly(TRUNCATED);
  }
  return DONE;
}

/** Compares two rows in steps of 16 bytes; stops at the first difference. */
function isSameRow(a: usize, b: usize, bytes: usize): bool {
  const whole = bytes & ~(<usize>15);
  for (let i: usize = 0; i < whole; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  for (let i = whole; i < bytes; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

function takeRow(): void {
  const isRepeat = !isInterlaced && passRow > 0 && isSameRow(current, prior, rowBytes);
  const row = expandRow(current, expanded, passColumns);
  if (isInterlaced) {
    rgbaScatterRow(row, <i32>load<u8>(PASS_Y + pass) + passRow * <i32>load<u8>(PASS_STEP_Y + pass));
  } else rgbaRow(row, isRepeat);
  const swap = current;
  current = prior;
  prior = swap;
  pixelsDone += <i64>passColumns;
  if (++passRow < passRows) return;
  if (isInterlaced) beginPass();
  else finish();
}

/** Ends a damaged picture: as done when little is missing, with `failure` otherwise. */
export function endEarly(failure: i32): i32 {
  const pixels = <i64>width * <i64>height;
  if ((pixels - pixelsDone) * 100 > pixels * MISSING_PERCENT_MAX) return failure;
  isDamaged = true;
  if (!isInterlaced) {
    memory.fill(expanded, 0, ((<usize>width) << 2) + ROW_TAIL);
    for (; passRow < passRows; passRow++) rgbaRow(expanded, false);
  }
  finish();
  return DONE;
}
