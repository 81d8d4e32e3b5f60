/** Rows of a WebP canvas into the resampler, without leaving the module. */
import { rgbaBegin } from '../resample/rgba';
import { rgbaRow } from '../resample/rgba';
import { canvasHeight, canvasWidth } from './canvas';
import { webpRows, webpRowsCount, webpStride } from './index';
import { OK, OUT_OF_MEMORY, UNDECODABLE } from './status';
import { skipFilter } from './vp8/frame';

/**
 * After `webpConfigure` (not planar): the target in stored axes, the orientation 1 to 8, a background 0xRRGGBB or -1, and
 * whether the canvas may have pixels that are not opaque.
 */
export function webpTargetBegin(width: i32, height: i32, orientation: i32, background: i32, mayHaveAlpha: i32): i32 {
  if (width < 1 || height < 1 || orientation < 1 || orientation > 8) return UNDECODABLE;
  // As libwebp has it: below three quarters of both sides the difference is 0.08 dB, and the filter an eighth of the time.
  if (width * 4 < canvasWidth * 3 && height * 4 < canvasHeight * 3) skipFilter();
  const isOpen = rgbaBegin(canvasWidth, canvasHeight, width, height, orientation, background, 4, mayHaveAlpha != 0, false);
  return isOpen ? OK : OUT_OF_MEMORY;
}

/** At each ROWS: hands the slice to the resampler. */
export function webpTargetRows(): void {
  const rows = webpRows();
  for (let y = 0; y < webpRowsCount(); y++) rgbaRow(rows + <usize>(y * webpStride()), false);
}
