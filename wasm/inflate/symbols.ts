import { DISTANCE_BITS, END_OF_BLOCK, EXCEPTIONAL, LITERAL, LITERAL_BITS, NO_CODE } from './table';

/** Why `decodeSymbols` stopped. */
export const STOP_SPACE: i32 = 0;
export const STOP_BLOCK_END: i32 = 1;
export const STOP_INVALID: i32 = 2;

/** Most bytes that one turn of the loop writes past the output limit: 3 literals, a match of 258, a wide store. */
export const OUTPUT_SLACK: usize = 288;
/** Most bytes that one turn of the loop reads past the input limit: two refills of 8 bytes. */
export const INPUT_SLACK: usize = 24;

/** The bit reader's state between calls: next byte to load, up to 64 bits, how many of them count (low 6 bits). */
export let readAt: usize = 0;
export let bitBuffer: u64 = 0;
export let bitCount: i32 = 0;
/** Next byte of output. */
export let writeAt: usize = 0;

export function setReader(at: usize, buffer: u64, count: i32): void {
  readAt = at;
  bitBuffer = buffer;
  bitCount = count;
}

export function setWriter(at: usize): void {
  writeAt = at;
}

// Row d repeats a period of d bytes over 16 lanes; STEP[d] is the largest multiple of d within 16.
const PERIOD = memory.data(256, 16);
const STEP = memory.data<u8>([16, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15]);

/** Fills the table of repeating patterns; once an instance. */
export function prepareSymbols(): void {
  for (let distance = 1; distance < 16; distance++) {
    for (let lane = 0; lane < 16; lane++) store<u8>(PERIOD + (distance << 4) + lane, <u8>(lane % distance));
  }
}

/**
 * Decodes literals and matches (RFC 1951 §3.2.3) until `readAt` reaches `inputLimit`, `writeAt` reaches `outputLimit`,
 * the block ends or a code is invalid. `INPUT_SLACK` readable bytes must follow `inputLimit`, `OUTPUT_SLACK` writable
 * ones `outputLimit`. Matches may reach back to `windowStart` and no further.
 */
export function decodeSymbols(literals: usize, distances: usize, inputLimit: usize, outputLimit: usize, windowStart: usize): i32 {
  let at = readAt;
  let bits = bitBuffer;
  // Only the low six bits of the count are true: subtracting whole entries saves the masks, and WebAssembly's shifts
  // ignore the rest anyway.
  let count = <u64>bitCount;
  let out = writeAt;
  let stop = STOP_SPACE;
  const literalMask: u64 = (1 << LITERAL_BITS) - 1;
  const distanceMask: u64 = (1 << DISTANCE_BITS) - 1;

  while (at < inputLimit && out < outputLimit) {
    bits |= load<u64>(at) << count;
    at += <usize>(7 - ((count >> 3) & 7));
    count |= 56;
    let entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
    if (entry & LITERAL) {
      bits >>= <u64>entry;
      count -= <u64>entry;
      store<u8>(out, <u8>(entry >> 16));
      entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
      if (entry & LITERAL) {
        bits >>= <u64>entry;
        count -= <u64>entry;
        store<u8>(out, <u8>(entry >> 16), 1);
        entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
        if (entry & LITERAL) {
          bits >>= <u64>entry;
          count -= <u64>entry;
          store<u8>(out, <u8>(entry >> 16), 2);
          entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
          if (entry & LITERAL) {
            bits >>= <u64>entry;
            count -= <u64>entry;
            store<u8>(out, <u8>(entry >> 16), 3);
            out += 4;
            continue;
          }
          out += 3;
        } else out += 2;
      } else out += 1;
      bits |= load<u64>(at) << count;
      at += <usize>(7 - ((count >> 3) & 7));
      count |= 56;
    }
    if (entry & EXCEPTIONAL) {
      if (entry & END_OF_BLOCK) {
        bits >>= <u64>entry;
        count -= <u64>entry;
        stop = STOP_BLOCK_END;
        break;
      }
      if (entry & NO_CODE) {
        stop = STOP_INVALID;
        break;
      }
      bits >>= <u64>(entry & 63);
      count -= <u64>(entry & 63);
      const second = (entry >> 16) + ((<u32>bits) & ((1 << ((entry >> 8) & 15)) - 1));
      entry = load<u32>(literals + ((<usize>second) << 2));
      if (entry & LITERAL) {
        bits >>= <u64>entry;
        count -= <u64>entry;
        store<u8>(out, <u8>(entry >> 16));
        out++;
        continue;
      }
      if (entry & EXCEPTIONAL) {
        bits >>= <u64>entry;
        count -= <u64>entry;
        stop = entry & END_OF_BLOCK ? STOP_BLOCK_END : STOP_INVALID;
        break;
      }
    }
    const lengthBits = bits;
    bits >>= <u64>entry;
    count -= <u64>entry;
    const length = (entry >> 16) + ((<u32>(lengthBits & (((<u64>1) << (<u64>(entry & 63))) - 1))) >> ((entry >> 8) & 15));

    entry = load<u32>(distances + ((<usize>(bits & distanceMask)) << 2));
    if (entry & EXCEPTIONAL) {
      if (entry & NO_CODE) {
        stop = STOP_INVALID;
        break;
      }
      bits >>= <u64>(entry & 63);
      count -= <u64>(entry & 63);
      const second = (entry >> 16) + ((<u32>bits) & ((1 << ((entry >> 8) & 15)) - 1));
      entry = load<u32>(distances + ((<usize>second) << 2));
      if (entry & EXCEPTIONAL) {
        stop = STOP_INVALID;
        break;
      }
    }
    const distanceBits = bits;
    bits >>= <u64>entry;
    count -= <u64>entry;
    const distance = <usize>((entry >> 16) + ((<u32>(distanceBits & (((<u64>1) << (<u64>(entry & 63))) - 1))) >> ((entry >> 8) & 15)));
    if (distance > out - windowStart) {
      stop = STOP_INVALID;
      break;
    }

    const end = out + length;
    let from = out - distance;
    if (distance >= 16) {
      v128.store(out, v128.load(from));
      out += 16;
      while (out < end) {
        from += 16;
        v128.store(out, v128.load(from));
        out += 16;
      }
    } else {
      const pattern = i8x16.swizzle(v128.load(from), v128.load(PERIOD + (distance << 4)));
      const step = <usize>load<u8>(STEP + distance);
      do {
        v128.store(out, pattern);
        out += step;
      } while (out < end);
    }
    out = end;
  }
  readAt = at;
  bitBuffer = bits;
  bitCount = <i32>(count & 63);
  writeAt = out;
  return stop;
}
