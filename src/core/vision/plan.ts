/**
 * What happens to a picture before Claude sees it, decided from its header: nothing is decoded or
 * allocated until the plan stands.
 */
import { Fault } from '../fault.ts';
import { claudeMediaType, type ClaudeMediaType, formatRow } from '../image/format.ts';
import type { ImageInfo } from '../image/info.ts';
import type { JpegCoding } from '../image/jpeg.ts';
import { API_SIDE_MAX_PX, IMAGE_BYTES_MAX, MANY_IMAGES_SIDE_MAX_PX } from './limit.ts';
import { planMemory } from './memory/memory.ts';
import { imageTokens, nativeSize } from './native-size.ts';
import type { Size, Tier } from './tier.ts';

export interface PlanOptions {
  readonly tier: Tier;
  /** The model's own tier, where `tier` is a smaller one by choice: what we cannot size, Claude sizes to it. */
  readonly modelTier?: Tier;
  /** Whether more than 20 images travel in the request. */
  readonly isManyImageRequest: boolean;
  /** Bytes a file may have where the provider takes less than the Anthropic API. */
  readonly imageBytesMax?: number;
}

/** The size is that of what Claude sees, upright. */
export type Plan =
  /** The file goes out byte for byte. */
  | { readonly kind: 'pass-through'; readonly mediaType: ClaudeMediaType; readonly size: Size; readonly imageTokens: number }
  /** The file is decoded, turned upright, resized and encoded anew. */
  | {
      readonly kind: 'transcode';
      readonly size: Size;
      readonly imageTokens: number;
      readonly isResized: boolean;
      readonly decoder: 'scanline' | 'jsquash';
      readonly peakBytes: number;
      /** Peak of jSquash, where it could stand in for a defect of our own decoder. */
      readonly standbyPeakBytes?: number;
      /** Bytes that the new file may have. */
      readonly bytesMax: number;
    }
  /** It should be transcoded but cannot be within the budget; the API takes it and resizes it itself. */
  | {
      readonly kind: 'original';
      readonly mediaType: ClaudeMediaType;
      readonly size: Size;
      readonly imageTokens: number;
      readonly isResizedByClaude: boolean;
      readonly reason: string;
    };

/** A plan under which the file itself goes out; only files that Claude takes have one. */
export type PassingPlan = Plan & { readonly kind: 'pass-through' | 'original' };

/**
 * Plans one picture. @throws image_too_large (neither can we bring it to size nor does the API take it), image_undecodable (lossless JPEG)
 */
export function planImage(info: ImageInfo, options: PlanOptions): Plan {
  const size = nativeSize(info, options.tier, options.isManyImageRequest);
  const tokens = imageTokens(size);
  const isResized = size.width !== info.width || size.height !== info.height;
  const bytesMax = options.imageBytesMax ?? IMAGE_BYTES_MAX;
  if (codingOf(info) === 'lossless')
    throw new Fault('image_undecodable', 'Lossless and hierarchical JPEG are not read, here or by Claude. Save the image as an ordinary JPEG, or as PNG.');
  const mediaType = claudeMediaType(info.mediaType);
  if (mediaType !== undefined && !isResized && info.orientation === 1 && info.bytes <= bytesMax && isOrdinary(info)) {
    return { kind: 'pass-through', mediaType, size, imageTokens: tokens };
  }
  const memory = planMemory(info, size);
  if (memory !== undefined) return { kind: 'transcode', size, imageTokens: tokens, isResized, bytesMax, ...memory };
  const reason = reasonAgainst(info);
  if (mediaType === undefined)
    throw tooLarge(`The image cannot be brought to size: ${reason}; Claude takes no ${formatRow(info.format).name}. Send it as JPEG or PNG, or smaller.`);
  checkApiTakes(info, options, bytesMax, reason);
  const seen = nativeSize(info, options.modelTier ?? options.tier, options.isManyImageRequest);
  const isResizedByClaude = seen.width !== info.width || seen.height !== info.height;
  return { kind: 'original', mediaType, size: seen, imageTokens: imageTokens(seen), isResizedByClaude, reason };
}

/**
 * Whether every reader takes the file as it is. What is cut off or malformed is not for Claude to find out: the codec repairs it, or says
 * how much is missing. Some readers are built without arithmetic coding.
 */
function isOrdinary(info: ImageInfo): boolean {
  const isArithmetic = codingOf(info) === 'arithmetic' || codingOf(info) === 'arithmetic-progressive';
  return info.isCutOff !== true && info.isMalformed !== true && !isArithmetic;
}

function codingOf({ detail }: ImageInfo): JpegCoding | undefined {
  return detail.format === 'jpeg' ? detail.coding : undefined;
}

/** Why a file is not transcoded here. */
function reasonAgainst(info: ImageInfo): string {
  const coding = codingOf(info);
  if (coding !== undefined && info.bitDepth !== 8) return `${info.format} of ${info.bitDepth} bits a sample cannot be decoded here`;
  return `its ${info.width}x${info.height} px of ${coding === undefined ? '' : `${coding} `}${info.format} do not fit in the memory of a Worker`;
}

function checkApiTakes(info: ImageInfo, options: PlanOptions, bytesMax: number, reason: string): void {
  const sideMaxPx = options.isManyImageRequest ? MANY_IMAGES_SIDE_MAX_PX : API_SIDE_MAX_PX;
  const longEdge = Math.max(info.width, info.height);
  if (longEdge > sideMaxPx)
    throw tooLarge(`The image is ${longEdge} px on its longer side and ${reason}; Claude takes at most ${sideMaxPx} px. Send it smaller.`);
  if (info.bytes > bytesMax) throw tooLarge(`The file has ${info.bytes} bytes and ${reason}; Claude takes at most ${bytesMax}. Send it smaller.`);
}

function tooLarge(detail: string): Fault {
  return new Fault('image_too_large', detail);
}
