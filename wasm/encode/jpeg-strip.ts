/**
 * RGBA rows into the encoder: 16 rows (8 at 4:4:4) are converted to planes of one MCU row, which is coded when full.
 *
 * Conversion is BT.601 full range (T.871 7); chroma of 4:2:0 is the mean of 2 by 2 pixels. Alpha is not looked at.
 */
import { alloc } from '../memory';
import { beginRun, encodeMcuRow, EncoderPlane, encoderPlane, openEncoder } from './jpeg';

/** Samples of padding around the strip's planes. */
const PADDING: i32 = 16;

let width: i32 = 0;
let height: i32 = 0;
let stripRows: i32 = 16;
let rowsTaken: i32 = 0;
let rowsInStrip: i32 = 0;
let isHalf: bool = false;
/** Full-size chroma of a pair of rows, before it is halved: two rows of Cb, then two of Cr. */
let chroma: usize = 0;
let chromaStride: usize = 0;

/** Opens the encoder for RGBA rows. False when memory is exhausted. */
export function openStrip(pictureWidth: i32, pictureHeight: i32, quality: i32, halfChroma: bool): bool {
  width = pictureWidth;
  height = pictureHeight;
  isHalf = halfChroma;
  stripRows = halfChroma ? 16 : 8;
  if (!openEncoder(width, height, false, halfChroma)) return false;
  for (let i = 0; i < 3; i++) {
    const isSmall = halfChroma && i > 0;
    if (!openStripPlane(encoderPlane(i), isSmall ? (width + 1) >> 1 : width, isSmall ? 8 : stripRows)) return false;
  }
  chromaStride = (<usize>(width + 31)) & ~15;
  chroma = alloc(4 * chromaStride);
  if (chroma == 0) return false;
  restartStrip(quality);
  return true;
}

/** Takes no more rows, as when the memory of the strip is given back. */
export function closeStrip(): void {
  height = 0;
  rowsTaken = 0;
}

/** Begins again with the first row, at another quality. */
export function restartStrip(quality: i32): void {
  rowsTaken = 0;
  rowsInStrip = 0;
  beginRun(quality);
}

function openStripPlane(plane: EncoderPlane, planeWidth: i32, rows: i32): bool {
  plane.width = planeWidth;
  plane.height = rows;
  plane.stride = (planeWidth + 3 * PADDING) & ~15;
  const at = alloc(<usize>plane.stride * rows + PADDING);
  plane.data = at;
  return at != 0;
}

/** Rows that may be handed over before the next MCU row is coded and the output must be drained. */
export function rowsToStripEnd(): i32 {
  return min(stripRows - rowsInStrip, height - rowsTaken);
}

/** Takes one RGBA row at `rgba`; codes an MCU row when it is the strip's or the picture's last. */
export function takeRow(rgba: usize): void {
  const luma = encoderPlane(0);
  const y = luma.data + <usize>(rowsInStrip * luma.stride);
  const pair = <usize>(rowsInStrip & 1);
  const cb = isHalf ? chroma + pair * chromaStride : encoderPlane(1).data + <usize>(rowsInStrip * encoderPlane(1).stride);
  const cr = isHalf ? chroma + (2 + pair) * chromaStride : encoderPlane(2).data + <usize>(rowsInStrip * encoderPlane(2).stride);
  convertRow(rgba, y, cb, cr);
  padRow(y, width, luma.stride);
  rowsInStrip++;
  rowsTaken++;
  const isLast = rowsTaken == height;
  if (isHalf) {
    if (pair == 1 || isLast) halveChroma(pair == 0);
  } else {
    padRow(cb, width, encoderPlane(1).stride);
    padRow(cr, width, encoderPlane(2).stride);
  }
  if (rowsInStrip < stripRows && !isLast) return;
  for (let i = 0; i < 3; i++) repeatLastRow(encoderPlane(i), isHalf && i > 0 ? (rowsInStrip + 1) >> 1 : rowsInStrip);
  encodeMcuRow(rowsTaken - rowsInStrip);
  rowsInStrip = 0;
}

/** Y, Cb and Cr of a row, with 16-bit weights and rounding. */
function convertRow(rgba: usize, y: usize, cb: usize, cr: usize): void {
  for (let x: usize = 0; x < <usize>width; x++) {
    const pixel = load<u32>(rgba + (x << 2));
    const r = <i32>(pixel & 255);
    const g = <i32>((pixel >> 8) & 255);
    const b = <i32>((pixel >> 16) & 255);
    store<u8>(y + x, <u8>((19595 * r + 38470 * g + 7471 * b + 32768) >> 16));
    store<u8>(cb + x, <u8>((-11059 * r - 21709 * g + 32768 * b + (128 << 16) + 32767) >> 16));
    store<u8>(cr + x, <u8>((32768 * r - 27439 * g - 5329 * b + (128 << 16) + 32767) >> 16));
  }
}

function padRow(row: usize, samples: i32, stride: i32): void {
  memory.fill(row + <usize>samples, load<u8>(row + <usize>samples - 1), <usize>(stride - samples));
}

/** Means of 2 by 2 chroma samples; the last row is its own neighbour when `isSingle`, the last column when odd. */
function halveChroma(isSingle: bool): void {
  const row = (rowsInStrip - 1) >> 1;
  for (let i = 1; i < 3; i++) {
    const plane = encoderPlane(i);
    const upper = chroma + <usize>(i == 1 ? 0 : 2) * chromaStride;
    const lower = isSingle ? upper : upper + chromaStride;
    store<u8>(upper + <usize>width, load<u8>(upper + <usize>width - 1));
    store<u8>(lower + <usize>width, load<u8>(lower + <usize>width - 1));
    const out = plane.data + <usize>(row * plane.stride);
    for (let x: usize = 0; x < <usize>plane.width; x++) {
      const at = x << 1;
      const sum = <i32>load<u8>(upper + at) + load<u8>(upper + at, 1) + load<u8>(lower + at) + load<u8>(lower + at, 1);
      store<u8>(out + x, <u8>((sum + 2) >> 2));
    }
    padRow(out, plane.width, plane.stride);
  }
}

function repeatLastRow(plane: EncoderPlane, rows: i32): void {
  const stride = <usize>plane.stride;
  const last = plane.data + <usize>(rows - 1) * stride;
  for (let y = rows; y < plane.height; y++) memory.copy(plane.data + <usize>y * stride, last, stride);
}
