// Prefix codes, RFC 9649 §3.7.2.1: canonical codes of at most 15 bits, turned into tables of two levels.
//
// An entry is 32 bits: symbol << 8 | length. The first level has 256 entries, indexed by the next 8 bits; where a code is
// longer, its entry is offset << 8 | LINK | bits: `offset` entries on from the first level lies a second one, indexed by
// `bits` further bits, whose entries hold the rest of the length. A code with one symbol takes no bits: length 0.

import { alloc } from '../../memory';
import { OK, OUT_OF_MEMORY, UNDECODABLE } from '../status';
import { BitReader, fill, readBits } from './bit';

/** Bits that index the first level. */
export const ROOT_BITS: i32 = 8;
export const ROOT_MASK: u32 = 255;
/** Marks an entry of the first level that leads to a second. */
export const LINK: u32 = 128;
/** Longest code. */
const LENGTH_MAX: i32 = 15;
/** Bytes of the stream that one code takes at most: 19 lengths of 3 bits, then 14 bits a symbol. */
export const CODE_BYTES_MAX: usize = 4352;

/** kCodeLengthCodeOrder. */
const ORDER: usize = memory.data<u8>([17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

/**
 * Code length of each symbol, a byte each, and of each symbol of the code that they are written in. The largest alphabet has
 * 256 literals, 24 lengths and a colour cache of 11 bits.
 */
const lengths: usize = memory.data(2328, 16);
const metaLengths: usize = memory.data(19, 4);
/** Codes of each length; the next code of each length. 32 bits each. */
const counts: usize = memory.data(64, 16);
const nextCodes: usize = memory.data(64, 16);
/** Bits of the second level under each entry of the first. */
const subBits: usize = memory.data(256, 16);
/** The table of the code that lengths are written in; none of them is longer than 7 bits. */
const metaTable: usize = memory.data(1024, 16);

/** The table read last. */
export let table: usize = 0;
/** Its only symbol, or −1 when it has several. */
export let onlySymbol: i32 = -1;

/** Reads a code over `symbols` symbols and builds its table. OK or an error. */
export function readPrefixCode(reader: BitReader, symbols: i32): i32 {
  memory.fill(lengths, 0, symbols);
  if (readBits(reader, 1) != 0) {
    readSimple(reader, symbols);
  } else if (!readNormal(reader, symbols)) {
    return UNDECODABLE;
  }
  if (reader.isPast != 0) return UNDECODABLE;
  return build(lengths, symbols, 0);
}

/** One or two symbols, §3.7.2.1.1. One outside the alphabet is as if it were not there, which is how libwebp takes it. */
function readSimple(reader: BitReader, symbols: i32): void {
  const isPair = readBits(reader, 1) != 0;
  const first = <i32>readBits(reader, readBits(reader, 1) != 0 ? 8 : 1);
  if (first < symbols) store<u8>(lengths + first, 1);
  if (!isPair) return;
  const second = <i32>readBits(reader, 8);
  if (second < symbols) store<u8>(lengths + second, 1);
}

/** Lengths written in a code of their own, §3.7.2.1.2. */
function readNormal(reader: BitReader, symbols: i32): bool {
  const written = 4 + <i32>readBits(reader, 4);
  memory.fill(metaLengths, 0, 19);
  for (let i = 0; i < written; i++) store<u8>(metaLengths + load<u8>(ORDER + i), <u8>readBits(reader, 3));
  if (build(metaLengths, 19, metaTable) != OK) return false;
  let left = symbols;
  if (readBits(reader, 1) != 0) {
    left = 2 + <i32>readBits(reader, 2 + 2 * <i32>readBits(reader, 3));
    if (left > symbols) return false;
  }
  let previous = 8;
  let symbol = 0;
  while (symbol < symbols && left-- > 0) {
    fill(reader);
    const entry = load<u32>(metaTable + (((<u32>reader.value) & ROOT_MASK) << 2));
    readBits(reader, <i32>(entry & 15));
    const length = <i32>(entry >> 8);
    if (length < 16) {
      store<u8>(lengths + symbol++, length);
      if (length != 0) previous = length;
      continue;
    }
    const repeats = length == 16 ? 3 + readBits(reader, 2) : length == 17 ? 3 + readBits(reader, 3) : 11 + readBits(reader, 7);
    if (symbol + <i32>repeats > symbols) return false;
    memory.fill(lengths + symbol, length == 16 ? <u8>previous : 0, repeats);
    symbol += repeats;
  }
  return true;
}

/**
 * Builds the table of the code with these lengths, at `at` when the code has no more than 8 bits, or where `alloc` puts
 * it when `at` is 0. A code that leaves bit strings without a symbol, or has too many, is refused.
 */
function build(from: usize, symbols: i32, at: usize): i32 {
  memory.fill(counts, 0, 64);
  let used = 0;
  let last = 0;
  for (let s = 0; s < symbols; s++) {
    const length = load<u8>(from + s);
    if (length == 0) continue;
    store<u32>(counts + ((<usize>length) << 2), load<u32>(counts + ((<usize>length) << 2)) + 1);
    used++;
    last = s;
  }
  if (used == 0) return UNDECODABLE;
  onlySymbol = used == 1 ? last : -1;
  let bytes: usize = 1024;
  if (used > 1) {
    const second = layOut();
    if (0 > second) return UNDECODABLE;
    bytes += (<usize>second) << 2;
  }
  table = at != 0 ? at : alloc(bytes);
  if (table == 0) return OUT_OF_MEMORY;
  if (used == 1) {
    for (let i: usize = 0; i < 256; i++) store<u32>(table + i * 4, (<u32>last) << 8);
    return OK;
  }
  assign(from, symbols);
  return OK;
}

/** Gives each length its first code and each entry of the first level its second one; entries of all the second levels. */
function layOut(): i32 {
  let code = 0;
  for (let length = 1; length <= LENGTH_MAX; length++) {
    store<i32>(nextCodes + (length << 2), code);
    code = (code + load<i32>(counts + (length << 2))) << 1;
    if (code > 1 << (length + 1)) return -1;
  }
  if (code != 1 << (LENGTH_MAX + 1)) return -1;
  memory.fill(subBits, 0, 256);
  // Codes of a length are in a row: the prefixes that codes of more than 8 bits share are the last ones of the first
  // level, and the longest code under a prefix is the last that is met.
  for (let length = ROOT_BITS + 1; length <= LENGTH_MAX; length++) {
    const first = load<i32>(nextCodes + (length << 2));
    const count = load<i32>(counts + (length << 2));
    if (count == 0) continue;
    const shift = length - ROOT_BITS;
    for (let prefix = first >> shift; prefix <= (first + count - 1) >> shift; prefix++) {
      store<u8>(subBits + reverse(prefix, ROOT_BITS), shift);
    }
  }
  let entries = 0;
  for (let i = 0; i < 256; i++) {
    const bits = <i32>load<u8>(subBits + i);
    if (bits != 0) entries += 1 << bits;
  }
  return entries;
}

/** Fills the table: every entry whose index ends in a code gets its symbol. */
function assign(from: usize, symbols: i32): void {
  let offset = 256;
  for (let i = 0; i < 256; i++) {
    const bits = <i32>load<u8>(subBits + i);
    if (bits == 0) continue;
    store<u32>(table + (i << 2), ((<u32>offset) << 8) | LINK | bits);
    offset += 1 << bits;
  }
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length = <i32>load<u8>(from + symbol);
    if (length == 0) continue;
    const code = load<i32>(nextCodes + (length << 2));
    store<i32>(nextCodes + (length << 2), code + 1);
    const index = reverse(code, length);
    if (length <= ROOT_BITS) {
      spread(table, index, length, ROOT_BITS, ((<u32>symbol) << 8) | length);
    } else {
      const link = load<u32>(table + ((index & ROOT_MASK) << 2));
      const rest = length - ROOT_BITS;
      spread(table + ((link >> 8) << 2), index >> ROOT_BITS, rest, <i32>(link & 15), ((<u32>symbol) << 8) | rest);
    }
  }
}

function spread(at: usize, index: i32, length: i32, bits: i32, entry: u32): void {
  for (let i = index; i < 1 << bits; i += 1 << length) store<u32>(at + (i << 2), entry);
}

/** The lowest `bits` bits in the opposite order: codes are written from their first bit on. */
function reverse(code: i32, bits: i32): i32 {
  let reversed = 0;
  for (let i = 0; i < bits; i++) {
    reversed = (reversed << 1) | (code & 1);
    code >>= 1;
  }
  return reversed;
}
