// The WebP decoder of the module (RFC 9649). The host reads the container and says where the image data lie; the
// decoder asks for bytes of the file by their place (`webpOffset`) and gives out slices of rows from top to bottom.
//
// webpReset, webpOpen, then webpPush until it gives HEADER; webpConfigure; then webpPush(0, 0) and so on: NEED_INPUT asks
// for bytes, ROWS has rows to take, DONE is the end, a negative status is final.

import { peak, resetMemory } from '../memory';
import { alphaRow, alphaWarnings, openAlpha, stepAlpha } from './alpha';
import { SLICE_ROWS, canvasHeight, canvasWidth, frameY, openCanvas, pixels, rowAt, rowsCount, rowsY, setBlankRows, setFrameRows } from './canvas';
import { convertRow, openColour } from './colour';
import { accept, forget, inputOffset, inputPointer, inputSpace } from './source';
import { DONE, HEADER, OK, OUT_OF_MEMORY, ROWS, UNDECODABLE } from './status';
import { chromaLine, frameWarnings, openFrame, sliceLuma, sliceRows, sliceU, sliceV, sliceY, stepFrame, stepFrameTag } from './vp8/frame';
import { height as lossyHeight, width as lossyWidth } from './vp8/header';
import { chromaStride, lumaStride } from './vp8/plane';
import { isAlphaUsed, losslessHeight, losslessRow, losslessWarnings, losslessWidth, openLossless, stepLossless, stepLosslessHeader } from './vp8l/stream';
import { writeRgba } from './vp8l/rgba';

// What the next push does.
const CLOSED: i32 = 0;
const READ_HEADER: i32 = 1;
const AWAIT_CONFIGURE: i32 = 2;
const BLANK_ABOVE: i32 = 3;
const PICTURE: i32 = 4;
const ALPHA: i32 = 5;
const PAINT: i32 = 6;
const BLANK_BELOW: i32 = 7;
let state: i32 = CLOSED;

let isLossless: bool = false;
let hasAlphaChunk: bool = false;
let isPlanar: bool = false;
let width: i32 = 0;
let height: i32 = 0;
/** The row of a lossless frame that comes next. */
let nextRow: i32 = 0;

/** Forgets everything; the memory is free again. */
export function webpReset(): i32 {
  resetMemory();
  forget();
  state = CLOSED;
  return OK;
}

/**
 * Starts on image data of `bytes` at `offset` of the file, the payload of a `VP8L` chunk when `isVp8l` is not 0 and of
 * a `VP8 ` chunk otherwise, whose `ALPH` payload is given too, or 0 bytes of it. Gives a negative status when memory is
 * out.
 */
export function webpOpen(isVp8l: i32, offset: u32, bytes: u32, alphaOffset: u32, alphaBytes: u32): i32 {
  bytes = min(bytes, u32.MAX_VALUE - offset);
  alphaBytes = min(alphaBytes, u32.MAX_VALUE - alphaOffset);
  isLossless = isVp8l != 0;
  hasAlphaChunk = !isLossless && alphaBytes > 0;
  let status = isLossless ? openLossless(offset, bytes) : openFrame(offset, bytes);
  if (status == OK && hasAlphaChunk) status = openAlpha(alphaOffset, alphaBytes);
  state = status == OK ? READ_HEADER : CLOSED;
  return status;
}

/** Where the host puts the next bytes, how many it may put there, and which byte of the file is the first of them. */
export function webpInput(): usize {
  return inputPointer();
}
export function webpSpace(): i32 {
  return <i32>inputSpace();
}
export function webpOffset(): u32 {
  return inputOffset();
}

/** Takes `bytes` that were put to `webpInput` (`isFinal`: the file ends there) and goes on. */
export function webpPush(bytes: i32, isFinal: i32): i32 {
  if (bytes > 0 || isFinal != 0) accept(<u32>max(bytes, 0), isFinal != 0);
  const status = step();
  if (status < 0) state = CLOSED;
  return status;
}

/** Size of the frame, known after HEADER. */
export function webpWidth(): i32 {
  return width;
}
export function webpHeight(): i32 {
  return height;
}
/** 1 when the frame may have pixels that are not opaque. */
export function webpHasAlpha(): i32 {
  return isLossless ? <i32>isAlphaUsed : <i32>hasAlphaChunk;
}

/**
 * Says what is given out: RGBA rows of a canvas on which the frame lies at `x`, `y`; or, when `planar` is not 0, the
 * planes of a lossy frame as they are, for which the canvas must be the frame.
 */
export function webpConfigure(width_: i32, height_: i32, x: i32, y: i32, planar: i32): i32 {
  if (state != AWAIT_CONFIGURE) return UNDECODABLE;
  isPlanar = planar != 0;
  const fits = x >= 0 && y >= 0 && width_ - x >= width && height_ - y >= height;
  if (!fits || (isPlanar && (isLossless || width_ != width || height_ != height))) return UNDECODABLE;
  if (!isPlanar && (!openCanvas(width_, height_, x, y) || !(isLossless || openColour(width)))) return OUT_OF_MEMORY;
  nextRow = 0;
  state = BLANK_ABOVE;
  return OK;
}

/** The slice of rows: its first row on the canvas, how many (8 at most), where it lies and bytes from row to row. */
export function webpRowsY(): i32 {
  return isPlanar ? sliceY : rowsY;
}
export function webpRowsCount(): i32 {
  return isPlanar ? sliceRows : rowsCount;
}
export function webpRows(): usize {
  return isPlanar ? sliceLuma : pixels;
}
export function webpStride(): i32 {
  return isPlanar ? <i32>lumaStride : canvasWidth * 4;
}
/** Planar only: the chroma rows of the slice, (rows + 1) / 2 of them, and its opacities, `webpWidth` apart, or 0. */
export function webpRowsU(): usize {
  return sliceU;
}
export function webpRowsV(): usize {
  return sliceV;
}
export function webpChromaStride(): i32 {
  return <i32>chromaStride;
}
export function webpRowsAlpha(): usize {
  return hasAlphaChunk ? alphaRow(0) : 0;
}
export function webpAlphaStride(): i32 {
  return hasAlphaChunk ? <i32>(alphaRow(1) - alphaRow(0)) : 0;
}

/** Parts of the picture that were made up. */
export function webpWarnings(): i32 {
  if (isLossless) return losslessWarnings;
  return frameWarnings + (hasAlphaChunk ? alphaWarnings : 0);
}

/** The most bytes in use at once, static data included. */
export function webpPeak(): usize {
  return peak();
}

function step(): i32 {
  let status = OK;
  while (status == OK) {
    switch (state) {
      case READ_HEADER:
        status = isLossless ? stepLosslessHeader() : stepFrameTag();
        if (status == OK) {
          width = isLossless ? losslessWidth : lossyWidth;
          height = isLossless ? losslessHeight : lossyHeight;
          state = AWAIT_CONFIGURE;
          return HEADER;
        }
        break;
      case AWAIT_CONFIGURE:
        return HEADER;
      case BLANK_ABOVE:
        if (!isPlanar && setBlankRows(frameY)) return ROWS;
        state = PICTURE;
        break;
      case PICTURE:
        status = isLossless ? stepLosslessPicture() : stepLossyPicture();
        break;
      case ALPHA:
        status = stepAlpha(sliceY, sliceRows, width, height);
        if (status == OK) state = PAINT;
        break;
      case PAINT:
        state = PICTURE;
        if (!isPlanar) paint();
        return ROWS;
      case BLANK_BELOW:
        return !isPlanar && setBlankRows(canvasHeight) ? ROWS : DONE;
      default:
        return UNDECODABLE;
    }
  }
  return status;
}

function stepLossyPicture(): i32 {
  const status = stepFrame();
  if (status == DONE) {
    state = BLANK_BELOW;
    return OK;
  }
  if (status != ROWS) return status;
  state = hasAlphaChunk ? ALPHA : PAINT;
  return OK;
}

/** Converts the slice of planes to the canvas. */
function paint(): void {
  const last = (height - 1) >> 1;
  for (let i = 0; i < sliceRows; i++) {
    const y = sliceY + i;
    const near = y >> 1;
    const far = min(max((y & 1) != 0 ? near + 1 : near - 1, 0), last);
    convertRow(
      sliceLuma + <usize>i * lumaStride,
      chromaLine(near, false),
      chromaLine(far, false),
      chromaLine(near, true),
      chromaLine(far, true),
      hasAlphaChunk ? alphaRow(i) : 0,
      width,
      rowAt(i),
    );
  }
  setFrameRows(sliceY, sliceRows);
}

/** Collects rows of a lossless frame until a slice is full. */
function stepLosslessPicture(): i32 {
  let status = stepLossless();
  while (status == ROWS) {
    const inSlice = nextRow % SLICE_ROWS;
    writeRgba(losslessRow, width, isAlphaUsed, rowAt(inSlice));
    nextRow++;
    if (inSlice == SLICE_ROWS - 1 || nextRow == height) {
      setFrameRows(nextRow - inSlice - 1, inSlice + 1);
      return ROWS;
    }
    status = stepLossless();
  }
  if (status != DONE) return status;
  state = BLANK_BELOW;
  return OK;
}
