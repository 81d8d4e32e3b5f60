/**
 * Huffman tables of the decoder (T.81 Annex C, F.2.2.3), built for reading several symbols' worth of bits at once.
 *
 * FAST: 1,024 entries by the next 10 bits.
 *   AC: value << 16 | run << 12 | size << 8 | length. A non-zero value means that the magnitude bits were inside the
 *       10 bits too, and length counts them. Otherwise length is the code's own and the caller reads `size` bits.
 *   DC: difference << 16 | COMPLETE | length with the magnitude bits, or size << 8 | length without.
 *   0: no code of at most 10 bits; see `longSymbol`.
 *   Lengths are below 64 and bits 6 and 7 are zero, so that a 64-bit shift by the entry itself is one by the length.
 * SKIP: 4,096 entries of u16 by the next 12 bits, for coefficients that nobody keeps:
 *   end of block << 13 | coefficients passed << 6 | bits consumed; 0 when the first symbol does not fit.
 */
import { alloc } from "../memory";

export const FAST_BITS: i32 = 10;
export const SKIP_BITS: i32 = 12;
/** Bit of a SKIP entry that says: the block ends here. */
export const SKIP_ENDS: i32 = 0x2000;
/** Bit of a DC entry that says: the difference is in the entry. */
export const COMPLETE: i32 = 0x8000;

/** What a code that is in no table gives: symbol 0, 17 bits long, as libjpeg reads it. Counted as damage by the caller. */
export const NO_SYMBOL: i32 = 17;

const FAST_BYTES: usize = 4 << FAST_BITS;
const SKIP_BYTES: usize = 2 << SKIP_BITS;
/** Symbols are added to a SKIP entry while the count, with the longest run to come, fits in seven bits. */
const PASSED_MAX: i32 = 127 - 17;

@unmanaged
export class HuffmanTable {
  /** Address of the FAST entries. */
  fast: usize;
  /** Address of the SKIP entries; 0 for a DC table. */
  skip: usize;
  /** Symbols in code order, 256 bytes. */
  symbols: usize;
  /** For each length 1 to 17: the first 16-bit left-aligned code that is longer. u32 each. */
  limits: usize;
  /** For each length: index of its first symbol minus its first code. i32 each. */
  offsets: usize;
  isDefined: bool;
  /** SKIP is built when a sequential scan first uses the table. */
  isSkipBuilt: bool;
}

/** A table with its memory, undefined as yet. `null` when memory is exhausted. */
export function createTable(isAc: bool): HuffmanTable | null {
  const bytes = FAST_BYTES + (isAc ? SKIP_BYTES : 0) + 256 + 2 * 72;
  const at = alloc(offsetof<HuffmanTable>());
  const data = alloc(bytes);
  if (at == 0 || data == 0) return null;
  const table = changetype<HuffmanTable>(at);
  table.fast = data;
  table.skip = isAc ? data + FAST_BYTES : 0;
  table.symbols = data + bytes - 256 - 2 * 72;
  table.limits = table.symbols + 256;
  table.offsets = table.limits + 72;
  table.isDefined = false;
  table.isSkipBuilt = false;
  return table;
}

/**
 * Defines the table from the 16 code counts at `counts` and the symbols at `values` (T.81 B.2.4.2, C.2).
 * False when the counts do not make a prefix code or a DC symbol is above 15; the table is then undefined.
 */
export function defineTable(table: HuffmanTable, counts: usize, values: usize): bool {
  const isAc = table.skip != 0;
  table.isDefined = false;
  table.isSkipBuilt = false;
  memory.fill(table.fast, 0, FAST_BYTES);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = <i32>load<u8>(counts + <usize>(length - 1));
    store<i32>(table.offsets + <usize>(length << 2), index - code);
    if (code + count > 1 << length || index + count > 256) return false;
    for (let i = 0; i < count; i++) {
      const symbol = <i32>load<u8>(values + <usize>index);
      if (!isAc && symbol > 15) return false;
      store<u8>(table.symbols + <usize>index, <u8>symbol);
      if (length <= FAST_BITS) fillFast(table.fast, code, length, symbol, isAc);
      code++;
      index++;
    }
    store<u32>(table.limits + <usize>(length << 2), <u32>(code << (16 - length)));
    code <<= 1;
  }
  table.isDefined = true;
  return true;
}

function fillFast(fast: usize, code: i32, length: i32, symbol: i32, isAc: bool): void {
  const spare = FAST_BITS - length;
  const first = code << spare;
  const run = isAc ? symbol >> 4 : 0;
  const size = symbol & 15;
  for (let tail = 0; tail < 1 << spare; tail++) {
    let entry = (run << 12) | (size << 8) | length;
    if (size <= spare && (!isAc || size > 0)) {
      const value = size == 0 ? 0 : extend(tail >> (spare - size), size);
      entry = isAc ? (value << 16) | (run << 12) | (length + size) : (value << 16) | COMPLETE | (length + size);
    }
    store<i32>(fast + <usize>((first + tail) << 2), entry);
  }
}

/** The value that `size` magnitude bits mean (T.81 F.2.2.1, EXTEND). `size` is at least 1. */
@inline
export function extend(bits: i32, size: i32): i32 {
  const top = 1 << (size - 1);
  return bits >= top ? bits : bits - (top << 1) + 1;
}

/**
 * How far an entry moves the bits: its length, in the low six bits. A 64-bit shift looks at no others, so they are not
 * masked away, which shortens the one chain of instructions that all decoding waits for.
 */
@inline
export function shiftOf(entry: i32): u64 {
  return <u64><u32>entry;
}

/** The symbol that begins the left-aligned `bits`, when its code is longer than FAST_BITS: symbol << 8 | length. */
export function longSymbol(table: HuffmanTable, bits: u64): i32 {
  const code = <u32>(bits >> 48);
  for (let length = FAST_BITS + 1; length <= 16; length++) {
    if (load<u32>(table.limits + <usize>(length << 2)) > code) {
      const index = <i32>(code >> (16 - length)) + load<i32>(table.offsets + <usize>(length << 2));
      return (<i32>load<u8>(table.symbols + <usize>(index & 255)) << 8) | length;
    }
  }
  return NO_SYMBOL;
}

/** Builds the SKIP entries from the FAST ones. */
export function buildSkip(table: HuffmanTable): void {
  if (table.isSkipBuilt) return;
  table.isSkipBuilt = true;
  for (let window = 0; window < 1 << SKIP_BITS; window++) {
    store<u16>(table.skip + <usize>(window << 1), <u16>skipEntry(table.fast, window));
  }
}

function skipEntry(fast: usize, window: i32): i32 {
  let consumed = 0;
  let passed = 0;
  while (SKIP_BITS > consumed && PASSED_MAX >= passed) {
    const rest = (window << consumed) & ((1 << SKIP_BITS) - 1);
    const entry = load<i32>(fast + <usize>((rest >> (SKIP_BITS - FAST_BITS)) << 2));
    const value = entry >> 16;
    const run = (entry >> 12) & 15;
    const size = value == 0 ? (entry >> 8) & 15 : 32 - <i32>clz(abs(value));
    const codeLength = value == 0 ? entry & 255 : (entry & 255) - size;
    // The code must lie inside the window; its magnitude bits need not, as nobody looks at them.
    if (entry == 0 || codeLength > SKIP_BITS - consumed) break;
    consumed += codeLength + size;
    if (size > 0) passed += run + 1;
    else if (run == 15) passed += 16;
    // The end of a block counts one more, so that `k + passed <= 64` holds only when there was room for it.
    else return SKIP_ENDS | ((passed + 1) << 6) | consumed;
  }
  return (passed << 6) | consumed;
}
