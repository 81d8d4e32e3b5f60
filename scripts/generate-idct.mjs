/**
 * Writes wasm/jpeg/idct-kernel.ts: inverse DCT kernels that turn the N·N lowest coefficients of a block into N·N
 * samples, N = 3 to 8 (T.81 A.3.3 with the cosines of an N-point transform, which scales the block by N/8).
 *
 * Each kernel makes two passes of 1-D transforms with 16-bit products summed in 32 bits:
 *   pass 1 combines the block's rows (horizontal frequencies u) into columns of samples x, lane = vertical frequency;
 *   a transpose of 32-bit lane pairs;
 *   pass 2 combines the pairs (vertical frequencies v) into rows of samples y, lane = x.
 * Even and odd frequencies are summed apart: sample n is even + odd, its mirror image N-1-n is even - odd.
 * The lane order is that of wasm/jpeg/layout.ts. Run: node scripts/generate-idct.mjs
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const WEIGHT_BITS = 15;
/** Fraction bits kept between the passes. */
const BETWEEN_BITS = 5;

const LOW = '0, 8, 1, 9, 2, 10, 3, 11';
const HIGH = '4, 12, 5, 13, 6, 14, 7, 15';

function weight(size, sample, frequency) {
  const scale = frequency === 0 ? 0.5 * Math.SQRT1_2 : 0.5;
  const angle = ((2 * sample + 1) * frequency * Math.PI) / (2 * size);
  return Math.round(scale * Math.cos(angle) * (1 << WEIGHT_BITS));
}

/** Frequencies whose products are summed by one dot instruction; even ones first. */
const framePairs = (size) =>
  size <= 4
    ? [
        [0, 2],
        [1, 3],
      ]
    : [
        [0, 2],
        [4, 6],
        [1, 3],
        [5, 7],
      ];

function weightTable(size) {
  const values = [];
  for (let sample = 0; sample < Math.ceil(size / 2); sample++) {
    for (const [a, b] of framePairs(size)) {
      const pair = [a, b].map((f) => (f < size ? weight(size, sample, f) : 0));
      for (let lane = 0; lane < 4; lane++) values.push(...pair);
    }
  }
  return `const W${size}: usize = memory.data<i16>([${values.join(', ')}], 16);\n`;
}

/** One kernel. `isSparse`: only frequencies below 4 are non-zero in both directions. */
function kernel(size, isSparse) {
  const pairs = framePairs(size);
  const isWide = size > 4;
  const lines = [];
  const emit = (text) => lines.push(`  ${text}`);
  const used = pairs.map((_, i) => i).filter((i) => pairs[i][0] < size && !(isSparse && pairs[i][0] >= 4));
  const even = used.filter((i) => pairs[i][0] % 2 === 0);
  const odd = used.filter((i) => pairs[i][0] % 2 === 1);
  const dots = (list, sample, operand) =>
    list.map((i) => `i32x4.dot_i16x8_s(${operand(i)}, v128.load(W${size}, ${(sample * pairs.length + i) * 16}))`).reduce((a, b) => `i32x4.add(${a}, ${b})`);

  emit('const zero = i32x4.splat(0);');
  emit(`const round1 = i32x4.splat(${1 << (WEIGHT_BITS - BETWEEN_BITS - 1)});`);
  if (isWide) {
    const present = (u) => u < size && !(isSparse && u >= 4);
    for (let u = 0; u < size; u++) if (present(u)) emit(`const x${u} = v128.load(block, ${u * 16});`);
    const row = (u) => (present(u) ? `x${u}` : 'zero');
    for (const i of used) {
      const [a, b] = pairs[i];
      emit(`const l${i} = v128.shuffle<i16>(${row(a)}, ${row(b)}, ${LOW});`);
      emit(`const h${i} = v128.shuffle<i16>(${row(a)}, ${row(b)}, ${HIGH});`);
    }
  } else {
    emit('const x01 = v128.load(block);');
    emit('const x23 = v128.load(block, 16);');
    emit(`const l0 = v128.shuffle<i16>(x01, x23, ${LOW});`);
    emit(`const l1 = v128.shuffle<i16>(x01, x23, ${HIGH});`);
  }
  emit('let e: v128, o: v128;');
  if (isWide) emit('let e2: v128, o2: v128;');

  const shift1 = WEIGHT_BITS - BETWEEN_BITS;
  const narrow1 = (a, b) => `i16x8.narrow_i32x4_s(i32x4.shr_s(${a}, ${shift1}), ${b === 'zero' ? b : `i32x4.shr_s(${b}, ${shift1})`})`;
  for (let sample = 0; sample < Math.ceil(size / 2); sample++) {
    const mirror = size - 1 - sample;
    emit(`e = i32x4.add(${dots(even, sample, (i) => `l${i}`)}, round1);`);
    if (isWide) emit(`e2 = i32x4.add(${dots(even, sample, (i) => `h${i}`)}, round1);`);
    if (mirror === sample) {
      // Odd frequencies vanish in the middle of an odd size.
      emit(`const z${sample} = ${narrow1('e', isWide ? 'e2' : 'zero')};`);
      continue;
    }
    emit(`o = ${dots(odd, sample, (i) => `l${i}`)};`);
    if (isWide) emit(`o2 = ${dots(odd, sample, (i) => `h${i}`)};`);
    emit(`const z${sample} = ${narrow1('i32x4.add(e, o)', isWide ? 'i32x4.add(e2, o2)' : 'zero')};`);
    emit(`const z${mirror} = ${narrow1('i32x4.sub(e, o)', isWide ? 'i32x4.sub(e2, o2)' : 'zero')};`);
  }

  const column = (x) => (x < size ? `z${x}` : 'zero');
  const transpose = (first, name) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => column(first + i));
    emit(`const ${name}t0 = v128.shuffle<i32>(${a}, ${b}, 0, 4, 1, 5);`);
    emit(`const ${name}t1 = v128.shuffle<i32>(${c}, ${d}, 0, 4, 1, 5);`);
    emit(`const ${name}0 = v128.shuffle<i64>(${name}t0, ${name}t1, 0, 2);`);
    if (!isWide) {
      emit(`const ${name}1 = v128.shuffle<i64>(${name}t0, ${name}t1, 1, 3);`);
      return;
    }
    const needs = (i) => used.includes(i);
    if (needs(1)) emit(`const ${name}1 = v128.shuffle<i64>(${name}t0, ${name}t1, 1, 3);`);
    emit(`const ${name}t2 = v128.shuffle<i32>(${a}, ${b}, 2, 6, 3, 7);`);
    emit(`const ${name}t3 = v128.shuffle<i32>(${c}, ${d}, 2, 6, 3, 7);`);
    emit(`const ${name}2 = v128.shuffle<i64>(${name}t2, ${name}t3, 0, 2);`);
    if (needs(3)) emit(`const ${name}3 = v128.shuffle<i64>(${name}t2, ${name}t3, 1, 3);`);
  };
  transpose(0, 'p');
  if (isWide) transpose(4, 'q');

  const shift2 = WEIGHT_BITS + BETWEEN_BITS;
  const narrow2 = (a, b) => `i16x8.narrow_i32x4_s(i32x4.shr_s(${a}, ${shift2}), ${isWide ? `i32x4.shr_s(${b}, ${shift2})` : 'zero'})`;
  emit(`const round2 = i32x4.splat(${1 << (shift2 - 1)});`);
  for (let sample = 0; sample < Math.ceil(size / 2); sample++) {
    const mirror = size - 1 - sample;
    emit(`e = i32x4.add(${dots(even, sample, (i) => `p${i}`)}, round2);`);
    if (isWide) emit(`e2 = i32x4.add(${dots(even, sample, (i) => `q${i}`)}, round2);`);
    const put = (y, half) => emit(isWide ? `v128.store64_lane(out + ${y} * stride, e, ${half});` : `v128.store32_lane(out + ${y} * stride, e, ${half * 2});`);
    if (mirror === sample) {
      emit(`e = i8x16.narrow_i16x8_s(${narrow2('e', 'e2')}, zero);`);
      put(sample, 0);
      continue;
    }
    emit(`o = ${dots(odd, sample, (i) => `p${i}`)};`);
    if (isWide) emit(`o2 = ${dots(odd, sample, (i) => `q${i}`)};`);
    emit(`e = i8x16.narrow_i16x8_s(${narrow2('i32x4.add(e, o)', 'i32x4.add(e2, o2)')}, ${narrow2('i32x4.sub(e, o)', 'i32x4.sub(e2, o2)')});`);
    put(sample, 0);
    put(mirror, 1);
  }
  const name = `inverse${size}${isSparse ? 'Sparse' : ''}`;
  const note = isSparse ? ', when only the 4 by 4 lowest frequencies are non-zero' : '';
  const width = isWide ? 8 : 4;
  return `
/** ${size}·${size} samples, i8 centred at 0, from the block at \`block\`${note}; each row store writes ${width} bytes. */
export function ${name}(block: usize, out: usize, stride: usize): void {
${lines.join('\n')}
}
`;
}

/** The whole text of wasm/jpeg/idct-kernel.ts. */
export function generateIdct() {
  let text = '// Generated by scripts/generate-idct.mjs; do not edit.\n';
  for (let size = 3; size <= 8; size++) {
    text += `\n${weightTable(size)}`;
    text += kernel(size, false);
    if (size > 4) text += kernel(size, true);
  }
  return text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('../wasm/jpeg/idct-kernel.ts', import.meta.url)), generateIdct());
}
