import { describe, expect, it } from 'vitest';
import { WebpDecodeError } from '../../src/codec/scanline/webp.ts';
import { decodeWhole, encodeWithSwitches, largestDifference, picture, webpInstance } from './load-webp.ts';

const lossy = await picture(160, 160, 3, 'photograph').webp({ quality: 80 }).toBuffer();
const lossless = await picture(160, 160, 3, 'photograph').webp({ lossless: true }).toBuffer();
const transparent = await encodeWithSwitches(160, 160, 'photograph', { quality: 60, alpha_compression: 0 });

function failure(file: Uint8Array, exports = webpInstance()): string | undefined {
  try {
    decodeWhole(file, exports);
    return undefined;
  } catch (error) {
    if (!(error instanceof WebpDecodeError)) throw error;
    return error.code;
  }
}

describe('a damaged WebP', () => {
  it.each([
    ['lossy', lossy],
    ['lossless', lossless],
    ['transparent', transparent],
  ])('that is %s and cut at any byte of its first 300 is an error', (_, file) => {
    for (let bytes = 0; bytes <= 300; bytes++) {
      expect(failure(file.subarray(0, bytes)), `${bytes} bytes`).toMatch(/^(truncated|undecodable)$/);
    }
  });

  it.each([
    ['lossy', lossy],
    ['lossless', lossless],
  ])('that is %s and half there is an error, not half gray', (_, file) => {
    expect(failure(file.subarray(0, file.length >> 1))).toBe('truncated');
  });

  it.each([
    ['lossy', lossy],
    ['lossless', lossless],
  ])('that is %s and misses its very end is completed, and says so', (_, file) => {
    const whole = decodeWhole(file);
    const cut = decodeWhole(file.subarray(0, file.length - Math.ceil(file.length * 0.03)));
    expect(whole.warnings).toBe(0);
    expect(cut.warnings).toBe(1);
    // All but the last tenth is untouched; two rows of macroblocks are what a missing one can reach by the loop filter.
    const intact = 160 * 4 * (160 - 16 - 16);
    expect(largestDifference(cut.rgba.subarray(0, intact), whole.rgba.subarray(0, intact))).toBe(0);
    for (let at = 3; at < cut.rgba.length; at += 4) expect(cut.rgba[at]).toBe(255);
  });

  it('leaves the decoder as good as new', () => {
    const exports = webpInstance();
    const expected = decodeWhole(lossy).rgba;
    for (let i = 0; i < 300; i++) {
      const file = Uint8Array.from([lossy, lossless, transparent][i % 3] ?? lossy);
      file[30 + ((i * 7919) % (file.length - 30))] = (i * 31) & 255;
      failure(file, exports);
      if (i % 25 === 0) expect(Buffer.compare(decodeWhole(lossy, exports).rgba, expected)).toBe(0);
    }
    expect(Buffer.compare(decodeWhole(lossy, exports).rgba, expected)).toBe(0);
  });

  it('that asks for the smallest tiles over the largest picture runs out of memory by name', () => {
    // VP8L: colour transform with the smallest tiles over the largest picture, 64 MiB of data by itself.
    const bits = [
      [0x2f, 8],
      [16383, 14],
      [16383, 14],
      [0, 1],
      [0, 3],
      [1, 1],
      [1, 2],
      [0, 3],
    ] as const;
    const payload = Buffer.alloc(64);
    let at = 0;
    for (const [value, count] of bits) {
      for (let i = 0; i < count; i++, at++) payload[at >> 3] = (payload[at >> 3] ?? 0) | (((value >> i) & 1) << (at & 7));
    }
    const file = Buffer.concat([Buffer.from('RIFF\x54\0\0\0WEBPVP8L\x40\0\0\0', 'latin1'), payload]);
    expect(failure(file)).toBe('out_of_memory');
  });
});
