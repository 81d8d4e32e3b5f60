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
/** A match of this length is taken without trying the next byte. */
const GOOD_LENGTH: i32 = 32;
/** After 2^MISSES_SHIFT tries in vain the step grows by one, up to MISSES_MAX tries. */
const MISSES_SHIFT: i32 = 6;
const MISSES_MAX: i32 = 512;
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

/**
 * Starts a stream whose rows have `rowBytes` bytes. `candidates`: how many earlier places are looked at for a match.
 * False when memory is short.
 */
export function deflateBegin(rowBytes: i32, candidates: i32): bool {
  chainMax = candidates;
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

let chainMax: i32 = 0;
let matchDistance: i32 = 0;

/** Length of the longest match at `at` that beats `length`, or `length`; `candidate` begins the chain. */
function findMatch(at: i32, candidate: i32, length: i32, limit: i32): i32 {
  const oldest = max(windowBase, at - HISTORY_BYTES);
  const here = window + <usize>(at - windowBase);
  const word = load<u32>(here);
  for (let tries = chainMax; tries > 0 && candidate >= oldest; tries--) {
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
 * 258 bytes wait for their successors. Where nothing has matched for long, as in photographs, only every second, third …
 * byte is tried.
 */
export function deflateRun(isFinal: bool): bool {
  const stop = isFinal ? filled : filled - MATCH_MAX - 1;
  let at = position;
  let count = tokenCount;
  let misses = 0;
  while (at < stop && count < TOKENS_MAX) {
    const limit = min(MATCH_MAX, filled - at);
    const here = window + <usize>(at - windowBase);
    let length = 0;
    if (limit > MATCH_MIN) length = findMatch(at, insert(at, load<u32>(here)), MATCH_MIN - 1, limit);
    if (length < MATCH_MIN) {
      let literals = min(1 + (misses >> MISSES_SHIFT), min(stop - at, TOKENS_MAX - count));
      misses = min(misses + 1, MISSES_MAX);
      at += literals;
      for (let from = here; literals > 0; literals--, from++) {
        const byte = <u32>load<u8>(from);
        store<u32>(tokens + (<usize>count << 2), byte);
        countLiteral(byte);
        count++;
      }
      continue;
    }
    misses = 0;
    let distance = matchDistance;
    let inserted = at + 1;
    if (length < GOOD_LENGTH && limit > length + 1) {
      const next = findMatch(at + 1, insert(at + 1, load<u32>(here, 1)), length, limit - 1);
      inserted++;
      if (next > length) {
        const byte = <u32>load<u8>(here);
        store<u32>(tokens + (<usize>count << 2), byte);
        countLiteral(byte);
        count++;
        at++;
        length = next;
        distance = matchDistance;
      }
    }
    store<u32>(tokens + (<usize>count << 2), (<u32>distance << 9) | <u32>length);
    countMatch(<u32>length, <u32>distance);
    count++;
    at += length;
    const last = min(at, filled - MATCH_MIN);
    for (; inserted < last; inserted++) insert(inserted, load<u32>(window + <usize>(inserted - windowBase)));
  }
  position = at;
  tokenCount = count;
  return count >= TOKENS_MAX;
}
