/**
 * Upright RGBA rows out of the resampled planes: orientation, then colour (T.871 7).
 *
 * CMYK becomes RGB by R = C·K / 255 on inverted inks, which is how files store them; no profile is applied.
 */
import { alloc } from "../memory";
import { CMYK, colourModel, GRAY, RGB, YCBCR, YCCK } from "./colour";
import { component, componentCount } from "./frame";
import { flipsX, flipsY, storedHeight, storedWidth, swapsAxes, targetOrientation } from "./target";

/** One row of each component, in upright order; rows of vectors may pass their end. */
let samples: usize = 0;
let pitch: usize = 0;

/** Size of the picture the right way up. */
export function uprightWidth(): i32 {
  return swapsAxes(targetOrientation()) ? storedHeight() : storedWidth();
}
export function uprightHeight(): i32 {
  return swapsAxes(targetOrientation()) ? storedWidth() : storedHeight();
}

/** Rows that `readRows` gives at once: an MCU row of 4:2:0. */
const ROWS_AT_ONCE: i32 = 16;

/** Their buffer; allocated when first asked for. */
let rows: usize = 0;

/** Allocates the component row buffers. False when memory is exhausted. */
export function openPicture(): bool {
  rows = 0;
  pitch = <usize>(uprightWidth() + 31) & ~15;
  samples = alloc(4 * pitch);
  return samples != 0;
}

/**
 * Upright RGBA rows from `first` on, 4 · width bytes each; at most 16, fewer at the end.
 * Their address, or 0 when memory is exhausted or there are none.
 */
export function readRows(first: i32): usize {
  const width = uprightWidth();
  if (first < 0 || first >= uprightHeight()) return 0;
  if (rows == 0) rows = alloc(<usize>(4 * width) * ROWS_AT_ONCE + 32);
  if (rows == 0) return 0;
  const count = min(ROWS_AT_ONCE, uprightHeight() - first);
  // Top to bottom: what a row writes past its end, the next one overwrites.
  for (let y = 0; y < count; y++) writeRgbaRow(first + y, rows + <usize>(4 * width * y));
  return rows;
}

/** Writes upright row `y` as RGBA to `out`, which has room for the width rounded up to eight pixels. */
function writeRgbaRow(y: i32, out: usize): void {
  for (let i = 0; i < componentCount; i++) gatherRow(i, y, samples + <usize>i * pitch);
  const model = colourModel();
  if (model == GRAY) grayToRgba(out);
  else if (model == RGB) interleave(out);
  else if (model == YCBCR) yccToRgba(out);
  else inksToRgba(out, model == YCCK);
}

/** Upright row `y` of component `index`. */
function gatherRow(index: i32, y: i32, into: usize): void {
  const plane = component(index).plane;
  const turn = targetOrientation();
  const width = uprightWidth();
  const stride = plane.outputStride;
  const againstX = flipsX(turn);
  const againstY = flipsY(turn);
  let at: usize;
  let step: i32;
  if (swapsAxes(turn)) {
    const x = againstX ? plane.outputWidth - 1 - y : y;
    at = plane.output + <usize>x + (againstY ? <usize>((plane.outputHeight - 1) * stride) : 0);
    step = againstY ? -stride : stride;
  } else {
    const row = againstY ? plane.outputHeight - 1 - y : y;
    at = plane.output + <usize>(row * stride) + (againstX ? <usize>(plane.outputWidth - 1) : 0);
    step = againstX ? -1 : 1;
  }
  if (step == 1) {
    memory.copy(into, at, width);
    return;
  }
  for (let x = 0; x < width; x++) {
    store<u8>(into + <usize>x, load<u8>(at));
    at += step;
  }
}

/** Eight pixels from the low bytes of three vectors, alpha 255. */
@inline
function storePixels(r: v128, g: v128, b: v128, out: usize): void {
  const opaque = i8x16.splat(-1);
  const rg = v128.shuffle<i8>(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const ba = v128.shuffle<i8>(b, opaque, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  v128.store(out, v128.shuffle<i16>(rg, ba, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(out, v128.shuffle<i16>(rg, ba, 4, 12, 5, 13, 6, 14, 7, 15), 16);
}

function grayToRgba(out: usize): void {
  const width = <usize>uprightWidth();
  for (let x: usize = 0; x < width; x += 8) {
    const y = v128.load64_zero(samples + x);
    storePixels(y, y, y, out + (x << 2));
  }
}

function interleave(out: usize): void {
  const width = <usize>uprightWidth();
  for (let x: usize = 0; x < width; x += 8) {
    const r = v128.load64_zero(samples + x);
    const g = v128.load64_zero(samples + pitch + x);
    const b = v128.load64_zero(samples + 2 * pitch + x);
    storePixels(r, g, b, out + (x << 2));
  }
}

/**
 * R = Y + 1.402 Cr, G = Y - 0.344136 Cb - 0.714136 Cr, B = Y + 1.772 Cb, in 16 bits with six fraction bits. Factors above
 * 1 are split into whole parts and a 15-bit rest.
 */
function yccToRgba(out: usize): void {
  const width = <usize>uprightWidth();
  const middle = i16x8.splat(128);
  const half = i16x8.splat(32);
  const crToR = i16x8.splat(13173);
  const cbToG = i16x8.splat(-11277);
  const crToG = i16x8.splat(-23401);
  const cbToB = i16x8.splat(-7471);
  for (let x: usize = 0; x < width; x += 8) {
    const y = i16x8.add(i16x8.shl(v128.load8x8_u(samples + x), 6), half);
    const cb = i16x8.shl(i16x8.sub(v128.load8x8_u(samples + pitch + x), middle), 6);
    const cr = i16x8.shl(i16x8.sub(v128.load8x8_u(samples + 2 * pitch + x), middle), 6);
    const r = i16x8.add(y, i16x8.add(cr, i16x8.q15mulr_sat_s(cr, crToR)));
    const g = i16x8.add(y, i16x8.add(i16x8.q15mulr_sat_s(cb, cbToG), i16x8.q15mulr_sat_s(cr, crToG)));
    const b = i16x8.add(y, i16x8.add(i16x8.add(cb, cb), i16x8.q15mulr_sat_s(cb, cbToB)));
    storePixels(toBytes(r), toBytes(g), toBytes(b), out + (x << 2));
  }
}

@inline
function toBytes(sixth: v128): v128 {
  const words = i16x8.shr_s(sixth, 6);
  return i8x16.narrow_i16x8_u(words, words);
}

/** CMYK, or YCCK whose first three components are CMY in the clothes of YCbCr. */
function inksToRgba(out: usize, isYcck: bool): void {
  const width = <usize>uprightWidth();
  if (isYcck) yccToRgba(out);
  else interleave(out);
  // The samples are what the ink leaves of the light. YCCK holds amounts of ink in its first three components once it is
  // converted as YCbCr.
  const inversion = isYcck ? 255 : 0;
  for (let x: usize = 0; x < width; x++) {
    const pixel = out + (x << 2);
    const k = <u32>load<u8>(samples + 3 * pitch + x);
    for (let i: usize = 0; i < 3; i++) {
      const light = <u32>load<u8>(pixel + i) ^ inversion;
      store<u8>(pixel + i, <u8>((light * k + 127) / 255));
    }
  }
}
