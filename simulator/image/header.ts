import { readGifHeader } from './header-gif.ts';
import { readJpegHeader } from './header-jpeg.ts';
import { readPngHeader } from './header-png.ts';
import { readWebpHeader } from './header-webp.ts';

/** The media types that the Messages API takes. */
export const MEDIA_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** What the header of an image file says. Sizes are as stored, before `orientation` (EXIF, 1 to 8) is applied. */
export interface ImageHeader {
  readonly mediaType: MediaType;
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  /** Legal, but of a kind that the decoders in use do not read; the picture is then described by its size. */
  readonly isBeyondDecoders: boolean;
}

/** The format that the first bytes announce; names and declared types are not looked at. */
export function sniffMediaType(bytes: Uint8Array): MediaType | undefined {
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(bytes, 0, [0x47, 0x49, 0x46, 0x38]) && bytes[5] === 0x61) return 'image/gif';
  const isRiff = startsWith(bytes, 0, [0x52, 0x49, 0x46, 0x46]);
  if (isRiff && startsWith(bytes, 8, [0x57, 0x45, 0x42, 0x50])) return 'image/webp';
  return undefined;
}

/** Facts from the header, or `undefined` when no usable header of one of the four formats is there. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (sniffMediaType(bytes)) {
    case 'image/jpeg':
      return usable(readJpegHeader(view));
    case 'image/png':
      return usable(readPngHeader(view));
    case 'image/gif':
      return usable(readGifHeader(view));
    case 'image/webp':
      return usable(readWebpHeader(view));
    case undefined:
      return undefined;
  }
}

function usable(header: ImageHeader | undefined): ImageHeader | undefined {
  return header !== undefined && header.width > 0 && header.height > 0 ? header : undefined;
}

function startsWith(bytes: Uint8Array, offset: number, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[offset + index] === byte);
}
