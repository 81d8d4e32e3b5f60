/**
 * Resamples rows of interleaved RGB or RGBA, u8, to the upright target bitmap while they arrive; no row is kept longer
 * than its weights last. Three ways, chosen at the beginning:
 *
 * - same size: rows are copied;
 * - in order: box (large ratios only) → horizontal Lanczos3 → ring of Q7 rows → vertical Lanczos3;
 * - out of order (interlaced PNG and GIF): resampling is linear, so each row of each pass is weighed alone and added to
 *   a grid of target size. No frame of source size is needed. The grid has 16 bytes a target pixel where that is
 *   affordable, else 8: rounding each row to 1/64 is invisible at the ratios that large targets have, but not at 50.
 *
 * A row handed in must be followed by 64 readable bytes.
 */
import { alloc } from '../memory';
import { isOpaqueRow, premultiplyRow, widenRgb } from './rgba-alpha';
import { BOX_FACTOR_MAX, boxAdd, boxBegin, boxFlush, boxRows } from './rgba-box';
import { horizontalQ7, horizontalRgb, horizontalRgba } from './rgba-horizontal';
import { storePixels, storeSums, targetBegin } from './rgba-target';
import { gatherBytes, gatherRows, scatterNarrow, scatterWide, sumNarrow, sumWide } from './rgba-vertical';
import { fillWeights, paddedTaps, tapsFor } from './rgba-weight';

const BOX_RESERVE: i32 = 2;
/** Largest target with a grid of 32-bit sums: the standard tier's 1.23 megapixels and some, 24 MB. */
const WIDE_GRID_PIXELS_MAX: i64 = 1500000;
const ROW_SLACK: usize = 64;

let width: i32 = 0;
let height: i32 = 0;
let outWidth: i32 = 0;
let outHeight: i32 = 0;
let layout: i32 = 4;
let hasAlpha: bool = false;
let isSameSize: bool = false;
let isOutOfOrder: bool = false;

let boxX: i32 = 1;
let boxY: i32 = 1;
let gridWidth: i32 = 0;
let gridHeight: i32 = 0;
let rowsIn: i32 = 0;
let rowsBoxed: i32 = 0;
let rowsOut: i32 = 0;

let tapsX: i32 = 0;
let tapsY: i32 = 0;
let startsX: usize = 0;
let weightsX: usize = 0;
let startsY: usize = 0;
let weightsY: usize = 0;
let passTaps: i32 = 0;

let q7Row: usize = 0;
let ring: usize = 0;
let ringRowBytes: i32 = 0;
let sums: usize = 0;
let gatherScratch: usize = 0;
let grid: usize = 0;
let gridRowBytes: i32 = 0;
let isWideGrid: bool = false;
let firstReached: i32 = 0;

/**
 * Starts a job. `channels`: 3 (RGB, opaque) or 4. `isScattered`: rows come by `rgbaScatterRow` instead of `rgbaRow`.
 * For `turn` and `background` see `targetBegin`. False when memory is short.
 */
export function rgbaBegin(
  sourceWidth: i32,
  sourceHeight: i32,
  targetWidth: i32,
  targetHeight: i32,
  turn: i32,
  background: i32,
  channels: i32,
  mayHaveAlpha: bool,
  isScattered: bool,
): bool {
  width = sourceWidth;
  height = sourceHeight;
  outWidth = targetWidth;
  outHeight = targetHeight;
  layout = channels;
  hasAlpha = mayHaveAlpha;
  isOutOfOrder = isScattered;
  isSameSize = !isScattered && sourceWidth == targetWidth && sourceHeight == targetHeight;
  rowsIn = rowsBoxed = rowsOut = 0;
  if (!targetBegin(targetWidth, targetHeight, turn, background, mayHaveAlpha)) return false;
  q7Row = alloc(((<usize>width) << 3) + ROW_SLACK);
  if (!q7Row) return false;
  if (isSameSize) return true;

  boxX = isScattered ? 1 : max(1, min(BOX_FACTOR_MAX, width / targetWidth / BOX_RESERVE));
  boxY = isScattered ? 1 : max(1, min(BOX_FACTOR_MAX, height / targetHeight / BOX_RESERVE));
  gridWidth = (width + boxX - 1) / boxX;
  gridHeight = (height + boxY - 1) / boxY;
  if ((boxX > 1 || boxY > 1) && !boxBegin(width, boxX, channels, mayHaveAlpha)) return false;

  const coverX = <f64>width / <f64>boxX;
  const coverY = <f64>height / <f64>boxY;
  tapsX = paddedTaps(tapsFor(coverX / <f64>targetWidth, gridWidth));
  tapsY = tapsFor(coverY / <f64>targetHeight, gridHeight);
  startsX = alloc((<usize>targetWidth) << 2);
  weightsX = alloc((<usize>targetWidth * <usize>tapsX) << 1);
  startsY = alloc((<usize>targetHeight) << 2);
  weightsY = alloc((<usize>targetHeight * <usize>tapsY) << 1);
  ringRowBytes = ((targetWidth << 3) + 31) & ~31;
  sums = alloc(((<usize>targetWidth) << 4) + ROW_SLACK);
  gatherScratch = alloc(gatherBytes(tapsY));
  ring = alloc(<usize>ringRowBytes * <usize>(isScattered ? 1 : tapsY) + ROW_SLACK);
  if (!startsX || !weightsX || !startsY || !weightsY || !sums || !gatherScratch || !ring) return false;
  fillWeights(gridHeight, coverY, targetHeight, tapsY, startsY, weightsY, 0, 1, gridHeight);
  if (!isScattered) {
    passTaps = tapsX;
    fillWeights(gridWidth, coverX, targetWidth, tapsX, startsX, weightsX, 0, 1, gridWidth);
    return true;
  }
  isWideGrid = <i64>targetWidth * <i64>targetHeight <= WIDE_GRID_PIXELS_MAX;
  gridRowBytes = isWideGrid ? ringRowBytes << 1 : ringRowBytes;
  const gridBytes = <usize>gridRowBytes * <usize>targetHeight;
  grid = alloc(gridBytes);
  if (!grid) return false;
  memory.fill(grid, 0, gridBytes);
  return true;
}

/**
 * Takes the next row, in order. The last output rows appear when the last source row is in.
 * `isRepeat`: the row equals the one before it, as most do in screenshots; its convolution is then copied.
 */
export function rgbaRow(row: usize, isRepeat: bool): void {
  if (rowsIn >= height) return;
  rowsIn++;
  if (isSameSize) {
    if (layout == 3) {
      widenRgb(row, q7Row, width);
      row = q7Row;
    }
    storePixels(rowsOut++, row);
    return;
  }
  if (boxX == 1 && boxY == 1) {
    const to = ring + <usize>(rowsBoxed % tapsY) * <usize>ringRowBytes;
    if (isRepeat && rowsBoxed && tapsY > 1) {
      memory.copy(to, ring + <usize>((rowsBoxed - 1) % tapsY) * <usize>ringRowBytes, (<usize>outWidth) << 3);
    } else convolveRow(row, to);
  } else {
    boxAdd(row);
    if (boxRows() < boxY && rowsIn < height) return;
    boxFlush(q7Row);
    const to = ring + <usize>(rowsBoxed % tapsY) * <usize>ringRowBytes;
    horizontalQ7(q7Row, to, outWidth, passTaps, startsX, weightsX);
  }
  rowsBoxed++;
  while (rowsOut < outHeight) {
    const start = load<i32>(startsY + ((<usize>rowsOut) << 2));
    if (start + tapsY > rowsBoxed) return;
    const weights = weightsY + ((<usize>(rowsOut * tapsY)) << 1);
    gatherRows(ring, ringRowBytes, tapsY, start, tapsY, weights, gatherScratch, sums, outWidth);
    storeSums(rowsOut++, sums);
  }
}

function convolveRow(row: usize, to: usize): void {
  if (layout == 3) horizontalRgb(row, to, outWidth, passTaps, startsX, weightsX);
  else if (!hasAlpha || isOpaqueRow(row, width)) horizontalRgba(row, to, outWidth, passTaps, startsX, weightsX);
  else {
    premultiplyRow(row, q7Row, width);
    horizontalQ7(q7Row, to, outWidth, passTaps, startsX, weightsX);
  }
}

/**
 * Starts a pass of rows that hold the columns `offset + n · step`, n < `columns`, only. Its rows follow by
 * `rgbaScatterRow`, each y of the picture once over all passes.
 */
export function rgbaPass(offset: i32, step: i32, columns: i32): void {
  const fullTaps = tapsFor(<f64>gridWidth / <f64>outWidth, gridWidth);
  passTaps = min(tapsX, paddedTaps(min((fullTaps + step - 1) / step + 1, columns)));
  fillWeights(gridWidth, <f64>gridWidth, outWidth, passTaps, startsX, weightsX, offset, step, columns);
  width = columns;
  firstReached = 0;
}

/** Takes row `y` of the pass; rows of a pass come from top to bottom. */
export function rgbaScatterRow(row: usize, y: i32): void {
  convolveRow(row, ring);
  while (firstReached < outHeight && load<i32>(startsY + ((<usize>firstReached) << 2)) + tapsY <= y) firstReached++;
  for (let output = firstReached; output < outHeight; output++) {
    const tap = y - load<i32>(startsY + ((<usize>output) << 2));
    if (tap < 0) break;
    const weight = <i32>load<i16>(weightsY + ((<usize>(output * tapsY + tap)) << 1));
    if (!weight) continue;
    const to = grid + <usize>output * <usize>gridRowBytes;
    if (isWideGrid) scatterWide(ring, weight, to, outWidth);
    else scatterNarrow(ring, weight, to, outWidth);
  }
}

/** Ends an out-of-order job: the grid becomes the bitmap. Pixels that never came are blank. */
export function rgbaFinish(): void {
  if (!isOutOfOrder) return;
  for (let y = 0; y < outHeight; y++) {
    const from = grid + <usize>y * <usize>gridRowBytes;
    if (isWideGrid) sumWide(from, sums, outWidth);
    else sumNarrow(from, sums, outWidth);
    storeSums(y, sums);
  }
}
