/**
 * Streaming GIF decoder (GIF87a and GIF89a): the first frame, placed on its canvas.
 *
 * The canvas is the logical screen, enlarged where the first frame passes it. Canvas outside the frame is transparent;
 * the background colour is not painted, as browsers and libvips agree. Extensions but the graphic control of the first
 * frame are skipped. Decoding ends with the first frame: later ones are neither read nor checked. A frame's work is
 * bounded by its bytes and its pixels: what LZW yields beyond them is dropped.
 */
import { alloc, resetMemory } from '../memory';
import { DONE, HEADER_KNOWN, NEED_INPUT, OUT_OF_MEMORY, PIXELS_MAX, SIDE_MAX, TRUNCATED, UNDECODABLE, WORK_BOUND } from '../png/status';
import { LZW_DONE, LZW_INVALID, LZW_OUTPUT_FULL, lzwBegin, lzwRun, lzwTaken } from './lzw';
import { COLOURS, isNearlyComplete, leavesCanvas, rowsBegin, rowsComplete, rowsFinish, setFrame, takeRows } from './rows';

const INPUT_BYTES: usize = 65536;
const SCREEN_BYTES: usize = 13;
const DESCRIPTOR_BYTES: usize = 10;
const GRAPHIC_CONTROL: u8 = 0xf9;
const LITERAL_BITS_MAX: i32 = 11;

const AT_SCREEN: i32 = 0;
const AT_GLOBAL_TABLE: i32 = 1;
const AT_BLOCK: i32 = 2;
const AT_EXTENSION: i32 = 3;
const AT_SKIP: i32 = 4;
const AT_LOCAL_TABLE: i32 = 5;
const AT_CODE_SIZE: i32 = 6;
const AT_CONFIGURE: i32 = 7;
const AT_DATA_BLOCK: i32 = 8;
const AT_DATA: i32 = 9;
const AT_END: i32 = 10;

let state: i32 = AT_SCREEN;
let outcome: i32 = 0;
let warnings: i32 = 0;
let inputStart: usize = 0;
let inputAt: usize = 0;
let inputEnd: usize = 0;
let width: i32 = 0;
let height: i32 = 0;
let tableEntries: i32 = 0;
let hasTable: bool = false;
let transparentIndex: i32 = -1;
let literalBits: i32 = 0;
let blockLeft: usize = 0;
let isConfigured: bool = false;

/** Begins a file; everything allocated before is forgotten. 0 or an error status. */
export function gifReset(): i32 {
  resetMemory();
  state = AT_SCREEN;
  outcome = warnings = 0;
  transparentIndex = -1;
  hasTable = isConfigured = false;
  inputStart = alloc(INPUT_BYTES + 16);
  inputAt = inputEnd = inputStart;
  return inputStart ? 0 : OUT_OF_MEMORY;
}

/** Where the next bytes of the file go. */
export function gifInput(): usize {
  return inputEnd;
}

/** How many bytes may be put there. */
export function gifSpace(): i32 {
  return <i32>(inputStart + INPUT_BYTES - inputEnd);
}

/** Canvas width in pixels, from status HEADER_KNOWN on. */
export function gifWidth(): i32 {
  return width;
}

/** Canvas height in pixels. */
export function gifHeight(): i32 {
  return height;
}

/** 1 when a colour is transparent or the frame leaves canvas uncovered. */
export function gifMayHaveAlpha(): i32 {
  return <i32>(transparentIndex >= 0 || leavesCanvas());
}

/** How many faults were tolerated. */
export function gifWarnings(): i32 {
  return warnings;
}

/** See `pngConfigure`. */
export function gifConfigure(targetWidth: i32, targetHeight: i32, orientation: i32, background: i32): i32 {
  if (state != AT_CONFIGURE || targetWidth < 1 || targetHeight < 1) return UNDECODABLE;
  if (orientation < 1 || orientation > 8) return UNDECODABLE;
  if (<i64>targetWidth * <i64>targetHeight > (<i64>1) << 24) return OUT_OF_MEMORY;
  if (!lzwBegin(literalBits)) return fail(OUT_OF_MEMORY);
  const status = rowsBegin(targetWidth, targetHeight, orientation, background, gifMayHaveAlpha() != 0);
  if (status < 0) return fail(status);
  isConfigured = true;
  state = AT_DATA_BLOCK;
  return 0;
}

function fail(status: i32): i32 {
  state = AT_END;
  outcome = status;
  return status;
}

/** Takes `bytes` bytes that were put at `gifInput()`. Gives a status of png/status.ts. */
export function gifPush(bytes: i32, isFinal: i32): i32 {
  if (bytes < 0 || bytes > gifSpace()) return fail(UNDECODABLE);
  inputEnd += <usize>bytes;
  while (true) {
    if (state == AT_END) return outcome;
    if (state == AT_CONFIGURE) return HEADER_KNOWN;
    const before = inputAt;
    const stateBefore = state;
    const status = step();
    if (status != NEED_INPUT) return status;
    if (inputAt == before && state == stateBefore) break;
  }
  const rest = inputEnd - inputAt;
  memory.copy(inputStart, inputAt, rest);
  inputAt = inputStart;
  inputEnd = inputStart + rest;
  if (!isFinal) return NEED_INPUT;
  return isConfigured ? endFrame(TRUNCATED) : fail(state == AT_SCREEN ? UNDECODABLE : TRUNCATED);
}

/** The frame's data are over, or unusable from here on: `failure` when too much of it is missing. */
function endFrame(failure: i32): i32 {
  if (!rowsComplete()) {
    if (!isNearlyComplete()) return fail(failure);
    warnings++;
  }
  rowsFinish();
  return fail(DONE);
}

function step(): i32 {
  const available = inputEnd - inputAt;
  switch (state) {
    case AT_SCREEN:
      return available < SCREEN_BYTES ? NEED_INPUT : readScreen();
    case AT_GLOBAL_TABLE:
    case AT_LOCAL_TABLE:
      return available < <usize>tableEntries * 3 ? NEED_INPUT : readTable();
    case AT_BLOCK:
      return available < DESCRIPTOR_BYTES ? readShortBlock(available) : readBlock();
    case AT_EXTENSION:
    case AT_DATA_BLOCK:
      return available < 1 ? NEED_INPUT : beginSubBlock();
    case AT_SKIP: {
      const skipped = min(blockLeft, available);
      inputAt += skipped;
      blockLeft -= skipped;
      if (!blockLeft) state = AT_EXTENSION;
      return NEED_INPUT;
    }
    case AT_CODE_SIZE:
      return available < 1 ? NEED_INPUT : readCodeSize();
    default:
      return readData(available);
  }
}

function readScreen(): i32 {
  const signature = load<u32>(inputAt);
  if ((signature & 0xffffff) != 0x464947 || load<u8>(inputAt, 3) != 0x38) return fail(UNDECODABLE);
  width = <i32>load<u16>(inputAt, 6);
  height = <i32>load<u16>(inputAt, 8);
  const flags = load<u8>(inputAt, 10);
  inputAt += SCREEN_BYTES;
  for (let i: usize = 0; i < 256; i++) store<u32>(COLOURS + (i << 2), 0xff000000);
  state = AT_BLOCK;
  if (flags & 0x80) {
    tableEntries = 2 << (flags & 7);
    state = AT_GLOBAL_TABLE;
  }
  return NEED_INPUT;
}

function readTable(): i32 {
  for (let i = 0; i < tableEntries; i++) {
    const from = inputAt + <usize>i * 3;
    const colour = (<u32>load<u8>(from)) | ((<u32>load<u8>(from, 1)) << 8) | ((<u32>load<u8>(from, 2)) << 16);
    store<u32>(COLOURS + ((<usize>i) << 2), colour | 0xff000000);
  }
  inputAt += <usize>tableEntries * 3;
  hasTable = true;
  state = state == AT_GLOBAL_TABLE ? AT_BLOCK : AT_CODE_SIZE;
  return NEED_INPUT;
}

/** A trailer may stand where no descriptor fits any more; everything else waits for more input. */
function readShortBlock(available: usize): i32 {
  return available && load<u8>(inputAt) == 0x3b ? fail(UNDECODABLE) : NEED_INPUT;
}

function readBlock(): i32 {
  const kind = load<u8>(inputAt);
  if (kind == 0x21) {
    // Label, then sub-blocks. The graphic control's fields are fixed (GIF89a §23) and read from where they stand.
    if (load<u8>(inputAt, 1) == GRAPHIC_CONTROL && load<u8>(inputAt, 2) == 4) {
      transparentIndex = load<u8>(inputAt, 3) & 1 ? <i32>load<u8>(inputAt, 6) : -1;
    }
    inputAt += 2;
    state = AT_EXTENSION;
    return NEED_INPUT;
  }
  if (kind == 0x2c) return readDescriptor();
  return fail(UNDECODABLE);
}

function readDescriptor(): i32 {
  const left = <i32>load<u16>(inputAt, 1);
  const top = <i32>load<u16>(inputAt, 3);
  const columns = <i32>load<u16>(inputAt, 5);
  const rows = <i32>load<u16>(inputAt, 7);
  const flags = load<u8>(inputAt, 9);
  inputAt += DESCRIPTOR_BYTES;
  if (!columns || !rows) return fail(UNDECODABLE);
  width = max(width, left + columns);
  height = max(height, top + rows);
  if (max(width, height) > <i32>SIDE_MAX || <i64>width * <i64>height > PIXELS_MAX) return fail(WORK_BOUND);
  setFrame(width, height, left, top, columns, rows, (flags & 0x40) != 0);
  state = AT_CODE_SIZE;
  if (flags & 0x80) {
    for (let i: usize = 0; i < 256; i++) store<u32>(COLOURS + (i << 2), 0xff000000);
    tableEntries = 2 << (flags & 7);
    state = AT_LOCAL_TABLE;
  }
  return NEED_INPUT;
}

function readCodeSize(): i32 {
  literalBits = <i32>load<u8>(inputAt++);
  if (literalBits < 1 || literalBits > LITERAL_BITS_MAX) return fail(UNDECODABLE);
  if (!hasTable) store<u32>(COLOURS + 4, 0xffffffff);
  if (transparentIndex >= 0) store<u32>(COLOURS + ((<usize>transparentIndex) << 2), 0);
  state = AT_CONFIGURE;
  return NEED_INPUT;
}

function beginSubBlock(): i32 {
  blockLeft = <usize>load<u8>(inputAt++);
  if (state == AT_EXTENSION) {
    state = blockLeft ? AT_SKIP : AT_BLOCK;
    return NEED_INPUT;
  }
  if (!blockLeft) return endFrame(TRUNCATED);
  state = AT_DATA;
  return NEED_INPUT;
}

function readData(available: usize): i32 {
  const status = lzwRun(inputAt, min(blockLeft, available));
  inputAt += lzwTaken();
  blockLeft -= lzwTaken();
  takeRows();
  if (rowsComplete()) return endFrame(DONE);
  if (status == LZW_INVALID) return endFrame(UNDECODABLE);
  if (status == LZW_DONE) return endFrame(TRUNCATED);
  if (status == LZW_OUTPUT_FULL) return readData(inputEnd - inputAt);
  if (!blockLeft) state = AT_DATA_BLOCK;
  return NEED_INPUT;
}
