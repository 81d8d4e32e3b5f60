/**
 * One block of a sequential scan (T.81 F.2.2): kept coefficients are dequantised into the block buffer, the rest of the
 * block is passed over as fast as the bits allow.
 */
import { bitOrigin, bitPosition, peekBits, setBitPosition } from "./bits";
import { Component } from "./frame";
import { COMPLETE, extend, FAST_BITS, HuffmanTable, longSymbol, NO_SYMBOL, SKIP_BITS } from "./huffman";

/** A fresh 64-bit peek holds 57 valid bits; after 26 are used, the longest symbol (16 + 15 bits) still fits. */
const REFILL_AFTER: i32 = 26;

let badCodes: i32 = 0;

/** How many codes that are in no table were met since the last `clearBadCodes`. */
export function badCodeCount(): i32 {
  return badCodes;
}

/** Starts the count anew. */
export function clearBadCodes(): void {
  badCodes = 0;
}

/** A symbol whose code is longer than FAST_BITS, as an AC entry: run << 12 | size << 8 | length. */
export function longEntry(table: HuffmanTable, bits: u64): i32 {
  const symbol = longSymbol(table, bits);
  if (symbol == NO_SYMBOL) badCodes++;
  return symbol;
}

/** Reads a DC difference (F.2.2.1) at the reader's position and gives the new prediction. */
// @ts-ignore: decorator
@inline
export function readDc(table: HuffmanTable, from: usize): i32 {
  const at = bitPosition();
  const bits = peekBits(from, at);
  let entry = load<i32>(table.fast + (<usize>(bits >> (64 - FAST_BITS)) << 2));
  if (entry & COMPLETE) {
    setBitPosition(at + (entry & 255));
    return entry >> 16;
  }
  if (entry == 0) entry = longEntry(table, bits);
  const length = entry & 255;
  const size = (entry >> 8) & 15;
  setBitPosition(at + length + size);
  if (size == 0) return 0;
  return extend(<i32>((bits << <u64>length) >> <u64>(64 - size)), size);
}

/**
 * Decodes a block of component `c` into `block`, which is all zero. Gives the zig-zag index of the last kept
 * coefficient that was coded.
 */
export function decodeBlock(c: Component, block: usize): i32 {
  const from = bitOrigin();
  const targets = c.targets;
  const dc = c.prediction + readDc(c.dc, from);
  c.prediction = dc;
  store<i16>(block, <i16>(dc * <i32>load<u16>(targets, 2)));

  const ac = c.ac;
  const fast = ac.fast;
  const lastKept = c.lastKept;
  let at = bitPosition();
  let bits = peekBits(from, at);
  let refillAt = at + REFILL_AFTER;
  let last = 0;
  let k = 1;
  while (k <= lastKept) {
    if (at > refillAt) {
      bits = peekBits(from, at);
      refillAt = at + REFILL_AFTER;
    }
    let entry = load<i32>(fast + (<usize>(bits >> (64 - FAST_BITS)) << 2));
    let value = entry >> 16;
    let length = entry & 255;
    if (value == 0) {
      if (entry == 0) {
        entry = longEntry(ac, bits);
        length = entry & 255;
      }
      const size = (entry >> 8) & 15;
      bits <<= <u64>length;
      at += length;
      if (size == 0) {
        if (((entry >> 12) & 15) != 15) {
          setBitPosition(at);
          return last;
        }
        k += 16;
        continue;
      }
      value = extend(<i32>(bits >> <u64>(64 - size)), size);
      length = size;
    }
    bits <<= <u64>length;
    at += length;
    k += (entry >> 12) & 15;
    const target = load<u32>(targets + <usize>(k << 2));
    store<i16>(block + <usize>(target & 0xffff), <i16>(value * <i32>(target >> 16)));
    last = k;
    k++;
  }
  if (k < 64) at = passOver(ac, from, at, k);
  setBitPosition(at);
  // Damaged data may have run past the block; the last kept index bounds what can have been stored.
  return min(last, lastKept);
}

/** Passes over the rest of a block from index `k` on; gives the bit position after it. */
// @ts-ignore: decorator
@inline
function passOver(ac: HuffmanTable, from: usize, start: i32, first: i32): i32 {
  const skip = ac.skip;
  let at = start;
  let k = first;
  while (k < 64) {
    const bits = peekBits(from, at);
    const entry = load<u32>(skip + (<usize>(bits >> (64 - SKIP_BITS)) << 2));
    const next = k + <i32>((entry >> 8) & 255);
    if (entry != 0 && next <= 64) {
      at += entry & 255;
      if (entry & 0x10000) break;
      k = next;
      continue;
    }
    let single = load<i32>(ac.fast + (<usize>(bits >> (64 - FAST_BITS)) << 2));
    if (single == 0) single = longEntry(ac, bits);
    at += single & 255;
    const run = (single >> 12) & 15;
    if (single >> 16 == 0) {
      const size = (single >> 8) & 15;
      at += size;
      if (size == 0 && run != 15) break;
    }
    k += run + 1;
  }
  return at;
}
