import { readExifOrientation } from './exif.ts';
import type { ImageHeader } from './header.ts';

const IHDR = 0x49484452;
const IDAT = 0x49444154;
const EXIF = 0x65584966;
/** length (4), type (4) and CRC (4) around the data of a chunk. */
const FRAMING_BYTES = 12;

/** Reads IHDR and looks for eXIf (W3C PNG, Third Edition, §11.2 and §11.3). */
export function readPngHeader(view: DataView): ImageHeader | undefined {
  if (view.byteLength < 33 || view.getUint32(8) !== 13 || view.getUint32(12) !== IHDR) return undefined;
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  // A PNG side is a 31-bit number.
  if (width > 0x7fffffff || height > 0x7fffffff) return undefined;
  let orientation = 1;
  let offset = 33;
  while (offset + 8 <= view.byteLength) {
    const length = view.getUint32(offset);
    const type = view.getUint32(offset + 4);
    const end = offset + 8 + length;
    if (end > view.byteLength) break;
    if (type === EXIF) {
      const tiff = new DataView(view.buffer, view.byteOffset + offset + 8, length);
      orientation = readExifOrientation(tiff) ?? orientation;
    }
    if (type === IDAT && orientation !== 1) break;
    offset = offset + FRAMING_BYTES + length;
  }
  return { mediaType: 'image/png', width, height, orientation, isBeyondDecoders: false };
}
