/** jSquash, the second decoder, for what the plan leaves to it: full bitmaps, so only within a tight memory plan. */
import { Fault } from '../../core/fault.ts';
import type { ImageInfo } from '../../core/image/info.ts';
import { countJpegScans, JPEG_SCANS_MAX } from '../../core/image/jpeg-scan.ts';
import { type Size, storedSize } from '../../core/vision/tier.ts';
import type { Transcoded } from '../../port/codec.ts';
import { flattenOnWhite, isOpaque, orient } from '../bitmap.ts';
import type { CodecModules } from '../modules.ts';
import { peakCounter } from '../peak.ts';
import { decodeJpeg, encodeJpeg } from './emscripten.ts';
import { resize } from './resize.ts';

/** Tried in this order until the file fits. */
const JPEG_QUALITIES = [85, 75, 60, 40] as const;

/** JPEG → JPEG of the upright `size`. @throws image_undecodable, image_too_large */
export async function transcodeJsquash(
  modules: CodecModules,
  bytes: Uint8Array<ArrayBuffer>,
  info: ImageInfo,
  size: Size,
  bytesMax: number,
): Promise<Transcoded> {
  if (info.format !== 'jpeg') throw new Fault('image_undecodable', `This kind of ${info.format} file is not read. Save it again.`);
  // The decoder has no bound of its own: 2,000 empty scans took it seconds.
  if (countJpegScans(bytes) > JPEG_SCANS_MAX) {
    throw new Fault('image_too_large', `The JPEG has more than ${JPEG_SCANS_MAX} scans; encoders write some ten. Save it again, not progressive.`);
  }
  const peak = peakCounter();
  const decoded = await decodeJpeg(modules.jpegDecode, bytes, peak);
  if (decoded.width !== info.storedWidth || decoded.height !== info.storedHeight) {
    throw new Fault(
      'image_undecodable',
      `The header says ${info.storedWidth}x${info.storedHeight}, the picture is ${decoded.width}x${decoded.height}. Save the file again.`,
    );
  }
  const target = storedSize(size, info.orientation);
  const isSame = decoded.width === target.width && decoded.height === target.height;
  const upright = orient(isSame ? decoded : resize(modules.resize, decoded, target, peak), info.orientation);
  const warnings = [];
  if (!isOpaque(upright)) {
    flattenOnWhite(upright);
    warnings.push({ code: 'alpha_flattened', message: 'The picture has transparent parts; it was laid on white and sent as JPEG.' });
  }
  for (const quality of JPEG_QUALITIES) {
    const encoded = await encodeJpeg(modules.jpegEncode, upright, quality, peak);
    if (encoded.length <= bytesMax) return { bytes: encoded, mediaType: 'image/jpeg', peakBytes: peak.peakBytes, warnings };
  }
  throw new Fault('image_too_large', `Even at quality ${JPEG_QUALITIES.at(-1)} the resized picture passes ${bytesMax} bytes.`);
}
