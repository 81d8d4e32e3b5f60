// The loop filters across one edge of 16 pixels, RFC 6386 §15.2 and §15.3. The edge is always horizontal here: pixels
// p3 to p0 lie in the rows above it, q0 to q3 below. Vertical edges come transposed (edge.ts).

/** |a − b| of unsigned bytes. */
@inline
function distance(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

/** Ones where 2·|p0 − q0| + |p1 − q1|/2 is within the edge limit. */
@inline
function isSmallStep(p1: v128, p0: v128, q0: v128, q1: v128, edgeLimit: i32): v128 {
  const near = distance(p0, q0);
  const far = i8x16.shr_u(distance(p1, q1), 1);
  const step = i8x16.add_sat_u(i8x16.add_sat_u(near, near), far);
  return i8x16.eq(i8x16.sub_sat_u(step, i8x16.splat(<i8>edgeLimit)), i8x16.splat(0));
}

@inline
function toSigned(pixels: v128): v128 {
  return v128.xor(pixels, i8x16.splat(-128));
}

/** The simple filter, §15.2: `p` is row p0, `q` row q0. */
export function filterSimple(p: usize, q: usize, stride: usize, edgeLimit: i32): void {
  const p1 = v128.load(p - stride);
  const p0 = v128.load(p);
  const q0 = v128.load(q);
  const q1 = v128.load(q + stride);
  const mask = isSmallStep(p1, p0, q0, q1, edgeLimit);
  if (!v128.any_true(mask)) return;
  const outer = i8x16.sub_sat_s(toSigned(p1), toSigned(q1));
  const step = i8x16.sub_sat_s(toSigned(q0), toSigned(p0));
  const a = v128.and(i8x16.add_sat_s(i8x16.add_sat_s(i8x16.add_sat_s(outer, step), step), step), mask);
  const down = i8x16.shr_s(i8x16.add_sat_s(a, i8x16.splat(4)), 3);
  const up = i8x16.shr_s(i8x16.add_sat_s(a, i8x16.splat(3)), 3);
  v128.store(q, toSigned(i8x16.sub_sat_s(toSigned(q0), down)));
  v128.store(p, toSigned(i8x16.add_sat_s(toSigned(p0), up)));
}

/**
 * The normal filter, §15.3, on an edge inside a macroblock (`isInner`, §15.3 subblock_filter) or between two. `p` is
 * row p0, `q` row q0; `interior` and `variance` are the interior limit and the high edge variance threshold.
 */
export function filterNormal(
  p: usize, q: usize, stride: usize, isInner: bool, edgeLimit: i32, interior: i32, variance: i32,
): void {
  const p3 = v128.load(p - stride * 3);
  const p2 = v128.load(p - stride * 2);
  const p1 = v128.load(p - stride);
  const p0 = v128.load(p);
  const q0 = v128.load(q);
  const q1 = v128.load(q + stride);
  const q2 = v128.load(q + stride * 2);
  const q3 = v128.load(q + stride * 3);

  const slope = i8x16.max_u(distance(p1, p0), distance(q1, q0));
  const rough = i8x16.max_u(
    i8x16.max_u(distance(p3, p2), distance(p2, p1)),
    i8x16.max_u(distance(q3, q2), distance(q2, q1)),
  );
  const isEven = i8x16.eq(
    i8x16.sub_sat_u(i8x16.max_u(slope, rough), i8x16.splat(<i8>interior)), i8x16.splat(0),
  );
  const mask = v128.and(isEven, isSmallStep(p1, p0, q0, q1, edgeLimit));
  if (!v128.any_true(mask)) return;
  const isSteep = i8x16.gt_u(slope, i8x16.splat(<i8>variance));

  const sp1 = toSigned(p1);
  const sp0 = toSigned(p0);
  const sq0 = toSigned(q0);
  const sq1 = toSigned(q1);
  const outer = i8x16.sub_sat_s(sp1, sq1);
  const step = i8x16.sub_sat_s(sq0, sp0);
  if (isInner) {
    // The outer taps count only where the edge is steep; where it is not, they are adjusted by half.
    const start = v128.and(outer, isSteep);
    const a = v128.and(i8x16.add_sat_s(i8x16.add_sat_s(i8x16.add_sat_s(start, step), step), step), mask);
    const down = i8x16.shr_s(i8x16.add_sat_s(a, i8x16.splat(4)), 3);
    const up = i8x16.shr_s(i8x16.add_sat_s(a, i8x16.splat(3)), 3);
    const half = v128.andnot(i8x16.shr_s(i8x16.add_sat_s(down, i8x16.splat(1)), 1), isSteep);
    v128.store(q, toSigned(i8x16.sub_sat_s(sq0, down)));
    v128.store(p, toSigned(i8x16.add_sat_s(sp0, up)));
    v128.store(q + stride, toSigned(i8x16.sub_sat_s(sq1, half)));
    v128.store(p - stride, toSigned(i8x16.add_sat_s(sp1, half)));
    return;
  }
  const a = v128.and(i8x16.add_sat_s(i8x16.add_sat_s(i8x16.add_sat_s(outer, step), step), step), mask);
  const steep = v128.and(a, isSteep);
  const down = i8x16.shr_s(i8x16.add_sat_s(steep, i8x16.splat(4)), 3);
  const up = i8x16.shr_s(i8x16.add_sat_s(steep, i8x16.splat(3)), 3);
  // Where it is not steep: 27, 18 and 9 parts in 128 of the step to three pixels on each side.
  const even = v128.andnot(a, isSteep);
  const low = i16x8.mul(i16x8.extend_low_i8x16_s(even), i16x8.splat(9));
  const high = i16x8.mul(i16x8.extend_high_i8x16_s(even), i16x8.splat(9));
  const round = i16x8.splat(63);
  const lowNine = i16x8.add(low, round);
  const highNine = i16x8.add(high, round);
  const lowEighteen = i16x8.add(lowNine, low);
  const highEighteen = i16x8.add(highNine, high);
  const nine = i8x16.narrow_i16x8_s(i16x8.shr_s(lowNine, 7), i16x8.shr_s(highNine, 7));
  const eighteen = i8x16.narrow_i16x8_s(i16x8.shr_s(lowEighteen, 7), i16x8.shr_s(highEighteen, 7));
  const twentySeven = i8x16.narrow_i16x8_s(
    i16x8.shr_s(i16x8.add(lowEighteen, low), 7), i16x8.shr_s(i16x8.add(highEighteen, high), 7),
  );
  v128.store(q, toSigned(i8x16.sub_sat_s(i8x16.sub_sat_s(sq0, down), twentySeven)));
  v128.store(p, toSigned(i8x16.add_sat_s(i8x16.add_sat_s(sp0, up), twentySeven)));
  v128.store(q + stride, toSigned(i8x16.sub_sat_s(sq1, eighteen)));
  v128.store(p - stride, toSigned(i8x16.add_sat_s(sp1, eighteen)));
  v128.store(q + stride * 2, toSigned(i8x16.sub_sat_s(toSigned(q2), nine)));
  v128.store(p - stride * 2, toSigned(i8x16.add_sat_s(toSigned(p2), nine)));
}
