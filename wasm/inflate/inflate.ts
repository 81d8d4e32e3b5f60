/**
 * Streaming decompression of one zlib stream (RFC 1950) into a sliding window that the caller reads in place.
 *
 * The window holds the last 32 KiB of history and whatever the caller has not consumed. Two thresholds replace bounds
 * checks in the hot loop: it runs only while enough input is buffered for any symbol and enough room for any match.
 * Block headers wait until the longest possible one is buffered, so nothing ever has to be suspended and resumed
 * inside a header or a symbol. The Adler-32 at the end is not computed: PNG's CRC-32 covers the same bytes, and libpng
 * does not fail on it either.
 */
import { alloc } from '../memory';
import { buildFixedTables, readDynamicTables } from './header';
import { DISTANCE_ENTRIES, LITERAL_ENTRIES } from './table';
import {
  bitBuffer,
  bitCount,
  decodeSymbols,
  INPUT_SLACK,
  OUTPUT_SLACK,
  prepareSymbols,
  readAt,
  setReader,
  setWriter,
  STOP_BLOCK_END,
  STOP_INVALID,
  writeAt,
} from './symbols';

/** Everything fed is used up (but for a remainder that waits for its successor). */
export const INFLATE_NEEDS_INPUT: i32 = 0;
/** The window is full: consume, then run again. */
export const INFLATE_WINDOW_FULL: i32 = 1;
/** The stream's last block has ended. */
export const INFLATE_DONE: i32 = 2;
export const INFLATE_INVALID: i32 = -1;
/** The input ended inside the stream. What was decoded up to there can be consumed. */
export const INFLATE_TRUNCATED: i32 = -2;

/** RFC 1951 §2: matches reach back at most 32 KiB. */
const HISTORY_BYTES: usize = 32768;
/** Compressed bytes buffered at most. */
export const FEED_BYTES: usize = 65536;
/** Longest dynamic block header: 17 bits, 19 precode lengths, 320 lengths of at most 14 bits; in bytes, rounded up. */
const HEADER_BYTES_MAX: usize = 640;
/** Zeros that follow the last byte, so that the final symbols can be read ahead without a special case. */
const PADDING_BYTES: usize = 64;

const PHASE_ZLIB: i32 = 0;
const PHASE_BLOCK: i32 = 1;
const PHASE_STORED: i32 = 2;
const PHASE_SYMBOLS: i32 = 3;
const PHASE_END: i32 = 4;

let phase: i32 = PHASE_ZLIB;
let isLastBlock: bool = false;
let hasFixedTables: bool = false;
let storedLeft: usize = 0;
let literalTable: usize = 0;
let distanceTable: usize = 0;

let feedStart: usize = 0;
let feedEnd: usize = 0;
let windowStart: usize = 0;
let windowLimit: usize = 0;
let consumedTo: usize = 0;

/** Bytes that `inflateBegin(room)` allocates; mirrored by the host's memory plan. */
function windowBytes(room: usize): usize {
  return HISTORY_BYTES + room + OUTPUT_SLACK + 32;
}

/** Prepares a stream whose window offers at least `room` bytes beyond the history. False when memory is short. */
export function inflateBegin(room: usize): bool {
  literalTable = alloc((<usize>LITERAL_ENTRIES) << 2);
  distanceTable = alloc((<usize>DISTANCE_ENTRIES) << 2);
  feedStart = alloc(FEED_BYTES + HEADER_BYTES_MAX + PADDING_BYTES);
  windowStart = alloc(windowBytes(room));
  if (!literalTable || !distanceTable || !feedStart || !windowStart) return false;
  windowLimit = windowStart + HISTORY_BYTES + room;
  phase = PHASE_ZLIB;
  isLastBlock = false;
  hasFixedTables = false;
  feedEnd = feedStart;
  consumedTo = windowStart;
  prepareSymbols();
  setReader(feedStart, 0, 0);
  setWriter(windowStart);
  return true;
}

/** Copies up to `bytes` compressed bytes in; gives how many fitted. Zero only while `inflateRun` has input to use. */
export function inflateFeed(from: usize, bytes: usize): usize {
  const unread = feedEnd - readAt;
  if (readAt > feedStart) {
    memory.copy(feedStart, readAt, unread);
    setReader(feedStart, bitBuffer, bitCount);
    feedEnd = feedStart + unread;
  }
  const taken = min(bytes, FEED_BYTES + HEADER_BYTES_MAX - unread);
  memory.copy(feedEnd, from, taken);
  feedEnd += taken;
  return taken;
}

/** First byte of output not yet consumed. */
export function inflateOutput(): usize {
  return consumedTo;
}

/** Bytes of output not yet consumed. */
export function inflateAvailable(): usize {
  return writeAt - consumedTo;
}

/** Marks `bytes` bytes of output as used; they stay in the window as history while matches need them. */
export function inflateConsume(bytes: usize): void {
  consumedTo += bytes;
}

/** Compressed bytes that were fed and not needed. */
export function inflateUnused(): usize {
  return feedEnd - readAt + <usize>(bitCount >> 3);
}

function slideWindow(): void {
  const history = max(windowStart + HISTORY_BYTES, writeAt) - HISTORY_BYTES;
  const keepFrom = min(history, consumedTo);
  if (keepFrom == windowStart) return;
  const kept = writeAt - keepFrom;
  memory.copy(windowStart, keepFrom, kept);
  consumedTo -= keepFrom - windowStart;
  setWriter(windowStart + kept);
}

/** True when the reader stands on bytes that do not exist: more bits were used than were fed. */
function isOverrun(): bool {
  return readAt - <usize>(bitCount >> 3) > feedEnd;
}

/** Unused whole bits as whole bytes: gives back what the bit buffer read ahead, at a byte boundary. */
function alignReader(): void {
  const back = <usize>(bitCount >> 3);
  setReader(readAt - back, 0, 0);
}

/**
 * Decodes until input, window or stream ends. `isFinal`: no more input will be fed.
 * Work is bounded by the fed bytes and the window's room.
 */
export function inflateRun(isFinal: bool): i32 {
  if (isFinal) memory.fill(feedEnd, 0, PADDING_BYTES);
  while (true) {
    if (phase == PHASE_END) return INFLATE_DONE;
    if (phase == PHASE_STORED) {
      const status = copyStored(isFinal);
      if (status != INFLATE_DONE) return status;
      continue;
    }
    if (phase == PHASE_SYMBOLS) {
      const status = runSymbols(isFinal);
      if (status != INFLATE_DONE) return status;
      continue;
    }
    if (!isFinal && feedEnd < readAt + HEADER_BYTES_MAX) return INFLATE_NEEDS_INPUT;
    if (readAt - <usize>(bitCount >> 3) >= feedEnd && !(bitCount & 7)) return INFLATE_TRUNCATED;
    const status = phase == PHASE_ZLIB ? readZlibHeader() : readBlockHeader();
    if (isOverrun()) return INFLATE_TRUNCATED;
    if (status < 0) return status;
  }
}

// RFC 1950 §2.2: method 8, window at most 32 KiB, header divisible by 31, no preset dictionary.
function readZlibHeader(): i32 {
  const method = <u32>load<u8>(readAt);
  const flags = <u32>load<u8>(readAt, 1);
  setReader(readAt + 2, 0, 0);
  if ((method & 15) != 8 || method >> 4 > 7 || ((method << 8) | flags) % 31 || flags & 32) return INFLATE_INVALID;
  phase = PHASE_BLOCK;
  return INFLATE_DONE;
}

function readBlockHeader(): i32 {
  let bits = bitBuffer | (load<u64>(readAt) << (<u64>bitCount));
  const count = bitCount | 56;
  setReader(readAt + <usize>(7 - (bitCount >> 3)), bits >> 3, count - 3);
  isLastBlock = (bits & 1) != 0;
  const kind = (<i32>(bits >> 1)) & 3;
  if (kind == 0) {
    alignReader();
    const length = <u32>load<u16>(readAt);
    if ((length ^ (<u32>load<u16>(readAt, 2))) != 0xffff) return INFLATE_INVALID;
    setReader(readAt + 4, 0, 0);
    storedLeft = <usize>length;
    phase = PHASE_STORED;
    return INFLATE_DONE;
  }
  phase = PHASE_SYMBOLS;
  if (kind == 1) {
    if (!hasFixedTables) hasFixedTables = buildFixedTables(literalTable, distanceTable);
    return INFLATE_DONE;
  }
  hasFixedTables = false;
  return kind == 2 && readDynamicTables(literalTable, distanceTable) ? INFLATE_DONE : INFLATE_INVALID;
}

function endBlock(): void {
  phase = isLastBlock ? PHASE_END : PHASE_BLOCK;
}

function copyStored(isFinal: bool): i32 {
  while (storedLeft) {
    if (writeAt >= windowLimit) slideWindow();
    if (writeAt >= windowLimit) return INFLATE_WINDOW_FULL;
    const bytes = min(storedLeft, min(feedEnd - readAt, windowLimit - writeAt));
    if (!bytes) return isFinal ? INFLATE_TRUNCATED : INFLATE_NEEDS_INPUT;
    memory.copy(writeAt, readAt, bytes);
    setReader(readAt + bytes, 0, 0);
    setWriter(writeAt + bytes);
    storedLeft -= bytes;
  }
  endBlock();
  return INFLATE_DONE;
}

function runSymbols(isFinal: bool): i32 {
  while (true) {
    if (writeAt >= windowLimit) slideWindow();
    if (writeAt >= windowLimit) return INFLATE_WINDOW_FULL;
    let stop: i32;
    if (readAt + INPUT_SLACK < feedEnd) {
      stop = decodeSymbols(literalTable, distanceTable, feedEnd - INPUT_SLACK, windowLimit, windowStart);
    } else if (!isFinal) {
      return INFLATE_NEEDS_INPUT;
    } else {
      // The last bytes: one turn at a time, so that output made of padding can be taken back.
      const before = writeAt;
      if (isOverrun()) return INFLATE_TRUNCATED;
      stop = decodeSymbols(literalTable, distanceTable, readAt + 1, windowLimit, windowStart);
      if (isOverrun()) {
        setWriter(before);
        return INFLATE_TRUNCATED;
      }
    }
    if (stop == STOP_INVALID) return INFLATE_INVALID;
    if (stop == STOP_BLOCK_END) {
      endBlock();
      return INFLATE_DONE;
    }
  }
}
