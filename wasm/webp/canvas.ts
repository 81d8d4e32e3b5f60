// The rows that are given out: a slice of the canvas of at most SLICE_ROWS, RGBA. A frame of an animation may cover a
// part of its canvas; the rest is transparent.

import { alloc } from '../memory';

/** Rows in one slice at most. */
export const SLICE_ROWS: i32 = 8;

export let canvasWidth: i32 = 0;
export let canvasHeight: i32 = 0;
export let frameX: i32 = 0;
export let frameY: i32 = 0;
/** The slice given out last: its first row on the canvas, how many, and where it lies. */
export let rowsY: i32 = 0;
export let rowsCount: i32 = 0;
export let pixels: usize = 0;

let bytes: usize = 0;

/** Allocates a slice; false when memory is out. The frame must lie on the canvas. */
export function openCanvas(width: i32, height: i32, x: i32, y: i32): bool {
  canvasWidth = width;
  canvasHeight = height;
  frameX = x;
  frameY = y;
  rowsY = 0;
  rowsCount = 0;
  bytes = <usize>width * 4 * SLICE_ROWS;
  pixels = alloc(bytes);
  if (pixels == 0) return false;
  memory.fill(pixels, 0, bytes);
  return true;
}

/** Where the frame's pixels go in row `i` of the slice. */
export function rowAt(i: i32): usize {
  return pixels + <usize>(i * canvasWidth + frameX) * 4;
}

/** Notes that the slice holds `count` rows from row `y` of the frame. */
export function setFrameRows(y: i32, count: i32): void {
  rowsY = frameY + y;
  rowsCount = count;
}

/** Makes the next transparent slice of the canvas up to row `end`; false when there is none left. */
export function setBlankRows(end: i32): bool {
  const from = rowsY + rowsCount;
  if (from >= end) return false;
  memory.fill(pixels, 0, bytes);
  rowsY = from;
  rowsCount = min(SLICE_ROWS, end - from);
  return true;
}
