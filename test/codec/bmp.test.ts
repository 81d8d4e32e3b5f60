/** BMP of every kind against pixels worked out by hand from the bits, and the two examples of run lengths in Microsoft's documentation. */
import { describe, expect, it } from 'vitest';
import { decodeBmpToTarget } from '../../src/codec/scanline/bmp.ts';
import { instantiate } from '../../src/codec/scanline/instance.ts';
import type { RgbaJob } from '../../src/codec/scanline/rgba-job.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { bmpDecodeBytes } from '../../src/core/vision/memory/bmp.ts';
import { bmp, type BmpOptions, type Pixel, rgb24 } from '../support/bmp.ts';
import { loadModules } from './modules.ts';

const { scanline } = loadModules();
const exports = instantiate(scanline);

function decode(bytes: Uint8Array, job: Partial<RgbaJob> = {}) {
  const { width, height } = inspectImage(bytes);
  return decodeBmpToTarget(exports, bytes, { targetWidth: width, targetHeight: height, orientation: 1, ...job });
}

/** Upright pixels, row by row. */
function pixelsOf(bytes: Uint8Array, job: Partial<RgbaJob> = {}): Pixel[] {
  const outcome = decode(bytes, job);
  if (outcome.kind === 'failed') throw new Error(outcome.reason);
  return Array.from({ length: outcome.width * outcome.height }, (_, at) => [...outcome.rgba.subarray(at * 4, at * 4 + 4)] as unknown as Pixel);
}

const WIDTH = 5;
const HEIGHT = 3;
const upright = <T>(pixelOf: (x: number, y: number) => T): T[] =>
  Array.from({ length: WIDTH * HEIGHT }, (_, at) => pixelOf(at % WIDTH, Math.floor(at / WIDTH)));
/** Different for every pixel, so that nothing can be turned or mirrored unseen. */
const number = (x: number, y: number) => y * WIDTH + x;
const COLOURS: readonly Pixel[] = Array.from({ length: 16 }, (_, i) => [i * 16, 255 - i * 10, (i * 37) % 256, 255]);
const colour = (x: number, y: number): Pixel => COLOURS[number(x, y)]!;
/** A sample of `bits` bits, scaled to 8 and rounded. */
const scaled = (value: number, bits: number) => Math.round((value * 255) / (2 ** bits - 1));

const size = { width: WIDTH, height: HEIGHT };
const BLACK: Pixel = [0, 0, 0, 255];
const CLEAR: Pixel = [0, 0, 0, 0];

describe.each([false, true])('rows from the top: %s', (isTopDown) => {
  it.each<[string, BmpOptions, (x: number, y: number) => number, (x: number, y: number) => Pixel]>([
    ['1 bit', { ...size, depth: 1, palette: COLOURS.slice(0, 2) }, (x, y) => (x ^ y) & 1, (x, y) => COLOURS[(x ^ y) & 1]!],
    ['4 bits', { ...size, depth: 4, palette: COLOURS }, number, colour],
    ['8 bits', { ...size, depth: 8, palette: COLOURS }, number, colour],
    [
      '8 bits with indices beyond the palette',
      { ...size, depth: 8, palette: COLOURS.slice(0, 4) },
      number,
      (x, y) => (number(x, y) < 4 ? colour(x, y) : BLACK),
    ],
    ['24 bits', { ...size, depth: 24 }, (x, y) => rgb24(colour(x, y)), colour],
    ['24 bits behind a gap', { ...size, depth: 24, gap: 11 }, (x, y) => rgb24(colour(x, y)), colour],
    ['24 bits, version 4', { ...size, depth: 24, header: 108 }, (x, y) => rgb24(colour(x, y)), colour],
    ['24 bits, version 5', { ...size, depth: 24, header: 124 }, (x, y) => rgb24(colour(x, y)), colour],
    ['32 bits, whose fourth byte means nothing', { ...size, depth: 32 }, (x, y) => rgb24(colour(x, y), number(x, y)), colour],
    [
      '16 bits: 5, 5, 5',
      { ...size, depth: 16 },
      (x, y) => (number(x, y) << 10) | ((31 - x) << 5) | (y * 9),
      (x, y) => [scaled(number(x, y), 5), scaled(31 - x, 5), scaled(y * 9, 5), 255],
    ],
    [
      '16 bits: 5, 6, 5',
      { ...size, depth: 16, masks: [0xf800, 0x7e0, 0x1f, 0] },
      (x, y) => (number(x, y) << 11) | ((63 - x) << 5) | (y * 9),
      (x, y) => [scaled(number(x, y), 5), scaled(63 - x, 6), scaled(y * 9, 5), 255],
    ],
    [
      '16 bits with one of alpha',
      { ...size, depth: 16, header: 56, masks: [0x7c00, 0x3e0, 0x1f, 0x8000] },
      (x, y) => ((x & 1) << 15) | (number(x, y) << 10) | (3 << 5) | 9,
      (x, y) => [scaled(number(x, y), 5), scaled(3, 5), scaled(9, 5), x & 1 ? 255 : 0],
    ],
    [
      '32 bits of 10, 10, 10 and two of alpha',
      { ...size, depth: 32, header: 124, masks: [0x3ff00000, 0xffc00, 0x3ff, 0xc0000000] },
      (x, y) => (((x & 3) << 30) | ((number(x, y) * 60) << 20) | (500 << 10) | (y * 300)) >>> 0,
      (x, y) => [scaled(number(x, y) * 60, 10), scaled(500, 10), scaled(y * 300, 10), scaled(x & 3, 2)],
    ],
    [
      '32 bits in another order, with alpha, in the smallest header',
      { ...size, depth: 32, masks: [0xff, 0xff00, 0xff0000, 0xff000000] },
      (x, y) => ((number(x, y) << 24) | (50 << 16) | (100 << 8) | 200) >>> 0,
      (x, y) => [200, 100, 50, number(x, y)],
    ],
    [
      '32 bits without red',
      { ...size, depth: 32, header: 52, masks: [0, 0xff00, 0xff, 0] },
      (x, y) => ((9 << 16) | (number(x, y) << 8) | 7) >>> 0,
      (x, y) => [0, number(x, y), 7, 255],
    ],
    ['OS/2, second version', { ...size, depth: 24, header: 64 }, (x, y) => rgb24(colour(x, y)), colour],
  ])('%s', (_, options, pixelOf, expected) => {
    expect(pixelsOf(bmp({ ...options, isTopDown }, pixelOf))).toEqual(upright(expected));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i turns what stands upright', (orientation) => {
    const bytes = bmp({ ...size, depth: 24, isTopDown }, (x, y) => rgb24(colour(x, y)));
    // EXIF 3.0 §4.6.5.1.6: which stored pixel becomes the upright one.
    const stored = (x: number, y: number): [number, number] => {
      const [right, bottom] = [WIDTH - 1, HEIGHT - 1];
      return ([[x, y], [right - x, y], [right - x, bottom - y], [x, bottom - y], [y, x], [y, bottom - x], [right - y, bottom - x], [right - y, x]] as const)[orientation - 1] as [number, number]; // prettier-ignore
    };
    const [width, height] = orientation > 4 ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
    const expected = Array.from({ length: width * height }, (_, at) => colour(...stored(at % width, Math.floor(at / width))));
    expect(pixelsOf(bytes, { orientation })).toEqual(expected);
  });
});

it('the first header of OS/2 has palettes of three bytes an entry', () => {
  const bytes = bmp({ ...size, depth: 4, header: 12, palette: COLOURS }, number);
  expect(pixelsOf(bytes)).toEqual(upright(colour));
});

it('alpha that is 0 everywhere means an opaque picture', () => {
  const bytes = bmp({ ...size, depth: 32, header: 124, masks: [0xff0000, 0xff00, 0xff, 0xff000000] }, (x, y) => rgb24(colour(x, y)));
  expect(pixelsOf(bytes)).toEqual(upright(colour));
  const outcome = decode(bytes);
  expect(outcome.kind === 'decoded' && outcome.hasAlpha).toBe(false);
});

describe('run lengths', () => {
  const shades: readonly Pixel[] = Array.from({ length: 256 }, (_, i) => [i, 255 - i, i ^ 0x55, 255]);
  const hex = (text: string) => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));
  /** Rows as in the documentation, from the first one stored, with dots for what is skipped. */
  const expected = (rows: readonly string[], base: number, width: number) =>
    rows.toReversed().flatMap((row) => {
      const cells = row.split(' ');
      return Array.from({ length: width }, (_, x) => (cells[x] === undefined || cells[x] === '.' ? CLEAR : shades[Number.parseInt(cells[x], base)]!));
    });

  it('of 8 bits: the example of "Bitmap Compression"', () => {
    const data = hex('03 04 05 06 00 03 45 56 67 00 02 78 00 02 05 01 02 78 00 00 09 1E 00 01');
    const bytes = bmp({ width: 20, height: 3, depth: 8, compression: 1, palette: shades, data });
    const rows = ['04 04 04 06 06 06 06 06 45 56 67 78 78', '. . . . . . . . . . . . . . . . . . 78 78', '1E 1E 1E 1E 1E 1E 1E 1E 1E'];
    expect(pixelsOf(bytes)).toEqual(expected(rows, 16, 20));
  });

  it('of 4 bits: the example of "Bitmap Compression"', () => {
    const data = hex('03 04 05 06 00 06 45 56 67 00 04 78 00 02 05 01 04 78 00 00 09 1E 00 01');
    const bytes = bmp({ width: 27, height: 3, depth: 4, compression: 2, palette: shades.slice(0, 16), data });
    const rows = ['0 4 0 0 6 0 6 0 4 5 5 6 6 7 7 8 7 8', '. . . . . . . . . . . . . . . . . . . . . . . 7 8 7 8', '1 E 1 E 1 E 1 E 1'];
    expect(pixelsOf(bytes)).toEqual(expected(rows, 16, 27));
  });

  it('that run over the end of a row, or of the picture, write nowhere else', () => {
    const data = hex('FF 01 00 00 FF 02 00 00 FF 03 FF 04 00 02 FF FF 08 05 00 01');
    const bytes = bmp({ width: 4, height: 2, depth: 8, compression: 1, palette: shades, data });
    expect(pixelsOf(bytes)).toEqual([...Array.from({ length: 4 }, () => shades[2]!), ...Array.from({ length: 4 }, () => shades[1]!)]);
  });

  it('that end early leave the rest transparent', () => {
    const bytes = bmp({ width: 2, height: 3, depth: 8, compression: 1, palette: shades, data: hex('01 09 00 01') });
    expect(pixelsOf(bytes)).toEqual([CLEAR, CLEAR, CLEAR, CLEAR, shades[9]!, CLEAR]);
  });
});

describe('a file that ends too early', () => {
  const whole = bmp({ width: 40, height: 30, depth: 24 }, (x, y) => rgb24(COLOURS[(x + y) % 16]!));

  it('is refused at every byte of its header, by reader and decoder', () => {
    for (let length = 0; length < 54; length++) {
      expect(() => inspectImage(whole.subarray(0, length)), String(length)).toThrow();
      expect(decodeBmpToTarget(exports, whole.subarray(0, length), { targetWidth: 4, targetHeight: 3, orientation: 1 }).kind, String(length)).toBe('failed');
    }
  });

  it.each([
    [27, 'decoded'],
    [26, 'failed'],
  ] as const)('with %i of its 30 rows is %s', (rows, kind) => {
    const bytes = whole.subarray(0, 54 + rows * 120);
    expect(inspectImage(bytes).isCutOff).toBe(true);
    const outcome = decode(bytes);
    expect(outcome.kind).toBe(kind);
    expect(outcome).toMatchObject(kind === 'decoded' ? { warnings: 1 } : { reason: 'truncated' });
  });

  it('by the padding of its last row alone is whole', () => {
    const bytes = bmp({ width: 1, height: 2, depth: 24 }, (_, y) => rgb24(COLOURS[y]!));
    const outcome = decode(bytes.subarray(0, bytes.length - 1));
    expect(outcome).toMatchObject({ kind: 'decoded', warnings: 0 });
    expect(pixelsOf(bytes.subarray(0, bytes.length - 1))).toEqual([COLOURS[0], COLOURS[1]]);
  });
});

it('rows longer than the window of the input are put together', () => {
  const bytes = bmp({ width: 20_000, height: 3, depth: 32 }, (x, y) => rgb24([x & 255, y, x >> 8, 255]));
  const outcome = decode(bytes);
  if (outcome.kind === 'failed') throw new Error(outcome.reason);
  expect([...outcome.rgba.subarray((20_000 + 19_999) * 4).subarray(0, 4)]).toEqual([19_999 & 255, 1, 19_999 >> 8, 255]);
});

describe('peak memory', () => {
  const fields = { depth: 32, header: 124, masks: [0xff0000, 0xff00, 0xff, 0xff000000] } as const;
  it.each<[string, Omit<BmpOptions, 'width' | 'height'>]>([
    ['1 bit', { depth: 1, palette: COLOURS.slice(0, 2) }],
    ['24 bits', { depth: 24 }],
    ['alpha', fields],
    ['run lengths', { depth: 8, compression: 1, palette: COLOURS, data: Uint8Array.of(0, 1) }],
  ])('of %s is what was planned', (_, options) => {
    const bytes = bmp({ width: 1_001, height: 700, ...options }, () => 0xff000001);
    const info = inspectImage(bytes);
    for (const [width, height] of [
      [1_001, 700],
      [500, 350],
      [60, 42],
    ] as const) {
      // prettier-ignore
      const fresh = instantiate(scanline);
      const outcome = decodeBmpToTarget(fresh, bytes, { targetWidth: width, targetHeight: height, orientation: 1 });
      if (outcome.kind === 'failed') throw new Error(outcome.reason);
      expect(outcome.peakBytes).toBe(bmpDecodeBytes(info as Parameters<typeof bmpDecodeBytes>[0], { width, height }));
    }
  });
});
