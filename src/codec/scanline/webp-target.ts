/** WebP into the module's target bitmap, resized and upright: the shape that PNG and GIF have. */
import type { ScanlineExports } from './instance.ts';
import type { RgbaJob, RgbaOutcome } from './rgba-job.ts';
import { decodeWebp, WebpDecodeError, type WebpHeader } from './webp.ts';

const KEEP_ALPHA = -1;

/** Rows go from the decoder to the resampler inside the module; this only turns the crank. */
export function decodeWebpToTarget(exports: ScanlineExports, bytes: Uint8Array, job: RgbaJob): RgbaOutcome {
  const open = (header: WebpHeader) => {
    const status = exports.webpTargetBegin(job.targetWidth, job.targetHeight, job.orientation, job.background ?? KEEP_ALPHA, header.hasAlpha ? 1 : 0);
    if (status < 0) throw new WebpDecodeError('out_of_memory', 'the target does not fit in memory');
  };
  try {
    const decoded = decodeWebp(exports, bytes, () => exports.webpTargetRows(), { onHeader: open });
    const height = exports.rgbaTargetHeight();
    return {
      kind: 'decoded',
      width: exports.rgbaTargetWidth(),
      height,
      hasAlpha: decoded.hasAlpha && job.background === undefined,
      warnings: decoded.warnings,
      peakBytes: exports.peak(),
      rgba: new Uint8Array(exports.memory.buffer, exports.rgbaTarget(), height * exports.rgbaTargetStride()),
    };
  } catch (error) {
    if (error instanceof WebpDecodeError) return { kind: 'failed', reason: error.code };
    throw error;
  }
}
