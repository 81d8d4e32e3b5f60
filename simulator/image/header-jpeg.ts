import { readExifOrientation } from './exif.ts';
import type { ImageHeader } from './header.ts';

/** ITU-T T.81 table B.1: every SOFn; 0xC4 (DHT), 0xC8 (JPG) and 0xCC (DAC) lie between them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Markers that stand alone, without a length: TEM, RSTn, SOI, EOI. */
function isStandalone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);
}

/** Only 8-bit Huffman-coded baseline, extended and progressive frames of up to three components are read. */
function isBeyondDecoders(marker: number, precisionBits: number, components: number): boolean {
  return marker > 0xc2 || precisionBits !== 8 || components > 3;
}

/** Walks the marker segments (T.81 B.1.1) up to the frame header; `undefined` when none comes. */
export function readJpegHeader(view: DataView): ImageHeader | undefined {
  let orientation = 1;
  let offset = 2;
  while (offset + 4 <= view.byteLength) {
    const marker = view.getUint8(offset + 1);
    // Stray bytes between segments are passed over, as libjpeg does, and fill bytes may precede any marker (B.1.1.2).
    if (view.getUint8(offset) !== 0xff || marker === 0xff || marker === 0) {
      offset += 1;
      continue;
    }
    if (isStandalone(marker)) {
      offset += 2;
      continue;
    }
    const length = view.getUint16(offset + 2);
    if (length < 2) return undefined;
    if (isFrameHeader(marker)) {
      if (offset + 10 > view.byteLength) return undefined;
      return {
        mediaType: 'image/jpeg',
        height: view.getUint16(offset + 5),
        width: view.getUint16(offset + 7),
        orientation,
        isBeyondDecoders: isBeyondDecoders(marker, view.getUint8(offset + 4), view.getUint8(offset + 9)),
      };
    }
    // Image data before a frame header: nothing can be decoded.
    if (marker === 0xda) return undefined;
    if (marker === 0xe1) orientation = exifOrientation(view, offset + 4, length - 2) ?? orientation;
    offset += 2 + length;
  }
  return undefined;
}

/** APP1 begins with "Exif\0\0" when it holds Exif; XMP uses the same marker. */
function exifOrientation(view: DataView, start: number, length: number): number | undefined {
  const end = Math.min(start + length, view.byteLength);
  if (end - start < 6 || view.getUint32(start) !== 0x45786966) return undefined;
  return readExifOrientation(new DataView(view.buffer, view.byteOffset + start + 6, end - start - 6));
}
