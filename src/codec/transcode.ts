/** Runs a transcode plan: decode, resize, turn upright, encode. Pure compute; the memory plan has been judged before. */
import { Fault } from '../core/fault.ts';
import { type ImageInfo, swapsAxes } from '../core/image/info.ts';
import { IMAGE_BYTES_MAX } from '../core/vision/limit.ts';
import type { Codec, Transcoded } from '../port.ts';
import { type Bitmap, flatness, flattenOnWhite, isOpaque, orient } from './bitmap.ts';
import { decodeEmscripten, encodeJpeg } from './jsquash/emscripten.ts';
import { decodePng, encodePng } from './jsquash/png.ts';
import { resize } from './jsquash/resize.ts';
import type { CodecModules } from './modules.ts';
import { type PeakCounter, peakCounter } from './peak.ts';

/** Tried in this order until the file fits the API's byte limit. The first nearly always does. */
const JPEG_QUALITIES = [85, 75, 60, 40] as const;

/** From this share of equal neighbours on, a picture is a drawing, and PNG keeps its edges and text exactly. */
const FLAT_FROM = 0.3;

/** A codec over compiled modules. */
export function createCodec(modules: CodecModules): Codec {
  return {
    async transcode(bytes, info, plan) {
      const peak = peakCounter();
      const decoded = await decode(modules, bytes, info, peak);
      const stored = swapsAxes(info.orientation) ? { width: plan.size.height, height: plan.size.width } : plan.size;
      const isSame = decoded.width === stored.width && decoded.height === stored.height;
      const upright = orient(isSame ? decoded : resize(modules.resize, decoded, stored, peak), info.orientation);
      const encoded = await encode(modules, upright, info, peak);
      return { ...encoded, peakBytes: peak.peakBytes };
    },
  };
}

async function decode(modules: CodecModules, bytes: Uint8Array<ArrayBuffer>, info: ImageInfo, peak: PeakCounter): Promise<Bitmap> {
  const bitmap = await decodeStored(modules, bytes, info, peak);
  if (bitmap.width !== info.storedWidth || bitmap.height !== info.storedHeight) {
    throw new Fault(
      'image_undecodable',
      `The header says ${info.storedWidth}x${info.storedHeight}, the picture is ${bitmap.width}x${bitmap.height}. Save the file again.`,
    );
  }
  return bitmap;
}

async function decodeStored(modules: CodecModules, bytes: Uint8Array<ArrayBuffer>, info: ImageInfo, peak: PeakCounter): Promise<Bitmap> {
  switch (info.format) {
    case 'jpeg':
      return decodeEmscripten('jpeg', modules.jpegDecode, bytes, peak);
    case 'webp':
      return decodeEmscripten('webp', modules.webpDecode, bytes, peak);
    case 'png':
      return decodePng(modules.png, bytes, peak);
    case 'gif':
      throw new Fault('image_undecodable', 'GIF files are not decoded here.');
  }
}

/** Flat graphics become PNG where that fits, everything else JPEG, on white where it was transparent. */
async function encode(modules: CodecModules, bitmap: Bitmap, info: ImageInfo, peak: PeakCounter): Promise<Omit<Transcoded, 'peakBytes'>> {
  if (info.format !== 'jpeg' && flatness(bitmap) >= FLAT_FROM) {
    const bytes = encodePng(modules.png, bitmap, peak);
    if (bytes.length <= IMAGE_BYTES_MAX) return { bytes, mediaType: 'image/png', warnings: [] };
  }
  const warnings = [];
  if (info.hasAlpha && !isOpaque(bitmap)) {
    flattenOnWhite(bitmap);
    warnings.push({ code: 'alpha_flattened', message: 'The picture has transparent parts; it was laid on white and sent as JPEG.' });
  }
  for (const quality of JPEG_QUALITIES) {
    const bytes = await encodeJpeg(modules.jpegEncode, bitmap, quality, peak);
    if (bytes.length <= IMAGE_BYTES_MAX) return { bytes, mediaType: 'image/jpeg', warnings };
  }
  throw new Fault('image_too_large', `Even at quality ${JPEG_QUALITIES.at(-1)} the resized picture passes ${IMAGE_BYTES_MAX} bytes.`);
}
