/**
 * What the numbers of a picture mean as colours, and how they become sRGB. An RGB space is three curves to linear light and a
 * matrix; nothing else is converted here. Pure arithmetic over numbers that were checked by the readers.
 */
import { type Curve, decodeSrgb, encodeSrgb } from './curve.ts';
import type { Matrix } from './matrix.ts';

/** Red, green and blue; of gray all three are the same. */
export type Curves = readonly [Curve, Curve, Curve];

export type SourceColour =
  /** As it is, by a statement of the file or for want of one. */
  | { readonly kind: 'srgb' }
  | {
      readonly kind: 'rgb';
      readonly curves: Curves;
      /** From the linear light of the source to linear sRGB; white becomes 1, 1, 1. */
      readonly toSrgb: Matrix;
      /** Said to the caller when the result is not what the source means. */
      readonly approximation?: string;
    }
  /** A profile of another kind; the numbers are taken as sRGB. */
  | { readonly kind: 'unknown'; readonly reason: string };

export const SRGB: SourceColour = { kind: 'srgb' };

const LEVELS = 256;
/** Levels of red, green and blue at which a space is compared with sRGB, 51 apart. */
const PROBES = [0, 51, 102, 153, 204, 255] as const;
/** Profiles of sRGB itself differ from the formula by rounding. */
const DIFFERENCE_MAX_LEVELS = 1;

/** The space, or `SRGB` when no colour differs from it by more than a level. Work: 216 colours. */
export function asSourceColour(curves: Curves, toSrgb: Matrix, approximation?: string): SourceColour {
  const space = { kind: 'rgb', curves, toSrgb, ...(approximation === undefined ? {} : { approximation }) } as const;
  return differs(curves, toSrgb) ? space : SRGB;
}

function differs(curves: Curves, matrix: Matrix): boolean {
  const linear = curves.map((curve) => PROBES.map((level) => curve(level / 255)));
  const wanted = PROBES.map((level) => decodeSrgb(level / 255));
  for (let red = 0; red < PROBES.length; red++) {
    for (let green = 0; green < PROBES.length; green++) {
      for (let blue = 0; blue < PROBES.length; blue++) {
        const indices = [red, green, blue];
        const light = indices.map((index, channel) => linear[channel]?.[index] ?? 0);
        for (let row = 0; row < 3; row++) {
          const value = light.reduce((sum, part, column) => sum + part * (matrix[row * 3 + column] ?? 0), 0);
          const index = indices[row] ?? 0;
          // Equal light needs no encoding, which is the dear part.
          if (Math.abs(value - (wanted[index] ?? 0)) < 1e-5) continue;
          if (Math.abs(encodeSrgb(clamp(value)) * 255 - (PROBES[index] ?? 0)) > DIFFERENCE_MAX_LEVELS) return true;
        }
      }
    }
  }
  return false;
}

/** Entries of the table from linear light to a byte. */
export const ENCODING_ENTRIES = 16_384;

/**
 * For each channel and each of its 256 levels what it adds to linear red, green, blue and a spare, times `ENCODING_ENTRIES` - 1:
 * the sum of a pixel's three entries is the place of its bytes in `encodingTable`. 768 · 4 numbers.
 */
export function lightTable({ curves, toSrgb }: SourceColour & { readonly kind: 'rgb' }): Float32Array<ArrayBuffer> {
  const table = new Float32Array(3 * LEVELS * 4);
  for (let channel = 0; channel < 3; channel++) {
    for (let level = 0; level < LEVELS; level++) {
      const light = (curves[channel as 0 | 1 | 2](level / 255) || 0) * (ENCODING_ENTRIES - 1);
      const at = (channel * LEVELS + level) * 4;
      for (let row = 0; row < 3; row++) table[at + row] = light * (toSrgb[row * 3 + channel] ?? 0);
    }
  }
  return table;
}

let encoding: Uint8Array<ArrayBuffer> | undefined;

/** From linear light, 0 to 1 in `ENCODING_ENTRIES` steps, to the nearest byte of sRGB. The same array each time. */
export function encodingTable(): Uint8Array<ArrayBuffer> {
  encoding ??= Uint8Array.from({ length: ENCODING_ENTRIES }, (_, at) => Math.round(encodeSrgb(at / (ENCODING_ENTRIES - 1)) * 255));
  return encoding;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}
