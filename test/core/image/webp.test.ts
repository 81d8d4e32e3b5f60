import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { faultOf } from '../outcome.ts';
import { join, le16, le24, le32, type Piece, riffChunk, tiff, vp8, vp8l, vp8x, webp } from './build.ts';

const ALPHA = 0x10;
const EXIF = 0x08;
const ANIMATION = 0x02;

function animationFrame(...chunks: readonly Piece[]): Uint8Array {
  return riffChunk('ANMF', le24(0), le24(0), le24(7), le24(3), le24(100), 0, ...chunks);
}

describe('a WebP header', () => {
  it.each([
    ['lossy', [vp8(8, 4)], { width: 8, height: 4, hasAlpha: false, colourModel: 'ycbcr', detail: { format: 'webp', coding: 'lossy' } }],
    ['lossy, with scaling bits above the 14 of the size', [vp8(8 | 0x4000, 4 | 0xc000)], { width: 8, height: 4 }],
    ['lossy, as large as it can be', [vp8(16_383, 16_383)], { width: 16_383, height: 16_383 }],
    ['lossless', [vp8l(8, 4)], { width: 8, height: 4, hasAlpha: false, colourModel: 'rgb', detail: { format: 'webp', coding: 'lossless' } }],
    ['lossless with alpha', [vp8l(8, 4, true)], { hasAlpha: true }],
    ['lossless, as small as it can be', [vp8l(1, 1)], { width: 1, height: 1 }],
    ['lossless, as large as it can be', [vp8l(16_384, 16_384)], { width: 16_384, height: 16_384 }],
    ['extended', [vp8x(8, 4), vp8(8, 4)], { width: 8, height: 4, frames: 1, hasAlpha: false }],
    ['extended with alpha', [vp8x(8, 4, ALPHA), riffChunk('ALPH', 0, 1, 2), vp8(8, 4)], { hasAlpha: true }],
    ['extended with an odd chunk, padded', [vp8x(8, 4), riffChunk('ICCP', 1, 2, 3), vp8(8, 4)], { width: 8 }],
    ['animated', [vp8x(8, 4, ANIMATION), riffChunk('ANIM', le32(0), le16(0)), animationFrame(vp8(8, 4)), animationFrame(vp8(8, 4))], { frames: 2, width: 8 }],
    ['animated with a first frame smaller than its canvas', [vp8x(80, 40, ANIMATION), animationFrame(vp8l(8, 4))], { width: 80, height: 40, frames: 1 }],
    ['turned by EXIF', [vp8x(8, 4, EXIF), vp8(8, 4), riffChunk('EXIF', tiff(true, [0x0112, 3, 6]))], { orientation: 6, width: 4, height: 8, storedWidth: 8 }],
    ['turned by big-endian EXIF', [vp8x(8, 4, EXIF), vp8(8, 4), riffChunk('EXIF', tiff(false, [0x0112, 3, 3]))], { orientation: 3, width: 8 }],
    ['turned by EXIF with the prefix of JPEG', [vp8x(8, 4, EXIF), vp8(8, 4), riffChunk('EXIF', 'Exif\0\0', tiff(true, [0x0112, 3, 8]))], { orientation: 8 }],
    ['not turned by EXIF that its flags do not announce', [vp8x(8, 4), vp8(8, 4), riffChunk('EXIF', tiff(true, [0x0112, 3, 6]))], { orientation: 1, width: 8 }],
    ['opaque when its flags do not announce its ALPH', [vp8x(8, 4), riffChunk('ALPH', 0, 1, 2), vp8(8, 4)], { hasAlpha: false }],
    ['simple, so that EXIF after it is no part of it', [vp8(8, 4), riffChunk('EXIF', tiff(true, [0x0112, 3, 6]))], { orientation: 1 }],
  ] as const)('is read: %s', (_, chunks, expected) => {
    expect(inspectImage(webp(...(chunks as readonly Piece[])))).toMatchObject({ format: 'webp', bitDepth: 8, ...expected });
  });

  it.each([
    [65_534, 65_534],
    [65_535, 65_535],
    [65_536, undefined],
    [16_777_216, undefined],
  ])('with an animated canvas of %i px is read as %s px', (side, expected) => {
    const bytes = webp(vp8x(side, 1, ANIMATION), animationFrame(vp8(8, 4)));
    if (expected !== undefined) expect(inspectImage(bytes).width).toBe(expected);
    else expect(faultOf(() => inspectImage(bytes)).code).toBe('image_too_large');
  });

  it.each([
    ['it has no picture', [vp8x(8, 4)], 'no picture'],
    ['it is empty', [], 'no picture'],
    ['its canvas and its picture differ', [vp8x(9, 4), vp8(8, 4)], 'canvas is 9x4 but its picture 8x4'],
    ['its extended header is cut short', [riffChunk('VP8X', 0, 0, 0, 0)], 'cut short'],
    ['its lossy width is 0', [vp8(0, 4)], '0x4'],
    ['its lossy frame is no key frame', [riffChunk('VP8 ', 0x11, 0, 0, 0x9d, 0x01, 0x2a, le16(8), le16(4))], 'key frame'],
    ['its start code is wrong', [riffChunk('VP8 ', 0x10, 0, 0, 0x9d, 0x01, 0x2b, le16(8), le16(4))], 'start code'],
    ['its lossy header is cut short', [riffChunk('VP8 ', 0x10, 0, 0, 0x9d, 0x01, 0x2a, 8, 0)], 'cut short'],
    ['its lossless signature is wrong', [riffChunk('VP8L', 0x2e, 0, 0, 0, 0)], 'signature'],
    ['its lossless version is 1', [vp8l(8, 4, false, 1)], 'version'],
    ['its animation has no frame', [vp8x(8, 4, ANIMATION), riffChunk('ANIM', le32(0), le16(0))], 'no picture'],
    ['its first frame is empty', [vp8x(8, 4, ANIMATION), animationFrame()], 'no picture'],
  ] as const)('is refused when %s', (_, chunks, reason) => {
    expect(faultOf(() => inspectImage(webp(...(chunks as readonly Piece[]))))).toMatchObject({
      code: 'image_undecodable',
      message: expect.stringContaining(reason),
    });
  });

  it.each([
    ['in order', webp(vp8(8, 4)), undefined],
    ['in order, with a profile and metadata', webp(vp8x(8, 4, EXIF), riffChunk('ICCP', 1, 2, 3), vp8(8, 4), riffChunk('EXIF', tiff(true))), undefined],
    ['followed by bytes of no meaning', join(webp(vp8(8, 4)), 1, 2, 3), undefined],
    ['of a RIFF size that is too small', join('RIFF', le32(10), 'WEBP', vp8(8, 4)), true],
    ['of a RIFF size of 0', join('RIFF', le32(0), 'WEBP', vp8(8, 4)), true],
    ['of a RIFF size that is too large', join('RIFF', le32(5000), 'WEBP', vp8(8, 4)), true],
    ['without padding behind an odd chunk', webp(vp8x(8, 4), riffChunk('ICCP', 1, 2, 3).slice(0, -1), vp8(8, 4)), true],
    ['without padding at its end', webp(riffChunk('VP8 ', 0x10, 0, 0, 0x9d, 0x01, 0x2a, le16(8), le16(4), 0).slice(0, -1)), true],
  ] as const)('%s: whether it goes out as it is', (_, bytes, isMalformed) => {
    const info = inspectImage(bytes);
    expect([info.width, info.height, info.isMalformed]).toEqual([8, 4, isMalformed]);
  });

  it('is not misled by a RIFF length that lies', () => {
    for (const claimed of [0, 1, 0x7fffffff, 0xffffffff]) {
      expect(inspectImage(join('RIFF', le32(claimed), 'WEBP', vp8(8, 4)))).toMatchObject({ width: 8, height: 4 });
    }
  });

  it('is not misled by a chunk that claims 4 GiB', () => {
    const bytes = webp(vp8x(8, 4), join('ICCP', le32(0xffffffff), vp8(8, 4)));
    expect(faultOf(() => inspectImage(bytes)).message).toContain('no picture');
  });

  it.each([
    [99_998, true],
    [99_999, true],
    [100_000, false],
  ])('is read with %i chunks in all: %s', (count, isRead) => {
    const others = new Uint8Array((count - 2) * 8);
    for (let at = 0; at < others.length; at += 8) others.set([0x58, 0x4d, 0x50, 0x20], at);
    const bytes = webp(vp8x(8, 4), vp8(8, 4), others);
    if (isRead) expect(inspectImage(bytes).width).toBe(8);
    else expect(faultOf(() => inspectImage(bytes)).message).toContain('more than 100000 chunks');
  });
});
