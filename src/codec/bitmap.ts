/** Small bitmaps in JavaScript: what is done to a picture after it has been brought to Claude's size. */
import type { Orientation } from '../core/image/facts.ts';
import { swapsAxes } from '../core/image/facts.ts';

/** RGBA, 8 bits a sample, row-major, 4·width bytes a row, alpha not premultiplied. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * The bitmap turned upright (EXIF 3.0 §4.6.5.1.6). Orientation 1 gives the same object; others a new bitmap of
 * the same number of bytes. One pass.
 */
export function orient(bitmap: Bitmap, orientation: Orientation): Bitmap {
  if (orientation === 1) return bitmap;
  const { width, height } = bitmap;
  const source = new Uint32Array(bitmap.data.buffer, bitmap.data.byteOffset, width * height);
  const target = new Uint32Array(width * height);
  const swaps = swapsAxes(orientation);
  const [outWidth, outHeight] = swaps ? [height, width] : [width, height];
  // Stored column and row of the first upright pixel, and what one step right and one step down mean in the stored rows.
  const { start, right, down } = steps(orientation, width, height);
  for (let y = 0, row = start, out = 0; y < outHeight; y++, row += down) {
    for (let x = 0, at = row; x < outWidth; x++, at += right) target[out++] = source[at] ?? 0;
  }
  return { width: outWidth, height: outHeight, data: new Uint8Array(target.buffer) };
}

function steps(orientation: Orientation, width: number, height: number): { start: number; right: number; down: number } {
  const lastColumn = width - 1;
  const lastRow = (height - 1) * width;
  switch (orientation) {
    case 1:
      return { start: 0, right: 1, down: width };
    case 2:
      return { start: lastColumn, right: -1, down: width };
    case 3:
      return { start: lastRow + lastColumn, right: -1, down: -width };
    case 4:
      return { start: lastRow, right: 1, down: -width };
    case 5:
      return { start: 0, right: width, down: 1 };
    case 6:
      return { start: lastRow, right: -width, down: 1 };
    case 7:
      return { start: lastRow + lastColumn, right: -width, down: -1 };
    case 8:
      return { start: lastColumn, right: width, down: -1 };
  }
}

/** Whether every pixel is opaque. */
export function isOpaque({ data }: Bitmap): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

/** Multiplies colours by alpha, in place, so that a resize does not bleed the colour of transparent pixels. */
export function premultiply({ data }: Bitmap): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) data[channel] = Math.round(((data[channel] ?? 0) * alpha) / 255);
  }
}

/** The inverse of `premultiply`, in place. */
export function unpremultiply({ data }: Bitmap): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255 || alpha === 0) continue;
    for (let channel = at; channel < at + 3; channel++) data[channel] = Math.min(255, Math.round(((data[channel] ?? 0) * 255) / alpha));
  }
}

/** Lays the picture on white, in place: what a page without a background shows. */
export function flattenOnWhite({ data }: Bitmap): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) data[channel] = Math.round(((data[channel] ?? 0) * alpha + 255 * (255 - alpha)) / 255);
    data[at + 3] = 255;
  }
}
