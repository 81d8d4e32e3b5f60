import { nameColour, type ColourName } from './colour.ts';
import type { Pixels } from './pixels.ts';

/** A rectangle in pixels; right and bottom are exclusive. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** An sRGB colour, 0 to 255 a channel. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** What a look at the pixels tells. Transparent pixels count as lying on white. */
export interface Look {
  /** Names of the colours that cover a tenth or more, the largest first, at most three. */
  readonly colours: readonly ColourName[];
  /** Mean luma, 0 to 255, and its standard deviation. */
  readonly brightness: number;
  readonly contrast: number;
  /** Mean colours of the quarters: top left, top right, bottom left, bottom right. */
  readonly quadrants: readonly [Rgb, Rgb, Rgb, Rgb];
  /** Mean luma of 8 × 8 parts, row by row, two hex digits each: alike for the same picture in another size or format. */
  readonly fingerprint: string;
  /** Few distinct colours: a drawing, a diagram, a screenshot. */
  readonly isFlat: boolean;
  /** What stands out from the background that the four corners share; absent without such a background. */
  readonly subject?: { readonly box: Box; readonly colour: ColourName };
}

/** Points looked at along each axis; more add time and no word. */
const GRID = 160;
/** Distinct 15-bit colours on the grid up to which a picture is flat. */
const FLAT_COLOURS_MAX = 48;
/** Parts of the fingerprint along each axis. */
const PARTS = 8;
const COLOUR_SHARE_MIN = 0.1;
const COLOURS_MAX = 3;
/** Largest difference of a channel that still belongs to the background. */
const BACKGROUND_TOLERANCE = 40;

/** Looks at an upright picture: once over a grid, once over every pixel for the edges of the subject. */
export function lookAt(pixels: Pixels): Look {
  const counts = new Map<ColourName, number>();
  const distinct = new Set<number>();
  const sums = [0, 1, 2, 3].map(() => [0, 0, 0, 0] as [number, number, number, number]);
  const parts = Array.from({ length: PARTS * PARTS }, () => ({ sum: 0, count: 0 }));
  let lumaSum = 0;
  let lumaSquares = 0;
  const columns = Math.min(GRID, pixels.width);
  const rows = Math.min(GRID, pixels.height);
  for (let row = 0; row < rows; row++) {
    const y = Math.floor(((row + 0.5) * pixels.height) / rows);
    for (let column = 0; column < columns; column++) {
      const x = Math.floor(((column + 0.5) * pixels.width) / columns);
      const [red, green, blue] = colourAt(pixels, x, y);
      const name = nameColour(red, green, blue);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      distinct.add(((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3));
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      lumaSum += luma;
      lumaSquares += luma * luma;
      const part = parts[Math.floor((row * PARTS) / rows) * PARTS + Math.floor((column * PARTS) / columns)];
      if (part !== undefined) {
        part.sum += luma;
        part.count++;
      }
      const quarter = sums[(row * 2 >= rows ? 2 : 0) + (column * 2 >= columns ? 1 : 0)];
      if (quarter === undefined) continue;
      add(quarter, [red, green, blue]);
    }
  }
  const points = rows * columns;
  const brightness = lumaSum / points;
  const subject = findSubject(pixels);
  return {
    colours: mostCommon(counts, points),
    brightness,
    contrast: Math.sqrt(Math.max(0, lumaSquares / points - brightness * brightness)),
    quadrants: [mean(sums[0]), mean(sums[1]), mean(sums[2]), mean(sums[3])],
    fingerprint: parts
      .map(({ sum, count }) =>
        Math.floor(sum / Math.max(1, count))
          .toString(16)
          .padStart(2, '0'),
      )
      .join(''),
    isFlat: distinct.size <= FLAT_COLOURS_MAX,
    ...(subject === undefined ? {} : { subject }),
  };
}

function mostCommon(counts: ReadonlyMap<ColourName, number>, points: number): ColourName[] {
  // Sorted by name where the counts are equal, so that the order never depends on the walk.
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const common = sorted.filter(([, count], index) => index === 0 || count / points >= COLOUR_SHARE_MIN);
  return common.slice(0, COLOURS_MAX).map(([name]) => name);
}

/** Adds a colour to sums of the channels, and to their count. */
function add(sum: [number, number, number, number], [red, green, blue]: Rgb): void {
  sum[0] += red;
  sum[1] += green;
  sum[2] += blue;
  sum[3] += 1;
}

function mean(sum: readonly [number, number, number, number] | undefined): Rgb {
  if (sum === undefined || sum[3] === 0) return [0, 0, 0];
  return [Math.round(sum[0] / sum[3]), Math.round(sum[1] / sum[3]), Math.round(sum[2] / sum[3])];
}

function colourAt(pixels: Pixels, x: number, y: number): Rgb {
  const at = (y * pixels.width + x) * 4;
  const { data } = pixels;
  const alpha = data[at + 3] ?? 255;
  const red = data[at] ?? 0;
  const green = data[at + 1] ?? 0;
  const blue = data[at + 2] ?? 0;
  if (alpha === 255) return [red, green, blue];
  const onWhite = (channel: number): number => Math.round((channel * alpha + 255 * (255 - alpha)) / 255);
  return [onWhite(red), onWhite(green), onWhite(blue)];
}

function differs(a: Rgb, b: Rgb): boolean {
  return Math.abs(a[0] - b[0]) > BACKGROUND_TOLERANCE || Math.abs(a[1] - b[1]) > BACKGROUND_TOLERANCE || Math.abs(a[2] - b[2]) > BACKGROUND_TOLERANCE;
}

function findSubject(pixels: Pixels): Look['subject'] {
  const lastX = pixels.width - 1;
  const lastY = pixels.height - 1;
  const background = colourAt(pixels, 0, 0);
  const corners = [colourAt(pixels, lastX, 0), colourAt(pixels, 0, lastY), colourAt(pixels, lastX, lastY)];
  if (corners.some((corner) => differs(corner, background))) return undefined;
  let [left, top, right, bottom] = [pixels.width, pixels.height, -1, -1];
  const sum: [number, number, number, number] = [0, 0, 0, 0];
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const colour = colourAt(pixels, x, y);
      if (!differs(colour, background)) continue;
      add(sum, colour);
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return undefined;
  return { box: { left, top, right: right + 1, bottom: bottom + 1 }, colour: nameColour(...mean(sum)) };
}
