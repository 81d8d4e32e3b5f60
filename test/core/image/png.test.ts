import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../src/core/crc32.ts';
import { inspectImage } from '../../../src/core/image/info.ts';
import { faultOf } from '../outcome.ts';
import { be32, chunk, ihdr, join, type Piece, png, tiff } from './build.ts';

const IDAT = chunk('IDAT', 0x78, 0x9c, 3, 0, 0, 0, 0, 1);
const IEND = chunk('IEND');

function withOrientation(orientation: number, isLittle = false): Uint8Array {
  return chunk('eXIf', tiff(isLittle, [0x0112, 3, orientation]));
}

describe('CRC-32', () => {
  it.each([
    ['', 0],
    ['123456789', 0xcbf43926], // the check value of ISO/IEC 3309's polynomial
    ['IEND', 0xae426082], // the last four bytes of every PNG
  ])('of %j is the published one', (text, expected) => {
    expect(crc32(join(text))).toBe(expected);
  });
});

describe('a PNG header', () => {
  // PNG third edition, table 11.1: colour type, allowed bit depths.
  const TYPES = [
    [0, 'gray', 1, [1, 2, 4, 8, 16]],
    [2, 'rgb', 3, [8, 16]],
    [3, 'palette', 1, [1, 2, 4, 8]],
    [4, 'gray', 2, [8, 16]],
    [6, 'rgb', 4, [8, 16]],
  ] as const;

  it.each(TYPES)('of colour type %i is %s with %i samples, in its depths and no others', (colourType, colourModel, channels, depths) => {
    for (let bitDepth = 0; bitDepth <= 32; bitDepth++) {
      const bytes = png(ihdr(3, 2, bitDepth, colourType), IDAT, IEND);
      if ((depths as readonly number[]).includes(bitDepth)) {
        expect(inspectImage(bytes)).toMatchObject({ colourModel, bitDepth, hasAlpha: colourType >= 4, detail: { channels, isInterlaced: false } });
      } else expect(faultOf(() => inspectImage(bytes)).message).toContain(`colour type ${colourType} with ${bitDepth} bits does not exist`);
    }
  });

  it.each([1, 5, 7, 255])('of colour type %i is refused', (colourType) => {
    expect(faultOf(() => inspectImage(png(ihdr(3, 2, 8, colourType), IDAT, IEND))).code).toBe('image_undecodable');
  });

  it.each([
    ['interlaced', [ihdr(3, 2, 8, 2, 1), IDAT, IEND], { detail: { format: 'png', isInterlaced: true, channels: 3 } }],
    ['transparent by tRNS', [ihdr(3, 2), chunk('tRNS', 0, 0, 0, 0, 0, 0), IDAT, IEND], { hasAlpha: true }],
    ['animated', [ihdr(3, 2), chunk('acTL', be32(12), be32(0)), IDAT, IEND], { frames: 12 }],
    ['not animated when acTL comes after the picture', [ihdr(3, 2), IDAT, chunk('acTL', be32(12), be32(0)), IEND], { frames: 1 }],
    ['animated with no frames, which is one', [ihdr(3, 2), chunk('acTL', be32(0), be32(0)), IDAT, IEND], { frames: 1 }],
    ['turned, big-endian', [ihdr(3, 2), withOrientation(6), IDAT, IEND], { orientation: 6, width: 2, height: 3 }],
    ['turned, little-endian', [ihdr(3, 2), withOrientation(5, true), IDAT, IEND], { orientation: 5, width: 2, height: 3 }],
    ['not turned by eXIf behind the picture', [ihdr(3, 2), IDAT, withOrientation(6), IEND], { orientation: 1, width: 3, height: 2 }],
    ['turned by an eXIf with the prefix of JPEG', [ihdr(3, 2), chunk('eXIf', 'Exif\0\0', tiff(true, [0x0112, 3, 8])), IDAT, IEND], { orientation: 8 }],
    ['not turned by what follows IEND', [ihdr(3, 2), IDAT, IEND, withOrientation(6)], { orientation: 1 }],
    ['read although the picture is cut off', [ihdr(3, 2), join(be32(5000), 'IDAT', 1, 2)], { width: 3 }],
    ['read although text in it is compressed endlessly', [ihdr(3, 2), chunk('zTXt', 'Comment\0\0', new Uint8Array(64)), IDAT, IEND], { width: 3 }],
  ] as const)('is %s', (_, chunks, expected) => {
    expect(inspectImage(png(...(chunks as readonly Piece[])))).toMatchObject(expected);
  });

  it.each([
    [65_534, 65_534],
    [65_535, 65_535],
    [65_536, undefined],
    [2 ** 31 - 1, undefined],
    [2 ** 32 - 1, undefined],
  ])('that claims %i px is read as %s px', (side, expected) => {
    for (const [width, height] of [
      [side, 1],
      [1, side],
    ] as const) {
      const bytes = png(ihdr(width, height), IDAT, IEND);
      if (expected !== undefined) expect(inspectImage(bytes)).toMatchObject({ width, height });
      else expect(faultOf(() => inspectImage(bytes))).toMatchObject({ code: 'image_too_large', message: expect.stringContaining(`${width}x${height}`) });
    }
  });

  const wrongCrc = ihdr(3, 2);
  wrongCrc[wrongCrc.length - 1]! ^= 1;

  it.each([
    ['its width is 0', [ihdr(0, 2), IDAT], '0x2'],
    ['its height is 0', [ihdr(2, 0), IDAT], '2x0'],
    ['its first chunk is another', [chunk('gAMA', be32(45455), be32(0), be32(0), 0), IDAT], 'IHDR'],
    ['its IHDR has another length', [chunk('IHDR', be32(3), be32(2), 8, 2, 0, 0, 0, 0), IDAT], 'IHDR'],
    ['a bit of its IHDR is wrong', [wrongCrc, IDAT], 'checksum'],
    ['its interlace method is 2', [ihdr(3, 2, 8, 2, 2), IDAT], 'interlace method 2'],
    ['its compression method is 1', [ihdr(3, 2, 8, 2, 0, 1), IDAT], 'compression or filter'],
    ['its filter method is 1', [ihdr(3, 2, 8, 2, 0, 0, 1), IDAT], 'compression or filter'],
    ['it has no picture', [ihdr(3, 2), IEND], 'IDAT'],
    ['its picture comes after its end', [ihdr(3, 2), IEND, IDAT], 'IDAT'],
    ['it is a signature alone', [], 'ends within its header'],
  ])('is refused when %s', (_, chunks, reason) => {
    const fault = faultOf(() => inspectImage(png(...chunks)));
    expect(fault.code).toBe('image_undecodable');
    expect(fault.message).toContain(reason);
  });

  it.each([
    [99_999, true],
    [100_000, false],
    [100_001, false],
  ])('is read with %i chunks after IHDR: %s', (count, isRead) => {
    // The picture, then empty chunks without IEND; the walk looks for one more chunk than there are.
    const empty = new Uint8Array((count - 1) * 12);
    for (let at = 0; at < empty.length; at += 12) empty.set([0, 0, 0, 0, 0x74, 0x45, 0x58, 0x74], at);
    const bytes = png(ihdr(3, 2), IDAT, empty);
    if (isRead) expect(inspectImage(bytes).width).toBe(3);
    else expect(faultOf(() => inspectImage(bytes)).message).toContain('more than 100000 chunks');
  });
});
