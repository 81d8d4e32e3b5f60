// The transforms of an image in the order in which the stream has them, RFC 9649 §3.5; undone from the last to the first.

import { alloc } from '../../memory';
import { addGreen, restoreColours, restoreIndexed } from './colour-transform';
import { predictRow } from './predictor';

export const PREDICTOR: u32 = 0;
export const COLOUR: u32 = 1;
export const SUBTRACT_GREEN: u32 = 2;
export const INDEXING: u32 = 3;

/** One transform, with the width of the image that it gives. */
@unmanaged
class Transform {
  kind: u32;
  width: i32;
  /** Tiles have 1 << bits pixels a side; with colour indexing, 1 << bits indices lie in a byte. */
  bits: i32;
  /** A byte a tile (predictor), 4 bytes a tile (colour), or 256 colours (indexing). */
  data: usize;
  /** The finished row above (predictor). */
  above: usize;
}

const transforms: usize = memory.data(80, 16);
let count: i32 = 0;
/** Kinds that the image has had, a bit each: none may come twice. */
let seen: u32 = 0;

/** Forgets the transforms of the last image. */
export function resetTransforms(): void {
  count = 0;
  seen = 0;
}

/** True when a transform of that kind may still come. */
export function isNew(kind: u32): bool {
  return (seen & (1 << kind)) == 0;
}

/** True when residues are added to predictions: a residue of 0 then repeats what is around it. */
export function isPredicted(): bool {
  return !isNew(PREDICTOR);
}

/** Tiles, of 1 << bits pixels, that cover `pixels`. */
export function tilesOver(pixels: i32, bits: i32): i32 {
  return (pixels + (1 << bits) - 1) >> bits;
}

/**
 * Adds a transform, with room for its data: of `height` rows for predictor and colour, of 256 colours for indexing. False
 * when memory is out.
 */
export function addTransform(kind: u32, width: i32, height: i32, bits: i32): bool {
  const transform = at(count++);
  seen |= 1 << kind;
  transform.kind = kind;
  transform.width = width;
  transform.bits = bits;
  transform.above = 0;
  transform.data = 0;
  const tiles = <usize>tilesOver(width, bits) * tilesOver(height, bits);
  if (kind == SUBTRACT_GREEN) return true;
  const bytes: usize = kind == PREDICTOR ? tiles : kind == COLOUR ? tiles * 4 : 1024;
  transform.data = alloc(bytes);
  if (transform.data == 0) return false;
  if (kind == INDEXING) memory.fill(transform.data, 0, bytes);
  if (kind != PREDICTOR) return true;
  transform.above = alloc((<usize>width + 4) << 2);
  return transform.above != 0;
}

/** Takes one row of the image that the last transform's data are written as: `row`, of `width` pixels, number `y`. */
export function setData(row: usize, y: i32, width: i32): void {
  const transform = at(count - 1);
  if (transform.kind == PREDICTOR) {
    const to = transform.data + <usize>y * width;
    for (let x = 0; x < width; x++) store<u8>(to + x, load<u8>(row + ((<usize>x) << 2), 1) & 15);
  } else if (transform.kind == COLOUR) {
    memory.copy(transform.data + ((<usize>(y * width)) << 2), row, (<usize>width) << 2);
  } else {
    // The colour table is written as differences.
    let colour: u32 = 0;
    for (let x = 0; x < width; x++) {
      const change = load<u32>(row + ((<usize>x) << 2));
      colour = (((colour & 0xff00ff00) + (change & 0xff00ff00)) & 0xff00ff00) | (((colour & 0x00ff00ff) + (change & 0x00ff00ff)) & 0x00ff00ff);
      store<u32>(transform.data + ((<usize>x) << 2), colour);
    }
  }
}

/** Undoes all transforms on row `y`, in place. */
export function restoreRow(row: usize, y: i32): void {
  for (let i = count - 1; i >= 0; i--) {
    const transform = at(i);
    const width = transform.width;
    const bits = transform.bits;
    if (transform.kind == SUBTRACT_GREEN) {
      addGreen(row, width);
    } else if (transform.kind == INDEXING) {
      restoreIndexed(row, width, transform.data, bits);
    } else {
      const tileRow = <usize>(y >> bits) * tilesOver(width, bits);
      if (transform.kind == COLOUR) {
        restoreColours(row, width, transform.data + (tileRow << 2), bits);
      } else {
        predictRow(row, y == 0 ? 0 : transform.above, width, transform.data + tileRow, bits);
        memory.copy(transform.above, row, (<usize>width) << 2);
      }
    }
  }
}

function at(i: i32): Transform {
  return changetype<Transform>(transforms + <usize>i * offsetof<Transform>());
}
