/**
 * One block of a sequential scan (T.81 F.2.2): kept coefficients are dequantised into the block buffer, the rest of the
 * block is passed over as fast as the bits allow.
 */
import { bitOrigin, bitPosition, peekBits, setBitPosition } from "./bits";
import { Component } from "./frame";
import { COMPLETE, extend, FAST_BITS, HuffmanTable, longSymbol, NO_SYMBOL, shiftOf, SKIP_BITS, SKIP_ENDS } from "./huffman";

/** A fresh 64-bit peek holds 57 valid bits; after 26 are used, the longest symbol (16 + 15 bits) still fits. */
const REFILL_AFTER: i32 = 26;

let badCodes: i32 = 0;

/** How many codes that are in no table were met since the last `clearBadCodes`. */
export function badCodeCount(): i32 {
  return badCodes;
}

/** Starts both counts anew. */
export function clearBadCodes(): void {
  badCodes = 0;
  lost = 0;
}

/** DC coefficients are 8 · (mean - 128), so at most 1,024, and half a step of quantisation more. */
const DC_MAX: i32 = 1024;

let lost: i32 = 0;

/** One block in so many may have a mean that no picture has; beyond that the picture counts as lost. */
const LOST_SHARE: i32 = 10;
/** So few prove nothing: small pictures of extreme contrast, as encoders of icons write them, have them as well. */
const LOST_BLOCKS_MIN: i32 = 8;

/** Whether too many of `blocks` had a mean outside of what samples can have, since `clearBadCodes`: damage has shifted their predictions away. */
export function isLost(blocks: i32): bool {
  return lost > max(LOST_BLOCKS_MIN, blocks / LOST_SHARE);
}

/** Counts a block whose dequantised DC coefficient is impossible. */
@inline
export function checkDc(level: i32, quantiser: i32): void {
  const limit = DC_MAX + quantiser;
  lost += <i32>(<u32>(level + limit) > <u32>(2 * limit));
}

/** A symbol whose code is longer than FAST_BITS, as an AC entry: run << 12 | size << 8 | length. */
export function longEntry(table: HuffmanTable, bits: u64): i32 {
  const symbol = longSymbol(table, bits);
  if (symbol == NO_SYMBOL) badCodes++;
  return symbol;
}

/** Reads a DC difference (F.2.2.1) at the reader's position and gives the new prediction. */
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
  const ac = c.ac;
  const fast = ac.fast;
  const lastKept = c.lastKept;
  let at = bitPosition();
  let bits = peekBits(from, at);
  let refillAt = at + REFILL_AFTER;

  // The DC difference; see readDc, which is this for scans that have nothing else.
  let dcEntry = load<i32>(c.dc.fast + (<usize>(bits >> (64 - FAST_BITS)) << 2));
  let difference = dcEntry >> 16;
  let dcLength = dcEntry & 255;
  if ((dcEntry & COMPLETE) == 0) {
    if (dcEntry == 0) dcEntry = longEntry(c.dc, bits);
    dcLength = dcEntry & 255;
    const size = (dcEntry >> 8) & 15;
    difference = size == 0 ? 0 : extend(<i32>((bits << <u64>dcLength) >> <u64>(64 - size)), size);
    dcLength += size;
  }
  bits <<= <u64>dcLength;
  at += dcLength;
  const dc = c.prediction + difference;
  c.prediction = dc;
  const quantiser = <i32>load<u16>(targets, 2);
  checkDc(dc * quantiser, quantiser);
  store<i16>(block, <i16>(dc * quantiser));

  let last = 0;
  let k = 1;
  while (k <= lastKept) {
    if (at > refillAt) {
      bits = peekBits(from, at);
      refillAt = at + REFILL_AFTER;
    }
    let entry = load<i32>(fast + (<usize>(bits >> (64 - FAST_BITS)) << 2));
    let value = entry >> 16;
    if (value != 0) {
      bits <<= shiftOf(entry);
      at += entry & 63;
    } else {
      if (entry == 0) entry = longEntry(ac, bits);
      const size = (entry >> 8) & 15;
      bits <<= shiftOf(entry);
      at += entry & 63;
      if (size == 0) {
        if (((entry >> 12) & 15) != 15) {
          setBitPosition(at);
          return last;
        }
        k += 16;
        continue;
      }
      value = extend(<i32>(bits >> <u64>(64 - size)), size);
      bits <<= <u64>size;
      at += size;
    }
    k += (entry >> 12) & 15;
    const target = load<u32>(targets + <usize>(k << 2));
    store<i16>(block + <usize>(target & 0xffff), <i16>(value * <i32>(target >> 16)));
    last = k;
    k++;
  }
  const skip = ac.skip;
  while (k < 64) {
    if (at > refillAt) {
      bits = peekBits(from, at);
      refillAt = at + REFILL_AFTER;
    }
    const several = <i32>load<u16>(skip + (<usize>(bits >> (64 - SKIP_BITS)) << 1));
    const next = k + ((several >> 6) & 127);
    if (several != 0 && next <= 64) {
      bits <<= shiftOf(several);
      at += several & 63;
      if (several & SKIP_ENDS) break;
      k = next;
      continue;
    }
    const entry = load<i32>(fast + (<usize>(bits >> (64 - FAST_BITS)) << 2));
    const single = entry == 0 ? longEntry(ac, bits) : entry;
    // Where the magnitude bits were not inside the entry, they are passed over too.
    const length = single >> 16 != 0 ? single & 255 : (single & 255) + ((single >> 8) & 15);
    bits <<= <u64>length;
    at += length;
    const run = (single >> 12) & 15;
    if ((single >> 16) == 0 && (single & 0xf00) == 0 && run != 15) break;
    k += run + 1;
  }
  setBitPosition(at);
  // Damaged data may have run past the block; the last kept index bounds what can have been stored.
  return min(last, lastKept);
}
