import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toOriginalBox, toOriginalPoint } from '../../../src/core/vision/coordinates.ts';
import { nativeSize } from '../../../src/core/vision/native-size.ts';
import { TIERS } from '../../../src/core/vision/tier.ts';

const SENT = { width: 1270, height: 952 };
const ORIGINAL = { width: 4032, height: 3024 };

describe('coordinates in answers', () => {
  it.each([
    ['the origin', { x: 0, y: 0 }, { x: 0, y: 0 }],
    ['the far corner', { x: 1270, y: 952 }, { x: 4032, y: 3024 }],
    ['the middle', { x: 635, y: 476 }, { x: 2016, y: 1512 }],
    ['a quarter', { x: 317.5, y: 238 }, { x: 1008, y: 756 }],
    ['a point in the padding on the right, brought back to the edge', { x: 1288, y: 476 }, { x: 4032, y: 1512 }],
    ['a point below the picture', { x: 635, y: 953 }, { x: 2016, y: 3024 }],
    ['a point left of and above the picture', { x: -1, y: -0.5 }, { x: 0, y: 0 }],
  ])('are pixels of the original: %s', (_, point, expected) => {
    const { x, y } = toOriginalPoint(point, SENT, ORIGINAL);
    expect(x).toBeCloseTo(expected.x, 9);
    expect(y).toBeCloseTo(expected.y, 9);
  });

  it('scale each axis by its own ratio', () => {
    // 8000x100 goes out as 1568x20: 5.102 across, 5 down.
    expect(toOriginalPoint({ x: 784, y: 10 }, { width: 1568, height: 20 }, { width: 8000, height: 100 })).toEqual({ x: 4000, y: 50 });
  });

  it('give back the point that was sent, from any original of any size', () => {
    const side = fc.integer({ min: 1, max: 8000 });
    fc.assert(
      fc.property(side, side, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (width, height, u, v) => {
        const original = { width, height };
        const sent = nativeSize(original, TIERS.standard);
        const back = toOriginalPoint({ x: u * sent.width, y: v * sent.height }, sent, original);
        expect(Math.abs(back.x - u * width)).toBeLessThan(1e-6 * width);
        expect(Math.abs(back.y - v * height)).toBeLessThan(1e-6 * height);
      }),
    );
  });

  it('never leave the original, whatever the model writes', () => {
    const number = fc.double({ noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, (left, top, right, bottom) => {
        const box = toOriginalBox({ left, top, right, bottom }, SENT, ORIGINAL);
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.top).toBeGreaterThanOrEqual(0);
        expect(box.right).toBeLessThanOrEqual(ORIGINAL.width);
        expect(box.bottom).toBeLessThanOrEqual(ORIGINAL.height);
        expect(box.left).toBeLessThanOrEqual(box.right);
        expect(box.top).toBeLessThanOrEqual(box.bottom);
      }),
    );
  });

  it('of a box with swapped corners come back in order', () => {
    expect(toOriginalBox({ left: 1270, top: 952, right: 635, bottom: 0 }, SENT, ORIGINAL)).toEqual({ left: 2016, top: 0, right: 4032, bottom: 3024 });
  });

  it('of a picture that was sent as it is stay what they are', () => {
    const size = { width: 640, height: 480 };
    expect(toOriginalPoint({ x: 123.25, y: 479 }, size, size)).toEqual({ x: 123.25, y: 479 });
  });
});
