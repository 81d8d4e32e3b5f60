/** Headers made by hand, byte for byte after the standards, for files that no encoder writes. */

export type Piece = number | string | ArrayLike<number>;

/** Joins bytes: a number is one byte, a string its Latin-1 bytes. */
export function join(...pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
  const parts = pieces.map((piece) => {
    if (typeof piece === 'number') return [piece & 0xff];
    return typeof piece === 'string' ? Array.from(piece, (character) => character.charCodeAt(0)) : piece;
  });
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const be16 = (value: number) => [(value >>> 8) & 0xff, value & 0xff];
export const be32 = (value: number) => [...be16(value >>> 16), ...be16(value)];
export const le16 = (value: number) => be16(value).toReversed();
export const le24 = (value: number) => [...le16(value), (value >>> 16) & 0xff];
export const le32 = (value: number) => be32(value).toReversed();

/** ITU-T T.81 B.1.1.4: a marker segment with its length. */
export function segment(marker: number, ...body: readonly Piece[]): Uint8Array {
  const bytes = join(...body);
  return join(0xff, marker, be16(bytes.length + 2), bytes);
}

export interface FrameHeader {
  readonly marker?: number;
  readonly precision?: number;
  readonly width?: number;
  readonly height?: number;
  /** Pairs of component id and sampling byte. */
  readonly components?: readonly (readonly [number, number])[];
}

const YCBCR_420 = [
  [1, 0x22],
  [2, 0x11],
  [3, 0x11],
] as const;

/** T.81 B.2.2. */
export function frame({ marker = 0xc0, precision = 8, width = 640, height = 480, components = YCBCR_420 }: FrameHeader = {}): Uint8Array {
  return segment(marker, precision, be16(height), be16(width), components.length, ...components.map(([id, sampling]) => join(id, sampling, 0)));
}

export const SCAN = segment(0xda, 1, 1, 0, 0, 63, 0);

/** A JPEG of segments between SOI and the first scan. */
export function jpeg(...segments: readonly Piece[]): Uint8Array<ArrayBuffer> {
  return join(0xff, 0xd8, ...segments, SCAN, 0x12, 0x34, 0xff, 0xd9);
}

/** CRC-32 bit by bit, as ISO/IEC 3309 defines it. */
export function crcOf(bytes: ArrayLike<number>): number {
  let crc = 0xffffffff;
  for (const byte of Array.from(bytes)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** PNG §5.3. */
export function chunk(type: string, ...body: readonly Piece[]): Uint8Array {
  const bytes = join(...body);
  const named = join(type, bytes);
  return join(be32(bytes.length), named, be32(crcOf(named)));
}

export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** PNG §11.2.1. */
export function ihdr(width: number, height: number, bitDepth = 8, colourType = 2, interlace = 0, compression = 0, filter = 0): Uint8Array {
  return chunk('IHDR', be32(width), be32(height), bitDepth, colourType, compression, filter, interlace);
}

export function png(...chunks: readonly Piece[]): Uint8Array<ArrayBuffer> {
  return join(PNG_SIGNATURE, ...chunks);
}

/** GIF89a §18: logical screen, without a colour table. */
export function gif(width: number, height: number, ...blocks: readonly Piece[]): Uint8Array<ArrayBuffer> {
  return join('GIF89a', le16(width), le16(height), 0, 0, 0, ...blocks, 0x3b);
}

/** GIF89a §20 and §22: an image of no data. */
export function gifImage(left: number, top: number, width: number, height: number): Uint8Array {
  return join(0x2c, le16(left), le16(top), le16(width), le16(height), 0, 2, 1, 0x44, 0);
}

/** GIF89a §23. */
export function gifControl(isTransparent: boolean): Uint8Array {
  return join(0x21, 0xf9, 4, isTransparent ? 1 : 0, 0, 0, 0, 0);
}

/** RFC 9649 §2.3: a chunk, padded to an even length. */
export function riffChunk(type: string, ...body: readonly Piece[]): Uint8Array {
  const bytes = join(...body);
  return join(type, le32(bytes.length), bytes, ...(bytes.length % 2 === 1 ? [0] : []));
}

export function webp(...chunks: readonly Piece[]): Uint8Array<ArrayBuffer> {
  const body = join('WEBP', ...chunks);
  return join('RIFF', le32(body.length), body);
}

/** RFC 6386 §9.1: the head of a key frame. */
export function vp8(width: number, height: number): Uint8Array {
  return riffChunk('VP8 ', 0x10, 0, 0, 0x9d, 0x01, 0x2a, le16(width), le16(height), 0, 0);
}

/** RFC 9649 §3.4. */
export function vp8l(width: number, height: number, hasAlpha = false, version = 0): Uint8Array {
  return riffChunk('VP8L', 0x2f, le32(((width - 1) | ((height - 1) << 14) | (hasAlpha ? 1 << 28 : 0) | (version << 29)) >>> 0), 0, 0);
}

/** RFC 9649 §2.7. */
export function vp8x(width: number, height: number, flags = 0): Uint8Array {
  return riffChunk('VP8X', flags, 0, 0, 0, le24(width - 1), le24(height - 1));
}

/** A TIFF block with one directory (TIFF 6.0 §2): entries of tag, type, count and a four-byte value. */
export function tiff(isLittle: boolean, ...entries: readonly (readonly [tag: number, type: number, value: number])[]): Uint8Array {
  const u16 = isLittle ? le16 : be16;
  const u32 = isLittle ? le32 : be32;
  const rows = entries.map(([tag, type, value]) => join(u16(tag), u16(type), u32(1), type === 3 ? [...u16(value), 0, 0] : u32(value)));
  return join(isLittle ? 'II' : 'MM', u16(42), u32(8), u16(entries.length), ...rows, u32(0));
}
