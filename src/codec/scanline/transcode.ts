/**
 * Our own codec: decodes by scanlines straight into a picture of the target size, upright, and
 * encodes from there, inside one WebAssembly memory. No bitmap of the source's size ever exists.
 */
import { Fault } from '../../core/fault.ts';
import type { ImageInfo } from '../../core/image/info.ts';
import { type Size, storedSize } from '../../core/vision/tier.ts';
import { jpegSubsampling } from '../../core/vision/memory/memory.ts';
import type { Transcoded } from '../../port/codec.ts';
import type { IdleMemory } from '../../port/memory.ts';
import { isFlat, measureContent, suitsPng } from './content.ts';
import { encodeRgbaJpeg } from './jpeg-encode.ts';
import { JpegFault, transcodeJpeg } from './jpeg.ts';
import { type ScanlineExports, withInstance } from './instance.ts';
import { encodePng } from './png-encode.ts';
import { decodeRgba, type RgbaFormat } from './rgba-decode.ts';
import type { RgbaFailure, RgbaJob, RgbaOutcome } from './rgba-job.ts';

/** libjpeg's scale. What Claude reads in a picture does not change above it, the bytes do. */
export const JPEG_QUALITY = 85;
/** Lowest quality that is tried to meet a byte limit. */
const JPEG_QUALITY_MIN = 40;

/** Why our codec did not finish a picture. */
export class ScanlineFailure extends Error {
  override readonly name = 'ScanlineFailure';
  readonly reason: RgbaFailure | 'trap';

  constructor(reason: RgbaFailure | 'trap', cause?: unknown) {
    super(`scanline codec: ${reason}`, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }

  /** Whether the decoder itself is at fault, so that another one may do better. Bounds of work and memory are no defects: they are final. */
  get isDefect(): boolean {
    return this.reason === 'trap' || this.reason === 'unsupported';
  }

  toFault(info: ImageInfo): Fault {
    return toFault(info, this.reason, this);
  }
}

/**
 * Brings a file to `size` (upright). @throws ScanlineFailure, image_too_large
 */
export function transcodeScanline(
  module: WebAssembly.Module,
  bytes: Uint8Array<ArrayBuffer>,
  info: ImageInfo,
  size: Size,
  bytesMax: number,
  memory?: IdleMemory,
): Transcoded {
  return withInstance(module, (exports) => transcodeOn(exports, bytes, info, size, bytesMax), memory);
}

/**
 * The same on an instance that the caller owns. Whatever the job before did, this one begins with a reset. Any error but
 * a refusal by name is a trap: of the decoders and of the encoders behind them. @throws ScanlineFailure, image_too_large
 */
export function transcodeOn(exports: ScanlineExports, bytes: Uint8Array<ArrayBuffer>, info: ImageInfo, size: Size, bytesMax: number): Transcoded {
  const target = storedSize(size, info.orientation);
  try {
    const { format } = info;
    if (format === 'jpeg') return fromJpeg(exports, bytes, info, target, bytesMax);
    const job: RgbaJob = { targetWidth: target.width, targetHeight: target.height, orientation: info.orientation };
    return fromRgba(exports, decodeToTarget(exports, bytes, format, job), info, bytesMax);
  } catch (error) {
    if (error instanceof ScanlineFailure || error instanceof Fault) throw error;
    throw new ScanlineFailure(error instanceof JpegFault ? error.code : 'trap', error);
  }
}

/** JPEG stays YCbCr from end to end. */
function fromJpeg(exports: ScanlineExports, bytes: Uint8Array<ArrayBuffer>, info: ImageInfo, target: Size, bytesMax: number): Transcoded {
  const result = transcodeJpeg(exports, bytes, {
    ...target,
    orientation: info.orientation,
    quality: JPEG_QUALITY,
    subsampling: jpegSubsampling(info),
    bytesMax,
    qualityMin: JPEG_QUALITY_MIN,
  });
  return {
    bytes: result.bytes as Uint8Array<ArrayBuffer>,
    mediaType: 'image/jpeg',
    peakBytes: result.peakBytes,
    warnings: damageWarnings(result.warnings),
  };
}

function decodeToTarget(
  exports: ScanlineExports,
  bytes: Uint8Array<ArrayBuffer>,
  format: RgbaFormat,
  job: RgbaJob,
): RgbaOutcome & { readonly kind: 'decoded' } {
  const outcome = decodeRgba(exports, bytes, format, job);
  if (outcome.kind === 'failed') throw new ScanlineFailure(outcome.reason);
  return outcome;
}

/**
 * Drawings and text become PNG, where alpha stays as it is; everything else JPEG, on white where it was transparent. What was
 * coded with loss has nothing exact left to keep: an opaque lossy WebP becomes JPEG, as a JPEG does.
 */
function fromRgba(exports: ScanlineExports, decoded: RgbaOutcome & { readonly kind: 'decoded' }, info: ImageInfo, bytesMax: number): Transcoded {
  const warnings = [...damageWarnings(decoded.warnings)];
  const bitmap = { address: exports.rgbaTarget(), width: decoded.width, height: decoded.height };
  const content = measureContent(exports, bitmap);
  const isLossy = info.detail.format === 'webp' && info.detail.coding === 'lossy' && !decoded.hasAlpha;
  if (!isLossy && suitsPng(content)) {
    const bytes = encodePng(exports, bitmap, { bytesMax, isFlat: isFlat(content) });
    if (bytes !== undefined) return { bytes, mediaType: 'image/png', peakBytes: exports.peak(), warnings };
  }
  if (decoded.hasAlpha && flattenOnWhite(new Uint8Array(exports.memory.buffer, bitmap.address, decoded.rgba.length))) {
    warnings.push({ code: 'alpha_flattened', message: 'The picture has transparent parts; it was laid on white and sent as JPEG.' });
  }
  const subsampling = jpegSubsampling(info);
  const bytes = encodeRgbaJpeg(exports, bitmap, { quality: JPEG_QUALITY, qualityMin: JPEG_QUALITY_MIN, subsampling, bytesMax });
  if (bytes === undefined)
    throw new Fault('image_too_large', `Even at quality ${JPEG_QUALITY_MIN} the resized ${info.format} picture passes ${bytesMax} bytes.`);
  return { bytes, mediaType: 'image/jpeg', peakBytes: exports.peak(), warnings };
}

/** In place. Gives whether anything was transparent. */
function flattenOnWhite(rgba: Uint8Array): boolean {
  let hasTransparency = false;
  for (let at = 3; at < rgba.length; at += 4) {
    const alpha = rgba[at] ?? 255;
    if (alpha === 255) continue;
    hasTransparency = true;
    for (let channel = at - 3; channel < at; channel++) rgba[channel] = Math.round(((rgba[channel] ?? 0) * alpha) / 255 + 255 - alpha);
    rgba[at] = 255;
  }
  return hasTransparency;
}

function damageWarnings(count: number): Transcoded['warnings'] {
  return count === 0 ? [] : [{ code: 'damaged_file', message: 'The file has some damage; a small part of the picture may be missing.' }];
}

function toFault(info: ImageInfo, reason: ScanlineFailure['reason'], cause: ScanlineFailure): Fault {
  switch (reason) {
    case 'truncated':
      return new Fault('image_undecodable', `The ${info.format} file ends before its picture does: ${info.bytes} bytes are there. Upload it again, whole.`, {
        cause,
      });
    case 'unsupported':
      return new Fault(
        'image_undecodable',
        `The ${info.format} file uses a rare form of coding that is not read. Save it again as an ordinary ${info.format}.`,
        { cause },
      );
    case 'out_of_memory':
    case 'work_bound':
      return new Fault(
        'image_too_large',
        `The ${info.width}x${info.height} px ${info.format} takes more memory or work than a Worker has. Send it smaller, or saved plainly (not progressive or interlaced).`,
        { cause },
      );
    case 'undecodable':
    case 'trap':
      return new Fault('image_undecodable', `The ${info.format} file is damaged. Check that it opens elsewhere, or save it again.`, { cause });
  }
}
