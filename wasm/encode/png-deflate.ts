/**
 * Finds matches in the filtered rows (LZ77 with hash chains and one step of lazy evaluation) and keeps the window.
 *
 * Positions are counted from the beginning of the stream, so neither table is ever rebased: an entry is too old when it
 * is further back than 32 KiB, and a chain ends there.
 */
import { alloc } from "../memory";
import { blockReset, countLiteral, countMatch, TOKENS_MAX } from "./png-block";

const HISTORY_BYTES: i32 = 32768;
/** Room for new bytes beside the history. */
const ROOM_BYTES: i32 = 131072;
const HASH_BITS: u32 = 15;
const MATCH_MIN: i32 = 4;
const MATCH_MAX: i32 = 258;
/** Candidates looked at for a match; a match of GOOD_LENGTH is taken without trying the next byte. */
const CHAIN_MAX: i32 = 6;
const GOOD_LENGTH: i32 = 32;
/** Bytes that comparing may read past the data. */
const TAIL_BYTES: i32 = 16;

let window: usize = 0;
/** Position of the window's first byte. */
let windowBase: i32 = 0;
let position: i32 = 0;
let filled: i32 = 0;
let heads: usize = 0;
let links: usize = 0;

/** Tokens of the block in the making, and how many. */
export let tokens: usize = 0;
export let tokenCount: i32 = 0;

/** Starts a stream whose rows have `rowBytes` bytes. False when memory is short. */
export function deflateBegin(rowBytes: i32): bool {
  window = alloc(<usize>(HISTORY_BYTES + ROOM_BYTES + rowBytes + TAIL_BYTES));
  heads = alloc(<usize>4 << HASH_BITS);
  links = alloc(<usize>HISTORY_BYTES << 2);
  tokens = alloc((<usize>TOKENS_MAX + 2) << 2);
  if (!window || !heads || !links || !tokens) return false;
  memory.fill(heads, 0xff, <usize>4 << HASH_BITS);
  windowBase = position = filled = tokenCount = 0;
  blockReset();
  return true;
}

/** Where the next row goes, or 0 when the bytes already there must be compressed first. */
export function deflateRoom(): usize {
  if (filled - position >= ROOM_BYTES) return 0;
  if (filled - windowBase >= HISTORY_BYTES + ROOM_BYTES) {
    const keep = max(windowBase, position - HISTORY_BYTES);
    if (keep == windowBase) return 0;
    memory.copy(window, window + <usize>(keep - windowBase), <usize>(filled - keep));
    windowBase = keep;
    if (filled - windowBase >= HISTORY_BYTES + ROOM_BYTES) return 0;
  }
  return window + <usize>(filled - windowBase);
}

/** Says that `bytes` bytes were put at `deflateRoom()`. */
export function deflateAdd(bytes: i32): void {
  filled += bytes;
}

export function clearTokens(): void {
  tokenCount = 0;
}

@inline
function insert(at: i32, word: u32): i32 {
  const slot = heads + (<usize>((word * 0x9e3779b1) >> (32 - HASH_BITS)) << 2);
  const previous = load<i32>(slot);
  store<i32>(slot, at);
  store<i32>(links + (<usize>(at & (HISTORY_BYTES - 1)) << 2), previous);
  return previous;
}

let matchDistance: i32 = 0;

/** Length of the longest match at `at` that beats `length`, or `length`; `candidate` begins the chain. */
function findMatch(at: i32, candidate: i32, length: i32, limit: i32): i32 {
  const oldest = max(windowBase, at - HISTORY_BYTES);
  const here = window + <usize>(at - windowBase);
  const word = load<u32>(here);
  for (let tries = CHAIN_MAX; tries > 0 && candidate >= oldest; tries--) {
    const there = window + <usize>(candidate - windowBase);
    if (load<u32>(there) == word && load<u8>(there + length) == load<u8>(here + length)) {
      let same = 4;
      while (same < limit) {
        const difference = load<u64>(here + same) ^ load<u64>(there + same);
        if (difference) {
          same += <i32>(ctz(difference) >> 3);
          break;
        }
        same += 8;
      }
      same = min(same, limit);
      if (same > length) {
        length = same;
        matchDistance = at - candidate;
        if (same == limit) return length;
      }
    }
    const older = load<i32>(links + (<usize>(candidate & (HISTORY_BYTES - 1)) << 2));
    if (older >= candidate) break;
    candidate = older;
  }
  return length;
}

/**
 * Turns bytes into tokens until the block is full (true) or the bytes are used up (false). Unless `isFinal`, the last
 * 258 bytes wait for their successors.
 */
export function deflateRun(isFinal: bool): bool {
  const stop = isFinal ? filled : filled - MATCH_MAX - 1;
  while (position < stop) {
    if (tokenCount >= TOKENS_MAX) return true;
    const limit = min(MATCH_MAX, filled - position);
    const here = window + <usize>(position - windowBase);
    if (limit < MATCH_MIN + 1) {
      addLiteral(here);
      continue;
    }
    let length = findMatch(position, insert(position, load<u32>(here)), MATCH_MIN - 1, limit);
    if (length < MATCH_MIN) {
      addLiteral(here);
      continue;
    }
    let distance = matchDistance;
    let inserted = 1;
    if (length < GOOD_LENGTH && limit > length + 1) {
      const next = findMatch(position + 1, insert(position + 1, load<u32>(here, 1)), length, limit - 1);
      inserted = 2;
      if (next > length) {
        addLiteral(here);
        inserted = 1;
        length = next;
        distance = matchDistance;
      }
    }
    addMatch(length, distance, inserted);
  }
  return tokenCount >= TOKENS_MAX;
}

@inline
function addLiteral(here: usize): void {
  const byte = <u32>load<u8>(here);
  store<u32>(tokens + (<usize>tokenCount << 2), byte);
  tokenCount++;
  countLiteral(byte);
  position++;
}

/** Adds a match; of the bytes it covers, the first `inserted` are in the tables already. */
@inline
function addMatch(length: i32, distance: i32, inserted: i32): void {
  store<u32>(tokens + (<usize>tokenCount << 2), (<u32>distance << 9) | <u32>length);
  tokenCount++;
  countMatch(<u32>length, <u32>distance);
  const end = position + length;
  const last = min(end, filled - MATCH_MIN);
  for (let at = position + inserted; at < last; at++) insert(at, load<u32>(window + <usize>(at - windowBase)));
  position = end;
}
