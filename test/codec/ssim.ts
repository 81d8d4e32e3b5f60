/**
 * Mean structural similarity of two RGB pictures, over luma (BT.601 weights): Gaussian windows of 11x11 with σ 1.5,
 * K1 0.01, K2 0.03, dynamic range 255, at every place where the window fits (Wang, Bovik, Sheikh, Simoncelli 2004, §III-C).
 * 1 when equal. Both row-major, three samples a pixel; sides of at least 11 pixels. Time by pixels, five planes of doubles.
 */
export function ssim(a: ArrayLike<number>, b: ArrayLike<number>, width: number, height: number): number {
  if (a.length !== width * height * 3 || b.length !== a.length) throw new Error(`no two RGB pictures of ${width}x${height}`);
  if (width < WINDOW.length || height < WINDOW.length) throw new Error(`${width}x${height} is smaller than the window`);
  const x = luma(a);
  const y = luma(b);
  const blur = (plane: Float64Array) => blurValid(plane, width, height);
  const meanX = blur(x);
  const meanY = blur(y);
  const squareX = blur(x.map((value) => value * value));
  const squareY = blur(y.map((value) => value * value));
  const product = blur(x.map((value, at) => value * (y[at] ?? 0)));
  let sum = 0;
  for (let at = 0; at < meanX.length; at++) {
    const mx = meanX[at] ?? 0;
    const my = meanY[at] ?? 0;
    const covariance = (product[at] ?? 0) - mx * my;
    const variances = (squareX[at] ?? 0) - mx * mx + (squareY[at] ?? 0) - my * my;
    sum += ((2 * mx * my + C1) * (2 * covariance + C2)) / ((mx * mx + my * my + C1) * (variances + C2));
  }
  return sum / meanX.length;
}

const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;
const RADIUS = 5;
const SIGMA = 1.5;
const WINDOW = normalised(Array.from({ length: 2 * RADIUS + 1 }, (_, at) => Math.exp(-((at - RADIUS) ** 2) / (2 * SIGMA * SIGMA))));

function normalised(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function luma(rgb: ArrayLike<number>): Float64Array {
  const plane = new Float64Array(rgb.length / 3);
  for (let at = 0; at < plane.length; at++) plane[at] = 0.299 * (rgb[at * 3] ?? 0) + 0.587 * (rgb[at * 3 + 1] ?? 0) + 0.114 * (rgb[at * 3 + 2] ?? 0);
  return plane;
}

/** The plane seen through the window, (width - 10) by (height - 10). */
function blurValid(plane: Float64Array, width: number, height: number): Float64Array {
  const outWidth = width - 2 * RADIUS;
  const outHeight = height - 2 * RADIUS;
  const rows = new Float64Array(outWidth * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) rows[y * outWidth + x] = seen(plane, y * width + x, 1);
  }
  const out = new Float64Array(outWidth * outHeight);
  for (let at = 0; at < out.length; at++) out[at] = seen(rows, at, outWidth);
  return out;
}

function seen(plane: Float64Array, from: number, step: number): number {
  let sum = 0;
  for (let at = 0; at < WINDOW.length; at++) sum += (WINDOW[at] ?? 0) * (plane[from + at * step] ?? 0);
  return sum;
}
