/** The Paeth filter (PNG 3rd ed. §9.4), the costliest: each pixel waits for its left neighbour. */

/** Channels in 16-bit lanes, `pixelBytes` of them in use: distances of the predictor a + b - c to a, b and c. */
@inline
function predict(left: v128, up: v128, corner: v128): v128 {
  const towardsUp = i16x8.sub(up, corner);
  const towardsLeft = i16x8.sub(left, corner);
  const distanceLeft = i16x8.abs(towardsUp);
  const distanceUp = i16x8.abs(towardsLeft);
  const distanceCorner = i16x8.abs(i16x8.add(towardsUp, towardsLeft));
  const nearest = i16x8.min_s(distanceCorner, i16x8.min_s(distanceLeft, distanceUp));
  const upOrCorner = v128.bitselect(up, corner, i16x8.eq(nearest, distanceUp));
  return v128.bitselect(left, upOrCorner, i16x8.eq(nearest, distanceLeft));
}

/** Reverses the filter of one row; see `unfilter` for the room rows need. */
export function paethRow(from: usize, row: usize, prior: usize, bytes: usize, pixelBytes: usize): void {
  if (pixelBytes == 1) {
    paethBytes(from, row, prior, bytes);
    return;
  }
  const mask = i16x8.splat(255);
  let left = i32x4.splat(0);
  let corner = i32x4.splat(0);
  if (pixelBytes <= 4) {
    for (let i: usize = 0; i < bytes; i += pixelBytes) {
      const up = i16x8.extend_low_i8x16_u(v128.load32_zero(prior + i));
      const residue = i16x8.extend_low_i8x16_u(v128.load32_zero(from + i));
      left = v128.and(i16x8.add(residue, predict(left, up, corner)), mask);
      corner = up;
      v128.store32_lane(row + i, i8x16.narrow_i16x8_u(left, left), 0);
    }
    return;
  }
  for (let i: usize = 0; i < bytes; i += pixelBytes) {
    const up = v128.load8x8_u(prior + i);
    const residue = v128.load8x8_u(from + i);
    left = v128.and(i16x8.add(residue, predict(left, up, corner)), mask);
    corner = up;
    v128.store64_lane(row + i, i8x16.narrow_i16x8_u(left, left), 0);
  }
}

function paethBytes(from: usize, row: usize, prior: usize, bytes: usize): void {
  let left = 0;
  let corner = 0;
  for (let i: usize = 0; i < bytes; i++) {
    const up = <i32>load<u8>(prior + i);
    const towardsUp = up - corner;
    const towardsLeft = left - corner;
    const distanceLeft = abs(towardsUp);
    const distanceUp = abs(towardsLeft);
    const distanceCorner = abs(towardsUp + towardsLeft);
    const predicted = distanceLeft <= distanceUp && distanceLeft <= distanceCorner ? left
      : distanceUp <= distanceCorner ? up : corner;
    left = (<i32>load<u8>(from + i) + predicted) & 255;
    store<u8>(row + i, <u8>left);
    corner = up;
  }
}
