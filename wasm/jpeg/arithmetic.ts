/**
 * The arithmetic decoder of T.81 Annex D and its statistics (F.1.4, G.1.3).
 *
 * A bin of statistics is one byte: the index of its state, and on top the more probable symbol. The code register is the 16 bits that
 * stand before the reader's bit position, less the base of the interval; renormalising moves the position on.
 *
 *   statistics: DC bins, 64 for each of four tables; AC bins, 256 for each of four; the bin of fixed probability
 *   conditioning: for each table the bounds L and U of small DC differences, then Kx of AC tables (B.2.4.3)
 */
import { alloc } from '../memory';
import { bitOrigin, bitPosition, heldBits, peekBits, setBitPosition } from './bits';

const TABLES: i32 = 4;
const DC_BINS: i32 = 64;
const AC_BINS: i32 = 256;
const BINS: i32 = TABLES * (DC_BINS + AC_BINS);

/** Table D.3: Qe << 16 | switches the symbol << 15 | next state after the less probable << 8 | after the more probable. Last: the fixed state. */
const STATES: usize = memory.data<u32>([
  0x5a1d8101, 0x25860e02, 0x11141003, 0x080b1204, 0x03d81405, 0x01da1706, 0x00e51907, 0x006f1c08, 0x00361e09, 0x001a210a, 0x000d230b, 0x0006090c,
  0x00030a0d, 0x00010c0d, 0x5a7f8f0f, 0x3f252410, 0x2cf22611, 0x207c2712, 0x17b92813, 0x11822a14, 0x0cef2b15, 0x09a12d16, 0x072f2e17, 0x055c3018,
  0x04063119, 0x0303331a, 0x0240341b, 0x01b1361c, 0x0144381d, 0x00f5391e, 0x00b73b1f, 0x008a3c20, 0x00683e21, 0x004e3f22, 0x003b2023, 0x002c2109,
  0x5ae1a525, 0x484c4026, 0x3a0d4127, 0x2ef14328, 0x261f4429, 0x1f33452a, 0x19a8462b, 0x1518482c, 0x1177492d, 0x0e744a2e, 0x0bfb4b2f, 0x09f84d30,
  0x08614e31, 0x07064f32, 0x05cd3033, 0x04de3234, 0x040f3235, 0x03633336, 0x02d43437, 0x025c3538, 0x01f83639, 0x01a4373a, 0x0160383b, 0x0125393c,
  0x00f63a3d, 0x00cb3b3e, 0x00ab3d3f, 0x008f3d20, 0x5b12c141, 0x4d045042, 0x412c5143, 0x37d85244, 0x2fe85345, 0x293c5446, 0x23795647, 0x1edf5748,
  0x1aa95749, 0x174e484a, 0x1424484b, 0x119c4a4c, 0x0f6b4a4d, 0x0d514b4e, 0x0bb64d4f, 0x0a404d30, 0x5832d051, 0x4d1c5852, 0x438e5953, 0x3bdd5a54,
  0x34ee5b55, 0x2eae5c56, 0x299a5d57, 0x25165647, 0x5570d859, 0x4ca95f5a, 0x44d9605b, 0x3e22615c, 0x3824635d, 0x32b4635e, 0x2e175d56, 0x56a8df60,
  0x4f466561, 0x47e56662, 0x41cf6763, 0x3c3d6864, 0x375e635d, 0x52316966, 0x4c0f6a67, 0x46396b68, 0x415e6763, 0x5627e96a, 0x50e76c6b, 0x4b856d67,
  0x55976e6d, 0x504f6f6b, 0x5a10ee6f, 0x5522706d, 0x59ebf06f, 0x5a1d7171,
]);
const FIXED_STATE: u8 = 113;

/** Zero bits behind a segment are as good as any later ones; the position is held here, so that it stays inside the window's slack. */
export const ZEROS_AHEAD: i32 = 64;

let bins: usize = 0;
let conditioning: usize = 0;
let code: i32 = 0;
let interval: i32 = 0;
let isPrimed: bool = false;

/** Allocates statistics and conditioning, and sets the latter's defaults (F.1.4.4.1.5, F.1.4.4.2.1). False when memory is exhausted. */
export function openArithmetic(): bool {
  bins = alloc(BINS + 1);
  conditioning = alloc(3 * TABLES);
  if (bins == 0 || conditioning == 0) return false;
  for (let i: usize = 0; i < <usize>TABLES; i++) {
    store<u8>(conditioning + i, 0);
    store<u8>(conditioning + i, 1, TABLES);
    store<u8>(conditioning + i, 5, 2 * TABLES);
  }
  return true;
}

/** Reads a DAC segment's content (B.2.4.3). False when it is malformed. */
export function readConditioning(from: usize, end: usize): bool {
  for (; from < end; from += 2) {
    if (end - from < 2) return false;
    const header = <i32>load<u8>(from);
    const value = <i32>load<u8>(from, 1);
    const at = conditioning + <usize>(header & 15);
    if ((header & 15) >= TABLES || header >> 4 > 1) return false;
    if (header >> 4 == 1) {
      if (value < 1 || value > 63) return false;
      store<u8>(at, <u8>value, 2 * TABLES);
    } else {
      if ((value & 15) > value >> 4) return false;
      store<u8>(at, <u8>(value & 15));
      store<u8>(at, <u8>(value >> 4), TABLES);
    }
  }
  return true;
}

/** A DC difference whose top bit is below this counts as none, and one whose top bit is above `largeFrom` as large (F.1.4.4.1.2). */
export function smallFrom(table: i32): i32 {
  return (1 << <i32>load<u8>(conditioning + <usize>table)) >> 1;
}
export function largeFrom(table: i32): i32 {
  return (1 << <i32>load<u8>(conditioning + <usize>table, TABLES)) >> 1;
}
/** Up to this zig-zag index an AC table has magnitude bins of its own (Table F.5). */
export function lowBandEnd(table: i32): i32 {
  return load<u8>(conditioning + <usize>table, 2 * TABLES);
}

/** Address of a DC or AC table's bins, and of the one whose probability is always a half. */
export function dcBins(table: i32): usize {
  return bins + <usize>(table * DC_BINS);
}
export function acBins(table: i32): usize {
  return bins + <usize>(TABLES * DC_BINS + table * AC_BINS);
}
export function fixedBin(): usize {
  return bins + BINS;
}

/** To be called where a scan or a restart interval begins (F.1.4.4.1.2, D.2.7): nothing is known, and the next segment is to be read. */
export function startCode(): void {
  memory.fill(bins, 0, BINS);
  store<u8>(fixedBin(), FIXED_STATE);
  isPrimed = false;
}

/** To be called before each block, which takes at most `BLOCK_BITS`. */
export function prepareCode(): void {
  if (!isPrimed) {
    isPrimed = true;
    code = <i32>(peekBits(bitOrigin(), 0) >> 48);
    interval = 0x10000;
    setBitPosition(16);
  }
  if (bitPosition() > heldBits() + ZEROS_AHEAD) setBitPosition(heldBits() + ZEROS_AHEAD);
}

/**
 * Bits that a block can take: 63 coefficients and a DC difference, of at most 33 decisions each, and none of those moves the code by more
 * than 15 bits.
 */
export const BLOCK_BITS: i32 = 64 * 33 * 15;

/** Decodes one binary decision with the statistics at `bin` (D.2.4), and adapts them. */
export function decodeBit(bin: usize): i32 {
  const state = <i32>load<u8>(bin);
  const entry = load<u32>(STATES + (<usize>(state & 127) << 2));
  const estimate = <i32>(entry >> 16);
  const likely = state >> 7;
  let range = interval - estimate;
  const isUpper = code >= range;
  if (!isUpper && range >= 0x8000) {
    interval = range;
    return likely;
  }
  // The larger part belongs to the more probable symbol, also where the estimate has become the larger one.
  const isLikely = isUpper == range < estimate;
  if (isUpper) {
    code -= range;
    range = estimate;
  }
  const symbol = isLikely ? likely : likely ^ 1;
  const next = isLikely ? (likely << 7) | <i32>(entry & 127) : ((likely ^ <i32>((entry >> 15) & 1)) << 7) | <i32>((entry >> 8) & 127);
  store<u8>(bin, <u8>next);
  const shift = <i32>clz(range) - 16;
  const at = bitPosition();
  interval = range << shift;
  code = (code << shift) | <i32>(peekBits(bitOrigin(), at) >> <u64>(64 - shift));
  setBitPosition(at + shift);
  return symbol;
}
