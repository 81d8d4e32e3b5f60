import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeJpegRgba } from '../../src/codec/scanline/jpeg.ts';
import { paintPicture, psnr, toRgb } from './jpeg-picture.ts';
import { loadJpeg } from './load-jpeg.ts';

const exports = loadJpeg();
const WIDTH = 160;
const ROWS = 20;
const HEIGHT = 16 * ROWS;
const TARGET = { width: WIDTH, height: HEIGHT, orientation: 1 };

interface Strip {
  readonly header: Buffer;
  readonly data: Buffer;
}

/**
 * A picture in strips of one MCU row, each coded by itself with the standard tables. Such a strip's data is just what a
 * restart interval holds: predictions begin at 0 and the last byte is filled with ones.
 */
async function makeStrips(): Promise<Strip[]> {
  const pixels = paintPicture(WIDTH, HEIGHT);
  const strips = Array.from({ length: ROWS }, async (_, row) => {
    const part = pixels.subarray(row * 16 * WIDTH * 3, (row + 1) * 16 * WIDTH * 3);
    const file = await sharp(part, { raw: { width: WIDTH, height: 16, channels: 3 } })
      .jpeg({ quality: 90, chromaSubsampling: '4:2:0', optimiseCoding: false })
      .toBuffer();
    const scan = file.indexOf(Buffer.from([0xff, 0xda]));
    const begin = scan + 2 + file.readUInt16BE(scan + 2);
    return { header: file.subarray(0, begin), data: file.subarray(begin, file.length - 2) };
  });
  return Promise.all(strips);
}

/** The strips as one file with restart intervals; `markers` gives the number of the marker behind each strip but the last. */
function join(strips: readonly Strip[], markers = (row: number): number | undefined => row % 8): Buffer {
  const header = Buffer.from(strips[0]?.header ?? []);
  const frame = header.indexOf(Buffer.from([0xff, 0xc0]));
  header.writeUInt16BE(HEIGHT, frame + 5);
  const scan = header.indexOf(Buffer.from([0xff, 0xda]));
  const interval = Buffer.from([0xff, 0xdd, 0, 4, 0, WIDTH / 16]);
  const parts = [header.subarray(0, scan), interval, header.subarray(scan)];
  strips.forEach(({ data }, row) => {
    parts.push(data);
    const marker = markers(row);
    if (row < strips.length - 1 && marker !== undefined) parts.push(Buffer.from([0xff, 0xd0 + marker]));
  });
  return Buffer.concat([...parts, Buffer.from([0xff, 0xd9])]);
}

function decode(file: Uint8Array): { rgb: Uint8Array; warnings: number } {
  const { rgba, warnings } = decodeJpegRgba(exports, file, TARGET);
  return { rgb: toRgb(rgba, 4), warnings };
}

/** PSNR of the rows outside [from, to) of the strip numbers. */
function outside(a: Uint8Array, b: Uint8Array, from: number, to: number): number {
  const keep = (pixels: Uint8Array): Uint8Array => Buffer.concat([pixels.subarray(0, (from * 16 - 4) * WIDTH * 3), pixels.subarray((to * 16 + 4) * WIDTH * 3)]);
  return psnr(keep(a), keep(b));
}

describe('restart intervals', () => {
  it('are decoded as libjpeg does', async () => {
    const file = join(await makeStrips());
    const ours = decode(file);
    const theirs = await sharp(file, { failOn: 'warning' }).raw().toBuffer();
    expect(ours.warnings).toBe(0);
    expect(psnr(ours.rgb, theirs)).toBeGreaterThan(38);
  });

  it('a lost interval costs its own rows and no others', async () => {
    const strips = await makeStrips();
    const whole = decode(join(strips));
    // Strip 7 and the marker behind it are missing: the marker before it is followed by one that is one ahead.
    const file = join(
      strips.map((strip, row) => (row === 7 ? { ...strip, data: Buffer.alloc(0) } : strip)),
      (row) => (row === 7 ? undefined : row % 8),
    );
    const ours = decode(file);
    expect(ours.warnings).toBeGreaterThan(0);
    expect(outside(ours.rgb, whole.rgb, 7, 9)).toBeGreaterThan(50);
  });

  it('damage inside an interval ends with it', async () => {
    const strips = await makeStrips();
    const whole = decode(join(strips));
    const file = join(strips.map((strip, row) => (row === 4 ? { ...strip, data: Buffer.from(strip.data).fill(0x55, 20, 60) } : strip)));
    expect(outside(decode(file).rgb, whole.rgb, 4, 5)).toBeGreaterThan(50);
    // One of twenty strips may be wrong.
    expect(exports.jpegSuspectPermille()).toBe(50);
  });

  it('a marker with a far number is taken for the expected one', async () => {
    const strips = await makeStrips();
    const whole = decode(join(strips));
    const ours = decode(join(strips, (row) => (row === 5 ? 1 : row % 8)));
    expect(ours.warnings).toBe(1);
    expect(psnr(ours.rgb, whole.rgb)).toBeGreaterThan(90);
  });

  it('a file cut at half is refused, though markers could follow', async () => {
    const file = join(await makeStrips());
    expect(() => decode(file.subarray(0, Math.round(file.length / 2)))).toThrow('truncated');
  });
});
