/** Vertical convolution of Q7 rows: gathered from a ring while rows come in order, or scattered into a full grid. */

const ROUND_Q21: i32 = 1 << 20;

/**
 * Weighs `taps` rows of the ring, from row number `start`, into `pixels` RGBA sums of i32, value · 2²¹ ("Q21"), rounding
 * included. Row n lies at `ring + (n mod capacity) · rowBytes`.
 */
export function gatherRows(
  ring: usize, rowBytes: i32, capacity: i32, start: i32, taps: i32, weights: usize, to: usize, pixels: i32,
): void {
  const width = <usize>pixels << 3;
  let isFirst = true;
  for (let tap = 0; tap < taps; tap += 2) {
    const isPair = tap + 1 < taps;
    const rowA = ring + <usize>((start + tap) % capacity) * <usize>rowBytes;
    const rowB = isPair ? ring + <usize>((start + tap + 1) % capacity) * <usize>rowBytes : rowA;
    const weightA = <i32>load<i16>(weights + (<usize>tap << 1));
    const weightB = isPair ? <i32>load<i16>(weights + (<usize>tap << 1), 2) : 0;
    if (weightA == 0 && weightB == 0 && !(isFirst && tap + 2 >= taps)) continue;
    const pair = i32x4.splat((weightB << 16) | (weightA & 0xffff));
    let out = to;
    if (isFirst) {
      const round = i32x4.splat(ROUND_Q21);
      for (let at: usize = 0; at < width; at += 16) {
        const a = v128.load(rowA + at);
        const b = v128.load(rowB + at);
        const low = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
        const high = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
        v128.store(out, i32x4.add(round, i32x4.dot_i16x8_s(low, pair)));
        v128.store(out, i32x4.add(round, i32x4.dot_i16x8_s(high, pair)), 16);
        out += 32;
      }
      isFirst = false;
      continue;
    }
    for (let at: usize = 0; at < width; at += 16) {
      const a = v128.load(rowA + at);
      const b = v128.load(rowB + at);
      const low = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
      const high = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
      v128.store(out, i32x4.add(v128.load(out), i32x4.dot_i16x8_s(low, pair)));
      v128.store(out, i32x4.add(v128.load(out, 16), i32x4.dot_i16x8_s(high, pair)), 16);
      out += 32;
    }
  }
}

/** Adds `row` (Q7) times `weight` (14-bit) to a row of the grid (i16, value · 64, "Q6"). */
export function scatterRow(row: usize, weight: i32, grid: usize, pixels: i32): void {
  const factor = i16x8.splat(<i16>weight);
  const end = grid + (<usize>pixels << 3);
  for (; grid < end; grid += 16) {
    v128.store(grid, i16x8.add(v128.load(grid), i16x8.q15mulr_sat_s(v128.load(row), factor)));
    row += 16;
  }
}

/** Widens a grid row (Q6) to sums (Q21), rounding included. */
export function widenGrid(grid: usize, to: usize, pixels: i32): void {
  const end = grid + (<usize>pixels << 3);
  const round = i32x4.splat(ROUND_Q21);
  for (; grid < end; grid += 16) {
    const eight = v128.load(grid);
    v128.store(to, i32x4.add(round, i32x4.shl(i32x4.extend_low_i16x8_s(eight), 15)));
    v128.store(to, i32x4.add(round, i32x4.shl(i32x4.extend_high_i16x8_s(eight), 15)), 16);
    to += 32;
  }
}
