/** The one tag of EXIF that changes the picture: orientation. GPS, thumbnails and the rest are never read. */
import type { Orientation } from './facts.ts';

const ORIENTATION_TAG = 0x0112;
const TYPE_SHORT = 3;
const TYPE_LONG = 4;
const IFD_ENTRY_BYTES = 12;

/**
 * Orientation of a TIFF-structured EXIF block (TIFF 6.0 §2, EXIF 3.0 §4.6.5), without the `Exif\0\0` prefix.
 * Broken, absent or out-of-range values give 1: metadata never makes a picture fail. Only the first directory
 * is read, so loops of directories cannot occur. Work: at most one pass over 65,535 entries.
 */
export function readExifOrientation(tiff: Uint8Array): Orientation {
  if (tiff.length < 8) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const count = view.getUint16(directory, little);
  for (let index = 0; index < count; index++) {
    const entry = directory + 2 + index * IFD_ENTRY_BYTES;
    if (entry + IFD_ENTRY_BYTES > tiff.length) return 1;
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    return orientationOf(readValue(view, entry, little));
  }
  return 1;
}

/** Strips the `Exif\0\0` prefix that JPEG requires and some WebP and PNG writers add. */
export function withoutExifPrefix(block: Uint8Array): Uint8Array {
  const isPrefixed = block.length >= 6 && block[0] === 0x45 && block[1] === 0x78 && block[2] === 0x69 && block[3] === 0x66 && block[4] === 0;
  return isPrefixed ? block.subarray(6) : block;
}

function readValue(view: DataView, entry: number, little: boolean): number {
  const type = view.getUint16(entry + 2, little);
  if (type === TYPE_SHORT) return view.getUint16(entry + 8, little);
  return type === TYPE_LONG ? view.getUint32(entry + 8, little) : 0;
}

function orientationOf(value: number): Orientation {
  return value >= 1 && value <= 8 ? (value as Orientation) : 1;
}
