import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { bmp } from '../../support/bmp.ts';
import { faultOf } from '../outcome.ts';

/** A file with single fields of its header changed: offset, then bytes. */
function patched(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

const plain = bmp({ width: 7, height: 5, depth: 24 });

describe('the header of a BMP', () => {
  it.each([
    ['from the bottom', plain],
    ['from the top', bmp({ width: 7, height: 5, depth: 24, isTopDown: true })],
    ['of OS/2', bmp({ width: 7, height: 5, depth: 8, header: 12 })],
    ['of version 5', bmp({ width: 7, height: 5, depth: 32, header: 124 })],
  ])('gives the size: %s', (_, bytes) => {
    expect(inspectImage(bytes)).toMatchObject({ format: 'bmp', mediaType: 'image/bmp', width: 7, height: 5, orientation: 1, frames: 1, hasAlpha: false });
  });

  it.each([
    ['a mask for alpha in version 5', bmp({ width: 7, height: 5, depth: 32, header: 124, masks: [0xff0000, 0xff00, 0xff, 0xff000000] }), true],
    ['bit fields without one', bmp({ width: 7, height: 5, depth: 32, header: 124, masks: [0xff0000, 0xff00, 0xff, 0] }), false],
    ['bit fields behind the smallest header', bmp({ width: 7, height: 5, depth: 16, masks: [0xf800, 0x7e0, 0x1f, 0] }), false],
    ['run lengths, which may skip pixels', bmp({ width: 7, height: 5, depth: 8, compression: 1, data: Uint8Array.of(0, 1) }), true],
  ])('says whether anything may be transparent: %s', (_, bytes, hasAlpha) => {
    expect(inspectImage(bytes).hasAlpha).toBe(hasAlpha);
  });

  it.each([
    ['a width of 0', patched(plain, 18, 0, 0, 0, 0), '0x5'],
    ['a negative width', patched(plain, 18, 0xff, 0xff, 0xff, 0xff), '-1x5'],
    ['a height of 0', patched(plain, 22, 0, 0, 0, 0), '7x0'],
    ['a header of 41 bytes', patched(plain, 14, 41), '41 bytes'],
    ['3 bits a pixel', patched(plain, 28, 3), '3 bits'],
    ['run lengths of 24 bits', patched(plain, 30, 1), 'compression 1'],
    ['a JPEG inside', patched(plain, 30, 4), 'JPEG'],
    ['a PNG inside', patched(plain, 30, 5), 'PNG'],
  ])('that says nonsense is refused with the reason: %s', (_, bytes, reason) => {
    expect(faultOf(() => inspectImage(bytes))).toMatchObject({ code: 'image_undecodable', message: expect.stringContaining(reason) });
  });

  it('of a hostile size is refused before anything is allocated', () => {
    expect(faultOf(() => inspectImage(patched(plain, 18, 0xff, 0xff, 0xff, 0x7f))).code).toBe('image_too_large');
    expect(faultOf(() => inspectImage(patched(plain, 22, 0, 0, 0, 0x80))).code).toBe('image_too_large');
  });

  it('tells that rows are missing', () => {
    expect(inspectImage(plain).isCutOff).toBeUndefined();
    expect(inspectImage(plain.subarray(0, plain.length - 24)).isCutOff).toBe(true);
  });
});
