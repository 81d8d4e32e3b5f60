/** Runs a transcode plan. Pure compute over compiled modules; the plan has chosen the decoder and judged the memory. */
import type { Codec } from '../port/codec.ts';
import type { IdleMemory } from '../port/memory.ts';
import { transcodeJsquash } from './jsquash/transcode.ts';
import type { CodecModules } from './modules.ts';
import { grayThumbnail } from './scanline/thumbnail.ts';
import { ScanlineFailure, transcodeScanline } from './scanline/transcode.ts';

/** `memory`: is told what stays allocated between pictures, and takes it back when the isolate needs the room. */
export function createCodec(modules: CodecModules, memory?: IdleMemory): Codec {
  return {
    thumbnail(bytes, info, sidePx) {
      try {
        return grayThumbnail(modules.scanline, bytes, info, sidePx, memory);
      } catch {
        // Whatever is wrong with it, the transcoding finds and names.
        return undefined;
      }
    },

    async transcode(bytes, info, plan, reservation) {
      if (plan.decoder === 'jsquash') return transcodeJsquash(modules, bytes, info, plan.size, plan.bytesMax);
      try {
        return transcodeScanline(modules.scanline, bytes, info, plan.size, plan.bytesMax, memory);
      } catch (error) {
        if (!(error instanceof ScanlineFailure)) throw error;
        // A bound is final, and so is damage: only a defect of our own decoder leaves the picture to another one.
        if (!error.isDefect || plan.standbyPeakBytes === undefined || reservation === undefined) throw error.toFault(info);
        reservation.grow(Math.max(0, plan.standbyPeakBytes - plan.peakBytes));
        return transcodeJsquash(modules, bytes, info, plan.size, plan.bytesMax);
      }
    },
  };
}
