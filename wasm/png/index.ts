/**
 * Streaming PNG decoder: chunks (PNG 3rd ed. §5), one after the other, straight into inflate, filters and resampler.
 *
 * Policy, libpng's where it has one: a wrong CRC or a nonsensical IHDR or PLTE is an error; a wrong CRC of IDAT is counted, and
 * whether its data are whole is seen by inflating them, as browsers do; a wrong tRNS is left out and counted; everything ancillary is skipped unread, so no metadata is ever inflated and no chunk is stored. The
 * default image of an APNG is its IDAT like any other's; frames (fdAT) are ancillary. Whatever follows the picture is
 * ignored. Work is bounded by input bytes and declared pixels.
 */
import { inflateFeed } from '../inflate/inflate';
import { alloc, resetMemory } from '../memory';
import { crc32 } from './crc32';
import { colourType, hasPalette, headerReset, height, isInterlaced, mayHaveAlpha, readHeader, readPalette, readTransparency, width } from './header';
import { endEarly, rowsBegin, rowsComplete, rowsDamaged, rowsRun } from './rows';
import { DONE, HEADER_KNOWN, NEED_INPUT, OUT_OF_MEMORY, TRUNCATED, UNDECODABLE } from './status';

/** Bytes of file the host may hand over at once. */
const INPUT_BYTES: usize = 65536;

const SIGNATURE: u64 = 0x0a1a0a0d474e5089;
const IHDR: u32 = 0x49484452;
const PLTE: u32 = 0x504c5445;
const IDAT: u32 = 0x49444154;
const IEND: u32 = 0x49454e44;
const TRNS: u32 = 0x74524e53;
/** Bit 5 of the first letter: set in ancillary chunks. */
const ANCILLARY: u32 = 0x20000000;
const CHUNK_BYTES_MAX: u32 = 0x7fffffff;
/** Longest PLTE; longer known chunks are wrong, whatever they hold. */
const KNOWN_BYTES_MAX: u32 = 768;

const AT_SIGNATURE: i32 = 0;
const AT_CHUNK: i32 = 1;
const AT_KNOWN: i32 = 2;
const AT_SKIP: i32 = 3;
const AT_CONFIGURE: i32 = 4;
const AT_DATA: i32 = 5;
const AT_DATA_CRC: i32 = 6;
const AT_END: i32 = 7;

let state: i32 = AT_SIGNATURE;
let outcome: i32 = 0;
let warnings: i32 = 0;
let inputStart: usize = 0;
let inputAt: usize = 0;
let inputEnd: usize = 0;
let chunkType: u32 = 0;
let chunkLeft: u32 = 0;
let chunkCrc: u32 = 0;
let hasHeader: bool = false;
let isConfigured: bool = false;

/** Begins a file; everything allocated before is forgotten. 0 or an error status. */
export function pngReset(): i32 {
  resetMemory();
  headerReset();
  state = AT_SIGNATURE;
  outcome = warnings = 0;
  hasHeader = isConfigured = false;
  inputStart = alloc(INPUT_BYTES + 16);
  inputAt = inputEnd = inputStart;
  return inputStart ? 0 : OUT_OF_MEMORY;
}

/** Where the next bytes of the file go. */
export function pngInput(): usize {
  return inputEnd;
}

/** How many bytes may be put there. */
export function pngSpace(): i32 {
  return <i32>(inputStart + INPUT_BYTES - inputEnd);
}

/** Stored width in pixels, from status HEADER_KNOWN on. */
export function pngWidth(): i32 {
  return width;
}

/** Stored height in pixels. */
export function pngHeight(): i32 {
  return height;
}

/** 1 when pixels may be other than opaque. */
export function pngMayHaveAlpha(): i32 {
  return <i32>mayHaveAlpha();
}

/** 1 for Adam7. */
export function pngIsInterlaced(): i32 {
  return <i32>isInterlaced;
}

/** Colour type as in IHDR. */
export function pngColourType(): i32 {
  return colourType;
}

/** How many faults were tolerated. */
export function pngWarnings(): i32 {
  return warnings + <i32>(isConfigured && rowsDamaged());
}

/**
 * Sets the target, in stored axes, after HEADER_KNOWN; then push 0 bytes. `orientation`: EXIF 1 to 8.
 * `background`: 0xRRGGBB to flatten on, or -1. 0 or an error status.
 */
export function pngConfigure(targetWidth: i32, targetHeight: i32, orientation: i32, background: i32): i32 {
  if (state != AT_CONFIGURE || targetWidth < 1 || targetHeight < 1) return UNDECODABLE;
  if (orientation < 1 || orientation > 8) return UNDECODABLE;
  if (<i64>targetWidth * <i64>targetHeight > (<i64>1) << 24) return OUT_OF_MEMORY;
  const status = rowsBegin(targetWidth, targetHeight, orientation, background);
  if (status < 0) return fail(status);
  isConfigured = true;
  state = AT_DATA;
  return 0;
}

function fail(status: i32): i32 {
  state = AT_END;
  outcome = status;
  return status;
}

/** Takes `bytes` bytes that were put at `pngInput()`. Gives a status of status.ts. */
export function pngPush(bytes: i32, isFinal: i32): i32 {
  if (bytes < 0 || bytes > pngSpace()) return fail(UNDECODABLE);
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
  return isFinal ? endOfFile() : NEED_INPUT;
}

/** The file is over and the picture is not. */
function endOfFile(): i32 {
  if (!isConfigured) return fail(hasHeader ? TRUNCATED : UNDECODABLE);
  warnings++;
  if (rowsComplete()) return fail(DONE);
  const status = rowsRun(true);
  return fail(status == NEED_INPUT ? endEarly(TRUNCATED) : status);
}

/** Goes one step if enough input is there. NEED_INPUT also when it just went on. */
function step(): i32 {
  const available = inputEnd - inputAt;
  switch (state) {
    case AT_SIGNATURE:
      if (available < 8) return NEED_INPUT;
      if (load<u64>(inputAt) != SIGNATURE) return fail(UNDECODABLE);
      inputAt += 8;
      state = AT_CHUNK;
      return NEED_INPUT;
    case AT_CHUNK:
      return available < 8 ? NEED_INPUT : beginChunk();
    case AT_KNOWN:
      return available < <usize>chunkLeft + 4 ? NEED_INPUT : readKnown();
    case AT_SKIP: {
      const skipped = min(<usize>chunkLeft, available);
      inputAt += skipped;
      chunkLeft -= <u32>skipped;
      if (!chunkLeft) state = AT_CHUNK;
      return NEED_INPUT;
    }
    case AT_DATA:
      return readData(available);
    default:
      return available < 4 ? NEED_INPUT : endData();
  }
}

function beginChunk(): i32 {
  chunkLeft = bswap(load<u32>(inputAt));
  chunkType = bswap(load<u32>(inputAt, 4));
  if (chunkLeft > CHUNK_BYTES_MAX || !isChunkName(chunkType)) return endOrFail();
  if (!hasHeader && chunkType != IHDR) return fail(UNDECODABLE);
  chunkCrc = crc32(0, inputAt + 4, 4);
  inputAt += 8;
  if (chunkType == IDAT) {
    if (rowsComplete() && isConfigured) return fail(DONE);
    if (!hasPalette()) return fail(UNDECODABLE);
    state = isConfigured ? AT_DATA : AT_CONFIGURE;
    return NEED_INPUT;
  }
  if (isConfigured) return endOrFail();
  if (chunkType == IHDR || chunkType == PLTE) {
    if (chunkLeft > KNOWN_BYTES_MAX) return fail(UNDECODABLE);
    state = AT_KNOWN;
  } else if (chunkType == TRNS && chunkLeft <= KNOWN_BYTES_MAX) state = AT_KNOWN;
  else if (chunkType == IEND || !(chunkType & ANCILLARY)) return fail(UNDECODABLE);
  else {
    chunkLeft += 4;
    state = AT_SKIP;
  }
  return NEED_INPUT;
}

/** After the first IDAT, whatever is not IDAT ends the picture. */
function endOrFail(): i32 {
  if (!isConfigured) return fail(UNDECODABLE);
  if (rowsComplete()) return fail(DONE);
  const status = rowsRun(true);
  return fail(status == NEED_INPUT ? endEarly(TRUNCATED) : status);
}

function isChunkName(name: u32): bool {
  for (let shift = 0; shift < 32; shift += 8) {
    const letter = ((name >> shift) & 0xff) | 0x20;
    if (letter < 0x61 || letter > 0x7a) return false;
  }
  return true;
}

function readKnown(): i32 {
  const at = inputAt;
  const bytes = chunkLeft;
  const isIntact = crc32(chunkCrc, at, <usize>bytes) == bswap(load<u32>(at + <usize>bytes));
  inputAt += <usize>bytes + 4;
  state = AT_CHUNK;
  if (chunkType == TRNS) {
    if (!isIntact || !readTransparency(at, bytes)) warnings++;
    return NEED_INPUT;
  }
  if (!isIntact) return fail(UNDECODABLE);
  if (chunkType == IHDR) {
    if (hasHeader || bytes != 13) return fail(UNDECODABLE);
    hasHeader = true;
    const status = readHeader(at);
    return status < 0 ? fail(status) : NEED_INPUT;
  }
  return readPalette(at, bytes) ? NEED_INPUT : fail(UNDECODABLE);
}

function readData(available: usize): i32 {
  if (!chunkLeft) {
    state = AT_DATA_CRC;
    return NEED_INPUT;
  }
  let offered = min(<usize>chunkLeft, available);
  if (!rowsComplete()) {
    offered = inflateFeed(inputAt, offered);
    chunkCrc = crc32(chunkCrc, inputAt, offered);
    const status = rowsRun(false);
    if (status < 0) return fail(status);
  } else chunkCrc = crc32(chunkCrc, inputAt, offered);
  inputAt += offered;
  chunkLeft -= <u32>offered;
  return NEED_INPUT;
}

function endData(): i32 {
  const isIntact = bswap(load<u32>(inputAt)) == chunkCrc;
  inputAt += 4;
  if (!isIntact) warnings++;
  if (rowsComplete()) return fail(DONE);
  state = AT_CHUNK;
  return NEED_INPUT;
}
