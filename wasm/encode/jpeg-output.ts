/**
 * The encoder's output: a buffer that the host drains, and the bits that go into it (T.81 F.1.2.3).
 *
 * The buffer is sized for the largest MCU row that can be, so that no write in it needs a check.
 */
import { alloc } from "../memory";

/** Most bytes that a block can take: 64 symbols of at most 27 bits, every byte stuffed. */
const BLOCK_BYTES_MAX: i32 = 2 * 64 * 27 / 8 + 16;
/** The headers and both ends of the file. */
const HEADER_BYTES_MAX: i32 = 1024;

let buffer: usize = 0;
let next: usize = 0;
let pending: u64 = 0;
let pendingBits: i32 = 0;

/** Allocates the buffer for MCU rows of `blocks` blocks. False when memory is exhausted. */
export function openOutput(blocks: i32): bool {
  buffer = alloc(<usize>HEADER_BYTES_MAX + <usize>blocks * BLOCK_BYTES_MAX);
  return buffer != 0;
}

/** Empties the buffer and forgets pending bits, for another run over the same picture. */
export function rewindOutput(): void {
  next = buffer;
  pending = 0;
  pendingBits = 0;
}

/** Address of the bytes waiting for the host. */
export function outputAddress(): usize {
  return buffer;
}

/** How many are waiting. */
export function outputLength(): i32 {
  return <i32>(next - buffer);
}

/** The host has taken them. */
export function drainOutput(): void {
  next = buffer;
}

/** Writes a byte outside the entropy-coded segment. */
export function putByte(value: i32): void {
  store<u8>(next++, <u8>value);
}

/** Writes a big-endian 16-bit number. */
export function putWord(value: i32): void {
  putByte(value >> 8);
  putByte(value);
}

/** The bits not yet written, right-aligned, and how many: fewer than 32 between blocks. */
@inline
export function pendingWord(): u64 {
  return pending;
}
@inline
export function pendingCount(): i32 {
  return pendingBits;
}
@inline
export function keepPending(word: u64, bits: i32): void {
  pending = word;
  pendingBits = bits;
}

/** Writes the upper 32 of the `bits` (32 to 63) pending ones in `word`; the caller counts them off. */
@inline
export function flushWord(word: u64, bits: i32): void {
  const four = <u32>(word >> <u64>(bits - 32));
  // No byte of the four is 0xFF when no byte of their complement is zero.
  if (((~four - 0x01010101) & four & 0x80808080) == 0) {
    store<u32>(next, bswap<u32>(four));
    next += 4;
  } else {
    stuffBytes(<u64>four << 32, 4);
  }
}

function stuffBytes(word: u64, count: i32): void {
  for (let i = 0; i < count; i++) {
    const byte = <i32>(word >> 56);
    word <<= 8;
    putByte(byte);
    if (byte == 0xff) putByte(0);
  }
}

/** Pads the last byte with ones (F.1.2.3) and writes what is pending. */
export function finishBits(): void {
  const padding = -pendingBits & 7;
  const bits = pendingBits + padding;
  if (bits > 0) stuffBytes(((pending << <u64>padding) | ((1 << padding) - 1)) << <u64>(64 - bits), bits >> 3);
  pending = 0;
  pendingBits = 0;
}
