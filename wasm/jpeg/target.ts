/**
 * The target of a job: for every component its scale N and the grid that its plane is resampled to.
 *
 * Grids: luma and all components of pictures that are not YCbCr get one sample for each target pixel. Chroma gets that
 * too, or one sample for each 2 by 2 target pixels when it is to be halved. The first chroma sample covers the pixels
 * 0 and 1 of the upright picture, so where the picture is flipped on the way out and a side is odd, the grid begins
 * one pixel before the stored picture's edge.
 */
import { alloc, mark, MEMORY_BYTES_MAX, release } from '../memory';
import { openPlane, Plane } from '../resample/plane';
import { openCoefficients } from './coefficient';
import { colourModel, YCBCR } from './colour';
import { Component, component, componentCount, frameHeight, frameWidth, horizontalMax, isProgressive, verticalMax } from './frame';
import { keptBytes, layOutCoefficients } from './layout';

/**
 * Reserve: samples that the scaled transform must leave for each target sample, in hundredths.
 *
 * GENEROUS keeps the transform's band edge out of the result; RGBA and the luma of 4:4:4 output get it. For the rest of JPEG
 * output the coder's own loss hides more: MEASURED, by N, keeps the file within 0.5 dB of sharp's, against a full decode resized in
 * floating point, for text and line art too, which need more than photographs (`npm run bench:fidelity`; at N = 3 the
 * peer has four samples where we have three, hence 180). A job whose coefficients would not fit in memory falls back to
 * MODEST, which is as good for photographs and up to 1.3 dB worse for text, and then to LEAN.
 */
const GENEROUS: i32 = 0;
const MEASURED: i32 = 1;
const MODEST: i32 = 2;
const LEAN: i32 = 3;
const MEASURED_HUNDREDTHS: usize = memory.data<u8>([0, 120, 125, 180, 138, 130, 125, 120]);
const MODEST_HUNDREDTHS: usize = memory.data<u8>([0, 120, 120, 115, 110, 105, 105, 105]);

function reserveHundredths(policy: i32, scale: i32): i32 {
  if (policy == GENEROUS) return 200;
  if (policy == LEAN) return 100;
  return <i32>load<u8>((policy == MEASURED ? MEASURED_HUNDREDTHS : MODEST_HUNDREDTHS) + <usize>scale);
}

/** Chroma of a file needs no more than MEASURED: 4:4:4 graphics lose by less luma, not by less chroma. */
function policyFor(index: i32, policy: i32): i32 {
  return policy == GENEROUS && index > 0 && isFile && colourModel() == YCBCR ? MEASURED : policy;
}

let targetWidth: i32 = 0;
let targetHeight: i32 = 0;
let orientation: i32 = 1;
let isChromaHalf: bool = false;
let isFile: bool = false;

/** Size of the target in stored axes, and its orientation 1 to 8 (Exif 2.32, tag 0x0112). */
export function storedWidth(): i32 {
  return targetWidth;
}
export function storedHeight(): i32 {
  return targetHeight;
}
export function targetOrientation(): i32 {
  return orientation;
}
/** True when the chroma planes have half the target's size. */
export function chromaIsHalf(): bool {
  return isChromaHalf;
}

/** True when upright rows are stored columns. */
export function swapsAxes(turn: i32): bool {
  return turn >= 5;
}
/** True when upright order runs against the stored x axis. */
export function flipsX(turn: i32): bool {
  return turn == 2 || turn == 3 || turn == 7 || turn == 8;
}
/** True when upright order runs against the stored y axis. */
export function flipsY(turn: i32): bool {
  return turn == 3 || turn == 4 || turn == 6 || turn == 7;
}

/** What is made of the planes: pixels, or a file with chroma at half or at full size. */
export const TO_PIXELS: i32 = 0;
export const TO_FILE_HALF: i32 = 1;
export const TO_FILE_FULL: i32 = 2;

/** Opens everything that depends on the target; `output` is one of the above. False when it does not fit in memory. */
export function openTarget(width: i32, height: i32, turn: i32, output: i32): bool {
  targetWidth = width;
  targetHeight = height;
  orientation = turn;
  isChromaHalf = output == TO_FILE_HALF && colourModel() == YCBCR;
  isFile = output != TO_PIXELS;
  const before = mark();
  for (let policy = isChromaHalf ? MEASURED : GENEROUS; policy <= LEAN; policy++) {
    if (policy < LEAN && !hasRoom(policy)) continue;
    if (openComponents(policy)) return true;
    release(before);
  }
  return false;
}

/** Weights, rings and the encoder, which are small beside coefficients and pictures. */
const REST_BYTES: u64 = 2 << 20;

/**
 * Whether a policy's coefficients and target pictures fit. Asked before anything is allocated, since memory that an
 * attempt has made grow stays grown.
 */
function hasRoom(policy: i32): bool {
  let bytes: u64 = <u64>mark() + REST_BYTES;
  for (let i = 0; i < componentCount; i++) {
    const c = component(i);
    const isHalf = isChromaHalf && i > 0;
    const width = isHalf ? (targetWidth + 1) >> 1 : targetWidth;
    const height = isHalf ? (targetHeight + 1) >> 1 : targetHeight;
    const scale = chooseScale(fullStep(c, isHalf), policyFor(i, policy));
    if (isProgressive) bytes += <u64>c.paddedWide * c.paddedHigh * (keptBytes(scale) + (scale == 1 ? 0 : 8));
    bytes += <u64>((width + 47) & ~15) * (height + 32);
  }
  return bytes <= <u64>MEMORY_BYTES_MAX;
}

/** Samples of a component, at full size, for each sample of its target grid: the smaller of both axes. */
function fullStep(c: Component, isHalf: bool): f64 {
  const stepX = (<f64>frameWidth * c.horizontal) / horizontalMax / targetWidth;
  const stepY = (<f64>frameHeight * c.vertical) / verticalMax / targetHeight;
  return min(stepX, stepY) * (isHalf ? 2 : 1);
}

function openComponents(policy: i32): bool {
  for (let i = 0; i < componentCount; i++) {
    const c = component(i);
    c.targets = alloc(80 * 4);
    c.dequantiser = alloc(128);
    const plane = alloc(offsetof<Plane>());
    if (c.targets == 0 || c.dequantiser == 0 || plane == 0) return false;
    c.plane = changetype<Plane>(plane);
    memory.fill(c.dequantiser, 0, 128);
    if (!openComponentPlane(c, isChromaHalf && i > 0, policyFor(i, policy))) return false;
    layOutCoefficients(c);
  }
  return !isProgressive || openCoefficients();
}

function openComponentPlane(c: Component, isHalf: bool, policy: i32): bool {
  const width = isHalf ? (targetWidth + 1) >> 1 : targetWidth;
  const height = isHalf ? (targetHeight + 1) >> 1 : targetHeight;
  // Target pixels that one sample of the output grid covers, and where the grid begins.
  const pixels: f64 = isHalf ? 2 : 1;
  const beginX: f64 = isHalf && flipsX(orientation) && (targetWidth & 1) != 0 ? -1 : 0;
  const beginY: f64 = isHalf && flipsY(orientation) && (targetHeight & 1) != 0 ? -1 : 0;
  // Component samples for each target pixel, at full size.
  const stepX = (<f64>frameWidth * c.horizontal) / horizontalMax / targetWidth;
  const stepY = (<f64>frameHeight * c.vertical) / verticalMax / targetHeight;

  c.scale = chooseScale(fullStep(c, isHalf), policy);
  const scale = <f64>c.scale / 8;
  const samplesX = <i32>ceil((<f64>frameWidth * c.horizontal * scale) / horizontalMax);
  const samplesY = <i32>ceil((<f64>frameHeight * c.vertical * scale) / verticalMax);
  return openPlane(
    c.plane,
    min(samplesX, c.blocksWide * c.scale),
    min(samplesY, c.blocksHigh * c.scale),
    c.paddedWide * c.scale,
    c.vertical * c.scale,
    width,
    height,
    beginX * stepX * scale,
    stepX * pixels * scale,
    beginY * stepY * scale,
    stepY * pixels * scale,
  );
}

/** The smallest N that leaves the reserve; 8 when none does. `step` is full-size samples for each target sample. */
function chooseScale(step: f64, policy: i32): i32 {
  for (let n = 1; n < 8; n++) if (step * <f64>(n * 100) >= <f64>(8 * reserveHundredths(policy, n))) return n;
  return 8;
}
