/** WebP container and bitstream headers (RFC 9649 §2, §3.4; RFC 6386 §9.1). */
import * as z from 'zod';
import { readExifOrientation, withoutExifPrefix } from './exif.ts';
import { type HeaderFacts, type Orientation, undecodable } from './facts.ts';
import { BLOCK_COUNT_MAX } from './limit.ts';

export const webpDetailSchema = z.strictObject({ format: z.literal('webp'), coding: z.enum(['lossy', 'lossless']) });
export type WebpDetail = Readonly<z.infer<typeof webpDetailSchema>>;

const RIFF_HEADER_BYTES = 12;
const ANIMATION_FLAG = 0x02;
const ALPHA_FLAG = 0x10;
/** Bytes of an ANMF chunk before its own sub-chunks, RFC 9649 §2.7.1.2. */
const FRAME_HEADER_BYTES = 16;

interface Bitstream {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  readonly coding: 'lossy' | 'lossless';
  readonly isCutOff?: true;
}

/**
 * Facts of a WebP file, simple or extended. An extended file's size is that of its canvas.
 * @throws image_undecodable
 */
export function readWebp(bytes: Uint8Array): HeaderFacts<WebpDetail> {
  let canvas: { width: number; height: number; hasAlpha: boolean; isAnimated: boolean } | undefined;
  let picture: Bitstream | undefined;
  let orientation: Orientation = 1;
  let frames = 0;
  let isFirst = true;
  for (const { type, body, isCutOff } of chunks(bytes, RIFF_HEADER_BYTES)) {
    if (type === 'VP8X' && isFirst) canvas = readExtended(body);
    else if (type === 'VP8 ' || type === 'VP8L') picture ??= readBitstream(type, body, isCutOff);
    else if (type === 'EXIF') orientation = readExifOrientation(withoutExifPrefix(body));
    else if (type === 'ANMF') {
      frames += 1;
      picture ??= firstBitstream(body.subarray(FRAME_HEADER_BYTES));
    }
    isFirst = false;
    if (canvas === undefined && picture !== undefined) break;
  }
  if (picture === undefined) throw undecodable('WebP', 'it has no picture data');
  if (canvas !== undefined && !canvas.isAnimated && (canvas.width !== picture.width || canvas.height !== picture.height)) {
    throw undecodable('WebP', `its canvas is ${canvas.width}x${canvas.height} but its picture ${picture.width}x${picture.height}`);
  }
  return {
    storedWidth: canvas?.width ?? picture.width,
    storedHeight: canvas?.height ?? picture.height,
    orientation,
    hasAlpha: canvas?.hasAlpha ?? picture.hasAlpha,
    frames: Math.max(1, frames),
    bitDepth: 8,
    colourModel: picture.coding === 'lossy' ? 'ycbcr' : 'rgb',
    detail: { format: 'webp', coding: picture.coding },
    ...(picture.isCutOff === true ? { isCutOff: true } : {}),
  };
}

/** RFC 9649 §2.7: flags, three reserved bytes, canvas size minus one in 24 bits each. */
function readExtended(body: Uint8Array) {
  if (body.length < 10) throw undecodable('WebP', 'its extended header is cut short');
  const flags = body[0] ?? 0;
  return { width: 1 + le24(body, 4), height: 1 + le24(body, 7), hasAlpha: (flags & ALPHA_FLAG) !== 0, isAnimated: (flags & ANIMATION_FLAG) !== 0 };
}

function firstBitstream(frame: Uint8Array): Bitstream | undefined {
  for (const { type, body, isCutOff } of chunks(frame, 0)) {
    if (type === 'VP8 ' || type === 'VP8L') return readBitstream(type, body, isCutOff);
  }
  return undefined;
}

function readBitstream(type: 'VP8 ' | 'VP8L', body: Uint8Array, isCutOff: boolean): Bitstream {
  return { ...(type === 'VP8 ' ? readLossy(body) : readLossless(body)), ...(isCutOff ? { isCutOff } : {}) };
}

/** RFC 6386 §9.1: 3-byte frame tag, start code, 14-bit sizes. */
function readLossy(body: Uint8Array): Bitstream {
  if (body.length < 10) throw undecodable('WebP', 'its frame header is cut short');
  if (((body[0] ?? 0) & 1) !== 0) throw undecodable('WebP', 'its first frame is not a key frame');
  if (body[3] !== 0x9d || body[4] !== 0x01 || body[5] !== 0x2a) throw undecodable('WebP', 'its start code is missing');
  return nonEmpty({ width: le16(body, 6) & 0x3fff, height: le16(body, 8) & 0x3fff, hasAlpha: false, coding: 'lossy' });
}

/** RFC 9649 §3.4: signature byte, two 14-bit sizes minus one, alpha hint, version 0. */
function readLossless(body: Uint8Array): Bitstream {
  if (body.length < 5 || body[0] !== 0x2f) throw undecodable('WebP', 'its lossless signature is missing');
  const bits = (le16(body, 1) | (le16(body, 3) << 16)) >>> 0;
  if (bits >>> 29 !== 0) throw undecodable('WebP', 'its lossless version is unknown');
  return nonEmpty({ width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff), hasAlpha: ((bits >>> 28) & 1) === 1, coding: 'lossless' });
}

function nonEmpty(picture: Bitstream): Bitstream {
  if (picture.width === 0 || picture.height === 0) throw undecodable('WebP', `its size is ${picture.width}x${picture.height}`);
  return picture;
}

/** RIFF chunks; odd lengths are padded to even (RFC 9649 §2.3). A truncated file gives a shortened last body. */
function* chunks(bytes: Uint8Array, start: number): Generator<{ type: string; body: Uint8Array; isCutOff: boolean }> {
  let offset = start;
  for (let count = 0; count < BLOCK_COUNT_MAX; count++) {
    if (offset + 8 > bytes.length) return;
    const length = (le16(bytes, offset + 4) | (le16(bytes, offset + 6) << 16)) >>> 0;
    const type = String.fromCharCode(...bytes.subarray(offset, offset + 4));
    const end = offset + 8 + length;
    yield { type, body: bytes.subarray(offset + 8, Math.min(end, bytes.length)), isCutOff: end > bytes.length };
    offset = end + (length & 1);
  }
  throw undecodable('WebP', `it has more than ${BLOCK_COUNT_MAX} chunks`);
}

function le16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
}

function le24(bytes: Uint8Array, offset: number): number {
  return le16(bytes, offset) | ((bytes[offset + 2] ?? 0) << 16);
}
