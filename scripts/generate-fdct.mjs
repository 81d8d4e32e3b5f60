/**
 * Writes wasm/encode/jpeg-fdct-kernel.ts: the forward DCT of an 8·8 block with quantisation (T.81 A.3.3, A.3.4), and the
 * mask of non-zero coefficients in zig-zag order.
 *
 * Pass 1 works on columns: rows y and 7-y are added for even vertical frequencies and subtracted for odd ones, which
 * leaves four products each; lane = x. A transpose of 32-bit lane pairs. Pass 2 does the same along the rows; lane =
 * vertical frequency v. So coefficients come out transposed: (u · 8 + v) · 2 bytes.
 * Run: node scripts/generate-fdct.mjs
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const WEIGHT_BITS = 15;
const LOW = '0, 8, 1, 9, 2, 10, 3, 11';
const HIGH = '4, 12, 5, 13, 6, 14, 7, 15';

function weight(sample, frequency) {
  const scale = frequency === 0 ? 0.5 * Math.SQRT1_2 : 0.5;
  return Math.round(scale * Math.cos(((2 * sample + 1) * frequency * Math.PI) / 16) * (1 << WEIGHT_BITS));
}

const splat = (a, b) => [a, b, a, b, a, b, a, b];

/** Zig-zag order, as row-major positions (T.81 Figure A.6). */
export function zigzag() {
  const order = [];
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    const cells = [];
    for (let row = 0; row < 8; row++) {
      const column = diagonal - row;
      if (column >= 0 && column < 8) cells.push(row * 8 + column);
    }
    order.push(...(diagonal % 2 === 0 ? cells.reverse() : cells));
  }
  return order;
}

/** For each zig-zag index the position of its coefficient in a transposed block. */
const transposed = () => zigzag().map((at) => (at & 7) * 8 + (at >> 3));

function transform() {
  const lines = [];
  const emit = (text) => lines.push(`  ${text}`);
  emit('// Three fraction bits more, so that pass 1 does not lose what a byte has.');
  for (let y = 0; y < 8; y++) emit(`const x${y} = i16x8.shl(v128.load(samples, ${y * 16}), 3);`);
  for (let y = 0; y < 4; y++) {
    emit(`const s${y} = i16x8.add(x${y}, x${7 - y});`);
    emit(`const d${y} = i16x8.sub(x${y}, x${7 - y});`);
  }
  for (const t of ['s', 'd']) {
    for (const pair of [0, 1]) {
      emit(`const ${t}l${pair} = v128.shuffle<i16>(${t}${2 * pair}, ${t}${2 * pair + 1}, ${LOW});`);
      emit(`const ${t}h${pair} = v128.shuffle<i16>(${t}${2 * pair}, ${t}${2 * pair + 1}, ${HIGH});`);
    }
  }
  emit('const round1 = i32x4.splat(8192);');
  for (let v = 0; v < 8; v++) {
    const t = v & 1 ? 'd' : 's';
    const sum = (half) =>
      `i32x4.shr_s(i32x4.add(i32x4.add(i32x4.dot_i16x8_s(${t}${half}0, v128.load(WEIGHTS, ${v * 32})), ` +
      `i32x4.dot_i16x8_s(${t}${half}1, v128.load(WEIGHTS, ${v * 32 + 16}))), round1), 14)`;
    emit(`const z${v} = i16x8.narrow_i32x4_s(${sum('l')}, ${sum('h')});`);
  }
  for (const [first, name] of [
    [0, 'p'],
    [4, 'q'],
  ]) {
    const z = (i) => `z${first + i}`;
    emit(`const ${name}t0 = v128.shuffle<i32>(${z(0)}, ${z(1)}, 0, 4, 1, 5);`);
    emit(`const ${name}t1 = v128.shuffle<i32>(${z(0)}, ${z(1)}, 2, 6, 3, 7);`);
    emit(`const ${name}t2 = v128.shuffle<i32>(${z(2)}, ${z(3)}, 0, 4, 1, 5);`);
    emit(`const ${name}t3 = v128.shuffle<i32>(${z(2)}, ${z(3)}, 2, 6, 3, 7);`);
    emit(`const ${name}0 = v128.shuffle<i64>(${name}t0, ${name}t2, 0, 2);`);
    emit(`const ${name}1 = v128.shuffle<i64>(${name}t0, ${name}t2, 1, 3);`);
    emit(`const ${name}2 = v128.shuffle<i64>(${name}t1, ${name}t3, 0, 2);`);
    emit(`const ${name}3 = v128.shuffle<i64>(${name}t1, ${name}t3, 1, 3);`);
  }
  emit('// The same folding along the rows: samples x and 7-x are added or subtracted, pairs being swapped to meet.');
  for (const name of ['p', 'q']) {
    for (const [pair, mirror] of [
      [0, 3],
      [1, 2],
    ]) {
      emit(`const ${name}m${pair} = v128.shuffle<i16>(${name}${mirror}, ${name}${mirror}, 1, 0, 3, 2, 5, 4, 7, 6);`);
      emit(`const ${name}s${pair} = i16x8.add(${name}${pair}, ${name}m${pair});`);
      emit(`const ${name}d${pair} = i16x8.sub(${name}${pair}, ${name}m${pair});`);
    }
  }
  emit('// 3 + 1 + 15 fraction bits down to 3; quantised by a reciprocal of 15 bits and a shift of 18.');
  emit('const round2 = i32x4.splat(32768);');
  emit('const half = i32x4.splat(131072);');
  emit('let c: v128, sign: v128, r: v128;');
  for (let u = 0; u < 8; u++) {
    const t = u & 1 ? 'd' : 's';
    const sum = (name) =>
      `i32x4.shr_s(i32x4.add(i32x4.add(i32x4.dot_i16x8_s(${name}${t}0, v128.load(WEIGHTS, ${u * 32})), ` +
      `i32x4.dot_i16x8_s(${name}${t}1, v128.load(WEIGHTS, ${u * 32 + 16}))), round2), 16)`;
    emit(`c = i16x8.narrow_i32x4_s(${sum('p')}, ${sum('q')});`);
    emit('sign = i16x8.shr_s(c, 15);');
    emit('c = i16x8.abs(c);');
    emit(`r = v128.load(reciprocals, ${u * 16});`);
    const scaled = (part) => `i32x4.shr_s(i32x4.add(i32x4.extmul_${part}_i16x8_s(c, r), half), 18)`;
    emit(`c = i16x8.narrow_i32x4_s(${scaled('low')}, ${scaled('high')});`);
    emit(`const c${u} = i16x8.sub(v128.xor(c, sign), sign);`);
    emit(`v128.store(out, c${u}, ${u * 16});`);
  }
  return lines;
}

/** Which coefficients are non-zero, as bytes in zig-zag order gathered from the four vectors of the transposed block. */
function mask() {
  const lines = [];
  const emit = (text) => lines.push(`  ${text}`);
  for (let i = 0; i < 4; i++) emit(`const b${i} = i8x16.narrow_i16x8_s(c${2 * i}, c${2 * i + 1});`);
  const order = transposed();
  for (let word = 0; word < 4; word++) {
    const wanted = order.slice(word * 16, word * 16 + 16);
    const gather = (first) => wanted.map((at) => (at >> 5 === first >> 1 ? at - first * 16 : 0)).join(', ');
    emit(`const g${word}a = v128.shuffle<i8>(b0, b1, ${gather(0)});`);
    emit(`const g${word}b = v128.shuffle<i8>(b2, b3, ${gather(2)});`);
    const pick = wanted.map((at, lane) => (at < 32 ? lane : lane + 16)).join(', ');
    emit(`const g${word} = v128.shuffle<i8>(g${word}a, g${word}b, ${pick});`);
  }
  emit('const zero = i32x4.splat(0);');
  const bits = (word) => `<u64>(<u32>i8x16.bitmask(i8x16.eq(g${word}, zero)) & 0xffff)`;
  emit(`return ~(${[0, 1, 2, 3].map((w) => (w === 0 ? bits(0) : `(${bits(w)} << ${16 * w})`)).join(' | ')});`);
  return lines;
}

/** The whole text of wasm/encode/jpeg-fdct-kernel.ts. */
export function generateFdct() {
  const weights = [];
  for (let u = 0; u < 8; u++) for (const x of [0, 2]) weights.push(...splat(weight(x, u), weight(x + 1, u)));
  return `// Generated by scripts/generate-fdct.mjs; do not edit.

const WEIGHTS: usize = memory.data<i16>([${weights.join(', ')}], 16);

/** For each zig-zag index the byte offset of its coefficient in a block as \`transformAndQuantise\` writes it. */
export const OFFSETS: usize = memory.data<u8>([${transposed()
    .map((at) => at * 2)
    .join(', ')}]);

/**
 * Transforms and quantises one block.
 * @param samples     8·8 i16 in -128..127, row-major
 * @param reciprocals 64 i16 in the transposed order: 32768 / quantisation value, rounded, at most 32767
 * @param out         64 i16 in the transposed order
 * @returns the mask of non-zero coefficients, bit k for zig-zag index k
 */
export function transformAndQuantise(samples: usize, reciprocals: usize, out: usize): u64 {
${transform().join('\n')}
${mask().join('\n')}
}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('../wasm/encode/jpeg-fdct-kernel.ts', import.meta.url)), generateFdct());
}
