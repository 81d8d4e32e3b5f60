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

/**
 * Chroma of a JPEG made from this file: as it came. A source with full chroma is a graphic or was saved with care; halving
 * it would blur coloured text and edges.
 */
export function jpegSubsampling(info: ImageInfo): '4:2:0' | '4:4:4' {
  if (info.detail.format !== 'jpeg' || info.detail.components.length < 3) return info.detail.format === 'jpeg' ? '4:2:0' : '4:4:4';
  const [luma] = info.detail.components;
  const isFull = info.detail.components.every(({ horizontal, vertical }) => horizontal === luma?.horizontal && vertical === luma.vertical);
  return isFull ? '4:4:4' : '4:2:0';
}

function scanlinePeakBytes(info: ImageInfo, target: Size): number | undefined {
  switch (info.detail.format) {
    case 'jpeg':
      if (info.bitDepth !== 8 || info.detail.coding === 'arithmetic' || info.detail.coding === 'lossless') return undefined;
      return predictJpegPeakBytes(
        { width: info.storedWidth, height: info.storedHeight, isProgressive: info.detail.coding === 'progressive', isYcbcr: info.colourModel === 'ycbcr', samplings: info.detail.components },
        { ...storedSize(target, info.orientation), orientation: info.orientation, output: `jpeg-${jpegSubsampling(info)}` },
      );
    case 'png':
    case 'gif':
    case 'webp':
      return CODEC_MEMORY_BYTES_MAX;
  }
}
