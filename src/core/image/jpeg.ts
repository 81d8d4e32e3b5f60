/** JPEG header: marker segments up to the first scan (ITU-T T.81 Annex B). */
import * as z from 'zod';
import { readExifOrientation, withoutExifPrefix } from './exif.ts';
import { type ColourModel, type HeaderFacts, type Orientation, undecodable } from './facts.ts';
import { hasEndOfImage } from './jpeg-end.ts';
import { BLOCK_COUNT_MAX } from './limit.ts';

/** Coding, and the sampling factors of each component of the frame (ITU-T T.81 B.2.2). */
export const jpegDetailSchema = z.strictObject({
  format: z.literal('jpeg'),
  coding: z.enum(['baseline', 'extended', 'progressive', 'lossless', 'arithmetic', 'arithmetic-progressive']),
  components: z
    .array(z.strictObject({ horizontal: z.int().min(1).max(4), vertical: z.int().min(1).max(4) }).readonly())
    .max(255)
    .readonly(),
});
export type JpegDetail = Readonly<z.infer<typeof jpegDetailSchema>>;
/** `lossless` stands for hierarchical files too; `arithmetic` is the sequential kind. */
export type JpegCoding = JpegDetail['coding'];
type JpegComponent = JpegDetail['components'][number];

/** Marker codes, T.81 table B.1. */
const SOF0 = 0xc0;
const SOF15 = 0xcf;
const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP14 = 0xee;
const TEM = 0x01;

interface Frame {
  readonly coding: JpegCoding;
  readonly precision: number;
  readonly height: number;
  readonly width: number;
  readonly components: readonly (JpegComponent & { readonly id: number })[];
}

/**
 * Facts of a JPEG file: walks the segments until the first scan, and looks for the end of the picture in the file's last 64 KiB.
 * @throws image_undecodable
 */
export function readJpeg(bytes: Uint8Array): HeaderFacts<JpegDetail> {
  let frame: Frame | undefined;
  let orientation: Orientation = 1;
  let hasOrientation = false;
  let hasJfif = false;
  let adobeTransform: number | undefined;
  let isMalformed = false;
  for (const segment of segments(bytes)) {
    isMalformed ||= segment.isMisplaced;
    if (segment.marker === SOS) {
      if (frame === undefined) throw undecodable('JPEG', 'a scan stands before the frame header');
      return {
        ...toFacts(frame, orientation, colourModelOf(frame, hasJfif, adobeTransform)),
        ...(hasEndOfImage(bytes, segment.end) ? {} : { isCutOff: true }),
        ...(isMalformed ? { isMalformed } : {}),
      };
    }
    if (isFrameMarker(segment.marker)) {
      if (frame !== undefined) throw undecodable('JPEG', 'it has two frame headers');
      frame = readFrame(segment.marker, segment.body);
    } else if (segment.marker === APP1 && !hasOrientation && isExif(segment.body)) {
      orientation = readExifOrientation(withoutExifPrefix(segment.body));
      hasOrientation = true;
    } else if (segment.marker === APP0 && isJfif(segment.body)) {
      hasJfif = true;
    } else if (segment.marker === APP14 && isAdobe(segment.body)) {
      adobeTransform = segment.body[11];
    }
  }
  throw undecodable('JPEG', frame === undefined ? 'it ends before the frame header' : 'it has a header but no picture data');
}

interface Segment {
  readonly marker: number;
  /** The segment without marker and length; a view. Empty for markers that stand alone. */
  readonly body: Uint8Array;
  /** Offset of the byte behind the segment. */
  readonly end: number;
  /**
   * What stands before it or its own length breaks B.1.1: libjpeg passes over stray bytes, a second SOI and restart markers outside of
   * scans; other readers refuse the file.
   */
  readonly isMisplaced: boolean;
}

/** Segments in order, with fill bytes and stray bytes between them skipped as libjpeg does. */
function* segments(bytes: Uint8Array): Generator<Segment> {
  let offset = 2;
  let isMisplaced = false;
  for (let count = 0; count < BLOCK_COUNT_MAX; count++) {
    const expected = offset;
    offset = nextMarker(bytes, offset);
    const marker = bytes[offset];
    if (marker === undefined || marker === EOI) return;
    isMisplaced ||= !isFill(bytes, expected, offset);
    offset += 1;
    if (marker === TEM || marker === SOI || (marker >= 0xd0 && marker <= 0xd7)) {
      isMisplaced = true;
      continue;
    }
    if (offset + 2 > bytes.length) throw undecodable('JPEG', `it ends within segment ${hex(marker)}`);
    // A length below 2 cannot be; libjpeg takes the two length bytes as the whole segment and reads on.
    const length = Math.max(2, be16(bytes, offset));
    if (offset + length > bytes.length) throw undecodable('JPEG', `segment ${hex(marker)} claims ${length} bytes, ${bytes.length - offset} are left`);
    isMisplaced ||= length !== be16(bytes, offset);
    yield { marker, body: bytes.subarray(offset + 2, offset + length), end: offset + length, isMisplaced };
    isMisplaced = false;
    offset += length;
  }
  throw undecodable('JPEG', `it has more than ${BLOCK_COUNT_MAX} segments`);
}

/** Offset of the next marker code (the byte after `FF`), or the length of the file. */
function nextMarker(bytes: Uint8Array, from: number): number {
  let offset = bytes.indexOf(0xff, from);
  while (offset >= 0) {
    while (bytes[offset] === 0xff) offset += 1;
    if (offset >= bytes.length || bytes[offset] !== 0) return offset;
    offset = bytes.indexOf(0xff, offset);
  }
  return bytes.length;
}

/** Whether nothing but the marker's own FF and fill bytes (T.81 B.1.1.2) lie between `from` and the marker code at `to`. */
function isFill(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0xff) return false;
  return true;
}

function isFrameMarker(marker: number): boolean {
  return marker >= SOF0 && marker <= SOF15 && marker !== DHT && marker !== JPG && marker !== DAC;
}

/** T.81 B.2.2. */
function readFrame(marker: number, body: Uint8Array): Frame {
  const count = body[5] ?? 0;
  if (body.length < 6 || body.length < 6 + count * 3) throw undecodable('JPEG', 'its frame header is cut short');
  const height = be16(body, 1);
  const width = be16(body, 3);
  if (width === 0) throw undecodable('JPEG', 'its width is 0');
  if (height === 0) throw undecodable('JPEG', 'its height is 0 or given only after the picture (DNL), which is not supported');
  if (count === 0 || count > 4) throw undecodable('JPEG', `it has ${count} colour components; 1 to 4 are possible`);
  const components = Array.from({ length: count }, (_, index) => {
    const at = 6 + index * 3;
    const sampling = body[at + 1] ?? 0;
    return { id: body[at] ?? 0, horizontal: sampling >> 4, vertical: sampling & 15 };
  });
  if (components.some(({ horizontal, vertical }) => horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4)) {
    throw undecodable('JPEG', 'a sampling factor is outside 1 to 4');
  }
  return { coding: codingOf(marker), precision: body[0] ?? 0, height, width, components };
}

function codingOf(marker: number): JpegCoding {
  switch (marker) {
    case 0xc0:
      return 'baseline';
    case 0xc1:
      return 'extended';
    case 0xc2:
      return 'progressive';
    case 0xc9:
      return 'arithmetic';
    case 0xca:
      return 'arithmetic-progressive';
    default:
      return 'lossless';
  }
}

function toFacts(frame: Frame, orientation: Orientation, colourModel: ColourModel): HeaderFacts<JpegDetail> {
  return {
    storedWidth: frame.width,
    storedHeight: frame.height,
    orientation,
    hasAlpha: false,
    frames: 1,
    bitDepth: frame.precision,
    colourModel,
    detail: { format: 'jpeg', coding: frame.coding, components: frame.components.map(({ horizontal, vertical }) => ({ horizontal, vertical })) },
  };
}

/** JFIF and Adobe conventions, as libjpeg applies them: JFIF is YCbCr, else Adobe's transform flag decides, then the component ids. */
function colourModelOf(frame: Frame, hasJfif: boolean, adobeTransform: number | undefined): ColourModel {
  if (frame.components.length === 1) return 'gray';
  if (frame.components.length === 4) return (adobeTransform ?? 0) === 0 ? 'cmyk' : 'ycck';
  if (hasJfif) return 'ycbcr';
  if (adobeTransform !== undefined) return adobeTransform === 0 ? 'rgb' : 'ycbcr';
  return String.fromCharCode(...frame.components.map(({ id }) => id)) === 'RGB' ? 'rgb' : 'ycbcr';
}

function isExif(body: Uint8Array): boolean {
  return body.length > 6 && withoutExifPrefix(body) !== body;
}

function isJfif(body: Uint8Array): boolean {
  return String.fromCharCode(...body.subarray(0, 5)) === 'JFIF\0';
}

function isAdobe(body: Uint8Array): boolean {
  return body.length >= 12 && String.fromCharCode(...body.subarray(0, 5)) === 'Adobe';
}

function be16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

function hex(marker: number): string {
  return `FF${marker.toString(16).toUpperCase().padStart(2, '0')}`;
}
