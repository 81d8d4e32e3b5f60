import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePngToTarget } from '../../src/codec/scanline/png.ts';
import { corpusFiles, hasCorpus, loadPngModule } from './load-png.ts';
import { compareRgba, makePicture, makePng, pngChunk } from './png-picture.ts';

const job = { targetWidth: 8, targetHeight: 8, orientation: 1 };
const header = { width: 8, height: 8, depth: 8, colourType: 0 };
const rows = Uint8Array.from({ length: 72 }, (_, i) => (i % 9 ? i * 3 : 0));
const good = makePng(header, rows);

function reasonFor(bytes: Uint8Array, target = job): string {
  const outcome = decodePngToTarget(loadPngModule(), bytes, target);
  return outcome.kind === 'decoded' ? `decoded with ${outcome.warnings} warnings` : outcome.reason;
}

function flipped(at: number): Uint8Array {
  const bytes = Uint8Array.from(good);
  bytes[at]! ^= 0x55;
  return bytes;
}

test('a file cut at any byte is refused until at most a tenth of its rows is missing', () => {
  const reasons = Array.from(good, (_, length) => reasonFor(good.subarray(0, length)));
  const firstDecoded = reasons.findIndex((reason) => reason.startsWith('decoded'));
  expect(firstDecoded).toBeGreaterThan(good.length - 40);
  for (const reason of reasons.slice(0, firstDecoded)) expect(['undecodable', 'truncated']).toContain(reason);
  for (const reason of reasons.slice(firstDecoded)) expect(reason).toMatch(/^decoded/);
  expect(reasons.slice(firstDecoded, -12).every((reason) => reason === 'decoded with 1 warnings')).toBe(true);
});

test('bytes may arrive in pieces of any size', () => {
  const whole = decodePngToTarget(loadPngModule(), good, job);
  const exports = loadPngModule();
  for (const size of [1, 2, 3, 7, 64]) {
    let status = exports.pngReset();
    for (let at = 0; at < good.length && status >= 0 && status !== 2; at += size) {
      const piece = good.subarray(at, at + size);
      new Uint8Array(exports.memory.buffer).set(piece, exports.pngInput());
      status = exports.pngPush(piece.length, 0);
      if (status === 1) {
        expect(exports.pngConfigure(8, 8, 1, -1)).toBe(0);
        status = exports.pngPush(0, 0);
      }
    }
    expect(status).toBe(2);
    const rgba = new Uint8Array(exports.memory.buffer, exports.rgbaTarget(), 256);
    expect(whole.kind === 'decoded' && compareRgba(rgba, whole.rgba).largest).toBe(0);
  }
});

describe('what libpng refuses is refused', () => {
  const idat = 8 + 25;
  test.each([
    ['signature', 3],
    ['IHDR length', 11],
    ['width with its CRC', 18],
    ['IHDR CRC', 30],
    ['IDAT name', idat + 5],
  ])('damage to the %s', (_, at) => {
    expect(['undecodable', 'truncated']).toContain(reasonFor(flipped(at)));
  });

  test.each([
    ['zero width', { ...header, width: 0 }],
    ['zero height', { ...header, height: 0 }],
    ['3 bits', { ...header, depth: 3 }],
    ['4-bit RGB', { ...header, depth: 4, colourType: 2 }],
    ['colour type 1', { ...header, colourType: 1 }],
    ['interlace 2', { ...header, interlace: 2 }],
    ['a palette image without palette', { ...header, colourType: 3 }],
  ])('%s', (_, wrong) => {
    expect(reasonFor(makePng(wrong, rows))).toBe('undecodable');
  });

  test.each([
    ['an unknown critical chunk', pngChunk('ABCD', new Uint8Array(4))],
    ['a second IHDR', pngChunk('IHDR', new Uint8Array(13))],
    ['a chunk name that is no name', pngChunk('a1cd', new Uint8Array(4))],
  ])('%s', (_, chunk) => {
    expect(reasonFor(makePng(header, rows, [chunk]))).toBe('undecodable');
  });

  test('a filter that does not exist', () => {
    expect(reasonFor(makePng(header, rows.with(9, 5)))).toBe('undecodable');
  });
});

test('damage inside the data is refused or counted', () => {
  for (let at = 8 + 25 + 8; at < good.length - 20; at += 3) {
    const damaged = decodePngToTarget(loadPngModule(), flipped(at), { targetWidth: 8, targetHeight: 8, orientation: 1 });
    if (damaged.kind === 'decoded') expect(damaged.warnings, `byte ${at}`).toBeGreaterThan(0);
  }
});

test('a wrong checksum of IDAT over whole data is counted, and the picture is the same', () => {
  const whole = decodePngToTarget(loadPngModule(), good, { targetWidth: 8, targetHeight: 8, orientation: 1 });
  const damaged = decodePngToTarget(loadPngModule(), flipped(good.length - 13), { targetWidth: 8, targetHeight: 8, orientation: 1 });
  if (whole.kind === 'failed' || damaged.kind === 'failed') throw new Error('refused');
  expect([whole.warnings, damaged.warnings]).toEqual([0, 1]);
  expect(compareRgba(damaged.rgba, whole.rgba).largest).toBe(0);
});

test('pixels beyond the bound are refused before anything is allocated for them', () => {
  expect(reasonFor(makePng({ ...header, width: 100_000, height: 100_000 }, rows))).toBe('work_bound');
  expect(reasonFor(makePng({ ...header, width: 0x7fffffff, height: 1 }, rows))).toBe('work_bound');
});

test('sides and pixels up to the bound are begun, those above it are not', () => {
  for (const [width, height, reason] of [
    [65_534, 1, 'truncated'],
    [65_535, 1, 'truncated'],
    [65_536, 1, 'work_bound'],
    [1, 65_536, 'work_bound'],
    [10_000, 9_999, 'truncated'],
    [10_000, 10_000, 'truncated'],
    [10_000, 10_001, 'work_bound'],
  ] as const) {
    expect(reasonFor(makePng({ width, height, depth: 16, colourType: 6 }, rows)), `${width}x${height}`).toBe(reason);
  }
});

test('a target that does not fit in memory gives out_of_memory', () => {
  const target = { targetWidth: 4096, targetHeight: 4096, orientation: 1 };
  expect(reasonFor(makePng({ width: 8000, height: 8000, depth: 8, colourType: 6 }, rows), target)).toBe('out_of_memory');
});

test('ancillary chunks are skipped whatever they hold, a wrong tRNS is counted', () => {
  const bomb = pngChunk('zTXt', new Uint8Array(100_000));
  expect(reasonFor(makePng(header, rows, [bomb, bomb]))).toBe('decoded with 0 warnings');
  expect(reasonFor(makePng(header, rows, [pngChunk('tRNS', new Uint8Array(5))]))).toBe('decoded with 1 warnings');
});

test('stored, fixed and dynamic blocks give the same picture', () => {
  const decoded = [0, 1, 9].map((level) => decodePngToTarget(loadPngModule(), makePng(header, rows, [], level), job));
  for (const outcome of decoded) {
    expect(outcome.kind === 'decoded' && compareRgba(outcome.rgba, (decoded[0] as { rgba: Uint8Array }).rgba).largest).toBe(0);
  }
});

test('a missing twentieth of the rows is left blank and counted', async () => {
  const picture = makePicture(100, 100, false);
  const png = await sharp(picture, { raw: { width: 100, height: 100, channels: 4 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const target = { targetWidth: 100, targetHeight: 100, orientation: 1 };
  expect(reasonFor(png.subarray(0, Math.floor(png.length * 0.96)), target)).toBe('decoded with 2 warnings');
  expect(reasonFor(png.subarray(0, Math.floor(png.length * 0.85)), target)).toBe('truncated');
});

/** Pictures whose ICC profile sharp applies and ours leaves alone. */
const PROFILED = /blog|gobyexample|gopkgdoc|tour/;

test.skipIf(!hasCorpus)(
  "every PNG of the corpus that sharp reads without complaint has sharp's pixels; the rest is refused or repaired",
  async () => {
    let compared = 0;
    for (const { name, bytes } of corpusFiles('\x89PNG\r\n\x1a\n')) {
      const expected = await sharp(bytes)
        .toColourspace('srgb')
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
        .catch(() => undefined);
      const target = { targetWidth: expected?.info.width ?? 64, targetHeight: expected?.info.height ?? 64, orientation: 1 };
      const ours = decodePngToTarget(loadPngModule(), bytes, target);
      if (!expected) {
        expect(ours.kind === 'failed' || ours.warnings > 0 || name.includes('badadler'), name).toBe(true);
        continue;
      }
      expect(ours.kind, name).toBe('decoded');
      if (ours.kind !== 'decoded' || PROFILED.test(name)) continue;
      compared++;
      expect(compareRgba(ours.rgba, new Uint8Array(expected.data)).largest, name).toBeLessThanOrEqual(1);
    }
    expect(compared).toBeGreaterThan(200);
  },
  60_000,
);
