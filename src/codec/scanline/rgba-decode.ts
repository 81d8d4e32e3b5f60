/** A PNG, GIF or WebP into the module's target bitmap, by whichever decoder reads it. */
import type { ImageInfo } from '../../core/image/info.ts';
import { decodeGifToTarget } from './gif.ts';
import type { ScanlineExports } from './instance.ts';
import { decodePngToTarget } from './png.ts';
import type { RgbaJob, RgbaOutcome } from './rgba-job.ts';
import { decodeWebpToTarget } from './webp-target.ts';

export function decodeRgba(exports: ScanlineExports, bytes: Uint8Array, info: ImageInfo, job: RgbaJob): RgbaOutcome {
  if (info.format === 'png') return decodePngToTarget(exports, bytes, job);
  return info.format === 'gif' ? decodeGifToTarget(exports, bytes, job) : decodeWebpToTarget(exports, bytes, job);
}
