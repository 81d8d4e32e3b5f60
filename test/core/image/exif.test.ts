import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExifOrientation, withoutExifPrefix } from '../../../src/core/image/exif.ts';
import { be16, be32, join, le16, le32, tiff } from './build.ts';

const ORIENTATION = 0x0112;
const SHORT = 3;
const LONG = 4;

describe('the EXIF orientation', () => {
  for (const isLittle of [true, false]) {
    const order = isLittle ? 'little-endian' : 'big-endian';

    it.each([
      [0, 1],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
      [6, 6],
      [7, 7],
      [8, 8],
      [9, 1],
      [255, 1],
      [65_535, 1],
    ])(`written as %i means %i (${order})`, (value, expected) => {
      expect(readExifOrientation(tiff(isLittle, [ORIENTATION, SHORT, value]))).toBe(expected);
      expect(readExifOrientation(tiff(isLittle, [ORIENTATION, LONG, value]))).toBe(expected);
    });

    it(`is found among other tags (${order})`, () => {
      expect(readExifOrientation(tiff(isLittle, [0x010f, SHORT, 3], [0x0110, LONG, 4], [ORIENTATION, SHORT, 6], [0x8825, LONG, 8]))).toBe(6);
    });

    it(`is that of the first entry when there are two (${order})`, () => {
      expect(readExifOrientation(tiff(isLittle, [ORIENTATION, SHORT, 3], [ORIENTATION, SHORT, 6]))).toBe(3);
    });

    it(`of another type than a number means 1 (${order})`, () => {
      for (const type of [0, 1, 2, 5, 7, 12, 65_535]) expect(readExifOrientation(tiff(isLittle, [ORIENTATION, type, 6]))).toBe(1);
    });

    it(`is 1 in a block cut off at any byte before the tag ends (${order})`, () => {
      const whole = tiff(isLittle, [ORIENTATION, SHORT, 6]);
      for (let length = 0; length < 22; length++) expect(readExifOrientation(whole.subarray(0, length))).toBe(1);
      for (let length = 22; length <= whole.length; length++) expect(readExifOrientation(whole.subarray(0, length))).toBe(6);
    });
  }

  it.each([
    ['no byte order', join('XX', be16(42), be32(8), be16(1), be16(ORIENTATION), be16(SHORT), be32(1), be16(6), 0, 0)],
    ['two bytes orders', join('IM', le16(42), le32(8), le16(1), le16(ORIENTATION), le16(SHORT), le32(1), le16(6), 0, 0)],
    ['another magic number', join('II', le16(43), le32(8), le16(1), le16(ORIENTATION), le16(SHORT), le32(1), le16(6), 0, 0)],
    ['a directory beyond the end', join('II', le16(42), le32(4096), le16(1), le16(ORIENTATION), le16(SHORT), le32(1), le16(6), 0, 0)],
    ['a directory at 4 GiB', join('II', le16(42), le32(0xffffffff), le16(1))],
    ['a directory at the last byte', join('II', le16(42), le32(9), 1, 0)],
    ['a directory without entries', join('II', le16(42), le32(8), le16(0), le32(0))],
    ['65,535 claimed entries and none there', join('II', le16(42), le32(8), le16(65_535))],
    ['a directory that is the header itself', join('II', le16(42), le32(0), new Uint8Array(64))],
    ['a directory whose next directory is itself', join('II', le16(42), le32(8), le16(0), le32(8))],
    ['nothing', new Uint8Array()],
  ])('is 1 in a block with %s', (_, block) => {
    expect(readExifOrientation(block)).toBe(1);
  });

  it('is found as the last of 65,535 entries', () => {
    const entry = join(le16(0x010f), le16(SHORT), le32(1), le32(1));
    const others = Uint8Array.from({ length: 65_534 * 12 }, (_, index) => entry[index % 12] ?? 0);
    expect(readExifOrientation(join('II', le16(42), le32(8), le16(65_535), others, le16(ORIENTATION), le16(SHORT), le32(1), le32(7)))).toBe(7);
  });

  it('is not looked for in later directories', () => {
    const second = join(le16(1), le16(ORIENTATION), le16(SHORT), le32(1), le16(6), 0, 0, le32(0));
    expect(readExifOrientation(join('II', le16(42), le32(8), le16(0), le32(14), second))).toBe(1);
  });

  it('is 1 to 8 for any bytes whatever', () => {
    const head = fc.constantFrom(join('II', le16(42), le32(8)), join('MM', be16(42), be32(8)), new Uint8Array());
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(readExifOrientation(join(start, rest)));
      }),
    );
  });
});

describe('the prefix that JPEG puts before EXIF', () => {
  it.each([
    ['Exif\0\0II*\0', 'II*\0'],
    ['Exif\0\xffII*\0', 'II*\0'],
    ['Exif\0', 'Exif\0'],
    ['II*\0\b\0\0\0', 'II*\0\b\0\0\0'],
    ['exif\0\0II*\0', 'exif\0\0II*\0'],
  ])('is taken off %j: %j', (block, expected) => {
    expect(withoutExifPrefix(join(block))).toEqual(join(expected));
  });
});
