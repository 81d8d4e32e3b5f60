/** Which decoder a picture goes through, and what it will hold at its worst moment: decided from the header. */
import { formatRow } from '../../image/format.ts';
import type { ImageInfo } from '../../image/info.ts';
import type { JpegDetail } from '../../image/jpeg.ts';
import { type Size, storedSize } from '../tier.ts';
import { TRANSCODE_BYTES_MAX } from '../limit.ts';
import { predictJpegPeakBytes, predictRgbaJpegBytes } from './jpeg.ts';
import { jsquashPeakBytes } from './jsquash.ts';
import { predictPngEncodeBytes } from './png.ts';
import { CODEC_MEMORY_BYTES_MAX } from './static.ts';

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
 * Chroma of a JPEG made from this file: as it came, and lossy WebP has it halved. A source with full chroma is a graphic or was saved with
 * care; halving it would blur coloured text and edges. Chroma is full where any chroma component of a JPEG has luma's size, or more: in
 * some files luma is the one subsampled.
 */
export function jpegSubsampling(info: ImageInfo): '4:2:0' | '4:4:4' {
  if (info.detail.format === 'webp') return info.detail.coding === 'lossy' ? '4:2:0' : '4:4:4';
  if (info.detail.format !== 'jpeg') return '4:4:4';
  const [luma, ...chroma] = info.detail.components;
  if (luma === undefined || chroma.length < 2) return '4:2:0';
  return chroma.some(({ horizontal, vertical }) => horizontal >= luma.horizontal && vertical >= luma.vertical) ? '4:4:4' : '4:2:0';
}

/**
 * Peak of our own codec, or `undefined` when it does not read the file or does not have the room. `output`: the format
 * that comes out, where it is known; else the larger of both is assumed, since the pixels decide.
 */
export function scanlinePeakBytes(info: ImageInfo, target: Size, output?: 'jpeg' | 'png'): number | undefined {
  if (info.detail.format === 'jpeg') return jpegPeakBytes(info, info.detail, target);
  const decode = formatRow(info.format).decodeBytes?.(info, storedSize(target, info.orientation));
  if (decode === undefined) return undefined;
  const encode = { jpeg: predictRgbaJpegBytes(target.width, jpegSubsampling(info)), png: predictPngEncodeBytes(target) };
  const peakBytes = decode + (output === undefined ? Math.max(encode.jpeg, encode.png) : encode[output]);
  return peakBytes <= CODEC_MEMORY_BYTES_MAX ? peakBytes : undefined;
}

/** A JPEG stays in its own colour space from end to end. */
function jpegPeakBytes(info: ImageInfo, { coding, components }: JpegDetail, target: Size): number | undefined {
  if (info.bitDepth !== 8 || coding === 'lossless') return undefined;
  return predictJpegPeakBytes(
    {
      width: info.storedWidth,
      height: info.storedHeight,
      isProgressive: coding === 'progressive' || coding === 'arithmetic-progressive',
      isYcbcr: info.colourModel === 'ycbcr',
      samplings: components,
    },
    { ...storedSize(target, info.orientation), orientation: info.orientation, output: `jpeg-${jpegSubsampling(info)}` },
  );
}
