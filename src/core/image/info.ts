/**
 * Image facts: what the bytes of a file say about the picture, read from its header alone. No pixel is
 * decoded and nothing is allocated in proportion to the size that a header claims.
 */
import { Fault } from '../fault.ts';
import { type HeaderFacts, swapsAxes } from './facts.ts';
import { readGif } from './gif.ts';
import { readJpeg } from './jpeg.ts';
import { SIDE_MAX_PX } from './limit.ts';
import { type ImageFormat, type ImageMediaType, recogniseFile } from './media-type.ts';
import { readPng } from './png.ts';
import { readWebp } from './webp.ts';

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
