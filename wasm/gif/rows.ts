/** From palette indices to canvas rows of RGBA for the resampler; GIF's own interlace included (GIF89a, appendix E). */
import { alloc } from '../memory';
import { rgbaBegin, rgbaFinish, rgbaPass, rgbaRow, rgbaScatterRow } from '../resample/rgba';
import { lzwAvailable, lzwConsume, lzwOutput } from './lzw';
import { MISSING_PERCENT_MAX, OUT_OF_MEMORY } from '../png/status';

const ROW_TAIL: usize = 96;
const PASSES: i32 = 4;
const PASS_START = memory.data<u8>([0, 4, 2, 1]);
const PASS_STEP = memory.data<u8>([8, 8, 4, 2]);

/** RGBA of each index; entries that no table sets are opaque black, the transparent one is all zero. */
export const COLOURS = memory.data(1024, 16);

let canvasWidth: i32 = 0;
let canvasHeight: i32 = 0;
let frameLeft: i32 = 0;
let frameTop: i32 = 0;
let frameWidth: i32 = 0;
let frameHeight: i32 = 0;
let isInterlaced: bool = false;
let canvasRow: usize = 0;
let rowsTaken: i32 = 0;
let pass: i32 = 0;
let passY: i32 = 0;

/** Says where on the canvas the frame lies. */
export function setFrame(width: i32, height: i32, left: i32, top: i32, columns: i32, rows: i32, interlaced: bool): void {
  canvasWidth = width;
  canvasHeight = height;
  frameLeft = left;
  frameTop = top;
  frameWidth = columns;
  frameHeight = rows;
  isInterlaced = interlaced;
}

/** True when canvas remains that the frame does not cover. */
export function leavesCanvas(): bool {
  return frameWidth != canvasWidth || frameHeight != canvasHeight;
}

/** Allocates row and resampler; what lies above the frame is blank. 0 or an error status. */
export function rowsBegin(targetWidth: i32, targetHeight: i32, orientation: i32, background: i32, mayHaveAlpha: bool): i32 {
  const bytes = ((<usize>canvasWidth) << 2) + ROW_TAIL;
  canvasRow = alloc(bytes);
  if (!canvasRow) return OUT_OF_MEMORY;
  memory.fill(canvasRow, 0, bytes);
  const isReady = rgbaBegin(canvasWidth, canvasHeight, targetWidth, targetHeight, orientation, background, 4, mayHaveAlpha, isInterlaced);
  if (!isReady) return OUT_OF_MEMORY;
  rowsTaken = 0;
  pass = 0;
  passY = 0;
  if (isInterlaced) rgbaPass(0, 1, canvasWidth);
  else for (let y = 0; y < frameTop; y++) rgbaRow(canvasRow, y > 0);
  return 0;
}

/** True when every row of the frame has come. */
export function rowsComplete(): bool {
  return rowsTaken == frameHeight;
}

/** Takes whole rows from the LZW output. */
export function takeRows(): void {
  while (rowsTaken < frameHeight && lzwAvailable() >= <usize>frameWidth) {
    takeRow(lzwOutput());
    lzwConsume(<usize>frameWidth);
  }
}

function takeRow(indices: usize): void {
  const to = canvasRow + ((<usize>frameLeft) << 2);
  for (let x: usize = 0; x < <usize>frameWidth; x++) {
    store<u32>(to + (x << 2), load<u32>(COLOURS + ((<usize>load<u8>(indices + x)) << 2)));
  }
  rowsTaken++;
  if (!isInterlaced) {
    rgbaRow(canvasRow, false);
    return;
  }
  while (passY >= frameHeight && pass < PASSES - 1) {
    pass++;
    passY = <i32>load<u8>(PASS_START + pass);
    rgbaPass(0, 1, canvasWidth);
  }
  rgbaScatterRow(canvasRow, frameTop + passY);
  passY += <i32>load<u8>(PASS_STEP + pass);
}

/** True when so few rows are missing that the picture may be delivered. */
export function isNearlyComplete(): bool {
  return <i64>(frameHeight - rowsTaken) * 100 <= <i64>frameHeight * MISSING_PERCENT_MAX;
}

/** Ends the picture; what did not come and what lies below the frame is blank. */
export function rowsFinish(): void {
  if (!isInterlaced) {
    memory.fill(canvasRow, 0, (<usize>canvasWidth) << 2);
    const first = frameTop + rowsTaken;
    for (let y = first; y < canvasHeight; y++) rgbaRow(canvasRow, y > first);
  }
  rgbaFinish();
}
