/**
 * Filters a row for compression (PNG 3rd ed. §9): the one with the smallest sum of absolute differences, as §12.7
 * suggests, all five tried at once in vectors. Rows must be preceded by 16 zero bytes, `prior` too, and followed by 16
 * readable and writable ones.
 */

const sums = memory.data(32, 16);

@inline
function paeth(left: v128, up: v128, corner: v128): v128 {
  // Distances as unsigned bytes: |b - c| and |a - c|; |a + b - 2c| is their difference when the two have opposite
  // signs and their sum otherwise, and then it can never be the least.
  const upAbove = i8x16.sub_sat_u(up, corner);
  const upBelow = i8x16.sub_sat_u(corner, up);
  const leftAbove = i8x16.sub_sat_u(left, corner);
  const leftBelow = i8x16.sub_sat_u(corner, left);
  const distanceLeft = v128.or(upAbove, upBelow);
  const distanceUp = v128.or(leftAbove, leftBelow);
  const zero = i8x16.splat(0);
  const isOpposite = v128.or(
    v128.and(i8x16.ne(upAbove, zero), i8x16.ne(leftBelow, zero)),
    v128.and(i8x16.ne(upBelow, zero), i8x16.ne(leftAbove, zero)),
  );
  const difference = v128.or(i8x16.sub_sat_u(distanceLeft, distanceUp), i8x16.sub_sat_u(distanceUp, distanceLeft));
  const sum = i8x16.add_sat_u(distanceLeft, distanceUp);
  const distanceCorner = v128.bitselect(difference, sum, isOpposite);
  const nearest = i8x16.min_u(distanceCorner, i8x16.min_u(distanceLeft, distanceUp));
  const upOrCorner = v128.bitselect(up, corner, i8x16.eq(nearest, distanceUp));
  return v128.bitselect(left, upOrCorner, i8x16.eq(nearest, distanceLeft));
}

@inline
function residue(filter: i32, row: usize, prior: usize, pixelBytes: usize): v128 {
  const value = v128.load(row);
  if (filter == 0) return value;
  if (filter == 1) return i8x16.sub(value, v128.load(row - pixelBytes));
  if (filter == 2) return i8x16.sub(value, v128.load(prior));
  const left = v128.load(row - pixelBytes);
  const up = v128.load(prior);
  if (filter == 3) {
    const mean = i8x16.sub(i8x16.avgr_u(left, up), v128.and(v128.xor(left, up), i8x16.splat(1)));
    return i8x16.sub(value, mean);
  }
  return i8x16.sub(value, paeth(left, up, v128.load(prior - pixelBytes)));
}

@inline
function magnitude(bytes: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.abs(bytes)));
}

/** The filter to use for the row. Bytes past its end count a little too: they are the same for every filter's rival. */
export function chooseFilter(row: usize, prior: usize, bytes: usize, pixelBytes: usize): i32 {
  let none = i32x4.splat(0);
  let sub = i32x4.splat(0);
  let up = i32x4.splat(0);
  let average = i32x4.splat(0);
  let predicted = i32x4.splat(0);
  const end = row + bytes;
  for (; row < end; row += 16, prior += 16) {
    none = i32x4.add(none, magnitude(residue(0, row, prior, pixelBytes)));
    sub = i32x4.add(sub, magnitude(residue(1, row, prior, pixelBytes)));
    up = i32x4.add(up, magnitude(residue(2, row, prior, pixelBytes)));
    average = i32x4.add(average, magnitude(residue(3, row, prior, pixelBytes)));
    predicted = i32x4.add(predicted, magnitude(residue(4, row, prior, pixelBytes)));
  }
  store<i32>(sums, total(none));
  store<i32>(sums, total(sub), 4);
  store<i32>(sums, total(up), 8);
  store<i32>(sums, total(average), 12);
  store<i32>(sums, total(predicted), 16);
  let best = 0;
  for (let filter = 1; filter < 5; filter++) {
    if (load<i32>(sums + (filter << 2)) < load<i32>(sums + (best << 2))) best = filter;
  }
  return best;
}

@inline
function total(lanes: v128): i32 {
  return i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1) + i32x4.extract_lane(lanes, 2)
    + i32x4.extract_lane(lanes, 3);
}

/** Writes the filter's number and the filtered row at `to`. Writes up to 16 bytes past the end. */
export function filterRow(filter: i32, row: usize, prior: usize, bytes: usize, pixelBytes: usize, to: usize): void {
  store<u8>(to++, <u8>filter);
  for (let i: usize = 0; i < bytes; i += 16) {
    let value: v128;
    switch (filter) {
      case 0: value = residue(0, row + i, prior + i, pixelBytes); break;
      case 1: value = residue(1, row + i, prior + i, pixelBytes); break;
      case 2: value = residue(2, row + i, prior + i, pixelBytes); break;
      case 3: value = residue(3, row + i, prior + i, pixelBytes); break;
      default: value = residue(4, row + i, prior + i, pixelBytes);
    }
    v128.store(to + i, value);
  }
}
