/**
 * What the host calls for JPEG. See README.md in this folder for the order of calls and the memory map.
 *
 * Decode: jpegReset, then jpegPush until HEADER_KNOWN, jpegConfigure, jpegPush until DONE.
 * Out as RGBA: jpegReadRgba. Out as JPEG: jpegTranscodeBegin, jpegTranscodeStep until DONE, draining after each.
 * RGBA to JPEG without a decoder: jpegEncodeBegin, jpegEncodeRowsRgba, jpegEncodeEnd.
 */
import { peak } from '../memory';
import { runIsComplete } from '../encode/jpeg';
import { drainOutput, outputAddress, outputLength } from '../encode/jpeg-output';
import { closeStrip, openStrip, restartStrip, rowsToStripEnd, takeRow } from '../encode/jpeg-strip';
import { colourModel } from './colour';
import { acceptTarget, awaitsTarget, damageCount, fail, isComplete, pushInput, resetDecoder } from './decoder';
import { component, componentCount, frameHeight, frameWidth, isProgressive } from './frame';
import { inputAddress, inputSpace } from './input';
import { openPicture, readRows, uprightHeight, uprightWidth } from './picture';
import { DONE, OUT_OF_MEMORY, UNDECODABLE } from './status';
import { openTarget } from './target';
import { beginTranscode, resetTranscoder, stepTranscode } from './transcode';

/** Begins a new file; forgets every earlier one. 0 or OUT_OF_MEMORY. */
export function jpegReset(): i32 {
  resetTranscoder();
  closeStrip();
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
 * Sets the target: its size in stored axes, the orientation 1 to 8, and what is made of it: 0 pixels (`jpegReadRgba`), 1 a
 * file with chroma at half size (4:2:0), 2 a file with chroma at full size (4:4:4). 0, UNDECODABLE when called out of turn or with nonsense, OUT_OF_MEMORY when the job does not fit.
 */
export function jpegConfigure(width: i32, height: i32, orientation: i32, output: i32): i32 {
  if (!awaitsTarget() || output < 0 || output > 2) return UNDECODABLE;
  if (width < 1 || height < 1 || width > 65535 || height > 65535 || orientation < 1 || orientation > 8) return UNDECODABLE;
  if (!openTarget(width, height, orientation, output) || !openPicture()) return fail(OUT_OF_MEMORY);
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

/**
 * Upright RGBA rows from `first` on, 4 · width bytes each; at most 16, fewer at the end. Only after DONE.
 * Gives their address, or 0 when memory is exhausted or there are none.
 */
export function jpegReadRgba(first: i32): usize {
  return isComplete() ? readRows(first) : 0;
}

/**
 * Begins to write the decoded picture as JPEG of `quality` 1 to 100; may be called again for another quality.
 * Chroma is 4:2:0 when it was configured at half size, 4:4:4 otherwise. 0, UNDECODABLE before DONE, OUT_OF_MEMORY.
 * @param halfChroma for pictures that are not YCbCr or gray: whether to halve chroma now
 */
export function jpegTranscodeBegin(quality: i32, halfChroma: i32): i32 {
  if (!isComplete()) return UNDECODABLE;
  return beginTranscode(min(max(quality, 1), 100), halfChroma != 0) ? 0 : OUT_OF_MEMORY;
}

/** Codes one more MCU row: OUTPUT_READY, or DONE with the last bytes. Drain after each call. */
export function jpegTranscodeStep(): i32 {
  return isComplete() ? stepTranscode() : UNDECODABLE;
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
