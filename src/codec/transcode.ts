/** Runs a transcode plan. Pure compute over compiled modules; the plan has chosen the decoder and judged the memory. */
import { IMAGE_BYTES_MAX } from '../core/vision/limit.ts';
import type { Codec } from '../port.ts';
import { transcodeJsquash } from './jsquash/transcode.ts';
import type { CodecModules } from './modules.ts';
import { transcodeScanline } from './scanline/transcode.ts';

export function createCodec(modules: CodecModules): Codec {
  return {
    async transcode(bytes, info, plan) {
      switch (plan.decoder) {
        case 'scanline':
          return transcodeScanline(modules.scanline, bytes, info, plan.size, IMAGE_BYTES_MAX);
        case 'jsquash':
          return transcodeJsquash(modules, bytes, info, plan.size, IMAGE_BYTES_MAX);
      }
    },
  };
}
