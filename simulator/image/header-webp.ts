import { readExifOrientation } from './exif.ts';
import type { ImageHeader } from './header.ts';

const VP8 = 0x56503820;
const VP8L = 0x5650384c;
const VP8X = 0x56503858;
const EXIF = 0x45584946;
const FLAG_ANIMATION = 0x02;

/** Reads the first chunk of a WebP (RFC 9649 §2.5 to §2.7), and the EXIF chunk of an extended one. */
export function readWebpHeader(view: DataView): ImageHeader | undefined {
  if (view.byteLength < 30) return undefined;
  const simple = { mediaType: 'image/webp', orientation: 1, isBeyondDecoders: false } as const;
  switch (view.getUint32(12)) {
    case VP8:
      // Key frame: 3 bytes of tag, start code 9D 01 2A, then 14-bit sides (RFC 6386 §9.1).
      if (view.getUint8(23) !== 0x9d || view.getUint16(24) !== 0x012a) return undefined;
      return {
        ...simple,
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      };
    case VP8L: {
      if (view.getUint8(20) !== 0x2f) return undefined;
      const bits = view.getUint32(21, true);
      return { ...simple, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case VP8X:
      return {
        ...simple,
        width: uint24(view, 24) + 1,
        height: uint24(view, 27) + 1,
        orientation: exifOrientation(view) ?? 1,
        isBeyondDecoders: (view.getUint8(20) & FLAG_ANIMATION) !== 0,
      };
    default:
      return undefined;
  }
}

function uint24(view: DataView, offset: number): number {
  return view.getUint16(offset, true) | (view.getUint8(offset + 2) << 16);
}

function exifOrientation(view: DataView): number | undefined {
  let offset = 12;
  while (offset + 8 <= view.byteLength) {
    const length = view.getUint32(offset + 4, true);
    const start = offset + 8;
    if (view.getUint32(offset) === EXIF) {
      const available = Math.min(length, view.byteLength - start);
      const tiff = new DataView(view.buffer, view.byteOffset + start, available);
      return readExifOrientation(tiff) ?? orientationAfterPrefix(tiff);
    }
    // Chunks are padded to an even length.
    offset = start + length + (length & 1);
  }
  return undefined;
}

/** Some writers keep JPEG's "Exif\0\0" in front of the TIFF structure. */
function orientationAfterPrefix(tiff: DataView): number | undefined {
  if (tiff.byteLength < 14 || tiff.getUint32(0) !== 0x45786966) return undefined;
  return readExifOrientation(new DataView(tiff.buffer, tiff.byteOffset + 6, tiff.byteLength - 6));
}
