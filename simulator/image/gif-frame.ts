const TRAILER = 0x3b;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const GRAPHIC_CONTROL = 0xf9;
const DESCRIPTOR_BYTES = 10;

/** The first frame of a GIF and what is needed to show it; offsets are from the start of the file. */
export interface GifFrame {
  /** Logical screen in pixels, enlarged where the frame reaches outside it, as Pillow and browsers do. */
  readonly screenWidth: number;
  readonly screenHeight: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly isInterlaced: boolean;
  /** RGB triples; the frame's own table, else the global one. */
  readonly colours: Uint8Array | undefined;
  /** Palette index that is not painted, or -1. */
  readonly transparent: number;
  /** Where the LZW minimum code size stands. */
  readonly dataOffset: number;
}

/** Finds the first image descriptor (GIF89a §20); `undefined` when the file ends, or is over, before one comes. */
export function findFirstFrame(view: DataView): GifFrame | undefined {
  if (view.byteLength < 13) return undefined;
  const globalColours = colourTable(view, 13, view.getUint8(10));
  let offset = 13 + (globalColours?.length ?? 0);
  let transparent = -1;
  while (offset + DESCRIPTOR_BYTES < view.byteLength) {
    const introducer = view.getUint8(offset);
    if (introducer === TRAILER) return undefined;
    if (introducer === IMAGE) return readFrame(view, offset, globalColours, transparent);
    if (introducer !== EXTENSION) {
      // Stray bytes between blocks are passed over.
      offset += 1;
      continue;
    }
    if (view.getUint8(offset + 1) === GRAPHIC_CONTROL && (view.getUint8(offset + 3) & 1) !== 0) {
      transparent = view.getUint8(offset + 6);
    }
    offset = skipBlocks(view, offset + 2);
  }
  return undefined;
}

function readFrame(view: DataView, offset: number, globalColours: Uint8Array | undefined, transparent: number): GifFrame {
  const [left, top, width, height] = [1, 3, 5, 7].map((at) => view.getUint16(offset + at, true)) as [number, number, number, number];
  const flags = view.getUint8(offset + 9);
  const ownColours = colourTable(view, offset + DESCRIPTOR_BYTES, flags);
  return {
    screenWidth: Math.max(view.getUint16(6, true), left + width),
    screenHeight: Math.max(view.getUint16(8, true), top + height),
    left,
    top,
    width,
    height,
    isInterlaced: (flags & 0x40) !== 0,
    colours: ownColours ?? globalColours,
    transparent,
    dataOffset: offset + DESCRIPTOR_BYTES + (ownColours?.length ?? 0),
  };
}

/** The colour table that flags announce: 2^(n+1) triples. */
function colourTable(view: DataView, offset: number, flags: number): Uint8Array | undefined {
  if ((flags & 0x80) === 0) return undefined;
  const length = Math.min(3 * 2 ** ((flags & 7) + 1), Math.max(0, view.byteLength - offset));
  return new Uint8Array(view.buffer, view.byteOffset + offset, length);
}

function skipBlocks(view: DataView, offset: number): number {
  while (offset < view.byteLength) {
    const length = view.getUint8(offset);
    offset += 1 + length;
    if (length === 0) break;
  }
  return offset;
}
