import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { paintPicture, psnr } from './jpeg-picture.ts';
import { loadJpeg } from './load-jpeg.ts';

/** Encodes RGB pixels through the RGBA entry, `rowsAtOnce` rows at a time. */
function encode(rgb: Buffer, width: number, height: number, quality: number, subsampling: 0 | 1, rowsAtOnce: number): Buffer {
  const exports = loadJpeg();
  exports.jpegReset();
  expect(exports.jpegEncodeBegin(width, height, quality, subsampling)).toBe(0);
  // The module's input window serves as the place for rows here.
  const parts: Buffer[] = [];
  let row = 0;
  while (row < height) {
    const rows = Math.min(rowsAtOnce, height - row);
    const at = exports.jpegInput();
    const into = new Uint8Array(exports.memory.buffer, at, rows * width * 4);
    for (let i = 0; i < rows * width; i++) {
      into.set(rgb.subarray((row * width + i) * 3, (row * width + i) * 3 + 3), i * 4);
      into[i * 4 + 3] = 255;
    }
    const taken = exports.jpegEncodeRowsRgba(at, rows);
    expect(taken).toBeGreaterThan(0);
    row += taken;
    parts.push(Buffer.from(new Uint8Array(exports.memory.buffer, exports.jpegOutput(), exports.jpegOutputLength())));
    exports.jpegDrained();
  }
  expect(exports.jpegEncodeEnd()).toBe(2);
  expect(exports.jpegEncodeRowsRgba(exports.jpegInput(), 1)).toBe(0);
  return Buffer.concat(parts);
}

describe('RGBA rows to JPEG', () => {
  const sizes = [
    [1, 1],
    [8, 8],
    [16, 16],
    [17, 33],
    [203, 151],
    [250, 16],
  ] as const;
  it.each(sizes)('%ix%i is as close to its source as libjpeg’s encoding', async (width, height) => {
    const rgb = paintPicture(width, height);
    for (const [code, subsampling] of [
      [0, '4:4:4'],
      [1, '4:2:0'],
    ] as const) {
      for (const quality of [50, 85, 100]) {
        const ours = encode(rgb, width, height, quality, code, 5);
        const theirs = await sharp(rgb, { raw: { width, height, channels: 3 } })
          .jpeg({ quality, chromaSubsampling: subsampling, optimiseCoding: false })
          .toBuffer();
        const pixels = await sharp(ours, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
        expect([pixels.info.width, pixels.info.height]).toEqual([width, height]);
        expect(psnr(pixels.data, rgb), `${subsampling} ${quality}`).toBeGreaterThan(
          psnr(await sharp(theirs).raw().toBuffer(), rgb) - (width * height > 64 ? 0.3 : 1),
        );
        expect(ours.length).toBeLessThan(theirs.length * 1.03 + 64);
      }
    }
  });

  it('rows in any portions give the same file', () => {
    const rgb = paintPicture(100, 70);
    const whole = encode(rgb, 100, 70, 85, 1, 16);
    for (const rowsAtOnce of [1, 3, 40]) expect(encode(rgb, 100, 70, 85, 1, rowsAtOnce).equals(whole)).toBe(true);
  });

  it('nonsense is refused and missing rows are noticed', () => {
    const exports = loadJpeg();
    exports.jpegReset();
    for (const [width, height, quality] of [
      [0, 1, 85],
      [1, 0, 85],
      [65_536, 1, 85],
      [1, 65_536, 85],
      [1, 1, 0],
      [1, 1, 101],
    ] as const) {
      expect(exports.jpegEncodeBegin(width, height, quality, 1)).toBe(-1);
    }
    expect(exports.jpegEncodeBegin(10, 10, 85, 1)).toBe(0);
    expect(exports.jpegEncodeEnd()).toBe(-1);
  });
});
