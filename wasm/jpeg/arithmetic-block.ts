/** What arithmetic scans are made of: DC differences (T.81 F.1.4.4.1), values of coefficients (F.1.4.3.3), blocks of sequential scans (F.2.4). */
import { acBins, dcBins, decodeBit, fixedBin, largeFrom, lowBandEnd, prepareCode, smallFrom } from './arithmetic';
import { Component } from './frame';
import { starve } from './scan';

/** A magnitude has at most 15 bits: more is damage. */
const MAGNITUDE_MAX: i32 = 0x8000;
/** First magnitude bin of DC tables, and of AC tables below and above Kx (Tables F.4, F.5). */
const DC_MAGNITUDE: usize = 20;
const AC_LOW_MAGNITUDE: usize = 189;
const AC_HIGH_MAGNITUDE: usize = 217;
/** From a magnitude bin to that of the bits below the top one. */
const MAGNITUDE_BITS: usize = 14;

/** What `readMagnitude` gives for damaged data. */
const DAMAGED: i32 = -1;

/** Top bit of the magnitude that was read last. */
let topBit: i32 = 0;

/**
 * The magnitude less one (F.1.4.3.2): its category is a row of ones, counted over the bins from `category` on, then come the bits below the
 * top one. `first`: the bin that tells 1 from more, asked `asked` times before the others.
 */
function readMagnitude(first: usize, category: usize, asked: i32): i32 {
  topBit = 0;
  if (!decodeBit(first)) return 0;
  let top = 1;
  let bin = first;
  if (asked == 1 || decodeBit(first)) {
    top = asked;
    bin = category;
    while (decodeBit(bin)) {
      top <<= 1;
      if (top == MAGNITUDE_MAX) return DAMAGED;
      bin++;
    }
  }
  topBit = top;
  let magnitude = top;
  for (let bit = top >> 1; bit != 0; bit >>= 1) if (decodeBit(bin + MAGNITUDE_BITS)) magnitude |= bit;
  return magnitude;
}

/** Reads a DC difference and gives the new prediction. Damage starves the interval. */
export function readArithmeticDc(c: Component): i32 {
  const table = dcBins(c.dcTable);
  const bin = table + <usize>c.dcContext;
  if (!decodeBit(bin)) {
    c.dcContext = 0;
    return c.prediction;
  }
  const sign = decodeBit(bin + 1);
  const magnitude = readMagnitude(bin + 2 + <usize>sign, table + DC_MAGNITUDE, 1);
  if (magnitude == DAMAGED) {
    starve();
    return c.prediction;
  }
  // The next difference's bins: after none, a small or a large one, by sign; four each.
  if (topBit < smallFrom(c.dcTable)) c.dcContext = 0;
  else c.dcContext = (topBit > largeFrom(c.dcTable) ? 12 : 4) + 4 * sign;
  c.prediction += sign ? -magnitude - 1 : magnitude + 1;
  return c.prediction;
}

/** Whether the band ends at zig-zag index `k`. */
@inline
export function bandEnds(table: usize, k: i32): bool {
  return decodeBit(table + <usize>(3 * (k - 1))) != 0;
}

/** Goes from index `k` over zeros to the next coefficient that is none; beyond `end`, where there must be one, the interval starves. */
export function passZeros(table: usize, k: i32, end: i32): i32 {
  while (!decodeBit(table + <usize>(3 * (k - 1) + 1))) {
    if (++k > end) {
      starve();
      break;
    }
  }
  return k;
}

/** The value of the coefficient with index `k`, which is not zero; 0 for damaged data, with the interval starved. */
export function readAcValue(c: Component, table: usize, k: i32): i32 {
  const sign = decodeBit(fixedBin());
  const category = table + (k > lowBandEnd(c.acTable) ? AC_HIGH_MAGNITUDE : AC_LOW_MAGNITUDE);
  const magnitude = readMagnitude(table + <usize>(3 * (k - 1) + 2), category, 2);
  if (magnitude == DAMAGED) {
    starve();
    return 0;
  }
  return sign ? -magnitude - 1 : magnitude + 1;
}

/** `decodeBlock` for an arithmetic scan: a block of component `c` into `block`, which is all zero; gives the last kept index that was coded. */
export function decodeArithmeticBlock(c: Component, block: usize): i32 {
  prepareCode();
  const targets = c.targets;
  const table = acBins(c.acTable);
  store<i16>(block, <i16>(readArithmeticDc(c) * <i32>load<u16>(targets, 2)));
  let last = 0;
  for (let k = 1; k <= 63 && !bandEnds(table, k); k++) {
    k = passZeros(table, k, 63);
    if (k > 63) break;
    const value = readAcValue(c, table, k);
    if (value == 0) break;
    const target = load<u32>(targets + <usize>(k << 2));
    store<i16>(block + <usize>(target & 0xffff), <i16>(value * <i32>(target >> 16)));
    if (k <= c.lastKept) last = k;
  }
  return last;
}
