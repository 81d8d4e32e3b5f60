/** Whether a header reader sees that a file ends before its picture does; what that leads to stands in `test/http/describe/200-cut-off.test.ts`. */
import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { JPEG_TRAILER_BYTES_MAX } from '../../../src/core/image/jpeg-end.ts';
import { fixture, FIXTURES } from '../../support/fixture.ts';
import { valueOrCode } from '../outcome.ts';
import { chunk, frame, ihdr, jpeg, join, png, riffChunk, SCAN, segment, vp8, webp } from './build.ts';

/** `undefined` for what is no picture at all. */
function isCutOff(bytes: Uint8Array): boolean | undefined {
  const outcome = valueOrCode(() => inspectImage(bytes));
  return typeof outcome === 'string' ? undefined : outcome.isCutOff === true;
}

describe('a file that ends before its picture', () => {
  it.each(FIXTURES)('%s is whole', (name) => {
    expect(isCutOff(fixture(name))).toBe(false);
  });

  it.each(FIXTURES.filter((name) => /^(png|gif-still|gif-transparent|webp-vp8-|webp-vp8l-)/.test(name)))(
    '%s is seen to be cut, wherever in its picture',
    (name) => {
      const whole = fixture(name);
      // At the end of a PNG stands IEND with its length and checksum, of a GIF an empty block and the trailer.
      const pictureEnd = name.startsWith('png') ? whole.length - 12 : name.startsWith('gif') ? whole.length - 2 : whole.length - 2;
      const seen = Array.from({ length: pictureEnd - 1 }, (_, index) => isCutOff(whole.subarray(0, index + 1)));
      expect(seen).toContain(true);
      // A GIF that ends in a byte of zero could have ended there.
      const missed = seen.flatMap((value, index) => (value === false && !(name.startsWith('gif') && whole[index] === 0) ? [index + 1] : []));
      expect(missed).toEqual([]);
    },
  );

  it('is told by the first picture alone, of a GIF that moves', () => {
    const whole = fixture('gif-animated.gif');
    const cuts = Array.from({ length: whole.length }, (_, index) => isCutOff(whole.subarray(0, index + 1)));
    const firstWhole = cuts.lastIndexOf(true) + 1;
    expect(firstWhole).toBeGreaterThan(20);
    expect(firstWhole).toBeLessThan(whole.length / 2);
  });

  it('is not one whose other parts are cut or behind which more stands', () => {
    const parts = [ihdr(8, 8), chunk('IDAT', 1, 2, 3), chunk('IEND')] as const;
    expect(isCutOff(png(...parts, 1, 2, 3))).toBe(false);
    const lossy = webp(vp8(30, 20), riffChunk('EXIF', 1, 2, 3, 4, 5, 6));
    expect(isCutOff(lossy.subarray(0, lossy.length - 3))).toBe(false);
  });

  it.each(FIXTURES.filter((name) => name.startsWith('jpeg-')))('%s is seen to be cut, wherever behind its first scan header', (name) => {
    const whole = fixture(name);
    const seen = Array.from({ length: whole.length }, (_, index) => isCutOff(whole.subarray(0, index)));
    const first = seen.indexOf(true);
    expect(first).toBeGreaterThan(100);
    expect(seen.slice(0, first).every((value) => value === undefined)).toBe(true);
    expect(seen.slice(first).every((value) => value === true)).toBe(true);
  });

  it.each([
    ['just within', JPEG_TRAILER_BYTES_MAX - 3, false],
    ['at', JPEG_TRAILER_BYTES_MAX - 2, false],
    ['beyond', JPEG_TRAILER_BYTES_MAX - 1, true],
  ])('is a JPEG whose end marker stands %s the reach of a trailer', (_, trailer, expected) => {
    expect(isCutOff(join(jpeg(frame()), new Uint8Array(trailer)))).toBe(expected);
  });

  it('is a JPEG whose only end markers are those of its thumbnail', () => {
    expect(isCutOff(join(0xff, 0xd8, segment(0xe1, 'Exif', 0xff, 0xd9), frame(), SCAN, 0x12, 0x34, 0xd9, 0x00, 0xff))).toBe(true);
  });
});

describe('a JPEG that breaks the rules of its container', () => {
  it.each([
    ['an ordinary one', [segment(0xe0), frame()], undefined],
    ['fill bytes before a marker', [0xff, 0xff, frame()], undefined],
    ['a second SOI', [0xff, 0xd8, frame()], true],
    ['a second SOI behind the frame', [frame(), 0xff, 0xd8], true],
    ['stray bytes', [segment(0xe0), 0, 1, frame()], true],
    ['a stuffed FF 00', [0xff, 0, frame()], true],
    ['a restart marker outside of a scan', [0xff, 0xd0, frame()], true],
    ['a segment length below two', [0xff, 0xe0, 0, 0, frame()], true],
  ] as const)('is told apart: %s', (_, segments, expected) => {
    expect(inspectImage(jpeg(...segments)).isMalformed).toBe(expected);
  });
});
