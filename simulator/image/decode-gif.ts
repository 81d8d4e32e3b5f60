import { findFirstFrame, type GifFrame } from './gif-frame.ts';
import { expandLzw } from './lzw.ts';
import type { Pixels } from './pixels.ts';

/** GIF89a Appendix E: first row and step of the four passes of an interlaced frame. */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

/**
 * The first frame of a GIF on its screen, RGBA; outside the frame and at transparent indices alpha is 0. Allocates 5
 * bytes a pixel of the screen: the caller has bounded it.
 *
 * @returns `undefined` when there is no frame, no colour table or no pixel data.
 */
export function decodeGif(bytes: Uint8Array): Pixels | undefined {
  const frame = findFirstFrame(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (frame?.colours === undefined) return undefined;
  const minimumBits = bytes[frame.dataOffset] ?? 0;
  const area = frame.width * frame.height;
  const indices = expandLzw(joinBlocks(bytes, frame.dataOffset + 1), minimumBits, area);
  // A frame without area is legal and shows nothing; one with an area and no pixel is damaged.
  if (indices.length === 0 && area > 0) return undefined;
  const data = new Uint8Array(frame.screenWidth * frame.screenHeight * 4);
  paint(data, frame, frame.colours, indices);
  return { width: frame.screenWidth, height: frame.screenHeight, data };
}

function paint(data: Uint8Array, frame: GifFrame, colours: Uint8Array, indices: Uint8Array): void {
  const rowOrder = frame.isInterlaced ? interlacedRows(frame.height) : undefined;
  for (const [position, index] of indices.entries()) {
    if (index === frame.transparent) continue;
    const row = Math.floor(position / frame.width);
    const y = frame.top + (rowOrder?.[row] ?? row);
    const target = (y * frame.screenWidth + frame.left + (position % frame.width)) * 4;
    data[target] = colours[index * 3] ?? 0;
    data[target + 1] = colours[index * 3 + 1] ?? 0;
    data[target + 2] = colours[index * 3 + 2] ?? 0;
    data[target + 3] = 255;
  }
}

function joinBlocks(bytes: Uint8Array, start: number): Uint8Array {
  const joined = new Uint8Array(Math.max(0, bytes.length - start));
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
