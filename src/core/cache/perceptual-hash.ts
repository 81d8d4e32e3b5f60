/**
 * A hash by what a picture looks like: 64 bits of its coarse structure, from a discrete cosine transform of a small gray version.
 * Pictures that look alike differ in few bits. It says nothing about small parts: two screenshots with other words can be alike.
 */

/** Side of the gray version in pixels, whatever the picture's own shape. */
export const THUMBNAIL_SIDE_PX = 32;

const BITS = 64;
/**
 * Half of the coefficients must be at least so large, else there is too little structure to tell by and bits would be noise: plain
 * areas, gradients, a few shapes.
 */
const STRENGTH_MIN = 1;
/** Of width to height: pictures cut to another shape are others. */
const ASPECT_TOLERANCE = 0.03;

/** Coefficients from coarse to fine, without the mean; of equal ones those of rows first. */
const FREQUENCIES = Array.from(
  { length: THUMBNAIL_SIDE_PX * THUMBNAIL_SIDE_PX },
  (_, at) => [Math.floor(at / THUMBNAIL_SIDE_PX), at % THUMBNAIL_SIDE_PX] as const,
)
  .toSorted(([rowA, columnA], [rowB, columnB]) => rowA + columnA - (rowB + columnB) || rowA - rowB)
  .slice(1, BITS + 1);

const COSINES = Float64Array.from({ length: THUMBNAIL_SIDE_PX * THUMBNAIL_SIDE_PX }, (_, at) => {
  const frequency = Math.floor(at / THUMBNAIL_SIDE_PX);
  return Math.cos((Math.PI * frequency * (2 * (at % THUMBNAIL_SIDE_PX) + 1)) / (2 * THUMBNAIL_SIDE_PX));
});

/**
 * 16 hex digits for 32x32 gray pixels (0 to 255, row-major), or `undefined` for a picture without structure. About 20,000
 * multiplications.
 */
export function perceptualHash(gray: Uint8Array): string | undefined {
  const rows = FREQUENCIES.map(([, column]) => column);
  const columnsMax = Math.max(...rows) + 1;
  // First along the rows, then down the few columns that are needed.
  const along = new Float64Array(THUMBNAIL_SIDE_PX * columnsMax);
  for (let y = 0; y < THUMBNAIL_SIDE_PX; y++) for (let u = 0; u < columnsMax; u++) along[y * columnsMax + u] = project(gray, y * THUMBNAIL_SIDE_PX, 1, u);
  const coefficients = FREQUENCIES.map(([row, column]) => project(along, column, columnsMax, row) / THUMBNAIL_SIDE_PX);
  if (medianOf(coefficients.map(Math.abs)) < STRENGTH_MIN) return undefined;
  const median = medianOf(coefficients);
  let hash = '';
  for (let at = 0; at < BITS; at += 4) {
    const digit = coefficients.slice(at, at + 4).reduce((bits, value) => bits * 2 + (value > median ? 1 : 0), 0);
    hash += digit.toString(16);
  }
  return hash;
}

/** Bits in which two hashes differ, 0 to 64. */
export function hashDistance(one: string, other: string): number {
  let distance = 0;
  for (let at = 0; at < one.length; at++) {
    let bits = Number.parseInt(one.charAt(at), 16) ^ Number.parseInt(other.charAt(at), 16);
    for (; bits !== 0; bits &= bits - 1) distance += 1;
  }
  return distance;
}

/** Whether two pictures have the same shape, by width over height. */
export function hasSameShape(one: number, other: number): boolean {
  return Math.abs(one / other - 1) <= ASPECT_TOLERANCE;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[BITS / 2 - 1] ?? 0) + (sorted[BITS / 2] ?? 0)) / 2;
}

function project(samples: Uint8Array | Float64Array, start: number, step: number, frequency: number): number {
  let sum = 0;
  for (let at = 0; at < THUMBNAIL_SIDE_PX; at++) sum += (samples[start + at * step] ?? 0) * (COSINES[frequency * THUMBNAIL_SIDE_PX + at] ?? 0);
  return sum;
}
