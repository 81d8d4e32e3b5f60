/** Encodes a bitmap of the module's memory as JPEG. */
import type { JpegExports } from './jpeg.ts';
import type { RgbaBitmap } from './png-encode.ts';

export interface RgbaJpegOptions {
  readonly quality: number;
  readonly subsampling: '4:2:0' | '4:4:4';
  /** Lowest quality tried to meet `bytesMax`. */
  readonly qualityMin: number;
  readonly bytesMax: number;
}

const DONE = 2;
const QUALITY_STEP = 15;

/** Opaque RGBA → baseline JPEG; `undefined` when no quality fits, or memory is short. The bitmap stays as it is. */
export function encodeRgbaJpeg(
  exports: JpegExports,
  bitmap: RgbaBitmap,
  { quality, subsampling, qualityMin, bytesMax }: RgbaJpegOptions,
): Uint8Array<ArrayBuffer> | undefined {
  if (exports.jpegEncodeBegin(bitmap.width, bitmap.height, quality, subsampling === '4:2:0' ? 1 : 0) < 0) return undefined;
  for (let tried = quality; ;) {
    const bytes = encodeOnce(exports, bitmap, bytesMax);
    if (bytes !== undefined || tried <= qualityMin) return bytes;
    tried = Math.max(qualityMin, tried - QUALITY_STEP);
    exports.jpegEncodeAgain(tried);
  }
}

function encodeOnce(exports: JpegExports, { address, width, height }: RgbaBitmap, bytesMax: number): Uint8Array<ArrayBuffer> | undefined {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let row = 0; row < height;) {
    row += exports.jpegEncodeRowsRgba(address + row * width * 4, height - row);
    const part = new Uint8Array(exports.memory.buffer, exports.jpegOutput(), exports.jpegOutputLength()).slice();
    exports.jpegDrained();
    total += part.length;
    if (total > bytesMax) return undefined;
    parts.push(part);
  }
  if (exports.jpegEncodeEnd() !== DONE) return undefined;
  return concatenate(parts, total);
}

function concatenate(parts: readonly Uint8Array[], total: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(total);
  let offset = 0;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.length;
  }
  return file;
}
