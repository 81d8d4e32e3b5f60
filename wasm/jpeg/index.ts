/**
 * What the host calls for JPEG. See README.md in this folder for the order of calls and the memory map.
 *
 * Decode: jpegReset, then jpegPush until HEADER_KNOWN, jpegConfigure, jpegPush until DONE.
 * Out as RGBA: jpegReadRgba. Out as JPEG: jpegTranscodeBegin, jpegTranscodeStep until DONE, draining after each.
 * RGBA to JPEG without a decoder: jpegEncodeBegin, jpegEncodeRowsRgba, jpegEncodeEnd.
 */
import { alloc, peak } from "../memory";
import { beginRun, encodeMcuRow, EncoderPlane, encoderPlane, openEncoder, runIsComplete, setEncoderTurn } from "../encode/jpeg";
import { drainOutput, outputAddress, outputLength } from "../encode/jpeg-output";
import { openStrip, restartStrip, rowsToStripEnd, takeRow } from "../encode/jpeg-strip";
import { colourModel, GRAY, YCBCR } from "./colour";
import { acceptTarget, awaitsTarget, damageCount, fail, pushInput, resetDecoder } from "./decoder";
import { component, componentCount, frameHeight, frameWidth, isProgressive } from "./frame";
import { inputAddress, inputSpace } from "./input";
import { openPicture, uprightHeight, uprightWidth, writeRgbaRow } from "./picture";
import { DONE, OUT_OF_MEMORY, OUTPUT_READY, UNDECODABLE } from "./status";
import { chromaIsHalf, flipsX, flipsY, openTarget, swapsAxes, targetOrientation } from "./target";

/** Begins a new file; forgets every earlier one. 0 or OUT_OF_MEMORY. */
export function jpegReset(): i32 {
  rowBuffer = 0;
  transcodesStrips = false;
  rowsEncoded = 0;
  return resetDecoder();
}

/** Where to write the next input bytes. Ask again before each write: unread bytes may have moved. */
export function jpegInput(): usize {
  return inputAddress();
}

/** How many bytes fit there. */
export function jpegSpace(): i32 {
  return inputSpace();
}

/** Takes `bytes` written bytes; `isFinal` says that none follow. A status. */
export function jpegPush(bytes: i32, isFinal: i32): i32 {
  return pushInput(bytes, isFinal != 0);
}

/** Size of the stored picture in pixels. */
export function jpegWidth(): i32 {
  return frameWidth;
}
export function jpegHeight(): i32 {
  return frameHeight;
}
/** Colour model: 0 gray, 1 YCbCr, 2 RGB, 3 CMYK, 4 YCCK. */
export function jpegColour(): i32 {
  return colourModel();
}
/** 1 when the frame is progressive. */
export function jpegIsProgressive(): i32 {
  return isProgressive ? 1 : 0;
}
/** The scale N of component `index`, once configured. */
export function jpegScale(index: i32): i32 {
  return index >= 0 && index < componentCount ? component(index).scale : 0;
}
/** Damage tolerated so far. */
export function jpegWarnings(): i32 {
  return damageCount();
}
/** Peak of used memory in bytes. */
export function jpegPeakBytes(): usize {
  return peak();
}

/**
 * Sets the target: its size in stored axes, the orientation 1 to 8, and whether chroma is wanted at half size, as 4:2:0
 * output wants it. 0, UNDECODABLE when called out of turn or with nonsense, OUT_OF_MEMORY when the job does not fit.
 */
export function jpegConfigure(width: i32, height: i32, orientation: i32, halfChroma: i32): i32 {
  if (!awaitsTarget()) return UNDECODABLE;
  if (width < 1 || height < 1 || width > 65535 || height > 65535 || orientation < 1 || orientation > 8) return UNDECODABLE;
  if (!openTarget(width, height, orientation, halfChroma != 0) || !openPicture()) return fail(OUT_OF_MEMORY);
  acceptTarget();
  return 0;
}

/** Size of the upright target. */
export function jpegOutputWidth(): i32 {
  return uprightWidth();
}
export function jpegOutputHeight(): i32 {
  return uprightHeight();
}

/** Rows in the buffer of `jpegReadRgba`. */
const ROWS_AT_ONCE: i32 = 16;

let rowBuffer: usize = 0;

/**
 * Upright RGBA rows from `first` on, 4 · width bytes each; at most 16, fewer at the end. Only after DONE.
 * Gives their address, or 0 when memory is exhausted or there are none.
 */
export function jpegReadRgba(first: i32): usize {
  const width = uprightWidth();
  if (first < 0 || first >= uprightHeight()) return 0;
  if (rowBuffer == 0) rowBuffer = alloc(<usize>(4 * width) * ROWS_AT_ONCE + 32);
  if (rowBuffer == 0) return 0;
  const count = min(ROWS_AT_ONCE, uprightHeight() - first);
  // Top to bottom: what a row writes past its end, the next one overwrites.
  for (let y = 0; y < count; y++) writeRgbaRow(first + y, rowBuffer + <usize>(4 * width * y));
  return rowBuffer;
}

let transcodesStrips: bool = false;
let rowsEncoded: i32 = 0;
let isTranscoderOpen: bool = false;

/**
 * Begins to write the decoded picture as JPEG of `quality` 1 to 100; may be called again for another quality.
 * Chroma is 4:2:0 when it was configured at half size, 4:4:4 otherwise. 0 or OUT_OF_MEMORY.
 * @param halfChroma for pictures that are not YCbCr or gray: whether to halve chroma now
 */
export function jpegTranscodeBegin(quality: i32, halfChroma: i32): i32 {
  const model = colourModel();
  const isAgain = rowsEncoded > 0;
  transcodesStrips = model != GRAY && model != YCBCR;
  rowsEncoded = 1;
  const kept = min(max(quality, 1), 100);
  if (transcodesStrips) {
    if (isAgain) restartStrip(kept);
    else if (!openStrip(uprightWidth(), uprightHeight(), kept, halfChroma != 0)) return OUT_OF_MEMORY;
    nextRow = 0;
    return 0;
  }
  if (!isAgain && !openPlanes()) return OUT_OF_MEMORY;
  beginRun(kept);
  return 0;
}

let nextRow: i32 = 0;

function openPlanes(): bool {
  const turn = targetOrientation();
  if (!openEncoder(uprightWidth(), uprightHeight(), colourModel() == GRAY, chromaIsHalf())) return false;
  setEncoderTurn(swapsAxes(turn), flipsX(turn), flipsY(turn));
  for (let i = 0; i < componentCount; i++) {
    const from = component(i).plane;
    const into = encoderPlane(i);
    into.data = from.output;
    into.stride = from.outputStride;
    into.width = from.outputWidth;
    into.height = from.outputHeight;
  }
  return true;
}

/** Codes one more MCU row: OUTPUT_READY, or DONE with the last bytes. Drain after each call. */
export function jpegTranscodeStep(): i32 {
  if (!transcodesStrips) {
    encodeMcuRow(0);
    return runIsComplete() ? DONE : OUTPUT_READY;
  }
  const count = rowsToStripEnd();
  const rows = jpegReadRgba(nextRow);
  if (rows == 0) return OUT_OF_MEMORY;
  for (let y = 0; y < count; y++) takeRow(rows + <usize>(4 * uprightWidth() * y));
  nextRow += count;
  return runIsComplete() ? DONE : OUTPUT_READY;
}

/** Address of the encoded bytes that wait, and how many; `jpegDrained` says that the host has taken them. */
export function jpegOutput(): usize {
  return outputAddress();
}
export function jpegOutputLength(): i32 {
  return outputLength();
}
export function jpegDrained(): void {
  drainOutput();
}

let encodeWidth: i32 = 0;

/**
 * Begins a JPEG from RGBA rows, in memory above what is in use. `subsampling` 0 is 4:4:4, 1 is 4:2:0.
 * 0, UNDECODABLE for nonsense, OUT_OF_MEMORY.
 */
export function jpegEncodeBegin(width: i32, height: i32, quality: i32, subsampling: i32): i32 {
  if (width < 1 || height < 1 || width > 65535 || height > 65535 || quality < 1 || quality > 100) return UNDECODABLE;
  encodeWidth = width;
  return openStrip(width, height, quality, subsampling != 0) ? 0 : OUT_OF_MEMORY;
}

/** Begins the same picture again at another quality; the rows are handed over again. */
export function jpegEncodeAgain(quality: i32): void {
  restartStrip(min(max(quality, 1), 100));
}

/**
 * Takes up to `rows` RGBA rows at `rgba`, 4 · width bytes each. Gives how many were taken: it stops where an MCU row is
 * complete, so that the output can be drained before more is handed over. 0 once the picture is complete.
 */
export function jpegEncodeRowsRgba(rgba: usize, rows: i32): i32 {
  const count = min(rows, rowsToStripEnd());
  for (let y = 0; y < count; y++) takeRow(rgba + <usize>(4 * encodeWidth * y));
  return max(count, 0);
}

/** DONE when every row was handed over and the file is complete, UNDECODABLE when rows are missing. */
export function jpegEncodeEnd(): i32 {
  return runIsComplete() ? DONE : UNDECODABLE;
}
