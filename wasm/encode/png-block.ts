/** Writes blocks of DEFLATE (RFC 1951 §3.2.3): tokens to Huffman-coded bits, dynamic codes unless fixed ones are shorter. */
import { assignCodes, buildCodes } from "./png-huffman";

/** Tokens a block holds at most. A token is a literal byte, or distance << 9 | length. */
export const TOKENS_MAX: i32 = 16384;
/** Most bytes one block takes: 48 bits a token and a header. */
export const BLOCK_BYTES_MAX: usize = (<usize>TOKENS_MAX) * 6 + 512;

const LITERALS: i32 = 286;
const DISTANCES: i32 = 30;
const END_OF_BLOCK: usize = 256;

const literalCount = memory.data(288 * 4, 16);
const distanceCount = memory.data(32 * 4, 16);
const precodeCount = memory.data(19 * 4, 16);
const lengths = memory.data(320, 16);
const distanceLengths = memory.data(32, 16);
const precodeLengths = memory.data(32, 16);
const literalCodes = memory.data(288 * 4, 16);
const distanceCodes = memory.data(32 * 4, 16);
const precodeCodes = memory.data(19 * 4, 16);
/** Run-length form of all code lengths: symbol | extra << 8. */
const runs = memory.data(320 * 2, 16);
/** For match length 3..258: symbol - 257, and for each such symbol its base and extra bits. */
const lengthSymbol = memory.data(260, 16);
const LENGTH_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const LENGTH_BASE = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const PRECODE_ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

let bits: u64 = 0;
let bitCount: i32 = 0;
let out: usize = 0;

/** Starts a stream: no bits pending, all counts zero. */
export function blockReset(): void {
  bits = 0;
  bitCount = 0;
  for (let symbol = 0; symbol < 29; symbol++) {
    const base = <i32>load<u16>(LENGTH_BASE + (symbol << 1));
    const span = 1 << load<u8>(LENGTH_EXTRA + symbol);
    memory.fill(lengthSymbol + base, <u8>symbol, min(span, 259 - base));
  }
  clearCounts();
}

function clearCounts(): void {
  memory.fill(literalCount, 0, 288 * 4);
  memory.fill(distanceCount, 0, 32 * 4);
}

@inline
function distanceSymbol(distance: u32): u32 {
  const last = distance - 1;
  if (last < 4) return last;
  const top = 31 - clz(last);
  return (top << 1) + ((last >> (top - 1)) & 1);
}

@inline
function increment(table: usize, symbol: usize): void {
  store<u32>(table + (symbol << 2), load<u32>(table + (symbol << 2)) + 1);
}

/** Counts a literal towards the block's codes. */
@inline
export function countLiteral(byte: u32): void {
  increment(literalCount, <usize>byte);
}

/** Counts a match towards the block's codes. */
@inline
export function countMatch(length: u32, distance: u32): void {
  increment(literalCount, 257 + <usize>load<u8>(lengthSymbol + length));
  increment(distanceCount, <usize>distanceSymbol(distance));
}

@inline
function put(value: u64, count: i32): void {
  bits |= value << <u64>bitCount;
  bitCount += count;
  store<u64>(out, bits);
  const bytes = bitCount >> 3;
  out += <usize>bytes;
  bits >>= <u64>(bytes << 3);
  bitCount &= 7;
}

/** Writes the block of `count` tokens at `to`; gives the address after its last whole byte. Clears the counts. */
export function writeBlock(tokens: usize, count: i32, isLast: bool, to: usize): usize {
  out = to;
  increment(literalCount, END_OF_BLOCK);
  buildCodes(literalCount, LITERALS, 15, lengths, literalCodes);
  buildCodes(distanceCount, DISTANCES, 15, distanceLengths, distanceCodes);
  let literals = LITERALS;
  while (!load<u8>(lengths + literals - 1)) literals--;
  let distances = DISTANCES;
  while (distances > 1 && !load<u8>(distanceLengths + distances - 1)) distances--;
  memory.copy(lengths + literals, distanceLengths, distances);
  const runCount = findRuns(literals + distances);
  buildCodes(precodeCount, 19, 7, precodeLengths, precodeCodes);
  let precodes = 19;
  while (precodes > 4 && !load<u8>(precodeLengths + load<u8>(PRECODE_ORDER + precodes - 1))) precodes--;

  const isDynamic = dynamicBits(literals, precodes, runCount) < fixedBits();
  put(<u64>isLast | (isDynamic ? 4 : 2), 3);
  if (isDynamic) writeDynamicHeader(literals, distances, precodes, runCount);
  else useFixedCodes();
  writeTokens(tokens, count);
  clearCounts();
  return out;
}

/** Pads the last byte with zeros and gives the address after it. */
export function flushBits(to: usize): usize {
  out = to;
  if (bitCount) put(0, 8 - bitCount);
  return out;
}

/** RFC 1951 §3.2.7: code lengths as runs; gives how many. */
function findRuns(total: i32): i32 {
  memory.fill(precodeCount, 0, 19 * 4);
  let count = 0;
  let i = 0;
  while (i < total) {
    const value = load<u8>(lengths + i);
    let same = 1;
    while (i + same < total && load<u8>(lengths + i + same) == value) same++;
    i += same;
    if (value) {
      count = addRun(count, value, 0);
      same--;
    }
    while (same >= 3) {
      const taken = min(same, value ? 6 : 138);
      const symbol: u32 = value ? 16 : taken > 10 ? 18 : 17;
      count = addRun(count, symbol, <u32>taken - (symbol == 18 ? 11 : 3));
      same -= taken;
    }
    for (; same > 0; same--) count = addRun(count, value, 0);
  }
  return count;
}

function addRun(count: i32, symbol: u32, extra: u32): i32 {
  increment(precodeCount, <usize>symbol);
  store<u16>(runs + (<usize>count << 1), <u16>(symbol | (extra << 8)));
  return count + 1;
}

@inline
function runExtraBits(symbol: u32): i32 {
  return symbol < 16 ? 0 : symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
}

function dynamicBits(literals: i32, precodes: i32, runCount: i32): u64 {
  let total: u64 = 14 + <u64>precodes * 3;
  for (let i = 0; i < runCount; i++) {
    const symbol = <u32>load<u8>(runs + (i << 1));
    total += <u64>load<u8>(precodeLengths + symbol) + <u64>runExtraBits(symbol);
  }
  for (let i = 0; i < literals; i++) total += <u64>load<u32>(literalCount + (i << 2)) * <u64>load<u8>(lengths + i);
  for (let i = 0; i < DISTANCES; i++) {
    total += <u64>load<u32>(distanceCount + (i << 2)) * <u64>load<u8>(distanceLengths + i);
  }
  return total;
}

@inline
function fixedLength(symbol: i32): i32 {
  return symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
}

function fixedBits(): u64 {
  let total: u64 = 0;
  for (let i = 0; i < LITERALS; i++) total += <u64>load<u32>(literalCount + (i << 2)) * <u64>fixedLength(i);
  for (let i = 0; i < DISTANCES; i++) total += <u64>load<u32>(distanceCount + (i << 2)) * 5;
  return total;
}

function useFixedCodes(): void {
  for (let i = 0; i < 288; i++) store<u8>(lengths + i, <u8>fixedLength(i));
  assignCodes(lengths, 288, literalCodes);
  memory.fill(distanceLengths, 5, 32);
  assignCodes(distanceLengths, 32, distanceCodes);
}

function writeDynamicHeader(literals: i32, distances: i32, precodes: i32, runCount: i32): void {
  put(<u64>(literals - 257) | (<u64>(distances - 1) << 5) | (<u64>(precodes - 4) << 10), 14);
  for (let i = 0; i < precodes; i++) put(<u64>load<u8>(precodeLengths + load<u8>(PRECODE_ORDER + i)), 3);
  for (let i = 0; i < runCount; i++) {
    const symbol = <u32>load<u8>(runs + (i << 1));
    const code = load<u32>(precodeCodes + (<usize>symbol << 2));
    put(<u64>(code & 0xffff), <i32>(code >> 16));
    if (symbol >= 16) put(<u64>load<u8>(runs + (i << 1), 1), runExtraBits(symbol));
  }
}

/** The bit writer is kept in locals here: this loop is the encoder's hottest after the match finder. */
function writeTokens(tokens: usize, count: i32): void {
  let pending = bits;
  let held = <u64>bitCount;
  let to = out;
  const end = tokens + (<usize>count << 2);
  for (; tokens < end; tokens += 4) {
    const token = load<u32>(tokens);
    if (token < 256) {
      const code = load<u32>(literalCodes + (<usize>token << 2));
      pending |= <u64>(code & 0xffff) << held;
      held += <u64>(code >> 16);
    } else {
      const length = token & 511;
      const index = <usize>load<u8>(lengthSymbol + length);
      let code = load<u32>(literalCodes + ((index + 257) << 2));
      pending |= <u64>(code & 0xffff) << held;
      held += <u64>(code >> 16);
      pending |= <u64>(length - <u32>load<u16>(LENGTH_BASE + (index << 1))) << held;
      held += <u64>load<u8>(LENGTH_EXTRA + index);
      const distance = token >> 9;
      const symbol = distanceSymbol(distance);
      code = load<u32>(distanceCodes + (<usize>symbol << 2));
      pending |= <u64>(code & 0xffff) << held;
      held += <u64>(code >> 16);
      if (symbol >= 4) {
        const extra = (symbol >> 1) - 1;
        pending |= <u64>((distance - 1) & ((1 << extra) - 1)) << held;
        held += <u64>extra;
      }
    }
    store<u64>(to, pending);
    to += <usize>(held >> 3);
    pending >>= held & 56;
    held &= 7;
  }
  bits = pending;
  bitCount = <i32>held;
  out = to;
  const code = load<u32>(literalCodes + (END_OF_BLOCK << 2));
  put(<u64>(code & 0xffff), <i32>(code >> 16));
}
