/** Which decoder a picture goes through, and what it will hold at its worst moment: decided from the header. */
import type { ImageInfo } from '../../image/info.ts';
import { type Size, storedSize } from '../tier.ts';
import { TRANSCODE_BYTES_MAX } from '../limit.ts';
import { CODEC_MEMORY_BYTES_MAX, predictJpegPeakBytes } from './jpeg.ts';
import { jsquashPeakBytes } from './jsquash.ts';

export interface MemoryPlan {
  readonly decoder: 'scanline' | 'jsquash';
  readonly peakBytes: number;
}

/** Our own codec where it reads the file within its fixed memory, else jSquash where that fits the budget. */
export function planMemory(info: ImageInfo, target: Size): MemoryPlan | undefined {
  const scanline = scanlinePeakBytes(info, target);
  if (scanline !== undefined) return { decoder: 'scanline', peakBytes: scanline };
  const jsquash = jsquashPeakBytes(info, target);
  return jsquash === undefined || jsquash > TRANSCODE_BYTES_MAX ? undefined : { decoder: 'jsquash', peakBytes: jsquash };
}

function scanlinePeakBytes(info: ImageInfo, target: Size): number | undefined {
  switch (info.detail.format) {
    case 'jpeg':
      if (info.bitDepth !== 8 || info.detail.coding === 'arithmetic' || info.detail.coding === 'lossless') return undefined;
      return predictJpegPeakBytes(
        { width: info.storedWidth, height: info.storedHeight, isProgressive: info.detail.coding === 'progressive', isYcbcr: info.colourModel === 'ycbcr', samplings: info.detail.components },
        { ...storedSize(target, info.orientation), orientation: info.orientation, output: 'jpeg-4:2:0' },
      );
    case 'png':
    case 'gif':
    case 'webp':
      return CODEC_MEMORY_BYTES_MAX;
  }
}
