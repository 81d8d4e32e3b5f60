/** 3 × 3 matrices of colour, row-major, and the primaries that they come from. */

export type Matrix = readonly [number, number, number, number, number, number, number, number, number];
export type Vector = readonly [number, number, number];

export const IDENTITY: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** CIE 1931 x and y. */
export type Chromaticity = readonly [number, number];

export interface Primaries {
  readonly white: Chromaticity;
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
}

const D65: Chromaticity = [0.3127, 0.329];
/** The illuminant of ICC's profile connection space (ICC.1:2022 §6.3.2). */
const D50_XYZ: Vector = [0.9642, 1, 0.8249];

export const BT709: Primaries = { white: D65, red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06] };

/** ITU-T H.273 (07/2024) table 2, by code; those that are RGB of a display. */
export const PRIMARIES_BY_CODE: Readonly<Record<number, Primaries>> = {
  1: BT709,
  4: { white: [0.31, 0.316], red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08] },
  5: { white: D65, red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06] },
  6: { white: D65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] },
  7: { white: D65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] },
  8: { white: [0.31, 0.316], red: [0.681, 0.319], green: [0.243, 0.692], blue: [0.145, 0.049] },
  9: { white: D65, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] },
  11: { white: [0.314, 0.351], red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] },
  12: { white: D65, red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] },
};

/** Linearised Bradford, ICC.1:2022 Annex E. */
const BRADFORD: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

export function multiply(a: Matrix, b: Matrix): Matrix {
  const cell = (row: number, column: number) => [0, 1, 2].reduce((sum, k) => sum + (a[row * 3 + k] ?? 0) * (b[k * 3 + column] ?? 0), 0);
  return fromRows([0, 1, 2].map((row) => [cell(row, 0), cell(row, 1), cell(row, 2)] as const) as unknown as readonly [Vector, Vector, Vector]);
}

export function apply(matrix: Matrix, [x, y, z]: Vector): Vector {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  return [a * x + b * y + c * z, d * x + e * y + f * z, g * x + h * y + i * z];
}

/** `undefined` when there is none. */
export function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix | undefined {
  const [p, q, r] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const determinant = a * p + b * q + c * r;
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-9) return undefined;
  const cells = [p, c * h - b * i, b * f - c * e, q, a * i - c * g, c * d - a * f, r, b * g - a * h, a * e - b * d];
  return cells.map((cell) => cell / determinant) as unknown as Matrix;
}

export function fromColumns([a, b, c]: readonly [Vector, Vector, Vector]): Matrix {
  return [a[0], b[0], c[0], a[1], b[1], c[1], a[2], b[2], c[2]];
}

function fromRows([a, b, c]: readonly [Vector, Vector, Vector]): Matrix {
  return [...a, ...b, ...c];
}

function xyzOf([x, y]: Chromaticity): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

/** From linear RGB of `primaries` to XYZ of D50; `undefined` when they span no colours. */
export function primariesToD50({ white, red, green, blue }: Primaries): Matrix | undefined {
  if ([white, red, green, blue].some(([x, y]) => !(x >= 0 && y > 0.001 && x + y <= 1.5))) return undefined;
  const columns = fromColumns([xyzOf(red), xyzOf(green), xyzOf(blue)]);
  const solved = inverse(columns);
  if (solved === undefined) return undefined;
  const scale = apply(solved, xyzOf(white));
  const [r, g, b] = scale;
  const toXyz = multiply(columns, [r, 0, 0, 0, g, 0, 0, 0, b]);
  const from = apply(BRADFORD, xyzOf(white));
  const to = apply(BRADFORD, D50_XYZ);
  const back = inverse(BRADFORD);
  if (back === undefined || from.some((cone) => Math.abs(cone) < 1e-6)) return undefined;
  const cones: Matrix = [to[0] / from[0], 0, 0, 0, to[1] / from[1], 0, 0, 0, to[2] / from[2]];
  return multiply(multiply(back, multiply(cones, BRADFORD)), toXyz);
}

const SRGB_TO_D50 = primariesToD50(BT709);
const D50_TO_SRGB = SRGB_TO_D50 === undefined ? IDENTITY : (inverse(SRGB_TO_D50) ?? IDENTITY);

/** From a linear RGB, whose matrix to XYZ of D50 is given, to linear sRGB. */
export function d50ToSrgb(toD50: Matrix): Matrix {
  return multiply(D50_TO_SRGB, toD50);
}
