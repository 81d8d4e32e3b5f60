import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { faultOf } from '../outcome.ts';
import { gif, gifControl, gifImage, join, le16, type Piece } from './build.ts';

describe('a GIF header', () => {
  it.each([
    ['one frame', [gifImage(0, 0, 8, 4)], { width: 8, height: 4, frames: 1, hasAlpha: false }],
    ['three frames', [gifImage(0, 0, 8, 4), gifImage(0, 0, 8, 4), gifImage(0, 0, 8, 4)], { frames: 3 }],
    ['a transparent first frame', [gifControl(true), gifImage(0, 0, 8, 4)], { hasAlpha: true }],
    ['an opaque control block', [gifControl(false), gifImage(0, 0, 8, 4)], { hasAlpha: false }],
    ['a transparent second frame, which Claude never sees', [gifImage(0, 0, 8, 4), gifControl(true), gifImage(0, 0, 8, 4)], { hasAlpha: false, frames: 2 }],
    ['a frame smaller than the screen', [gifImage(2, 1, 4, 2)], { width: 8, height: 4, hasAlpha: true }],
    ['a frame larger than the screen', [gifImage(0, 0, 16, 4)], { width: 16, height: 4, hasAlpha: false }],
    ['a frame that hangs over', [gifImage(4, 2, 8, 4)], { width: 12, height: 6, hasAlpha: true }],
    ['a comment before it', [join(0x21, 0xfe, 3, ',,,', 0), gifImage(0, 0, 8, 4)], { frames: 1, width: 8 }],
    ['an application block before it', [join(0x21, 0xff, 11, 'NETSCAPE2.0', 3, 1, 0, 0, 0), gifImage(0, 0, 8, 4)], { frames: 1 }],
    ['a stray zero between blocks', [0, 0, gifImage(0, 0, 8, 4)], { frames: 1 }],
    ['a local colour table', [join(0x2c, le16(0), le16(0), le16(8), le16(4), 0x80, new Uint8Array(6), 2, 1, 0x44, 0), gifImage(0, 0, 8, 4)], { frames: 2 }],
    ['an end in the middle of its data', [join(0x2c, le16(0), le16(0), le16(8), le16(4), 0, 2, 200, 1, 2)], { frames: 1 }],
  ] as const)('is read: %s', (_, blocks, expected) => {
    expect(inspectImage(gif(8, 4, ...(blocks as readonly Piece[])))).toMatchObject({ format: 'gif', colourModel: 'palette', ...expected });
  });

  it.each([
    [8, 4, undefined],
    [8, 0, true],
    [0, 4, true],
    [0, 0, true],
  ])("with a screen of %i by %i has its frame's size, and goes out as it is unless a side is 0", (width, height, isMalformed) => {
    const info = inspectImage(gif(width, height, gifImage(0, 0, 8, 4)));
    expect([info.width, info.height, info.isMalformed]).toEqual([8, 4, isMalformed]);
  });

  it('is read after a global colour table of each size', () => {
    for (let size = 0; size < 8; size++) {
      // The table is full of image introducers: only a reader that skips it counts one frame.
      const table = new Uint8Array(3 * 2 ** (size + 1)).fill(0x2c);
      const bytes = join('GIF87a', le16(8), le16(4), 0x80 | size, 0, 0, table, gifImage(0, 0, 8, 4), 0x3b);
      expect(inspectImage(bytes)).toMatchObject({ frames: 1, width: 8, height: 4, hasAlpha: false });
    }
  });

  it.each([
    ['its screen and its frame have no width', gif(0, 4, gifImage(0, 0, 0, 4)), '0x4'],
    ['it has no frame', gif(8, 4), 'no picture'],
    ['it has only a comment', gif(8, 4, 0x21, 0xfe, 1, 0x2c, 0), 'no picture'],
    ['it ends within its header', join('GIF89a', 8, 0), 'ends within its header'],
    ['its frame header is cut off', join('GIF89a', le16(8), le16(4), 0, 0, 0, 0x2c, 0, 0, 0), 'no picture'],
  ])('is refused when %s', (_, bytes, reason) => {
    expect(faultOf(() => inspectImage(bytes))).toMatchObject({ code: 'image_undecodable', message: expect.stringContaining(reason) });
  });

  it.each([
    [99_999, 1],
    [100_000, undefined],
    [100_001, undefined],
  ])('looks past %i stray bytes for its first frame: %s', (count, frames) => {
    const bytes = gif(8, 4, new Uint8Array(count), gifImage(0, 0, 8, 4));
    if (frames === undefined) expect(faultOf(() => inspectImage(bytes)).code).toBe('image_undecodable');
    else expect(inspectImage(bytes).frames).toBe(frames);
  });
});
