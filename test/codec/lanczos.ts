/**
 * An RGB picture resized by Lanczos3 in floating point, nothing rounded or clipped in between: what every other resize is
 * held against. The kernel is widened by the ratio, samples are centred, edges repeat. Three samples a pixel, row-major;
 * the result is clipped to 0 to 255 and keeps its fractions.
 */
export function resizeLanczos(rgb: ArrayLike<number>, width: number, height: number, toWidth: number, toHeight: number): Float32Array {
  const columns = tapsOf(width, toWidth);
  const narrow = new Float32Array(toWidth * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < toWidth; x++) {
      const { places, weights } = columns[x] ?? NO_TAPS;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let tap = 0; tap < places.length; tap++) sum += (weights[tap] ?? 0) * (rgb[(y * width + (places[tap] ?? 0)) * 3 + channel] ?? 0);
        narrow[(y * toWidth + x) * 3 + channel] = sum;
      }
    }
  }
  const rowSamples = toWidth * 3;
  const out = new Float32Array(rowSamples * toHeight);
  tapsOf(height, toHeight).forEach(({ places, weights }, y) => {
    const row = new Float64Array(rowSamples);
    places.forEach((place, tap) => {
      const weight = weights[tap] ?? 0;
      for (let at = 0, from = place * rowSamples; at < rowSamples; at++) row[at] = (row[at] ?? 0) + weight * (narrow[from + at] ?? 0);
    });
    for (let at = 0; at < rowSamples; at++) out[y * rowSamples + at] = Math.min(255, Math.max(0, row[at] ?? 0));
  });
  return out;
}

interface Taps {
  readonly places: readonly number[];
  readonly weights: readonly number[];
}

const LOBES = 3;
const NO_TAPS: Taps = { places: [], weights: [] };

function tapsOf(from: number, to: number): readonly Taps[] {
  const scale = Math.max(1, from / to);
  return Array.from({ length: to }, (_, at) => {
    const centre = ((at + 0.5) * from) / to - 0.5;
    const places = [];
    const weights = [];
    for (let place = Math.ceil(centre - LOBES * scale); place <= centre + LOBES * scale; place++) {
      places.push(Math.min(from - 1, Math.max(0, place)));
      weights.push(lanczos((place - centre) / scale));
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { places, weights: weights.map((weight) => weight / sum) };
  });
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}
