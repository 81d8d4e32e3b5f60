// A VP8L image (RFC 9649 §3), row by row: header, transforms with the images inside them, prefix codes, pixels. Serves
// both a `VP8L` chunk and the opacities of an `ALPH` chunk, which have no header.

import { alloc, mark, release } from '../../memory';
import { DONE, NEED_INPUT, OK, OUT_OF_MEMORY, ROWS, TRUNCATED, UNDECODABLE } from '../status';
import { has, openSource } from '../source';
import { BitReader, readBits, startBits } from './bit';
import { openGroups, readGroups } from './group';
import { assumeRow, openPixels, readRow, row as codedRow } from './pixel';
import { INDEXING, SUBTRACT_GREEN, addTransform, isNew, isPredicted, resetTransforms, restoreRow, setData, tilesOver } from './transform';

/** Bytes of the window over the stream. */
export const LOSSLESS_WINDOW_BYTES: u32 = 65536;
const SIGNATURE: u32 = 0x2f;
const HEADER_BYTES: usize = 5;
/** Bytes that are read at once outside codes and pixels. */
const FIELD_BYTES_MAX: usize = 16;
const CACHE_BITS_MAX: u32 = 11;
/** Of the rows, one in LOST_PART may be missing. */
const LOST_PART: i32 = 10;

// What the next step does.
const TRANSFORMS: i32 = 0;
const MAIN_CACHE: i32 = 1;
const CODES: i32 = 2;
const PIXELS: i32 = 3;
let state: i32 = TRANSFORMS;

// Which image is being read: the picture, or one inside it.
const PICTURE: i32 = 0;
const TRANSFORM_DATA: i32 = 1;
const ENTROPY: i32 = 2;
let image: i32 = PICTURE;

let reader: BitReader = changetype<BitReader>(0);
export let losslessWidth: i32 = 0;
export let losslessHeight: i32 = 0;
/** False when the picture is opaque whatever its pixels say. */
export let isAlphaUsed: bool = false;
/** The row given out last, ARGB. */
export let losslessRow: usize = 0;
/** 1 when the end of the picture is made up. */
export let losslessWarnings: i32 = 0;

/** Width of the coded picture: colour indexing makes it smaller. */
let codedWidth: i32 = 0;
let cacheBits: u32 = 0;
let imageWidth: i32 = 0;
let imageHeight: i32 = 0;
let y: i32 = 0;
/** What is dropped when the image inside is done. */
let innerMark: usize = 0;
let pictureCacheBits: u32 = 0;
let tiles: usize = 0;
let tileBits: i32 = 0;
let groups: i32 = 0;

/** Starts on a stream. */
export function openLossless(offset: u32, bytes: u32): i32 {
  const at = alloc(offsetof<BitReader>());
  if (at == 0) return OUT_OF_MEMORY;
  reader = changetype<BitReader>(at);
  startBits(reader);
  state = TRANSFORMS;
  image = PICTURE;
  tiles = 0;
  tileBits = 0;
  groups = 1;
  losslessWarnings = 0;
  resetTransforms();
  return openSource(reader, offset, bytes, LOSSLESS_WINDOW_BYTES) ? OK : OUT_OF_MEMORY;
}

/** Reads the header of a `VP8L` chunk, §3.4: OK, NEED_INPUT or an error. */
export function stepLosslessHeader(): i32 {
  if (!has(reader, HEADER_BYTES)) return NEED_INPUT;
  const signature = readBits(reader, 8);
  const width = <i32>readBits(reader, 14) + 1;
  const height = <i32>readBits(reader, 14) + 1;
  const hasAlpha = readBits(reader, 1) != 0;
  const version = readBits(reader, 3);
  if (reader.isPast != 0) return failure();
  if (signature != SIGNATURE || version != 0) return UNDECODABLE;
  setLosslessSize(width, height, hasAlpha);
  return OK;
}

/** Gives the size of a stream without a header. */
export function setLosslessSize(width: i32, height: i32, hasAlpha: bool): void {
  losslessWidth = width;
  losslessHeight = height;
  codedWidth = width;
  isAlphaUsed = hasAlpha;
}

/** Goes on to the next row: ROWS with it in `losslessRow`, NEED_INPUT, DONE or an error. */
export function stepLossless(): i32 {
  let status = OK;
  while (status == OK) {
    switch (state) {
      case TRANSFORMS:
        status = stepTransform();
        break;
      case MAIN_CACHE:
        status = stepCache();
        break;
      case CODES:
        status = stepCodes();
        break;
      default:
        status = image == PICTURE ? stepPicture() : stepInner();
    }
  }
  return status;
}

/** §3.5: transforms, until a bit says that there is no more. */
function stepTransform(): i32 {
  if (!has(reader, FIELD_BYTES_MAX)) return NEED_INPUT;
  if (readBits(reader, 1) == 0) {
    state = MAIN_CACHE;
    return reader.isPast != 0 ? failure() : OK;
  }
  const kind = readBits(reader, 2);
  if (!isNew(kind)) return UNDECODABLE;
  if (kind == SUBTRACT_GREEN) {
    addTransform(kind, codedWidth, losslessHeight, 0);
    return OK;
  }
  if (kind == INDEXING) {
    const colours = <i32>readBits(reader, 8) + 1;
    const packing = colours > 16 ? 0 : colours > 4 ? 1 : colours > 2 ? 2 : 3;
    if (reader.isPast != 0) return failure();
    if (!addTransform(kind, codedWidth, 0, packing)) return OUT_OF_MEMORY;
    codedWidth = tilesOver(codedWidth, packing);
    return startInner(TRANSFORM_DATA, colours, 1);
  }
  const bits = <i32>readBits(reader, 3) + 2;
  if (reader.isPast != 0) return failure();
  if (!addTransform(kind, codedWidth, losslessHeight, bits)) return OUT_OF_MEMORY;
  return startInner(TRANSFORM_DATA, tilesOver(codedWidth, bits), tilesOver(losslessHeight, bits));
}

/** An image inside the picture has a colour cache of its own, one group of codes and no transforms (§3.8.3). */
function startInner(which: i32, width: i32, height: i32): i32 {
  image = which;
  imageWidth = width;
  imageHeight = height;
  innerMark = mark();
  if (!readCacheBits()) return UNDECODABLE;
  if (!openGroups(1)) return OUT_OF_MEMORY;
  state = CODES;
  return OK;
}

/** §3.6.2.3. */
function readCacheBits(): bool {
  cacheBits = 0;
  if (readBits(reader, 1) != 0) {
    cacheBits = readBits(reader, 4);
    if (cacheBits == 0 || cacheBits > CACHE_BITS_MAX) return false;
  }
  return reader.isPast == 0;
}

/** The picture's colour cache, and its entropy image if it has several groups of codes (§3.7.2.2). */
function stepCache(): i32 {
  if (!has(reader, FIELD_BYTES_MAX)) return NEED_INPUT;
  if (!readCacheBits()) return failure();
  pictureCacheBits = cacheBits;
  if (readBits(reader, 1) == 0) return startPicture();
  tileBits = <i32>readBits(reader, 3) + 2;
  const across = tilesOver(codedWidth, tileBits);
  const down = tilesOver(losslessHeight, tileBits);
  tiles = alloc(<usize>across * down * 2);
  if (tiles == 0) return OUT_OF_MEMORY;
  return startInner(ENTROPY, across, down);
}

function startPicture(): i32 {
  image = PICTURE;
  imageWidth = codedWidth;
  imageHeight = losslessHeight;
  cacheBits = pictureCacheBits;
  if (!openGroups(groups)) return OUT_OF_MEMORY;
  state = CODES;
  return OK;
}

function stepCodes(): i32 {
  const status = readGroups(reader, cacheBits == 0 ? 0 : 1 << cacheBits);
  if (status != OK) return status;
  const isPicture = image == PICTURE;
  if (!openPixels(imageWidth, imageHeight, cacheBits, isPicture ? tiles : 0, isPicture ? tileBits : 0)) {
    return OUT_OF_MEMORY;
  }
  if (isPicture) {
    losslessRow = alloc((<usize>losslessWidth + 4) << 2);
    if (losslessRow == 0) return OUT_OF_MEMORY;
  }
  y = 0;
  state = PIXELS;
  return OK;
}

/** The rows of an image inside go where they belong; what it took is dropped at its end. */
function stepInner(): i32 {
  const status = readRow(reader);
  if (status != OK) return status;
  if (image == TRANSFORM_DATA) setData(codedRow, y, imageWidth);
  else setTiles();
  if (++y < imageHeight) return OK;
  release(innerMark);
  if (image == ENTROPY) return startPicture();
  state = TRANSFORMS;
  return OK;
}

/** The group number of a tile is in the red and green bytes. */
function setTiles(): void {
  const to = tiles + <usize>(y * imageWidth) * 2;
  for (let x = 0; x < imageWidth; x++) {
    const number = load<u16>(codedRow + ((<usize>x) << 2), 1);
    store<u16>(to + ((<usize>x) << 1), number);
    if (<i32>number >= groups) groups = <i32>number + 1;
  }
}

function stepPicture(): i32 {
  if (y == losslessHeight) return DONE;
  if (losslessWarnings == 0) {
    const status = readRow(reader);
    if (status == NEED_INPUT) return status;
    if (status != OK) {
      if ((losslessHeight - y) * LOST_PART > losslessHeight) return status;
      losslessWarnings = 1;
    }
  }
  if (losslessWarnings != 0) assumeRow(isPredicted());
  memory.copy(losslessRow, codedRow, (<usize>codedWidth) << 2);
  restoreRow(losslessRow, y);
  y++;
  return ROWS;
}

function failure(): i32 {
  return reader.isCut != 0 ? TRUNCATED : UNDECODABLE;
}
