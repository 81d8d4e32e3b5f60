// The three planes as the decoder holds them: one row of macroblocks, and above it the end of the row before.
//
// A plane has KEPT rows of filtered pixels from the row before, one row of its last pixels before they were filtered
// (prediction wants those, RFC 6386 §12), and the current row. Each line has PAD bytes in front, of which the last is
// the pixel to the left of the picture, and PAD behind.

import { alloc } from '../../memory';

/** Rows kept of a finished macroblock row: the filter below changes three of them and reads a fourth; upsampling wants
 * one more. */
export const KEPT: usize = 8;
/** Bytes before and behind the pixels of a line. */
export const PAD: usize = 16;
/** What prediction sees above the picture and to its left (§12.2). */
const ABOVE: u8 = 127;
const LEFT: u8 = 129;

export let lumaStride: usize = 0;
export let chromaStride: usize = 0;
/** The first pixel of the current row of macroblocks in each plane. */
export let luma: usize = 0;
export let chromaU: usize = 0;
export let chromaV: usize = 0;
/** The same pixel's column in the first kept row. */
export let keptLuma: usize = 0;
export let keptU: usize = 0;
export let keptV: usize = 0;

/** Allocates the planes for `columns` macroblocks; false when memory is out. */
export function openPlanes(columns: i32): bool {
  lumaStride = <usize>columns * 16 + 2 * PAD;
  chromaStride = (<usize>columns * 8 + 2 * PAD + 15) & ~15;
  keptLuma = openPlane(lumaStride, 16);
  keptU = openPlane(chromaStride, 8);
  keptV = openPlane(chromaStride, 8);
  if (keptLuma == 0 || keptU == 0 || keptV == 0) return false;
  luma = keptLuma + (KEPT + 1) * lumaStride;
  chromaU = keptU + (KEPT + 1) * chromaStride;
  chromaV = keptV + (KEPT + 1) * chromaStride;
  return true;
}

function openPlane(stride: usize, rows: usize): usize {
  const bytes = (KEPT + 1 + rows) * stride;
  const plane = alloc(bytes);
  if (plane == 0) return 0;
  memory.fill(plane, 0, bytes);
  memory.fill(plane + KEPT * stride, ABOVE, stride);
  for (let y: usize = 0; y < rows; y++) store<u8>(plane + (KEPT + 1 + y) * stride + PAD - 1, LEFT);
  return plane + PAD;
}

/** Saves the last line of a row before it is filtered: prediction of the next row reads it. */
export function saveUnfiltered(columns: i32): void {
  saveLine(luma, lumaStride, 16);
  saveLine(chromaU, chromaStride, 8);
  saveLine(chromaV, chromaStride, 8);
  // The sub-blocks at the right end see the last pixel of the line repeated beyond it.
  const end = luma - lumaStride + <usize>columns * 16;
  store<u32>(end, <u32>load<u8>(end - 1) * 0x01010101);
}

function saveLine(at: usize, stride: usize, rows: usize): void {
  memory.copy(at - PAD - stride, at - PAD + (rows - 1) * stride, stride);
}

/** Moves the end of a finished row above the next one. */
export function keepRows(): void {
  memory.copy(keptLuma - PAD, luma - PAD + (16 - KEPT) * lumaStride, KEPT * lumaStride);
  memory.copy(keptU - PAD, chromaU - PAD, KEPT * chromaStride);
  memory.copy(keptV - PAD, chromaV - PAD, KEPT * chromaStride);
}
