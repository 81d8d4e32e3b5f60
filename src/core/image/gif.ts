/** GIF header and block walk (GIF89a specification §18 to §27). No LZW data is decoded. */
import * as z from 'zod';
import { type HeaderFacts, undecodable } from './facts.ts';
import { BLOCK_COUNT_MAX } from './limit.ts';

export const gifDetailSchema = z.strictObject({ format: z.literal('gif'), isInterlaced: z.boolean() });
export type GifDetail = Readonly<z.infer<typeof gifDetailSchema>>;

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const SCREEN_DESCRIPTOR_END = 13;

/**
 * Facts of a GIF file. The canvas is the logical screen, grown to hold the first frame as browsers do.
 * Walks all blocks to count frames: one step for at most 255 bytes.
 * @throws image_undecodable
 */
export function readGif(bytes: Uint8Array): HeaderFacts<GifDetail> {
  if (bytes.length < SCREEN_DESCRIPTOR_END) throw undecodable('GIF', 'it ends within its header');
  let width = le16(bytes, 6);
  let height = le16(bytes, 8);
  const packed = bytes[10] ?? 0;
  let frames = 0;
  let hasTransparency = false;
  let coversCanvas = true;
  let isInterlaced = false;
  let isCutOff = false;
  for (const block of blocks(bytes, SCREEN_DESCRIPTOR_END + colourTableBytes(packed))) {
    if (block.kind === 'control') {
      hasTransparency ||= frames === 0 && block.isTransparent;
      continue;
    }
    frames += 1;
    if (frames > 1) continue;
    width = Math.max(width, block.left + block.width);
    height = Math.max(height, block.top + block.height);
    coversCanvas = block.width === width && block.height === height;
    isInterlaced = block.isInterlaced;
    isCutOff = block.isCutOff;
  }
  if (frames === 0) throw undecodable('GIF', 'it has no picture in it');
  if (width === 0 || height === 0) throw undecodable('GIF', `its size is ${width}x${height}`);
  return {
    storedWidth: width,
    storedHeight: height,
    orientation: 1,
    hasAlpha: hasTransparency || !coversCanvas,
    frames,
    bitDepth: 8,
    colourModel: 'palette',
    detail: { format: 'gif', isInterlaced },
    ...(isCutOff ? { isCutOff } : {}),
  };
}

type Block =
  | { readonly kind: 'control'; readonly isTransparent: boolean }
  | {
      readonly kind: 'image';
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
      readonly isInterlaced: boolean;
      /** Its data have no end. */
      readonly isCutOff: boolean;
    };

/** Graphic control extensions and image descriptors in order; a truncated file ends the walk. */
function* blocks(bytes: Uint8Array, start: number): Generator<Block> {
  let offset = start;
  for (let count = 0; count < BLOCK_COUNT_MAX; count++) {
    const introducer = bytes[offset];
    if (introducer === undefined || introducer === TRAILER) return;
    if (introducer === EXTENSION) {
      if (bytes[offset + 1] === GRAPHIC_CONTROL) yield { kind: 'control', isTransparent: ((bytes[offset + 3] ?? 0) & 1) === 1 };
      offset = skipSubBlocks(bytes, offset + 2);
    } else if (introducer === IMAGE) {
      if (offset + 10 > bytes.length) return;
      const packed = bytes[offset + 9] ?? 0;
      const [left, top, width, height] = [1, 3, 5, 7].map((at) => le16(bytes, offset + at)) as [number, number, number, number];
      const end = skipSubBlocks(bytes, offset + 10 + colourTableBytes(packed) + 1);
      // Behind the last of them stands an empty one.
      const isCutOff = end > bytes.length || bytes[end - 1] !== 0;
      yield { kind: 'image', left, top, width, height, isInterlaced: (packed & 0x40) !== 0, isCutOff };
      offset = end;
    } else {
      offset += 1;
    }
  }
}

function skipSubBlocks(bytes: Uint8Array, start: number): number {
  let offset = start;
  while (offset < bytes.length) {
    const size = bytes[offset] ?? 0;
    offset += 1 + size;
    if (size === 0) break;
  }
  return offset;
}

/** §18 and §20: bit 7 says that a colour table follows, bits 0 to 2 its size. */
function colourTableBytes(packed: number): number {
  return packed & 0x80 ? 3 << ((packed & 7) + 1) : 0;
}

function le16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
}
