/** One block of the encoder: fetched from a plane the right way up, transformed, quantised, coded (T.81 F.1.2). */
import { alloc } from "../memory";
import { OFFSETS, transformAndQuantise } from "./jpeg-fdct-kernel";
import { flushWord, keepPending, pendingCount, pendingWord } from "./jpeg-output";
import { quantisationValue, standardSymbols, STANDARD_COUNTS } from "./jpeg-table";

/** Reciprocals of two quantisation tables, i16 in the kernel's order. */
let reciprocals: usize = 0;
/** Four tables of 256 u32, by symbol: code << 8 | length. DC luma, DC chroma, AC luma, AC chroma. */
let codes: usize = 0;
/**
 * Two tables for AC coefficients of magnitude up to 15, which nearly all are: 16 runs by 32 values (plus 16) of u32,
 * code with magnitude bits << 8 | length of both.
 */
let short: usize = 0;
let samples: usize = 0;
let coefficients: usize = 0;

const SHORT_BYTES: usize = 16 * 32 * 4;
const END_OF_BLOCK: usize = 0x00;
const ZERO_RUN: usize = 0xf0;

/** Allocates tables and buffers. False when memory is exhausted. */
export function openBlocks(): bool {
  reciprocals = alloc(2 * 128);
  codes = alloc(4 * 1024);
  short = alloc(2 * SHORT_BYTES);
  samples = alloc(128);
  coefficients = alloc(128);
  if (reciprocals == 0 || codes == 0 || short == 0 || samples == 0 || coefficients == 0) return false;
  for (let table = 0; table < 4; table++) defineCodes(table);
  for (let table = 0; table < 2; table++) defineShort(table);
  return true;
}

/** Sets both quantisation tables to `quality` 1 to 100. */
export function setQuality(quality: i32): void {
  for (let table = 0; table < 2; table++) {
    for (let k = 0; k < 64; k++) {
      const value = quantisationValue(table, k, quality);
      const offset = <usize>load<u8>(OFFSETS + <usize>k);
      store<i16>(reciprocals + <usize>(128 * table) + offset, <i16>min((32768 + (value >> 1)) / value, 32767));
    }
  }
}

/** Canonical codes (C.2) of standard table 0 to 3. */
function defineCodes(table: i32): void {
  const symbols = standardSymbols(table);
  let code = 0;
  let index: usize = 0;
  for (let length = 1; length <= 16; length++) {
    const count = <i32>load<u8>(STANDARD_COUNTS + <usize>(16 * table + length - 1));
    for (let i = 0; i < count; i++) {
      store<u32>(codes + <usize>(1024 * table) + (<usize>load<u8>(symbols + index) << 2), (code << 8) | length);
      code++;
      index++;
    }
    code <<= 1;
  }
}

function defineShort(table: i32): void {
  const ac = codes + <usize>(1024 * (2 + table));
  for (let run = 0; run < 16; run++) {
    for (let value = -15; value < 16; value++) {
      if (value == 0) continue;
      const size = category(value);
      const entry = load<u32>(ac + (<usize>((run << 4) | size) << 2));
      const length = <i32>(entry & 255) + size;
      const at = short + <usize>table * SHORT_BYTES + (<usize>((run << 5) + value + 16) << 2);
      store<u32>(at, <u32>(codeWithValue(entry, value, size) << 8) | length);
    }
  }
}

/**
 * Fetches the upright block whose stored samples are the 8·8 ones at `at`: rows reversed, lanes reversed and transposed
 * as the flags say, centred at 0.
 */
@inline
function fetch(at: usize, stride: usize, reversesRows: bool, reversesLanes: bool, transposes: bool): void {
  const middle = i16x8.splat(128);
  const step = reversesRows ? <usize>0 - stride : stride;
  let row = reversesRows ? at + 7 * stride : at;
  for (let y: usize = 0; y < 128; y += 16) {
    let line = i16x8.sub(v128.load8x8_u(row), middle);
    if (reversesLanes) line = v128.shuffle<i16>(line, line, 7, 6, 5, 4, 3, 2, 1, 0);
    v128.store(samples + y, line);
    row += step;
  }
  if (transposes) transpose();
}

/** Turns `samples` about its diagonal. */
function transpose(): void {
  const r0 = v128.load(samples, 0), r1 = v128.load(samples, 16), r2 = v128.load(samples, 32), r3 = v128.load(samples, 48);
  const r4 = v128.load(samples, 64), r5 = v128.load(samples, 80), r6 = v128.load(samples, 96), r7 = v128.load(samples, 112);
  const a0 = v128.shuffle<i16>(r0, r1, 0, 8, 1, 9, 2, 10, 3, 11), a1 = v128.shuffle<i16>(r0, r1, 4, 12, 5, 13, 6, 14, 7, 15);
  const a2 = v128.shuffle<i16>(r2, r3, 0, 8, 1, 9, 2, 10, 3, 11), a3 = v128.shuffle<i16>(r2, r3, 4, 12, 5, 13, 6, 14, 7, 15);
  const a4 = v128.shuffle<i16>(r4, r5, 0, 8, 1, 9, 2, 10, 3, 11), a5 = v128.shuffle<i16>(r4, r5, 4, 12, 5, 13, 6, 14, 7, 15);
  const a6 = v128.shuffle<i16>(r6, r7, 0, 8, 1, 9, 2, 10, 3, 11), a7 = v128.shuffle<i16>(r6, r7, 4, 12, 5, 13, 6, 14, 7, 15);
  const b0 = v128.shuffle<i32>(a0, a2, 0, 4, 1, 5), b1 = v128.shuffle<i32>(a0, a2, 2, 6, 3, 7);
  const b2 = v128.shuffle<i32>(a1, a3, 0, 4, 1, 5), b3 = v128.shuffle<i32>(a1, a3, 2, 6, 3, 7);
  const b4 = v128.shuffle<i32>(a4, a6, 0, 4, 1, 5), b5 = v128.shuffle<i32>(a4, a6, 2, 6, 3, 7);
  const b6 = v128.shuffle<i32>(a5, a7, 0, 4, 1, 5), b7 = v128.shuffle<i32>(a5, a7, 2, 6, 3, 7);
  v128.store(samples, v128.shuffle<i64>(b0, b4, 0, 2), 0);
  v128.store(samples, v128.shuffle<i64>(b0, b4, 1, 3), 16);
  v128.store(samples, v128.shuffle<i64>(b1, b5, 0, 2), 32);
  v128.store(samples, v128.shuffle<i64>(b1, b5, 1, 3), 48);
  v128.store(samples, v128.shuffle<i64>(b2, b6, 0, 2), 64);
  v128.store(samples, v128.shuffle<i64>(b2, b6, 1, 3), 80);
  v128.store(samples, v128.shuffle<i64>(b3, b7, 0, 2), 96);
  v128.store(samples, v128.shuffle<i64>(b3, b7, 1, 3), 112);
}

/** Bits of the magnitude category (F.1.2.1.1): how many bits |value| has. */
@inline
function category(value: i32): i32 {
  return 32 - <i32>clz(abs(value));
}

/** The code `entry` (code << 8 | length) followed by the `size` magnitude bits of `value`. */
@inline
function codeWithValue(entry: u32, value: i32, size: i32): u64 {
  return (<u64>(entry >> 8) << <u64>size) | <u64>((value + (value >> 31)) & ((1 << size) - 1));
}

/**
 * Codes the block at `at` with table set 0 (luma) or 1 (chroma); gives its DC for the next prediction.
 */
export function encodeBlock(
  at: usize, stride: usize, reversesRows: bool, reversesLanes: bool, transposes: bool, tables: i32, prediction: i32,
): i32 {
  fetch(at, stride, reversesRows, reversesLanes, transposes);
  let left = transformAndQuantise(samples, reciprocals + <usize>(128 * tables), coefficients) & ~(<u64>1);
  const ac = codes + <usize>(1024 * (2 + tables));
  const shortAc = short + <usize>tables * SHORT_BYTES;
  const dc = <i32>load<i16>(coefficients);
  const difference = dc - prediction;
  let size = category(difference);
  let entry = load<u32>(codes + <usize>(1024 * tables) + (<usize>size << 2));
  let length = <i32>(entry & 255) + size;
  let word = (pendingWord() << <u64>length) | codeWithValue(entry, difference, size);
  let bits = pendingCount() + length;
  let last = 0;
  while (true) {
    if (bits >= 32) {
      flushWord(word, bits);
      bits -= 32;
    }
    if (left == 0) break;
    const k = <i32>ctz(left);
    left &= left - 1;
    let run = k - last - 1;
    last = k;
    while (run > 15) {
      const zeros = load<u32>(ac + (ZERO_RUN << 2));
      word = (word << <u64>(zeros & 255)) | (zeros >> 8);
      bits += <i32>(zeros & 255);
      run -= 16;
      if (bits >= 32) {
        flushWord(word, bits);
        bits -= 32;
      }
    }
    const value = <i32>load<i16>(coefficients + <usize>load<u8>(OFFSETS + <usize>k));
    if (<u32>(value + 15) < 31) {
      entry = load<u32>(shortAc + (<usize>((run << 5) + value + 16) << 2));
      length = <i32>(entry & 255);
      word = (word << <u64>length) | (entry >> 8);
    } else {
      size = category(value);
      entry = load<u32>(ac + (<usize>((run << 4) | size) << 2));
      length = <i32>(entry & 255) + size;
      word = (word << <u64>length) | codeWithValue(entry, value, size);
    }
    bits += length;
  }
  if (last != 63) {
    entry = load<u32>(ac + (END_OF_BLOCK << 2));
    word = (word << <u64>(entry & 255)) | (entry >> 8);
    bits += <i32>(entry & 255);
    if (bits >= 32) {
      flushWord(word, bits);
      bits -= 32;
    }
  }
  keepPending(word, bits);
  return dc;
}
