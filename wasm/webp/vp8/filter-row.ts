// Filters a finished row of macroblocks, RFC 6386 §15: each macroblock from left to right, its left edge, the vertical
// edges inside, its upper edge, the horizontal edges inside.

import { alloc } from '../../memory';
import { BLOCK_STRIDE, P0, Q0, putColumns, putRows, takeColumns, takeRows } from './edge';
import { filterNormal, filterSimple } from './filter';
import { filterLevels, isSimpleFilter, sharpness } from './header';
import { KEPT, chromaStride, chromaU, chromaV, keptLuma, keptU, keptV, luma, lumaStride } from './plane';

/** A byte a macroblock of the current row: its filter level, and INNER when the edges inside are filtered too. */
let strengths: usize = 0;
const INNER: u32 = 64;

/** Allocates for `columns` macroblocks; false when memory is out. */
export function openFilter(columns: i32): bool {
  strengths = alloc(columns);
  return strengths != 0;
}

/** Notes how the macroblock in `column` is to be filtered; edges inside an even one without residue are left alone. */
export function setStrength(column: i32, segment: i32, hasSubblocks: bool, hasResidue: bool): void {
  const level = load<u32>(filterLevels + segment * 8 + (hasSubblocks ? 4 : 0));
  store<u8>(strengths + column, level | (hasSubblocks || hasResidue ? INNER : 0));
}

/** Filters the current row; `row` is its number from the top. */
export function filterRow(row: i32, columns: i32): void {
  for (let column = 0; column < columns; column++) {
    const strength = <u32>load<u8>(strengths + column);
    const level = strength & 63;
    if (level == 0) continue;
    const interior = interiorLimit(level);
    const isInner = (strength & INNER) != 0;
    if (isSimpleFilter) {
      filterSimpleMacroblock(column, row, isInner, level * 2 + interior);
    } else {
      // hev_threshold of a key frame.
      const variance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
      filterLuma(column, row, isInner, level * 2 + interior, interior, variance);
      filterChroma(column, row, isInner, level * 2 + interior, interior, variance);
    }
  }
}

/** §15.2: sharper pictures get a lower interior limit. */
function interiorLimit(level: i32): i32 {
  let limit = level;
  if (sharpness > 0) {
    limit >>= sharpness > 4 ? 2 : 1;
    limit = min(limit, 9 - sharpness);
  }
  return max(limit, 1);
}

function filterSimpleMacroblock(column: i32, row: i32, isInner: bool, limit: i32): void {
  const at = luma + <usize>column * 16;
  const lower = at + lumaStride * 8;
  if (column > 0) {
    takeColumns(at - 4, lower - 4, lumaStride);
    filterSimple(P0, Q0, BLOCK_STRIDE, limit + 4);
    putColumns(at - 4, lower - 4, lumaStride);
  }
  if (isInner) {
    for (let x: usize = 0; x < 12; x += 4) {
      takeColumns(at + x, lower + x, lumaStride);
      filterSimple(P0, Q0, BLOCK_STRIDE, limit);
      putColumns(at + x, lower + x, lumaStride);
    }
  }
  if (row > 0) {
    filterSimple(keptLuma + (KEPT - 1) * lumaStride + <usize>column * 16, at, lumaStride, limit + 4);
  }
  if (isInner) {
    for (let y: usize = 4; y < 16; y += 4) {
      filterSimple(at + (y - 1) * lumaStride, at + y * lumaStride, lumaStride, limit);
    }
  }
}

function filterLuma(column: i32, row: i32, isInner: bool, limit: i32, interior: i32, variance: i32): void {
  const at = luma + <usize>column * 16;
  const lower = at + lumaStride * 8;
  if (column > 0) {
    takeColumns(at - 4, lower - 4, lumaStride);
    filterNormal(P0, Q0, BLOCK_STRIDE, false, limit + 4, interior, variance);
    putColumns(at - 4, lower - 4, lumaStride);
  }
  if (isInner) {
    for (let x: usize = 0; x < 12; x += 4) {
      takeColumns(at + x, lower + x, lumaStride);
      filterNormal(P0, Q0, BLOCK_STRIDE, true, limit, interior, variance);
      putColumns(at + x, lower + x, lumaStride);
    }
  }
  if (row > 0) {
    const above = keptLuma + (KEPT - 1) * lumaStride + <usize>column * 16;
    filterNormal(above, at, lumaStride, false, limit + 4, interior, variance);
  }
  if (isInner) {
    for (let y: usize = 4; y < 16; y += 4) {
      filterNormal(at + (y - 1) * lumaStride, at + y * lumaStride, lumaStride, true, limit, interior, variance);
    }
  }
}

function filterChroma(column: i32, row: i32, isInner: bool, limit: i32, interior: i32, variance: i32): void {
  const u = chromaU + <usize>column * 8;
  const v = chromaV + <usize>column * 8;
  if (column > 0) {
    takeColumns(u - 4, v - 4, chromaStride);
    filterNormal(P0, Q0, BLOCK_STRIDE, false, limit + 4, interior, variance);
    putColumns(u - 4, v - 4, chromaStride);
  }
  if (isInner) {
    takeColumns(u, v, chromaStride);
    filterNormal(P0, Q0, BLOCK_STRIDE, true, limit, interior, variance);
    putColumns(u, v, chromaStride);
  }
  if (row > 0) {
    const last = (KEPT - 1) * chromaStride + <usize>column * 8;
    takeRows(keptU + last, keptV + last, u, v, chromaStride);
    filterNormal(P0, Q0, BLOCK_STRIDE, false, limit + 4, interior, variance);
    putRows(keptU + last, keptV + last, u, v, chromaStride);
  }
  if (isInner) {
    const down: usize = 4 * chromaStride;
    takeRows(u + down - chromaStride, v + down - chromaStride, u + down, v + down, chromaStride);
    filterNormal(P0, Q0, BLOCK_STRIDE, true, limit, interior, variance);
    putRows(u + down - chromaStride, v + down - chromaStride, u + down, v + down, chromaStride);
  }
}
