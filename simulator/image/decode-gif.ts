import { DECODE_PIXELS_MAX } from '../limit.ts';
import { expandLzw } from './lzw.ts';
import type { Pixels } from './pixels.ts';

const TRAILER = 0x3b;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const GRAPHIC_CONTROL = 0xf9;

/** GIF89a Appendix E: first row and step of the four passes of an interlaced frame. */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

/**
 * The first frame of a GIF on its logical screen, RGBA; outside the frame and at transparent indices alpha is 0.
 * The caller has bounded the screen; a frame that reaches outside it is clipped.
 *
 * @returns `undefined` when the file ends before a frame or holds no pixel of it.
 */
export function decodeGif(bytes: Uint8Array): Pixels | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getUint16(6, true);
  const height = view.getUint16(8, true);
  const flags = view.getUint8(10);
  let offset = 13;
  const globalTable = (flags & 0x80) !== 0 ? colours(bytes, offset, flags & 7) : undefined;
  offset += globalTable?.length ?? 0;
  let transparent = -1;
  while (offset < bytes.length) {
    const introducer = view.getUint8(offset);
    if (introducer === TRAILER) return undefined;
    if (introducer === EXTENSION) {
      if (view.getUint8(offset + 1) === GRAPHIC_CONTROL && (view.getUint8(offset + 3) & 1) !== 0) {
        transparent = view.getUint8(offset + 6);
      }
      offset = skipBlocks(bytes, offset + 2);
      continue;
    }
    if (introducer !== IMAGE) return undefined;
    return decodeFrame(view, bytes, offset, { width, height, globalTable, transparent });
  }
  return undefined;
}

interface Screen {
  readonly width: number;
  readonly height: number;
  readonly globalTable: Uint8Array | undefined;
  readonly transparent: number;
}

function decodeFrame(view: DataView, bytes: Uint8Array, offset: number, screen: Screen): Pixels | undefined {
  const left = view.getUint16(offset + 1, true);
  const top = view.getUint16(offset + 3, true);
  const frameWidth = view.getUint16(offset + 5, true);
  const frameHeight = view.getUint16(offset + 7, true);
  const flags = view.getUint8(offset + 9);
  const localTable = (flags & 0x80) !== 0 ? colours(bytes, offset + 10, flags & 7) : undefined;
  const table = localTable ?? screen.globalTable;
  // The header's bound is on the screen; a frame may claim more than the screen and is bounded here.
  const count = frameWidth * frameHeight;
  if (table === undefined || count > DECODE_PIXELS_MAX) return undefined;
  const dataOffset = offset + 10 + (localTable?.length ?? 0);
  const indices = expandLzw(joinBlocks(bytes, dataOffset + 1), view.getUint8(dataOffset), count);
  if (indices.length === 0) return undefined;
  const data = new Uint8Array(screen.width * screen.height * 4);
  const rowOrder = (flags & 0x40) !== 0 ? interlacedRows(frameHeight) : undefined;
  for (let row = 0; row * frameWidth < indices.length; row++) {
    const y = top + (rowOrder?.[row] ?? row);
    if (y >= screen.height) continue;
    for (let column = 0; column < frameWidth && left + column < screen.width; column++) {
      const index = indices[row * frameWidth + column];
      if (index === undefined || index === screen.transparent) continue;
      const target = (y * screen.width + left + column) * 4;
      data[target] = table[index * 3] ?? 0;
      data[target + 1] = table[index * 3 + 1] ?? 0;
      data[target + 2] = table[index * 3 + 2] ?? 0;
      data[target + 3] = 255;
    }
  }
  return { width: screen.width, height: screen.height, data };
}

function colours(bytes: Uint8Array, offset: number, sizeBits: number): Uint8Array {
  return bytes.subarray(offset, offset + 3 * 2 ** (sizeBits + 1));
}

function skipBlocks(bytes: Uint8Array, offset: number): number {
  for (;;) {
    const length = bytes[offset];
    if (length === undefined || length === 0) return offset + 1;
    offset += 1 + length;
  }
}

function joinBlocks(bytes: Uint8Array, start: number): Uint8Array {
  const joined = new Uint8Array(bytes.length - start);
  let used = 0;
  for (let offset = start; offset < bytes.length;) {
    const length = bytes[offset] ?? 0;
    if (length === 0) break;
    const block = bytes.subarray(offset + 1, offset + 1 + length);
    joined.set(block, used);
    used += block.length;
    offset += 1 + length;
  }
  return joined.subarray(0, used);
}

function interlacedRows(height: number): number[] {
  const rows: number[] = [];
  for (const [first, step] of PASSES) {
    for (let row = first; row < height; row += step) rows.push(row);
  }
  return rows;
}
