/** Runs a transcode plan. Pure compute over compiled modules; the plan has chosen the decoder and judged the memory. */
import { TRANSCODE_BYTES_MAX } from '../core/vision/limit.ts';
import { jsquashPeakBytes } from '../core/vision/memory/jsquash.ts';
import type { Codec } from '../port/codec.ts';
import { transcodeJsquash } from './jsquash/transcode.ts';
import type { CodecModules } from './modules.ts';
import { grayThumbnail } from './scanline/thumbnail.ts';
import { ScanlineFailure, transcodeScanline } from './scanline/transcode.ts';

export function createCodec(modules: CodecModules): Codec {
  return {
    thumbnail(bytes, info, sidePx) {
      try {
        return grayThumbnail(modules.scanline, bytes, info, sidePx);
      } catch {
        // Whatever is wrong with it, the transcoding finds and names.
        return undefined;
      }
    },

    async transcode(bytes, info, plan) {
      if (plan.decoder === 'jsquash') return transcodeJsquash(modules, bytes, info, plan.size, plan.bytesMax);
      try {
        return transcodeScanline(modules.scanline, bytes, info, plan.size, plan.bytesMax);
      } catch (error) {
        if (!(error instanceof ScanlineFailure)) throw error;
        // Ours gave up for a reason of its own, not of the picture: another decoder may still read it.
        const peakBytes = error.isOurs ? jsquashPeakBytes(info, plan.size) : undefined;
        if (peakBytes === undefined || peakBytes > TRANSCODE_BYTES_MAX) throw error.toFault(info);
        return transcodeJsquash(modules, bytes, info, plan.size, plan.bytesMax);
      }
    },
  };
}
