/**
 * Lanczos3 weights of one axis: for each output sample the first input sample and a fixed number of 16-bit weights.
 *
 * Coordinates are sample edges: input sample j covers [j, j+1), output sample i is centred on
 * `origin + (i + 0.5) · step`. When step > 1 the kernel is stretched by it, which makes it the low-pass filter too.
 * At the edges the kernel is cut to the samples that exist and made to sum to 1 again.
 */

/** Weights are integers with this many fraction bits; each set sums to exactly 1 << WEIGHT_BITS. */
export const WEIGHT_BITS: i32 = 14;

const LOBES: f64 = 3;
const PI: f64 = 3.141592653589793;

/** How many input samples an output sample can touch. */
export function tapCount(samples: i32, step: f64): i32 {
  const support = 2 * LOBES * max(1.0, step);
  return min(<i32>floor(support) + 1, samples);
}

/** sin(πx), by its Taylor series on [-1/2, 1/2]: the error is below 1e-7. */
function sinPi(x: f64): f64 {
  const whole = nearest(x);
  const y = (x - whole) * PI;
  const y2 = y * y;
  const series = 1.0 - (y2 / 6) * (1.0 - (y2 / 20) * (1.0 - (y2 / 42) * (1.0 - (y2 / 72) * (1.0 - y2 / 110))));
  return (<i64>whole) & 1 ? -y * series : y * series;
}

function lanczos(x: f64): f64 {
  const distance = abs(x);
  if (distance < 1e-8) return 1;
  if (distance >= LOBES) return 0;
  const angle = PI * distance;
  return (LOBES * sinPi(distance) * sinPi(distance / LOBES)) / (angle * angle);
}

/**
 * Fills `starts` (i32 each) and `weights` (i16, `pitch` of them for each output sample, zeros after `taps`).
 * @param samples how many input samples exist
 * @param outputs how many output samples are wanted
 * @param taps    `tapCount(samples, step)`, or fewer to leave out the outermost
 * @param scratch room for `taps` f64
 */
export function computeWeights(samples: i32, outputs: i32, origin: f64, step: f64, taps: i32, pitch: i32, starts: usize, weights: usize, scratch: usize): void {
  const stretch = max(1.0, step);
  for (let i = 0; i < outputs; i++) {
    const centre = origin + (<f64>i + 0.5) * step;
    // The first sample whose centre lies inside the kernel, or inside the part of it that `taps` reach, kept to where `taps` samples exist.
    const first = <i32>ceil(centre - min(LOBES * stretch, <f64>taps / 2) - 0.5);
    const start = max(min(first, samples - taps), 0);
    let sum = 0.0;
    for (let j = 0; j < taps; j++) {
      const value = lanczos((<f64>(start + j) + 0.5 - centre) / stretch);
      store<f64>(scratch + <usize>(j * 8), value);
      sum += value;
    }
    const row = weights + <usize>(i * pitch * 2);
    let total = 0;
    let largest = 0;
    for (let j = 0; j < taps; j++) {
      const exact = load<f64>(scratch + <usize>(j * 8)) / sum;
      const weight = <i32>nearest(exact * <f64>(1 << WEIGHT_BITS));
      store<i16>(row + <usize>(j * 2), <i16>weight);
      total += weight;
      if (weight > <i32>load<i16>(row + <usize>(largest * 2))) largest = j;
    }
    // What rounding left over goes where it weighs least.
    const main = row + <usize>(largest * 2);
    store<i16>(main, <i16>(<i32>load<i16>(main) + (1 << WEIGHT_BITS) - total));
    for (let j = taps; j < pitch; j++) store<i16>(row + <usize>(j * 2), 0);
    store<i32>(starts + <usize>(i * 4), start);
  }
}
