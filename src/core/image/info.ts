/**
 * Image facts: what the bytes of a file say about the picture, read from its header alone. No pixel is
 * decoded and nothing is allocated in proportion to the size that a header claims.
 */
import { Fault } from '../fault.ts';
import { readGif } from './gif.ts';
import { readJpeg } from './jpeg.ts';
import { SIDE_MAX_PX } from './limit.ts';
import { type ImageFormat, type ImageMediaType, recogniseFile } from './media-type.ts';
import { readPng } from './png.ts';
import { readWebp } from './webp.ts';

/** EXIF orientation, tag 0x0112: how the stored rows are to be turned to stand upright (1: as they are). */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export type ColourModel = 'gray' | 'rgb' | 'palette' | 'ycbcr' | 'cmyk' | 'ycck';

/** One component of a JPEG frame with its sampling factors (ITU-T T.81 B.2.2). */
export interface JpegComponent {
  readonly horizontal: number;
  readonly vertical: number;
}

/** What only one format has, and what decides whether and how it can be decoded. */
export type FormatDetail =
  | { readonly format: 'jpeg'; readonly coding: JpegCoding; readonly components: readonly JpegComponent[] }
  | { readonly format: 'png'; readonly isInterlaced: boolean; readonly channels: number }
  | { readonly format: 'gif'; readonly isInterlaced: boolean }
  | { readonly format: 'webp'; readonly coding: 'lossy' | 'lossless' };

export type JpegCoding = 'baseline' | 'extended' | 'progressive' | 'lossless' | 'arithmetic';

/** What a header reader gives; sizes are those of the stored rows, before orientation. */
export interface HeaderFacts {
  readonly storedWidth: number;
  readonly storedHeight: number;
  readonly orientation: Orientation;
  readonly hasAlpha: boolean;
  /** Pictures in an animation; 1 for a still one. Claude sees only the first. */
  readonly frames: number;
  /** Bits a sample. */
  readonly bitDepth: number;
  readonly colourModel: ColourModel;
  readonly detail: FormatDetail;
}

export interface ImageInfo extends HeaderFacts {
  readonly format: ImageFormat;
  readonly mediaType: ImageMediaType;
  /** Upright size in pixels: after the orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** Size of the file in bytes. */
  readonly bytes: number;
}

/**
 * Reads the facts of a JPEG, PNG, GIF or WebP file. The whole file may be given; work is linear in its
 * length and ends at the first pixel data where the format allows.
 *
 * @throws unsupported_media_type (another kind of file, named, with the remedy), image_undecodable
 *   (empty, truncated, lying or broken header).
 */
export function inspectImage(bytes: Uint8Array): ImageInfo {
  if (bytes.length === 0) throw new Fault('image_undecodable', 'The image is empty (0 bytes). Send the bytes of a JPEG, PNG, GIF or WebP file.');
  const recognised = recogniseFile(bytes);
  if (recognised === undefined) {
    throw new Fault('unsupported_media_type', 'The bytes are not those of a JPEG, PNG, GIF or WebP file. Send one of these four formats.');
  }
  if (recognised.kind === 'foreign') {
    throw new Fault('unsupported_media_type', `This is a ${recognised.file.name} file; JPEG, PNG, GIF and WebP are supported. ${recognised.file.remedy}`);
  }
  const facts = readHeader(recognised.format, bytes);
  if (facts.storedWidth > SIDE_MAX_PX || facts.storedHeight > SIDE_MAX_PX) {
    throw new Fault(
      'image_too_large',
      `The image is ${facts.storedWidth}x${facts.storedHeight} px; the longest side may be ${SIDE_MAX_PX} px. Send a smaller image.`,
    );
  }
  const swaps = swapsAxes(facts.orientation);
  return {
    ...facts,
    format: recognised.format,
    mediaType: `image/${recognised.format}`,
    width: swaps ? facts.storedHeight : facts.storedWidth,
    height: swaps ? facts.storedWidth : facts.storedHeight,
    bytes: bytes.length,
  };
}

/** Whether an orientation exchanges width and height (5 to 8 do). */
export function swapsAxes(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** A header fault in one form: what is wrong, and what to do. */
export function undecodable(format: string, reason: string): Fault {
  return new Fault('image_undecodable', `The ${format} file cannot be read: ${reason}. Check that it is complete and opens elsewhere, or save it again.`);
}

function readHeader(format: ImageFormat, bytes: Uint8Array): HeaderFacts {
  switch (format) {
    case 'jpeg':
      return readJpeg(bytes);
    case 'png':
      return readPng(bytes);
    case 'gif':
      return readGif(bytes);
    case 'webp':
      return readWebp(bytes);
  }
}
