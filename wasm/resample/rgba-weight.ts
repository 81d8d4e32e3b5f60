/**
 * Lanczos3 weights. Sample i of a row covers [i, i + 1) and output o looks at the centre (o + 0.5) · ratio, so that both
 * rows span the same picture. Below the first and beyond the last sample the edge sample goes on, as in libvips: its
 * weight is that of all the missing ones together.
 *
 * Weights are 14-bit fixed point and add up to exactly 16,384 for each output: a flat area stays what it was.
 */

/** 1.0 in the fixed point of the weights. */
export const WEIGHT_ONE: i32 = 16384;
const LOBES: f64 = 3;

/** sin(πx) for any x, exact to 1e-9: range reduction to half a turn and a Taylor series of seven terms. */
function sinPi(x: f64): f64 {
  const turn = nearest(x);
  const rest = (x - turn) * 3.141592653589793;
  const square = rest * rest;
  const series =
    1.0 + square * (-1.0 / 6 + square * (1.0 / 120 + square * (-1.0 / 5040 + square * (1.0 / 362880 + square * (-1.0 / 39916800 + square / 6227020800.0)))));
  return ((<i64>turn) & 1 ? -rest : rest) * series;
}

function lanczos(x: f64): f64 {
  const distance = abs(x);
  if (distance < 1e-8) return 1;
  if (distance >= LOBES) return 0;
  const angle = 3.141592653589793 * distance;
  return (LOBES * sinPi(distance) * sinPi(distance / LOBES)) / (angle * angle);
}

/** Taps that any output needs at most when `ratio` source samples make one output; at least 1. */
export function tapsFor(ratio: f64, samples: i32): i32 {
  const taps = <i32>Math.floor(2 * LOBES * max(1.0, ratio)) + 1;
  return max(1, min(taps, samples));
}

/** `taps` rounded up to whole groups of four, as the horizontal kernels read them. */
export function paddedTaps(taps: i32): i32 {
  return (taps + 3) & ~3;
}

/**
 * Fills, for each of `outputs` outputs, its first sample (i32 at `starts`) and `stride` weights (i16 at `weights`).
 *
 * Only samples at `offset + n · step` count (an Adam7 pass, for instance; 0 and 1 for all): starts and taps are then
 * given in those samples' own numbering, `present` of them, while normalisation is over the whole row.
 * `cover` is the length of the row in samples, not always whole: a shrunk row may end in a part of a sample.
 */
export function fillWeights(samples: i32, cover: f64, outputs: i32, stride: i32, starts: usize, weights: usize, offset: i32, step: i32, present: i32): void {
  const ratio = cover / <f64>outputs;
  const scale = max(1.0, ratio);
  for (let output = 0; output < outputs; output++) {
    const centre = (<f64>output + 0.5) * ratio;
    const reachFirst = <i32>Math.ceil(centre - 0.5 - LOBES * scale);
    const reachEnd = <i32>Math.floor(centre - 0.5 + LOBES * scale) + 1;
    let sum = 0.0;
    for (let sample = reachFirst; sample < reachEnd; sample++) sum += lanczos((<f64>sample + 0.5 - centre) / scale);

    const first = max(0, reachFirst);
    let start = first <= offset ? 0 : (first - offset + step - 1) / step;
    if (start + stride > present) start = max(0, present - stride);
    store<i32>(starts + ((<usize>output) << 2), start);
    const row = weights + <usize>(output * stride) * 2;
    memory.fill(row, 0, <usize>stride * 2);

    // Each weight is the step between rounded running sums, so rounding errors never add up.
    let running = 0.0;
    let given = 0;
    for (let reach = reachFirst; reach < reachEnd; reach++) {
      running += lanczos((<f64>reach + 0.5 - centre) / scale) / sum;
      if (reach < 0 || (reach >= samples - 1 && reach < reachEnd - 1)) continue;
      const sample = min(reach, samples - 1);
      const target = <i32>nearest(running * <f64>WEIGHT_ONE);
      const behind = sample - offset;
      if (behind >= 0 && behind % step == 0) {
        const tap = behind / step - start;
        if (tap >= 0 && tap < stride) store<i16>(row + ((<usize>tap) << 1), <i16>(target - given));
      }
      given = target;
    }
  }
}
