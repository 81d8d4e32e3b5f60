/** Runs a plan whose decoder is the conversion service, and holds its result to what was asked for. */
import { Fault } from '../core/fault.ts';
import { claudeMediaType } from '../core/image/format.ts';
import { type ImageInfo, inspectImage } from '../core/image/info.ts';
import type { Plan } from '../core/vision/plan.ts';
import type { Transcoded } from '../port/codec.ts';
import type { ImageConverter } from '../port/converter.ts';
import { JPEG_QUALITY } from './scanline/transcode.ts';

/** @throws image_undecodable, image_too_large, overloaded */
export async function convertImage(
  converter: ImageConverter,
  bytes: Uint8Array<ArrayBuffer>,
  info: ImageInfo,
  { size, bytesMax }: Plan & { readonly kind: 'transcode' },
): Promise<Transcoded> {
  // Transparent parts stay as they are; a photograph as PNG would weigh several times as much.
  const converted = await converter.convert(bytes, { size, mediaType: info.hasAlpha ? 'image/png' : 'image/jpeg', quality: JPEG_QUALITY, bytesMax });
  const made = inspectImage(converted);
  const mediaType = claudeMediaType(made.mediaType);
  if (mediaType === undefined || made.width !== size.width || made.height !== size.height) {
    throw new Fault(
      'image_undecodable',
      `The image should be ${size.width}x${size.height} px, the conversion made ${made.width}x${made.height} of it. Convert it to JPEG first.`,
    );
  }
  return { bytes: converted, mediaType, peakBytes: converted.length, warnings: [] };
}
