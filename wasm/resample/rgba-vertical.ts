/** Vertical convolution of Q7 rows: gathered from a ring while rows come in order, or scattered into a full grid. */

const ROUND_Q21: i32 = 1 << 20;

/** Bytes of scratch that `gatherRows` needs for `taps` taps: two row addresses and two weights for each pair. */
export function gatherBytes(taps: i32): usize {
  return <usize>((taps + 1) >> 1) * 12;
}

/**
 * Weighs `taps` rows of the ring, from row number `start`, into `pixels` RGBA sums of i32, value · 2²¹ ("Q21"), rounding
 * included. Row n lies at `ring + (n mod capacity) · rowBytes`. Works in units of four pixels.
 */
export function gatherRows(ring: usize, rowBytes: i32, capacity: i32, start: i32, taps: i32, weights: usize, scratch: usize, to: usize, pixels: i32): void {
  let pairsEnd = scratch;
  for (let tap = 0; tap < taps; tap += 2) {
    const isPair = tap + 1 < taps;
    const rowA = ring + <usize>((start + tap) % capacity) * <usize>rowBytes;
    store<usize>(pairsEnd, rowA);
    store<usize>(pairsEnd, isPair ? ring + <usize>((start + tap + 1) % capacity) * <usize>rowBytes : rowA, 4);
    store<i16>(pairsEnd, load<i16>(weights + ((<usize>tap) << 1)), 8);
    store<i16>(pairsEnd, isPair ? load<i16>(weights + ((<usize>tap) << 1), 2) : 0, 10);
    pairsEnd += 12;
  }
  const round = i32x4.splat(ROUND_Q21);
  const width = (<usize>pixels) << 3;
  for (let at: usize = 0; at < width; at += 32) {
    let sum0 = round;
    let sum1 = round;
    let sum2 = round;
    let sum3 = round;
    for (let pair = scratch; pair < pairsEnd; pair += 12) {
      const rowA = load<usize>(pair) + at;
      const rowB = load<usize>(pair, 4) + at;
      const factors = v128.load32_splat(pair, 8);
      const a = v128.load(rowA);
      const b = v128.load(rowB);
      const c = v128.load(rowA, 16);
      const d = v128.load(rowB, 16);
      sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11), factors));
      sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), factors));
      sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11), factors));
      sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15), factors));
    }
    v128.store(to, sum0);
    v128.store(to, sum1, 16);
    v128.store(to, sum2, 32);
    v128.store(to, sum3, 48);
    to += 64;
  }
}

/** Adds `row` (Q7) times `weight` (14-bit) to a row of the narrow grid (i16, value · 64, "Q6"). */
export function scatterNarrow(row: usize, weight: i32, grid: usize, pixels: i32): void {
  const factor = i16x8.splat(<i16>weight);
  const end = grid + ((<usize>pixels) << 3);
  for (; grid < end; grid += 16) {
    v128.store(grid, i16x8.add(v128.load(grid), i16x8.q15mulr_sat_s(v128.load(row), factor)));
    row += 16;
  }
}

/** Adds `row` (Q7) times `weight` (14-bit) to a row of the wide grid (i32, Q21). */
export function scatterWide(row: usize, weight: i32, grid: usize, pixels: i32): void {
  const factor = i16x8.splat(<i16>weight);
  const end = grid + ((<usize>pixels) << 4);
  for (; grid < end; grid += 32) {
    const eight = v128.load(row);
    v128.store(grid, i32x4.add(v128.load(grid), i32x4.extmul_low_i16x8_s(eight, factor)));
    v128.store(grid, i32x4.add(v128.load(grid, 16), i32x4.extmul_high_i16x8_s(eight, factor)), 16);
    row += 16;
  }
}

/** Gives a narrow grid row as sums (Q21), rounding included. */
export function sumNarrow(grid: usize, to: usize, pixels: i32): void {
  const end = grid + ((<usize>pixels) << 3);
  const round = i32x4.splat(ROUND_Q21);
  for (; grid < end; grid += 16) {
    const eight = v128.load(grid);
    v128.store(to, i32x4.add(round, i32x4.shl(i32x4.extend_low_i16x8_s(eight), 15)));
    v128.store(to, i32x4.add(round, i32x4.shl(i32x4.extend_high_i16x8_s(eight), 15)), 16);
    to += 32;
  }
}

/** Gives a wide grid row as sums, rounding included. */
export function sumWide(grid: usize, to: usize, pixels: i32): void {
  const end = grid + ((<usize>pixels) << 4);
  const round = i32x4.splat(ROUND_Q21);
  for (; grid < end; grid += 16, to += 16) v128.store(to, i32x4.add(round, v128.load(grid)));
}
