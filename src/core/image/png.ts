/** PNG header and chunk walk (PNG specification, third edition, §5 and §11). No chunk is inflated. */
import * as z from 'zod';
import { crc32 } from '../crc32.ts';
import { readExifOrientation, withoutExifPrefix } from './exif.ts';
import { type ColourModel, type HeaderFacts, type Orientation, undecodable } from './facts.ts';
import { BLOCK_COUNT_MAX } from './limit.ts';

export const pngDetailSchema = z.strictObject({ format: z.literal('png'), isInterlaced: z.boolean(), channels: z.int().min(1).max(4) });
export type PngDetail = Readonly<z.infer<typeof pngDetailSchema>>;

const SIGNATURE_BYTES = 8;
const IHDR_BYTES = 13;

/** Colour type → model, samples a pixel, allowed bit depths (§11.2.1, table 11.1). */
const COLOUR_TYPES: Readonly<Record<number, { model: ColourModel; channels: number; depths: readonly number[] }>> = {
  0: { model: 'gray', channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { model: 'rgb', channels: 3, depths: [8, 16] },
  3: { model: 'palette', channels: 1, depths: [1, 2, 4, 8] },
  4: { model: 'gray', channels: 2, depths: [8, 16] },
  6: { model: 'rgb', channels: 4, depths: [8, 16] },
};

/**
 * Facts of a PNG file. Walks all chunk headers (8 bytes each), since `eXIf` may follow the picture.
 * @throws image_undecodable
 */
export function readPng(bytes: Uint8Array): HeaderFacts<PngDetail> {
  const header = readHeaderChunk(bytes);
  let orientation: Orientation = 1;
  let frames = 1;
  let hasTransparency = false;
  let hasPicture = false;
  let isWhole = false;
  for (const { type, body } of chunks(bytes)) {
    if (type === 'IDAT') hasPicture = true;
    else if (type === 'tRNS') hasTransparency = true;
    else if (type === 'eXIf') orientation = readExifOrientation(withoutExifPrefix(body));
    else if (type === 'acTL' && !hasPicture && body.length >= 8) frames = Math.max(1, be32(body, 0));
    else if (type === 'IEND') {
      isWhole = true;
      break;
    }
  }
  if (!hasPicture) throw undecodable('PNG', 'it has no picture data (IDAT)');
  return {
    storedWidth: header.width,
    storedHeight: header.height,
    orientation,
    hasAlpha: hasTransparency || header.colourType >= 4,
    frames,
    bitDepth: header.bitDepth,
    colourModel: header.model,
    detail: { format: 'png', isInterlaced: header.isInterlaced, channels: header.channels },
    ...(isWhole ? {} : { isCutOff: true }),
  };
}

function readHeaderChunk(bytes: Uint8Array) {
  const at = SIGNATURE_BYTES;
  if (bytes.length < at + 12 + IHDR_BYTES) throw undecodable('PNG', 'it ends within its header');
  if (be32(bytes, at) !== IHDR_BYTES || typeAt(bytes, at + 4) !== 'IHDR') throw undecodable('PNG', 'its first chunk is not a valid IHDR');
  if (crc32(bytes.subarray(at + 4, at + 8 + IHDR_BYTES)) !== be32(bytes, at + 8 + IHDR_BYTES)) throw undecodable('PNG', 'the checksum of its header is wrong');
  const width = be32(bytes, at + 8);
  const height = be32(bytes, at + 12);
  const bitDepth = bytes[at + 16] ?? 0;
  const colourType = bytes[at + 17] ?? 0;
  const colour = COLOUR_TYPES[colourType];
  const interlace = bytes[at + 20];
  if (width === 0 || height === 0) throw undecodable('PNG', `its size is ${width}x${height}`);
  if (colour === undefined || !colour.depths.includes(bitDepth)) throw undecodable('PNG', `colour type ${colourType} with ${bitDepth} bits does not exist`);
  if (bytes[at + 18] !== 0 || bytes[at + 19] !== 0) throw undecodable('PNG', 'its compression or filter method is unknown');
  if (interlace !== 0 && interlace !== 1) throw undecodable('PNG', `interlace method ${interlace} is unknown`);
  return { width, height, bitDepth, colourType, model: colour.model, channels: colour.channels, isInterlaced: interlace === 1 };
}

interface Chunk {
  readonly type: string;
  /** The chunk's data; a view, shorter than claimed at the end of a truncated file. */
  readonly body: Uint8Array;
}

/** Chunks after IHDR; a file that ends early simply ends the walk: the decoder judges how much is missing. */
function* chunks(bytes: Uint8Array): Generator<Chunk> {
  let offset = SIGNATURE_BYTES + 12 + IHDR_BYTES;
  for (let count = 0; count < BLOCK_COUNT_MAX; count++) {
    if (offset + 8 > bytes.length) return;
    const length = be32(bytes, offset);
    yield { type: typeAt(bytes, offset + 4), body: bytes.subarray(offset + 8, Math.min(offset + 8 + length, bytes.length)) };
    offset += 12 + length;
  }
  throw undecodable('PNG', `it has more than ${BLOCK_COUNT_MAX} chunks`);
}

function typeAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function be32(bytes: Uint8Array, offset: number): number {
  return (((bytes[offset] ?? 0) << 24) | ((bytes[offset + 1] ?? 0) << 16) | ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0)) >>> 0;
}
