// The inverse predictor transform, RFC 9649 §3.5.1: each pixel is the sum, byte by byte, of what was coded and of a
// prediction from the finished pixels to its left (L) and above (T, TL, TR).

/** Opaque black: what stands before the first pixel, and what the two unused modes predict. */
const BLACK: u32 = 0xff000000;

/** a + b, byte by byte. */
@inline
function sum(a: u32, b: u32): u32 {
  return (((a & 0xff00ff00) + (b & 0xff00ff00)) & 0xff00ff00) | (((a & 0x00ff00ff) + (b & 0x00ff00ff)) & 0x00ff00ff);
}

/** (a + b) / 2, byte by byte, rounded down. */
@inline
function mean(a: u32, b: u32): u32 {
  return (((a ^ b) & 0xfefefefe) >> 1) + (a & b);
}

/** A pixel as four 16-bit numbers. */
@inline
function wide(pixel: u32): v128 {
  return i16x8.extend_low_i8x16_u(i32x4.splat(pixel));
}
@inline
function clamped(numbers: v128): u32 {
  return <u32>i32x4.extract_lane(i8x16.narrow_i16x8_u(numbers, numbers), 0);
}

/** Sum of the distances of the four bytes. */
@inline
function distance(a: u32, b: u32): i32 {
  const apart = i16x8.abs(i16x8.sub(wide(a), wide(b)));
  const pairs = i32x4.extadd_pairwise_i16x8_s(apart);
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

/** Mode 11: the one of left and above that is nearer to L + T − TL. */
@inline
function nearest(left: u32, top: u32, corner: u32): u32 {
  return distance(top, corner) < distance(left, corner) ? left : top;
}

/** Mode 13: the mean of L and T, moved away from TL by half its distance, which is rounded towards zero. */
@inline
function moved(left: u32, top: u32, corner: u32): u32 {
  const middle = wide(mean(left, top));
  const apart = i16x8.sub(middle, wide(corner));
  const half = i16x8.shr_s(i16x8.add(apart, i16x8.shr_u(apart, 15)), 1);
  return clamped(i16x8.add(middle, half));
}

/**
 * Predicts one row in place. `above` is the finished row above it, with room for one pixel more, or 0 at the top; `modes`
 * holds a byte for each tile of 1 << `bits` pixels.
 */
export function predictRow(row: usize, above: usize, width: i32, modes: usize, bits: i32): void {
  const end = row + (<usize>width << 2);
  if (above == 0) {
    store<u32>(row, sum(load<u32>(row), BLACK));
    for (let at = row + 4; at < end; at += 4) store<u32>(at, sum(load<u32>(at), load<u32>(at - 4)));
    return;
  }
  store<u32>(row, sum(load<u32>(row), load<u32>(above)));
  // The pixel above and to the right of the last one is the first one of this row.
  store<u32>(above + (<usize>width << 2), load<u32>(row));
  const tile = 1 << bits;
  let x = 1;
  while (x < width) {
    const stop = min(width, (x & -tile) + tile);
    const mode = <i32>load<u8>(modes + (x >> bits));
    predictRun(mode, row + (<usize>x << 2), above + (<usize>x << 2), row + (<usize>stop << 2));
    x = stop;
  }
}

function predictRun(mode: i32, at: usize, t: usize, end: usize): void {
  switch (mode) {
    case 1:
      for (let left = load<u32>(at - 4); at < end; at += 4) {
        left = sum(load<u32>(at), left);
        store<u32>(at, left);
      }
      break;
    case 2: addAbove(at, t, end); break;
    case 3: addAbove(at, t + 4, end); break;
    case 4: addAbove(at, t - 4, end); break;
    case 5:
      for (let left = load<u32>(at - 4); at < end; at += 4, t += 4) {
        left = sum(load<u32>(at), mean(mean(left, load<u32>(t, 4)), load<u32>(t)));
        store<u32>(at, left);
      }
      break;
    case 6:
      for (let left = load<u32>(at - 4); at < end; at += 4, t += 4) {
        left = sum(load<u32>(at), mean(left, load<u32>(t - 4)));
        store<u32>(at, left);
      }
      break;
    case 7:
      for (let left = load<u32>(at - 4); at < end; at += 4, t += 4) {
        left = sum(load<u32>(at), mean(left, load<u32>(t)));
        store<u32>(at, left);
      }
      break;
    case 8: addMean(at, t - 4, t, end); break;
    case 9: addMean(at, t, t + 4, end); break;
    case 10:
      for (let left = load<u32>(at - 4); at < end; at += 4, t += 4) {
        left = sum(load<u32>(at), mean(mean(left, load<u32>(t - 4)), mean(load<u32>(t), load<u32>(t, 4))));
        store<u32>(at, left);
      }
      break;
    case 11:
      for (let left = load<u32>(at - 4); at < end; at += 4, t += 4) {
        left = sum(load<u32>(at), nearest(left, load<u32>(t), load<u32>(t - 4)));
        store<u32>(at, left);
      }
      break;
    case 12:
      for (let left = load<u32>(at - 4); at < end; at += 4, t += 4) {
        const step = i16x8.sub(wide(load<u32>(t)), wide(load<u32>(t - 4)));
        left = sum(load<u32>(at), clamped(i16x8.add(wide(left), step)));
        store<u32>(at, left);
      }
      break;
    case 13:
      for (let left = load<u32>(at - 4); at < end; at += 4, t += 4) {
        left = sum(load<u32>(at), moved(left, load<u32>(t), load<u32>(t - 4)));
        store<u32>(at, left);
      }
      break;
    default:
      for (; at < end; at += 4) store<u32>(at, sum(load<u32>(at), BLACK));
  }
}

/** The modes that do not look to the left go four pixels at a time. */
function addAbove(at: usize, above: usize, end: usize): void {
  for (; at + 16 <= end; at += 16, above += 16) {
    v128.store(at, i8x16.add(v128.load(at), v128.load(above)));
  }
  for (; at < end; at += 4, above += 4) store<u32>(at, sum(load<u32>(at), load<u32>(above)));
}

function addMean(at: usize, a: usize, b: usize, end: usize): void {
  for (; at + 16 <= end; at += 16, a += 16, b += 16) {
    const va = v128.load(a);
    const vb = v128.load(b);
    const down = i8x16.sub(i8x16.avgr_u(va, vb), v128.and(v128.xor(va, vb), i8x16.splat(1)));
    v128.store(at, i8x16.add(v128.load(at), down));
  }
  for (; at < end; at += 4, a += 4, b += 4) store<u32>(at, sum(load<u32>(at), mean(load<u32>(a), load<u32>(b))));
}
