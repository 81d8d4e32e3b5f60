/** The Paeth filter (PNG 3rd ed. §9.4), the costliest: each pixel waits for its left neighbour. */

/**
 * One pixel, channels in 16-bit lanes: residue plus whichever of left (a), up (b) and upper left (c) is nearest to
 * a + b - c, the earlier of them on a tie. Everything that does not need `left` stands apart from what does, and all
 * three answers are added up before the choice is known: the chain from pixel to pixel is what the filter's time is.
 * Sums are taken in bytes, which keeps the upper half of each lane zero without a mask.
 */
@inline
function reverse(residue: v128, left: v128, up: v128, corner: v128): v128 {
  const towardsUp = i16x8.sub(up, corner);
  const distanceLeft = i16x8.abs(towardsUp);
  const fromUp = i8x16.add(residue, up);
  const fromCorner = i8x16.add(residue, corner);
  const towardsLeft = i16x8.sub(left, corner);
  const distanceUp = i16x8.abs(towardsLeft);
  const distanceCorner = i16x8.abs(i16x8.add(towardsLeft, towardsUp));
  const other = v128.bitselect(fromCorner, fromUp, i16x8.gt_s(distanceUp, distanceCorner));
  const isOther = i16x8.gt_s(distanceLeft, i16x8.min_s(distanceUp, distanceCorner));
  return v128.bitselect(other, i8x16.add(residue, left), isOther);
}

/** Reverses the filter of one row; see `unfilter` for the room rows need. */
export function paethRow(from: usize, row: usize, prior: usize, bytes: usize, pixelBytes: usize): void {
  if (pixelBytes == 1) {
    paethBytes(from, row, prior, bytes);
    return;
  }
  let left = i32x4.splat(0);
  let corner = i32x4.splat(0);
  if (pixelBytes <= 4) {
    for (let i: usize = 0; i < bytes; i += pixelBytes) {
      const up = i16x8.extend_low_i8x16_u(v128.load32_zero(prior + i));
      const residue = i16x8.extend_low_i8x16_u(v128.load32_zero(from + i));
      left = reverse(residue, left, up, corner);
      corner = up;
      v128.store32_lane(row + i, i8x16.narrow_i16x8_u(left, left), 0);
    }
    return;
  }
  for (let i: usize = 0; i < bytes; i += pixelBytes) {
    const up = v128.load8x8_u(prior + i);
    const residue = v128.load8x8_u(from + i);
    left = reverse(residue, left, up, corner);
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
