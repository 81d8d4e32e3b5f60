/**
 * AC scans of progressive pictures: first passes (T.81 G.1.2.2) and refinements (G.1.2.3).
 *
 * A routine works through a row of blocks with its state in locals. It stops where the bits may not reach for another
 * block; blocks inside a run of ended bands (EOBRUN) need none, or only correction bits, and may go a little further.
 */
import { bitOrigin, bitPosition, peekBits, setBitPosition } from "./bits";
import { longEntry } from "./block";
import { Component } from "./frame";
import { extend, FAST_BITS, shiftOf } from "./huffman";
import { approximationLow, spectralEnd, spectralStart, warn } from "./scan";

/**
 * A fresh peek holds 57 valid bits; after 26 are used, the longest symbol (16 + 15 bits) still fits. The bits in hand are
 * kept from block to block, as most blocks of these scans take only a few.
 */
const REFILL_AFTER: i32 = 26;

let endOfBandRun: i32 = 0;

/** Blocks whose band is known to have ended already. */
export function bandsEnded(): i32 {
  return endOfBandRun;
}

/** Forgets the run, as at the start of a scan and at every restart. */
export function clearEndOfBand(): void {
  endOfBandRun = 0;
}

/** The run that an EOBn code with `bits` behind it begins, this block included: 2^n + n bits. */
@inline
function runLength(n: i32, bits: u64): i32 {
  return n == 0 ? 1 : (1 << n) + <i32>(bits >> <u64>(64 - n));
}

/**
 * First pass over the blocks [column, stop) of a block row. Gives the first column not done.
 * @param limit the last bit position at which a block may begin
 */
export function firstPassRow(c: Component, row: i32, column: i32, stop: i32, limit: i32): i32 {
  const from = bitOrigin();
  const fast = c.ac.fast;
  const targets = c.targets;
  const kept = c.keptMask;
  const first = spectralStart;
  const end = spectralEnd;
  const low = approximationLow;
  const blockBytes = <usize>c.blockBytes;
  let run = endOfBandRun;
  let at = bitPosition();
  let x = column;
  const index = <usize>(row * c.paddedWide + column);
  let coefficients = c.coefficients + index * blockBytes;
  let mask = c.nonzero + (index << 3);
  let bits = peekBits(from, at);
  let refillAt = at + REFILL_AFTER;
  while (x < stop) {
    if (run > 0) {
      const passed = min(run, stop - x);
      run -= passed;
      x += passed;
      coefficients += <usize>passed * blockBytes;
      mask += <usize>passed << 3;
      continue;
    }
    if (at > limit) break;
    let nonzero = load<u64>(mask);
    let k = first;
    while (k <= end) {
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
        if (entry == 0) entry = longEntry(c.ac, bits);
        const size = (entry >> 8) & 15;
        bits <<= shiftOf(entry);
        at += entry & 63;
        if (size == 0) {
          const n = (entry >> 12) & 15;
          if (n != 15) {
            run = runLength(n, bits) - 1;
            bits <<= <u64>n;
            at += n;
            break;
          }
          k += 16;
          continue;
        }
        value = extend(<i32>(bits >> <u64>(64 - size)), size);
        bits <<= <u64>size;
        at += size;
      }
      k += (entry >> 12) & 15;
      if (k > end) {
        warn();
        break;
      }
      const bit = (<u64>1) << <u64>k;
      if (kept & bit) {
        store<i16>(coefficients + <usize>load<u16>(targets + <usize>(k << 2)), <i16>(value << low));
      }
      nonzero |= bit;
      k++;
    }
    store<u64>(mask, nonzero);
    x++;
    coefficients += blockBytes;
    mask += 8;
  }
  endOfBandRun = run;
  setBitPosition(at);
  return x;
}

/** Bits 0 to `index`, at most 63. */
@inline
function upTo(index: i32): u64 {
  return u64.MAX_VALUE >> <u64>(63 - index);
}

/**
 * Applies the correction bits of the coefficients in `corrections`, which begin at bit `at`, one each in zig-zag order.
 * Only the kept ones have a value to correct: away from zero by `step`. Half of the bits are set and nothing foretells
 * which, so there is no branch on them.
 */
@inline
function correct(
  from: usize, at: i32, corrections: u64, kept: u64, coefficients: usize, targets: usize, step: i32,
): void {
  let left = corrections & kept;
  while (left != 0) {
    const bit = left & (0 - left);
    const index = <i32>popcnt(corrections & (bit - 1));
    const address = coefficients + <usize>load<u16>(targets + (<usize>ctz(left) << 2));
    const value = <i32>load<i16>(address);
    const sign = value >> 31;
    const isSet = <i32>(<i64>(peekBits(from, at + index)) >> 63);
    store<i16>(address, <i16>(value + (((step ^ sign) - sign) & isSet)));
    left &= left - 1;
  }
}

/**
 * Refinement of the blocks [column, stop) of a block row. Gives the first column not done.
 * @param limit    the last bit position at which a block outside a run may begin
 * @param runLimit the last bit position at which a block inside a run may begin
 */
export function refineRow(c: Component, row: i32, column: i32, stop: i32, limit: i32, runLimit: i32): i32 {
  const from = bitOrigin();
  const fast = c.ac.fast;
  const targets = c.targets;
  const kept = c.keptMask;
  const first = spectralStart;
  const end = spectralEnd;
  const band = (u64.MAX_VALUE << <u64>first) & upTo(end);
  const step = 1 << approximationLow;
  const blockBytes = <usize>c.blockBytes;
  let run = endOfBandRun;
  let at = bitPosition();
  let x = column;
  const index = <usize>(row * c.paddedWide + column);
  let coefficients = c.coefficients + index * blockBytes;
  let mask = c.nonzero + (index << 3);
  let bits = peekBits(from, at);
  let refillAt = at + REFILL_AFTER;
  for (; x < stop; x++) {
    if (at > (run > 0 ? runLimit : limit)) break;
    const nonzero = load<u64>(mask);
    const coded = nonzero & band;
    let fresh: u64 = 0;
    let k = first;
    while (run == 0 && k <= end) {
      if (at > refillAt) {
        bits = peekBits(from, at);
        refillAt = at + REFILL_AFTER;
      }
      let entry = load<i32>(fast + (<usize>(bits >> (64 - FAST_BITS)) << 2));
      if (entry == 0) entry = longEntry(c.ac, bits);
      let value = entry >> 16;
      const zeros = (entry >> 12) & 15;
      bits <<= shiftOf(entry);
      at += entry & 63;
      if (value == 0) {
        if (((entry >> 8) & 15) != 0) {
          value = <i64>bits < 0 ? 1 : -1;
          bits <<= 1;
          at++;
        } else if (zeros != 15) {
          run = runLength(zeros, bits);
          bits <<= <u64>zeros;
          at += zeros;
          break;
        }
      }
      // The new coefficient is the first zero after `zeros` others. It lies that far on, and one further for every
      // non-zero coefficient on the way; counting those again over the longer way settles in a round or two.
      const ahead = coded & (u64.MAX_VALUE << <u64>k);
      let place = k + zeros;
      let corrections: u64 = 0;
      while (place <= end) {
        corrections = ahead & upTo(place);
        const further = k + zeros + <i32>popcnt(corrections);
        if (further == place) break;
        place = further;
      }
      if (place > end) corrections = ahead;
      if (corrections != 0) {
        correct(from, at, corrections, kept, coefficients, targets, step);
        const count = <i32>popcnt(corrections);
        bits <<= <u64>count;
        at += count;
      }
      if (value != 0 && place <= end) {
        const bit = (<u64>1) << <u64>place;
        fresh |= bit;
        if (bit & kept) {
          store<i16>(coefficients + <usize>load<u16>(targets + (<usize>place << 2)), <i16>(value < 0 ? -step : step));
        }
      }
      k = place + 1;
    }
    if (run > 0) {
      const corrections = k <= end ? coded & (u64.MAX_VALUE << <u64>k) : 0;
      if (corrections != 0) {
        correct(from, at, corrections, kept, coefficients, targets, step);
        const count = <i32>popcnt(corrections);
        bits <<= <u64>count;
        at += count;
      }
      run--;
    }
    if (fresh != 0) store<u64>(mask, nonzero | fresh);
    coefficients += blockBytes;
    mask += 8;
  }
  endOfBandRun = run;
  setBitPosition(at);
  return x;
}
