/** A file into the module's target bitmap, by the decoder of its format. JPEG has a way of its own: it never becomes a bitmap. */
import type { ReadableFormat } from '../../core/image/format.ts';
import { decodeGifToTarget } from './gif.ts';
import type { ScanlineExports } from './instance.ts';
import { decodePngToTarget } from './png.ts';
import type { RgbaJob, RgbaOutcome } from './rgba-job.ts';
import { decodeWebpToTarget } from './webp-target.ts';

export type RgbaFormat = Exclude<ReadableFormat, 'jpeg'>;

/** One decoder a format; a format without one does not compile. */
const DECODERS: Readonly<Record<RgbaFormat, (exports: ScanlineExports, bytes: Uint8Array, job: RgbaJob) => RgbaOutcome>> = {
  png: decodePngToTarget,
  gif: decodeGifToTarget,
  webp: decodeWebpToTarget,
};

/** Decodes, resizes and turns upright; what the bytes say ends in an outcome, never in an error. */
export function decodeRgba(exports: ScanlineExports, bytes: Uint8Array, format: RgbaFormat, job: RgbaJob): RgbaOutcome {
  return DECODERS[format](exports, bytes, job);
}
