/**
 * GIF's variant of LZW (GIF89a, appendix F): codes of 3 to 12 bits, lowest bit first, a clear and an end code.
 *
 * A string is kept as its last piece of up to 8 bytes and the code of what precedes the piece, so that a string of n
 * bytes is written with n / 8 stores, from its end to its beginning.
 */
import { alloc } from "../memory";

/** Compressed bytes are used up. */
export const LZW_NEEDS_INPUT: i32 = 0;
/** The output buffer is full: consume, then run again. */
export const LZW_OUTPUT_FULL: i32 = 1;
export const LZW_DONE: i32 = 2;
export const LZW_INVALID: i32 = -1;

const CODES: i32 = 4096;
const CODE_BITS_MAX: i32 = 12;
/** Bytes of output collected before they must be consumed. */
const OUTPUT_BYTES: usize = 65536;
/** Longest string plus the overhang of its last store. */
const STRING_BYTES_MAX: usize = 4112;

let pieces: usize = 0;
let prefixes: usize = 0;
let lengths: usize = 0;
let firsts: usize = 0;
let output: usize = 0;
let writeAt: usize = 0;
let readAt: usize = 0;

let clearCode: i32 = 0;
let nextCode: i32 = 0;
let codeBits: i32 = 0;
let previous: i32 = -1;
let bitBuffer: u32 = 0;
let bitCount: i32 = 0;

/** Prepares a stream whose literals have `literalBits` bits, 1 to 11. False when memory is short. */
export function lzwBegin(literalBits: i32): bool {
  pieces = alloc(<usize>CODES << 3);
  prefixes = alloc(<usize>CODES << 1);
  lengths = alloc(<usize>CODES << 1);
  firsts = alloc(<usize>CODES);
  output = alloc(OUTPUT_BYTES + STRING_BYTES_MAX);
  if (!pieces || !prefixes || !lengths || !firsts || !output) return false;
  clearCode = 1 << literalBits;
  for (let code = 0; code < clearCode; code++) {
    store<u64>(pieces + (<usize>code << 3), <u64>(code & 255));
    store<u16>(lengths + (<usize>code << 1), 1);
    store<u8>(firsts + code, <u8>code);
  }
  writeAt = readAt = output;
  bitBuffer = 0;
  bitCount = 0;
  clear();
  return true;
}

function clear(): void {
  nextCode = clearCode + 2;
  codeBits = 32 - <i32>clz(<u32>clearCode);
  previous = -1;
}

/** Address of the palette indices not yet consumed. */
export function lzwOutput(): usize {
  return readAt;
}

export function lzwAvailable(): usize {
  return writeAt - readAt;
}

export function lzwConsume(bytes: usize): void {
  readAt += bytes;
}

/**
 * Decodes `bytes` compressed bytes at `from`; they are used up unless the status is LZW_OUTPUT_FULL, in which case
 * `lzwTaken()` tells how many were.
 */
export function lzwRun(from: usize, bytes: usize): i32 {
  const kept = writeAt - readAt;
  if (readAt > output) memory.copy(output, readAt, kept);
  readAt = output;
  let out = output + kept;
  const limit = output + OUTPUT_BYTES;
  const end = from + bytes;
  let at = from;
  let status = LZW_NEEDS_INPUT;
  while (true) {
    if (out >= limit) { status = LZW_OUTPUT_FULL; break; }
    while (bitCount < codeBits && at < end) {
      bitBuffer |= <u32>load<u8>(at++) << bitCount;
      bitCount += 8;
    }
    if (bitCount < codeBits) break;
    const code = <i32>(bitBuffer & ((1 << codeBits) - 1));
    bitBuffer >>= codeBits;
    bitCount -= codeBits;
    if (code == clearCode) {
      clear();
      continue;
    }
    if (code == clearCode + 1) { status = LZW_DONE; break; }
    if (previous < 0) {
      if (code > clearCode) { status = LZW_INVALID; break; }
    } else {
      if (code > nextCode || (code == nextCode && nextCode == CODES)) { status = LZW_INVALID; break; }
      if (nextCode < CODES) add(code);
    }
    previous = code;
    out = write(code, out);
  }
  taken = at - from;
  writeAt = out;
  return status;
}

let taken: usize = 0;

/** Bytes that the last `lzwRun` used. */
export function lzwTaken(): usize {
  return taken;
}

/** Enters the previous string and the first byte of this one. */
@inline
function add(code: i32): void {
  const first = <u64>load<u8>(firsts + (code == nextCode ? previous : code));
  const length = <u32>load<u16>(lengths + (<usize>previous << 1));
  const fill = length & 7;
  const entry = <usize>nextCode;
  if (fill) {
    store<u64>(pieces + (entry << 3), load<u64>(pieces + (<usize>previous << 3)) | (first << <u64>(fill << 3)));
    store<u16>(prefixes + (entry << 1), load<u16>(prefixes + (<usize>previous << 1)));
  } else {
    store<u64>(pieces + (entry << 3), first);
    store<u16>(prefixes + (entry << 1), <u16>previous);
  }
  store<u16>(lengths + (entry << 1), <u16>(length + 1));
  store<u8>(firsts + entry, load<u8>(firsts + previous));
  nextCode++;
  if (nextCode == 1 << codeBits && codeBits < CODE_BITS_MAX) codeBits++;
}

@inline
function write(code: i32, out: usize): usize {
  const length = <usize>load<u16>(lengths + (<usize>code << 1));
  let at = out + ((length - 1) & ~(<usize>7));
  let entry = <usize>code;
  while (true) {
    store<u64>(at, load<u64>(pieces + (entry << 3)));
    if (at == out) break;
    entry = <usize>load<u16>(prefixes + (entry << 1));
    at -= 8;
  }
  return out + length;
}
