/**
 * Peak memory of a transcode with jSquash, from the header alone. The numbers follow from what its modules
 * allocate: full RGBA bitmaps, and in the resizer a float image of target width by source height.
 */
import type { JpegCoding } from '../../image/jpeg.ts';
import type { ImageInfo } from '../../image/info.ts';
import type { Size } from '../tier.ts';

const RGBA_BYTES = 4;
const RGBA_FLOAT_BYTES = 16;
/** Smallest memory of an Emscripten module: heap and stack before any picture. */
const MODULE_BYTES = 16 * 1024 * 1024;
/** Two-byte coefficients of three components that a progressive JPEG keeps until its last scan. */
const COEFFICIENT_BYTES = 2;
const HUFFMAN_CODED: ReadonlySet<JpegCoding> = new Set(['baseline', 'extended', 'progressive']);
/** A Rust allocation that grows by doubling may hold half as much again as it needs. */
const GROWTH_FACTOR = 1.25;

/**
 * Bytes at the worst moment, the file not counted; `undefined` when jSquash does not read such a file:
 * anything but JPEG (the other modules are not shipped), and JPEG of four components, arithmetic or lossless.
 */
export function jsquashPeakBytes(info: ImageInfo, target: Size): number | undefined {
  if (!jsquashReads(info)) return undefined;
  const source = info.storedWidth * info.storedHeight;
  const decode = MODULE_BYTES + info.bytes + source * RGBA_BYTES + coefficientBytes(info) + source * RGBA_BYTES;
  const isResized = info.width !== target.width || info.height !== target.height;
  const resize = isResized
    ? source * RGBA_BYTES * 2 + (target.width * info.height * RGBA_FLOAT_BYTES + target.width * target.height * RGBA_BYTES) * GROWTH_FACTOR
    : 0;
  const encode = MODULE_BYTES + target.width * target.height * (RGBA_BYTES * 2 + COEFFICIENT_BYTES * 3);
  return Math.max(decode, resize, encode);
}

function jsquashReads({ bitDepth, detail }: ImageInfo): boolean {
  if (detail.format !== 'jpeg') return false;
  return bitDepth === 8 && detail.components.length !== 4 && HUFFMAN_CODED.has(detail.coding);
}

function coefficientBytes(info: ImageInfo): number {
  if (info.detail.format !== 'jpeg' || info.detail.coding !== 'progressive') return 0;
  return info.storedWidth * info.storedHeight * info.detail.components.length * COEFFICIENT_BYTES;
}
