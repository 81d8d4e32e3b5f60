/**
 * Image facts: what the bytes of a file say about the picture, read from its header alone. No pixel is
 * decoded and nothing is allocated in proportion to the size that a header claims.
 */
import { Fault } from '../fault.ts';
import { type HeaderFacts, swapsAxes } from './facts.ts';
import { withArticle } from './foreign.ts';
import { type FormatDetail, formatNames, formatRow, type ReadableFormat, type ReadableMediaType } from './format.ts';
import { SIDE_MAX_PX } from './limit.ts';
import { recogniseFile } from './media-type.ts';

export interface ImageInfo extends HeaderFacts<FormatDetail> {
  readonly format: ReadableFormat;
  readonly mediaType: ReadableMediaType;
  /** Upright size in pixels: after the orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** Size of the file in bytes. */
  readonly bytes: number;
}

/**
 * Reads the facts of a file in one of our formats. The whole file may be given; work is linear in its
 * length and ends at the first pixel data where the format allows.
 *
 * @throws unsupported_media_type (another kind of file, named, with the remedy), image_undecodable
 *   (empty, truncated, lying or broken header).
 */
export function inspectImage(bytes: Uint8Array): ImageInfo {
  if (bytes.length === 0) throw new Fault('image_undecodable', `The image is empty (0 bytes). Send the bytes of a ${formatNames('or')} file.`);
  const recognised = recogniseFile(bytes);
  if (recognised === undefined) {
    throw new Fault('unsupported_media_type', `The bytes are not those of a ${formatNames('or')} file. Send one of these formats.`);
  }
  if (recognised.kind === 'foreign') {
    throw new Fault(
      'unsupported_media_type',
      `This is ${withArticle(recognised.file.name)} file; ${formatNames('and')} are supported. ${recognised.file.remedy}`,
    );
  }
  const row = formatRow(recognised.format);
  const facts = row.inspect(bytes);
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
    mediaType: row.mediaType,
    width: swaps ? facts.storedHeight : facts.storedWidth,
    height: swaps ? facts.storedWidth : facts.storedHeight,
    bytes: bytes.length,
  };
}
