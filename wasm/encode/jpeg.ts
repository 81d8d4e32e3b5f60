/**
 * Baseline JPEG encoder (T.81 F.1) over planes of bytes.
 *
 * A source is up to three planes with at least 16 samples of padding on every side; blocks are fetched from them the
 * right way up, so turning a picture costs no second copy. A run over the planes may be repeated at another quality.
 */
import { alloc } from "../memory";
import { encodeBlock, openBlocks, setQuality } from "./jpeg-block";
import { writeHeader } from "./jpeg-header";
import { finishBits, openOutput, putWord, rewindOutput } from "./jpeg-output";

@unmanaged
export class EncoderPlane {
  /** Address of the first stored sample, bytes a row, size in samples. */
  data: usize;
  stride: i32;
  width: i32;
  height: i32;
  /** DC of the block before. */
  prediction: i32;
}

let planes: usize = 0;
let width: i32 = 0;
let height: i32 = 0;
let isGray: bool = false;
/** Luma blocks on each side of an MCU. */
let factor: i32 = 1;
let swaps: bool = false;
let reversesX: bool = false;
let reversesY: bool = false;
let row: i32 = 0;
let rows: i32 = 0;

/** Source plane 0 to 2: Y, Cb, Cr. */
export function encoderPlane(index: i32): EncoderPlane {
  return changetype<EncoderPlane>(planes + <usize>index * offsetof<EncoderPlane>());
}

/**
 * Allocates for pictures of `upright` size; call once a job. False when memory is exhausted.
 * @param half chroma planes have half the size on both axes, rounded up
 */
export function openEncoder(uprightWidth: i32, uprightHeight: i32, gray: bool, half: bool): bool {
  width = uprightWidth;
  height = uprightHeight;
  isGray = gray;
  factor = half && !gray ? 2 : 1;
  swaps = false;
  reversesX = false;
  reversesY = false;
  const mcusWide = (width + 8 * factor - 1) / (8 * factor);
  rows = (height + 8 * factor - 1) / (8 * factor);
  planes = alloc(3 * offsetof<EncoderPlane>());
  return planes != 0 && openBlocks() && openOutput(mcusWide * (isGray ? 1 : factor * factor + 2));
}

/** How the planes lie: axes swapped, and upright order against the stored axes. */
export function setEncoderTurn(swapsAxes: bool, runsAgainstX: bool, runsAgainstY: bool): void {
  swaps = swapsAxes;
  reversesX = runsAgainstX;
  reversesY = runsAgainstY;
}

/** Writes the header for a run at `quality` 1 to 100 and goes to the first MCU row. */
export function beginRun(quality: i32): void {
  row = 0;
  for (let i = 0; i < 3; i++) encoderPlane(i).prediction = 0;
  setQuality(quality);
  rewindOutput();
  writeHeader(width, height, quality, isGray, factor);
}

/** True when every MCU row has been coded. */
export function runIsComplete(): bool {
  return row >= rows;
}

/**
 * Codes the next MCU row into the output, which the host must have drained.
 * @param top upright luma row that the planes begin with: 0 for whole pictures, or the strip's first row
 */
export function encodeMcuRow(top: i32): void {
  const mcusWide = (width + 8 * factor - 1) / (8 * factor);
  const y = row * 8 * factor - top;
  for (let mcu = 0; mcu < mcusWide; mcu++) {
    const x = mcu * 8 * factor;
    for (let by = 0; by < factor; by++) {
      for (let bx = 0; bx < factor; bx++) encodeAt(0, x + 8 * bx, y + 8 * by);
    }
    if (isGray) continue;
    encodeAt(1, x / factor, y / factor);
    encodeAt(2, x / factor, y / factor);
  }
  row++;
  if (row < rows) return;
  finishBits();
  putWord(0xffd9);
}

/** Codes the block of plane `index` whose upright position is (x, y). */
@inline
function encodeAt(index: i32, x: i32, y: i32): void {
  const plane = encoderPlane(index);
  const along = swaps ? y : x;
  const down = swaps ? x : y;
  const storedX = reversesX ? plane.width - 8 - along : along;
  const storedY = reversesY ? plane.height - 8 - down : down;
  const at = plane.data + <usize>(storedY * plane.stride + storedX);
  plane.prediction = encodeBlock(
    at, <usize>plane.stride, reversesY, reversesX, swaps, index == 0 ? 0 : 1, plane.prediction,
  );
}
