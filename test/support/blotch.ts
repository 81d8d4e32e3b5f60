/** Pictures with structure, and others that look like them. */
import { pngPicture } from './picture.ts';

/** A picture of many waves, as photographs have them; `noise` moves each pixel a little, `seed` makes another picture. */
export function blotches(noise: number, seed = 1): Promise<Uint8Array<ArrayBuffer>> {
  const waves = Array.from({ length: 144 }, (_, at) => ({ across: at % 12, down: Math.floor(at / 12), sign: Math.sin(at * at * 7.3 * seed) > 0 ? 1 : -1 }));
  return pngPicture(96, 64, {
    light: (x, y) => {
      const sum = waves.reduce(
        (light, { across, down, sign }) =>
          light + ((sign * 60) / (across + down + 2)) * Math.cos((across * Math.PI * (x + 0.5)) / 96) * Math.cos((down * Math.PI * (y + 0.5)) / 64),
        128,
      );
      return Math.max(0, Math.min(255, sum + noise * ((x * 31 + y * 17) % 3)));
    },
  });
}
