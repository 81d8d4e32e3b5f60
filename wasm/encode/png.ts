/**
 * PNG encoder: an RGBA bitmap in, a file in pieces out. Deterministic; bounded memory: window, tokens and one output
 * buffer, whatever the size of the picture. No metadata is written; samples are sRGB by convention, as on the web.
 */
import { alloc, mark, release } from '../memory';
import { crc32 } from '../png/crc32';
import { DONE, OUT_OF_MEMORY, OUTPUT_READY, UNDECODABLE } from '../png/status';
import { adler32 } from './png-adler';
import { BLOCK_BYTES_MAX, flushBits, writeBlock } from './png-block';
import { channels, chooseColour, kind, KIND_PALETTE, packRow, palette, paletteCount, sampleBits, translucentCount } from './png-colour';
import { clearTokens, deflateAdd, deflateBegin, deflateRoom, deflateRun, tokenCount, tokens } from './png-deflate';
import { chooseFilter, filterRow } from './png-filter';

/** Signature, IHDR, PLTE, tRNS, a block with its chunk, the Adler-32 and IEND; and the bit writer's overhang. */
const OUTPUT_BYTES: usize = 8 + 25 + 780 + 268 + BLOCK_BYTES_MAX + 12 + 16 + 12 + 16;
const ROW_LEAD: usize = 16;
const ROW_TAIL: usize = 32;

const SIGNATURE: u64 = 0x0a1a0a0d474e5089;
const IHDR: u32 = 0x49484452;
const PLTE: u32 = 0x504c5445;
const TRNS: u32 = 0x74524e53;
const IDAT: u32 = 0x49444154;
const IEND: u32 = 0x49454e44;
/** zlib header: deflate, 32 KiB window, default level (RFC 1950 §2.2). */
const ZLIB_HEADER: u16 = 0x9c78;

/**
 * Places looked at for a match. Filtered photographs repeat by chance only: looking longer costs a third of the time
 * for a thousandth of the size.
 */
const CANDIDATES_PLAIN: i32 = 6;
const CANDIDATES_FILTERED: i32 = 2;

let source: usize = 0;
let width: i32 = 0;
let height: i32 = 0;
let stride: usize = 0;
let rowBytes: usize = 0;
let pixelBytes: usize = 0;
let current: usize = 0;
let prior: usize = 0;
let y: i32 = 0;
let adler: u32 = 1;
let output: usize = 0;
let outputEnd: usize = 0;
let isFirstBlock: bool = true;
let isOver: bool = true;
let isFiltered: bool = false;
let memoryBefore: usize = 0;

function put32(value: u32): void {
  store<u32>(outputEnd, bswap(value));
  outputEnd += 4;
}

/** Ends a chunk whose length field lies at `start`: fills in the length and adds the CRC. */
function endChunk(start: usize): void {
  const bytes = outputEnd - start - 8;
  store<u32>(start, bswap(<u32>bytes));
  put32(crc32(0, start + 4, bytes + 4));
}

function beginChunk(type: u32): usize {
  const start = outputEnd;
  outputEnd += 4;
  put32(type);
  return start;
}

/**
 * Begins a file of the `pixelsWide` · `pixelsHigh` RGBA bitmap at `bitmap`, `strideBytes` from row to row, 16 readable
 * bytes after it. `isFlat`: repeated pixels are expected to pay more than small differences, so that rows are not
 * filtered. Call `pngEncodeRun` until it gives DONE. 0 or an error status.
 */
export function pngEncodeBegin(bitmap: usize, pixelsWide: i32, pixelsHigh: i32, strideBytes: i32, isFlat: i32): i32 {
  if (pixelsWide < 1 || pixelsHigh < 1 || strideBytes != pixelsWide << 2) return UNDECODABLE;
  source = bitmap;
  width = pixelsWide;
  height = pixelsHigh;
  stride = <usize>strideBytes;
  memoryBefore = mark();
  chooseColour(bitmap, pixelsWide * pixelsHigh);
  isFiltered = kind != KIND_PALETTE && !isFlat;
  rowBytes = (<usize>width * <usize>(channels() * sampleBits) + 7) >> 3;
  pixelBytes = <usize>max(1, (channels() * sampleBits) >> 3);
  current = alloc(ROW_LEAD + rowBytes + ROW_TAIL);
  prior = alloc(ROW_LEAD + rowBytes + ROW_TAIL);
  output = alloc(OUTPUT_BYTES);
  const candidates = isFiltered ? CANDIDATES_FILTERED : CANDIDATES_PLAIN;
  if (!current || !prior || !output || !deflateBegin(<i32>rowBytes + 1 + <i32>ROW_TAIL, candidates)) {
    release(memoryBefore);
    return OUT_OF_MEMORY;
  }
  memory.fill(current, 0, ROW_LEAD + rowBytes + ROW_TAIL);
  memory.fill(prior, 0, ROW_LEAD + rowBytes + ROW_TAIL);
  y = 0;
  adler = 1;
  isFirstBlock = true;
  isOver = false;
  outputEnd = output;
  writeHeader();
  return 0;
}

/** Ends an unfinished file; its memory is given back, for a JPEG instead. */
export function pngEncodeAbandon(): void {
  if (isOver) return;
  isOver = true;
  release(memoryBefore);
}

/** Address of the finished bytes since the last run. */
export function pngEncodeOutput(): usize {
  return output;
}

/** How many there are; the next run overwrites them. */
export function pngEncodeBytes(): i32 {
  return <i32>(outputEnd - output);
}

/** PNG colour type (PNG 3rd ed. §11.2.1) of the file. */
export function pngEncodeColourType(): i32 {
  return kind;
}

function writeHeader(): void {
  store<u64>(outputEnd, SIGNATURE);
  outputEnd += 8;
  let chunk = beginChunk(IHDR);
  put32(<u32>width);
  put32(<u32>height);
  store<u8>(outputEnd, <u8>sampleBits);
  store<u8>(outputEnd, <u8>kind, 1);
  store<u8>(outputEnd, 0, 2);
  store<u16>(outputEnd, 0, 3);
  outputEnd += 5;
  endChunk(chunk);
  if (kind != KIND_PALETTE) return;
  chunk = beginChunk(PLTE);
  for (let i = 0; i < paletteCount; i++) {
    store<u32>(outputEnd, load<u32>(palette + ((<usize>i) << 2)));
    outputEnd += 3;
  }
  endChunk(chunk);
  if (!translucentCount) return;
  chunk = beginChunk(TRNS);
  for (let i = 0; i < translucentCount; i++) store<u8>(outputEnd++, load<u8>(palette + ((<usize>i) << 2), 3));
  endChunk(chunk);
}

/** Compresses on. OUTPUT_READY: drain and run again; DONE: drain, the file is complete and the memory given back. */
export function pngEncodeRun(): i32 {
  if (isOver) return DONE;
  if (!isFirstBlock) outputEnd = output;
  while (true) {
    addRows();
    const isFull = deflateRun(y == height);
    if (!isFull && y < height) continue;
    const isLast = !isFull && y == height;
    const chunk = beginChunk(IDAT);
    if (isFirstBlock) {
      store<u16>(outputEnd, ZLIB_HEADER);
      outputEnd += 2;
      isFirstBlock = false;
    }
    outputEnd = writeBlock(tokens, tokenCount, isLast, outputEnd);
    clearTokens();
    if (!isLast) {
      endChunk(chunk);
      return OUTPUT_READY;
    }
    outputEnd = flushBits(outputEnd);
    put32(adler);
    endChunk(chunk);
    endChunk(beginChunk(IEND));
    isOver = true;
    release(memoryBefore);
    return DONE;
  }
}

/**
 * Filters rows into the window until it is full. Palette indices are no magnitudes, and flat pictures compress better
 * as they are (by 12 % on a text screenshot): neither is filtered.
 */
function addRows(): void {
  while (y < height) {
    const to = deflateRoom();
    if (!to) return;
    packRow(source + <usize>y * stride, current + ROW_LEAD, width);
    const filter = isFiltered ? chooseFilter(current + ROW_LEAD, prior + ROW_LEAD, rowBytes, pixelBytes) : 0;
    filterRow(filter, current + ROW_LEAD, prior + ROW_LEAD, rowBytes, pixelBytes, to);
    adler = adler32(adler, to, rowBytes + 1);
    deflateAdd(<i32>rowBytes + 1);
    const swap = current;
    current = prior;
    prior = swap;
    y++;
  }
}
