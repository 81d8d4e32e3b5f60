/** Which decoder a picture goes through, and what it will hold at its worst moment: decided from the header. */
import type { FormatDetail } from '../../image/facts.ts';
import type { ImageInfo } from '../../image/info.ts';
import { type Size, storedSize } from '../tier.ts';
import { TRANSCODE_BYTES_MAX } from '../limit.ts';
import { predictGifDecodeBytes } from './gif.ts';
import { predictJpegPeakBytes, predictRgbaJpegBytes } from './jpeg.ts';
import { jsquashPeakBytes } from './jsquash.ts';
import { predictPngDecodeBytes, predictPngEncodeBytes } from './png.ts';
import { predictRgbaBytes } from './rgba.ts';
import { CODEC_MEMORY_BYTES_MAX, RASTER_PIXELS_MAX } from './static.ts';
import { webpPeakBytes } from './webp.ts';

export interface MemoryPlan {
  readonly decoder: 'scanline' | 'jsquash';
  readonly peakBytes: number;
  /** Peak of jSquash on the same picture, where it could stand in for a defect of our own decoder. */
  readonly standbyPeakBytes?: number;
}

/** Our own codec where it reads the file within its fixed memory, else jSquash where that fits the budget. */
export function planMemory(info: ImageInfo, target: Size): MemoryPlan | undefined {
  const scanline = scanlinePeakBytes(info, target);
  const jsquash = withinBudget(jsquashPeakBytes(info, target));
  if (scanline !== undefined) return { decoder: 'scanline', peakBytes: scanline, ...(jsquash === undefined ? {} : { standbyPeakBytes: jsquash }) };
  return jsquash === undefined ? undefined : { decoder: 'jsquash', peakBytes: jsquash };
}

function withinBudget(bytes: number | undefined): number | undefined {
  return bytes !== undefined && bytes <= TRANSCODE_BYTES_MAX ? bytes : undefined;
}

/**
 * Chroma of a JPEG made from this file: as it came, and lossy WebP has it halved. A source with full chroma is a graphic or was
 * saved with care; halving it would blur coloured text and edges.
 */
export function jpegSubsampling(info: ImageInfo): '4:2:0' | '4:4:4' {
  if (info.detail.format === 'webp') return info.detail.coding === 'lossy' ? '4:2:0' : '4:4:4';
  if (info.detail.format !== 'jpeg' || info.detail.components.length < 3) return info.detail.format === 'jpeg' ? '4:2:0' : '4:4:4';
  const [luma] = info.detail.components;
  const isFull = info.detail.components.every(({ horizontal, vertical }) => horizontal === luma?.horizontal && vertical === luma.vertical);
  return isFull ? '4:4:4' : '4:2:0';
}

/**
 * Peak of our own codec, or `undefined` when it does not read the file or does not have the room. `output`: the format
 * that comes out, where it is known; else the larger of both is assumed, since the pixels decide.
 */
export function scanlinePeakBytes(info: ImageInfo, target: Size, output?: 'jpeg' | 'png'): number | undefined {
  switch (info.detail.format) {
    case 'jpeg':
      if (info.bitDepth !== 8 || info.detail.coding === 'arithmetic' || info.detail.coding === 'lossless') return undefined;
      return predictJpegPeakBytes(
        {
          width: info.storedWidth,
          height: info.storedHeight,
          isProgressive: info.detail.coding === 'progressive',
          isYcbcr: info.colourModel === 'ycbcr',
          samplings: info.detail.components,
        },
        { ...storedSize(target, info.orientation), orientation: info.orientation, output: `jpeg-${jpegSubsampling(info)}` },
      );
    case 'png':
    case 'gif':
    case 'webp': {
      if (info.format !== 'webp' && info.storedWidth * info.storedHeight > RASTER_PIXELS_MAX) return undefined;
      const decode = rgbaDecodeBytes(info, info.detail, storedSize(target, info.orientation));
      const encode = { jpeg: predictRgbaJpegBytes(target.width, jpegSubsampling(info)), png: predictPngEncodeBytes(target) };
      const peakBytes = decode + (output === undefined ? Math.max(encode.jpeg, encode.png) : encode[output]);
      return peakBytes <= CODEC_MEMORY_BYTES_MAX ? peakBytes : undefined;
    }
  }
}

type RgbaDetail = Exclude<FormatDetail, { readonly format: 'jpeg' }>;

/** Peak while a picture is decoded into its target bitmap. `target` in stored axes. */
function rgbaDecodeBytes(info: ImageInfo, detail: RgbaDetail, target: Size): number {
  const { storedWidth: width, storedHeight: height } = info;
  switch (detail.format) {
    case 'png': {
      const colourType = pngColourType(info, detail.channels);
      return predictPngDecodeBytes(
        { width, height, bitDepth: info.bitDepth, colourType, hasTransparency: info.hasAlpha && colourType <= 3, isInterlaced: detail.isInterlaced },
        target,
      );
    }
    case 'gif':
      return predictGifDecodeBytes({ width, height, isInterlaced: detail.isInterlaced }, target);
    case 'webp': {
      const decoder = webpPeakBytes({
        frameWidth: width,
        frameHeight: height,
        canvasWidth: width,
        compression: detail.coding,
        hasAlphaChunk: detail.coding === 'lossy' && info.hasAlpha,
        isPlanar: false,
      });
      return (
        decoder +
        predictRgbaBytes({
          width,
          height,
          targetWidth: target.width,
          targetHeight: target.height,
          channels: 4,
          mayHaveAlpha: info.hasAlpha,
          isScattered: false,
        })
      );
    }
  }
}

/** As in IHDR (PNG specification, third edition, table 11.1). */
function pngColourType(info: ImageInfo, channels: number): number {
  if (info.colourModel === 'palette') return 3;
  return channels === 1 ? 0 : channels === 2 ? 4 : channels === 3 ? 2 : 6;
}
