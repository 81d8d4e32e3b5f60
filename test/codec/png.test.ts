import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePngToTarget } from '../../src/codec/scanline/png.ts';
import { loadPngModule } from './load-png.ts';
import { compareRgba, makePicture, makePng, pngChunk } from './png-picture.ts';

const WIDTH = 67;
const HEIGHT = 53;

async function sharpRgba(bytes: Uint8Array, width?: number, height?: number): Promise<Uint8Array> {
  const image = sharp(bytes, { limitInputPixels: false });
  if (width !== undefined) image.resize(width, height, { fit: 'fill' });
  return new Uint8Array(await image.toColourspace('srgb').ensureAlpha().raw().toBuffer());
}

function decode(bytes: Uint8Array, width: number, height: number, orientation = 1, background?: number) {
  const job = { targetWidth: width, targetHeight: height, orientation };
  const outcome = decodePngToTarget(loadPngModule(), bytes, background === undefined ? job : { ...job, background });
  if (outcome.kind !== 'decoded') throw new Error(`refused: ${outcome.reason}`);
  return outcome;
}

/** Random samples of a colour type and depth, every filter in turn, as a file. */
function makeRandomPng(colourType: number, depth: number, interlace: number, chunks: Uint8Array[]): Uint8Array {
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType] ?? 1;
  const passes = interlace
    ? [
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2],
      ]
    : [[0, 0, 1, 1]];
  const rows: number[] = [];
  let noise = colourType * 16 + depth;
  for (const [x = 0, y = 0, stepX = 1, stepY = 1] of passes) {
    const bytes = Math.ceil((Math.ceil((WIDTH - x) / stepX) * samples * depth) / 8);
    for (let row = 0; row < Math.ceil((HEIGHT - y) / stepY); row++) {
      rows.push(row % 5);
      for (let i = 0; i < bytes; i++) {
        noise = (Math.imul(noise, 1103515245) + 12345) | 0;
        rows.push((noise >>> 18) & (i % 3 ? 255 : 15));
      }
    }
  }
  return makePng({ width: WIDTH, height: HEIGHT, depth, colourType, interlace }, Uint8Array.from(rows), chunks);
}

const palette = pngChunk(
  'PLTE',
  Uint8Array.from({ length: 768 }, (_, i) => (i * 37) & 255),
);

describe.each([0, 1])('interlace %i', (interlace) => {
  test.each([
    [0, 1],
    [0, 2],
    [0, 4],
    [0, 8],
    [0, 16],
    [2, 8],
    [2, 16],
    [3, 1],
    [3, 2],
    [3, 4],
    [3, 8],
    [4, 8],
    [4, 16],
    [6, 8],
    [6, 16],
  ])('colour type %i at %i bits decodes to the very pixels that sharp reads', async (colourType, depth) => {
    const entries = colourType === 3 ? [pngChunk('PLTE', palette.slice(8, 8 + 3 * 2 ** depth))] : [];
    const bytes = makeRandomPng(colourType, depth, interlace, entries);
    const ours = decode(bytes, WIDTH, HEIGHT);
    expect([ours.width, ours.height, ours.warnings]).toEqual([WIDTH, HEIGHT, 0]);
    expect(compareRgba(ours.rgba, await sharpRgba(bytes)).largest).toBeLessThanOrEqual(interlace ? 1 : 0);
  });

  test.each([
    [0, 8, [0, 7]],
    [0, 16, [3, 7]],
    [2, 8, [0, 3, 0, 90, 0, 91]],
    [2, 16, [1, 2, 3, 4, 5, 6]],
    [3, 8, [0, 50, 100, 200]],
  ])('tRNS of colour type %i at %i bits is applied as sharp does', async (colourType, depth, key) => {
    const chunks = [...(colourType === 3 ? [palette] : []), pngChunk('tRNS', Uint8Array.from(key))];
    const bytes = makeRandomPng(colourType, depth, interlace, chunks);
    const ours = decode(bytes, WIDTH, HEIGHT);
    expect(ours.hasAlpha).toBe(true);
    expect(compareRgba(ours.rgba, await sharpRgba(bytes)).largest).toBeLessThanOrEqual(interlace ? 1 : 0);
  });
});

describe('resampling', () => {
  const large = makePicture(900, 700, false);
  const translucent = makePicture(900, 700, true);
  const raw = { raw: { width: 900, height: 700, channels: 4 as const } };

  test.each([
    [false, false, 611, 475, 45],
    [false, false, 300, 233, 45],
    [false, false, 131, 102, 45],
    [false, false, 40, 31, 42],
    [true, false, 611, 475, 43],
    [true, false, 300, 233, 43],
    [true, false, 131, 102, 42],
    [false, true, 611, 475, 44],
    [false, true, 300, 233, 44],
    [false, true, 131, 102, 38],
    [true, true, 611, 475, 43],
    [true, true, 131, 102, 37],
  ])('alpha %s, interlaced %s, to %ix%i is within %i dB of libvips', async (hasAlpha, progressive, width, height, floor) => {
    const picture = sharp(hasAlpha ? translucent : large, raw);
    const bytes = new Uint8Array(await (hasAlpha ? picture : picture.removeAlpha()).png({ progressive }).toBuffer());
    const ours = decode(bytes, width, height);
    expect(compareRgba(ours.rgba, await sharpRgba(bytes, width, height)).psnr).toBeGreaterThan(floor);
  });

  test('a flat picture stays exactly what it was at any ratio', async () => {
    const flat = { width: 500, height: 400, channels: 4 as const, background: { r: 250, g: 3, b: 131, alpha: 1 } };
    for (const progressive of [false, true]) {
      const bytes = new Uint8Array(await sharp({ create: flat }).png({ progressive }).toBuffer());
      for (const [width, height] of [
        [500, 400],
        [499, 399],
        [170, 136],
        [63, 50],
        [7, 5],
        [1, 1],
      ] as const) {
        const colours = new Set(new Uint32Array(decode(bytes, width, height).rgba.slice().buffer));
        expect([...colours]).toEqual([0xff8303fa]);
      }
    }
  });

  test('hidden colours under full transparency do not bleed into edges', async () => {
    const pixels = new Uint8Array(200 * 200 * 4);
    for (let i = 0; i < pixels.length; i += 4) pixels.set((i >> 2) % 200 < 100 ? [255, 0, 0, 0] : [0, 0, 255, 255], i);
    const bytes = new Uint8Array(
      await sharp(pixels, { raw: { width: 200, height: 200, channels: 4 } })
        .png()
        .toBuffer(),
    );
    for (const size of [130, 67, 33]) {
      const { rgba } = decode(bytes, size, size);
      for (let i = 0; i < rgba.length; i += 4) if (rgba[i + 3]! > 0) expect(rgba[i]).toBe(0);
    }
  });

  test('a background flattens half-transparent pixels and leaves opaque ones', async () => {
    const bytes = new Uint8Array(await sharp(translucent, raw).png().toBuffer());
    for (const [width, height] of [
      [900, 700],
      [300, 233],
    ] as const) {
      const ours = decode(bytes, width, height, 1, 0x3366cc);
      const image = sharp(bytes).resize(width, height, { fit: 'fill' }).flatten({ background: '#3366cc' });
      const expected = new Uint8Array(await image.ensureAlpha().raw().toBuffer());
      expect(ours.hasAlpha).toBe(false);
      expect(compareRgba(ours.rgba, expected).psnr).toBeGreaterThan(42);
    }
  });
});

describe.each([
  ['same size', 61, 37, false],
  ['resized', 40, 24, false],
  ['interlaced', 40, 24, true],
] as const)('%s', (_, width, height, progressive) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i comes out upright', async (orientation) => {
    const picture = makePicture(61, 37, true);
    const png = sharp(picture, { raw: { width: 61, height: 37, channels: 4 } }).png({ progressive });
    const bytes = new Uint8Array(await png.toBuffer());
    const stored = decode(bytes, width, height).rgba.slice();
    const ours = decode(bytes, width, height, orientation);
    const turned = sharp(stored, { raw: { width, height, channels: 4 } })
      .withMetadata({ orientation })
      .tiff({ compression: 'lzw' });
    const upright = await sharp(await turned.toBuffer())
      .rotate()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([ours.width, ours.height]).toEqual([upright.info.width, upright.info.height]);
    expect(compareRgba(ours.rgba, new Uint8Array(upright.data)).largest).toBe(0);
  });
});

test("an 8000x8000 interlaced RGBA picture fits in 64 MiB at the high tier's largest square", () => {
  const rows = new Uint8Array(8000 * 15 * 2 * 9);
  const outcome = decodePngToTarget(loadPngModule(), makePng({ width: 8000, height: 8000, depth: 8, colourType: 6, interlace: 1 }, rows, [], 1), {
    targetWidth: 1932,
    targetHeight: 1932,
    orientation: 6,
  });
  // The rows end early on purpose: what matters is that every buffer was granted before they did.
  expect(outcome).toEqual({ kind: 'failed', reason: 'truncated' });
});

test('one module serves many jobs, good and bad, without being remade', async () => {
  const exports = loadPngModule();
  const picture = makePicture(50, 40, false);
  const good = new Uint8Array(
    await sharp(picture, { raw: { width: 50, height: 40, channels: 4 } })
      .png()
      .toBuffer(),
  );
  const job = { targetWidth: 50, targetHeight: 40, orientation: 1 };
  for (let length = 0; length < good.length; length += 7) {
    decodePngToTarget(exports, good.subarray(0, length), job);
    const outcome = decodePngToTarget(exports, good, job);
    expect(outcome.kind === 'decoded' && compareRgba(outcome.rgba, picture).largest).toBe(0);
  }
});
