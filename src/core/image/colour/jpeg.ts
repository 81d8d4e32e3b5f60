/** The ICC profile of a JPEG. */
import { isFrameMarker, jpegSegments } from '../jpeg.ts';
import { type IccParts, noteIccPart, readIccParts } from './icc-part.ts';
import { type SourceColour, SRGB } from './space.ts';

const SOS = 0xda;
const APP2 = 0xe2;
/** Place of the number of components in a frame header (ITU-T T.81 B.2.2). */
const COMPONENTS_AT = 5;

/** What the colours of a file mean that the header reader took. Reads segments up to the first scan. */
export function readJpegColour(bytes: Uint8Array): SourceColour {
  const parts: IccParts = new Map();
  let components = 3;
  for (const { marker, body } of jpegSegments(bytes)) {
    if (marker === SOS) return readIccParts(parts, components);
    if (marker === APP2) noteIccPart(parts, body);
    else if (isFrameMarker(marker)) components = body[COMPONENTS_AT] ?? 3;
  }
  return SRGB;
}
