/**
 * BMP header ("Bitmap Storage", Microsoft Win32 documentation; OS/2 Presentation Manager for the oldest header): all depths that Windows
 * writes, RLE, bit fields, both directions of rows.
 */
import * as z from 'zod';
import { type HeaderFacts, undecodable } from './facts.ts';

export const bmpDetailSchema = z.strictObject({ format: z.literal('bmp'), coding: z.enum(['plain', 'rle', 'bit-fields']) });
export type BmpDetail = Readonly<z.infer<typeof bmpDetailSchema>>;

const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
const INFO_HEADER_BYTES = 40;
/** BITMAPV3INFOHEADER: the first that holds a mask for alpha. */
const ALPHA_HEADER_BYTES = 56;
const ALPHA_MASK_AT = FILE_HEADER_BYTES + 52;
const HEADER_SIZES: readonly number[] = [CORE_HEADER_BYTES, 16, INFO_HEADER_BYTES, 52, ALPHA_HEADER_BYTES, 64, 108, 124];
const OS2_HEADER_SIZES: readonly number[] = [16, 64];

/** `biCompression`. */
const RGB = 0;
const RLE8 = 1;
const RLE4 = 2;
const BIT_FIELDS = 3;
const JPEG = 4;
const PNG = 5;
const ALPHA_BIT_FIELDS = 6;

/** "BM" alone begins many a text: behind it stands the size of a header, which is below 256. A file too short to tell counts as a BMP. */
export function isBmp(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x42 || bytes[1] !== 0x4d) return false;
  return bytes.length < FILE_HEADER_BYTES + 4 || (bytes[15] === 0 && bytes[16] === 0 && bytes[17] === 0);
}

/**
 * Facts of a BMP file, from its first 70 bytes and the length of the file.
 * @throws image_undecodable
 */
export function readBmp(bytes: Uint8Array): HeaderFacts<BmpDetail> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.length < FILE_HEADER_BYTES + 4 ? 0 : view.getUint32(FILE_HEADER_BYTES, true);
  if (bytes.length < FILE_HEADER_BYTES + Math.max(CORE_HEADER_BYTES, Math.min(headerBytes, INFO_HEADER_BYTES)))
    throw undecodable('BMP', 'it ends within its header');
  if (!HEADER_SIZES.includes(headerBytes)) throw undecodable('BMP', `a header of ${headerBytes} bytes is unknown`);
  const isCore = headerBytes === CORE_HEADER_BYTES;
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isCore ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = headerBytes < INFO_HEADER_BYTES ? RGB : view.getUint32(30, true);
  if (width <= 0 || height === 0) throw undecodable('BMP', `its size is ${width}x${height}`);
  const coding = codingOf(compression, bits, OS2_HEADER_SIZES.includes(headerBytes));
  const hasAlphaMask = coding === 'bit-fields' && alphaMask(view, headerBytes, compression) !== 0;
  const pixelsAt = view.getUint32(10, true);
  return {
    storedWidth: width,
    storedHeight: height,
    orientation: 1,
    // What run lengths skip is transparent, as browsers show it.
    hasAlpha: coding === 'rle' || hasAlphaMask,
    frames: 1,
    bitDepth: 8,
    colourModel: bits <= 8 ? 'palette' : 'rgb',
    detail: { format: 'bmp', coding },
    ...(coding !== 'rle' && bytes.length < pixelsAt + rowBytes(width, bits) * height ? { isCutOff: true } : {}),
  };
}

function codingOf(compression: number, bits: number, isOs2: boolean): BmpDetail['coding'] {
  if (!isOs2 && (compression === JPEG || compression === PNG))
    throw undecodable('BMP', `it holds a ${compression === JPEG ? 'JPEG' : 'PNG'} file, which is to be sent itself`);
  const isKnown = [1, 4, 8, 16, 24, 32].includes(bits);
  if (isKnown && compression === RGB) return 'plain';
  if ((compression === RLE8 && bits === 8) || (compression === RLE4 && bits === 4)) return 'rle';
  if (!isOs2 && (compression === BIT_FIELDS || compression === ALPHA_BIT_FIELDS) && (bits === 16 || bits === 32)) return 'bit-fields';
  throw undecodable('BMP', `${bits} bits a pixel with compression ${compression} are not read`);
}

/** Within larger headers, or behind the smallest one where the compression says so. */
function alphaMask(view: DataView, headerBytes: number, compression: number): number {
  if (headerBytes < ALPHA_HEADER_BYTES && compression !== ALPHA_BIT_FIELDS) return 0;
  return view.byteLength < ALPHA_MASK_AT + 4 ? 0 : view.getUint32(ALPHA_MASK_AT, true);
}

/** Rows are padded to 32 bits. */
function rowBytes(width: number, bits: number): number {
  return Math.ceil((width * bits) / 32) * 4;
}
