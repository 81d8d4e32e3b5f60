import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findWebpImage } from '../../src/codec/scanline/webp-container.ts';
import { decodeWhole, differenceFromOracle, picture } from './load-webp.ts';

/** A chunk: name, size, payload, padded to an even size. */
function chunk(name: string, payload: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(payload.length);
  return Buffer.concat([Buffer.from(name), size, payload, Buffer.alloc(payload.length & 1)]);
}

function riff(...chunks: Buffer[]): Buffer {
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
}

function uint24(...values: number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [value & 255, (value >> 8) & 255, value >> 16]));
}

function vp8x(flags: number, width: number, height: number): Buffer {
  return chunk('VP8X', Buffer.concat([Buffer.from([flags, 0, 0, 0]), uint24(width - 1, height - 1)]));
}

/** A frame of an animation: its place and size, then the chunks of a still file. */
function anmf(x: number, y: number, width: number, height: number, chunks: Buffer): Buffer {
  const place = uint24(x / 2, y / 2, width - 1, height - 1, 100);
  return chunk('ANMF', Buffer.concat([place, Buffer.from([0]), chunks]));
}

const ANIM = chunk('ANIM', Buffer.from([0, 0, 0, 0, 0, 0]));

describe('the container', () => {
  it('is found with a profile, metadata and unknown chunks before and behind the picture', async () => {
    const still = await picture(33, 21, 3, 'photograph').webp({ quality: 60 }).toBuffer();
    const file = riff(
      vp8x(0x2c, 33, 21),
      chunk('ICCP', Buffer.alloc(131)),
      chunk('abcd', Buffer.alloc(7)),
      still.subarray(12),
      chunk('EXIF', Buffer.alloc(30)),
      chunk('XMP ', Buffer.alloc(5)),
    );
    expect(findWebpImage(file)?.compression).toBe('lossy');
    expect(await differenceFromOracle(file)).toBe(0);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another RIFF', Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WAVEfmt ')])],
    ['no chunks', riff()],
    ['a canvas without a picture', riff(vp8x(0, 10, 10))],
    ['a frame that is cut inside its place', riff(vp8x(2, 10, 10), ANIM, chunk('ANMF', Buffer.alloc(9)))],
  ])('with %s is no picture', (_, file) => {
    expect(findWebpImage(file)).toBeUndefined();
    expect(() => decodeWhole(file)).toThrow(expect.objectContaining({ code: 'undecodable' }));
  });

  it('gives an opaque picture when its flags do not announce the ALPH chunk, as libvips does', async () => {
    const still = await picture(33, 21, 4, 'gradient').webp({ quality: 60 }).toBuffer();
    const body = still.subarray(still.indexOf('ALPH'));
    for (const [flags, hasAlpha] of [
      [0x10, true],
      [0, false],
    ] as const) {
      const file = riff(vp8x(flags, 33, 21), Buffer.from(body));
      expect((await sharp(file).metadata()).hasAlpha).toBe(hasAlpha);
      expect(decodeWhole(file).hasAlpha).toBe(hasAlpha);
    }
  });

  it('may lack padding or give a wrong size of the file', async () => {
    const still = await picture(33, 21, 3, 'photograph').webp({ quality: 60 }).toBuffer();
    const whole = decodeWhole(still).rgba;
    const unpadded = riff(vp8x(0x20, 33, 21), chunk('ICCP', Buffer.alloc(131)).subarray(0, -1), still.subarray(12));
    const files = [0, 10, 0xffffffff].map((size) => {
      const file = Buffer.from(still);
      file.writeUInt32LE(size, 4);
      return file;
    });
    for (const file of [unpadded, ...files]) expect(Buffer.compare(decodeWhole(file).rgba, whole)).toBe(0);
    expect(decodeWhole(files[2]!).warnings).toBe(1);
  });

  it('whose canvas is not the size of the still picture is refused', async () => {
    const still = await picture(33, 21, 3, 'photograph').webp().toBuffer();
    expect(() => decodeWhole(riff(vp8x(0, 33, 22), still.subarray(12)))).toThrow(expect.objectContaining({ code: 'undecodable' }));
  });

  it('may lie about the length of a chunk up to 4 GiB without harm', async () => {
    const still = await picture(33, 21, 3, 'photograph').webp({ lossless: true }).toBuffer();
    const whole = decodeWhole(still).rgba;
    still.writeUInt32LE(0xffffffff, 16);
    expect(Buffer.compare(decodeWhole(still).rgba, whole)).toBe(0);
  });
});

describe('the first frame of an animation', () => {
  it.each([
    ['lossy', { quality: 70 }],
    ['lossless', { lossless: true }],
  ])('lies at its place on a transparent canvas (%s)', async (_, options) => {
    for (const channels of [3, 4] as const) {
      const still = await picture(20, 12, channels, 'gradient').webp(options).toBuffer();
      const chunks = still.subarray(still.indexOf(channels === 4 && 'quality' in options ? 'ALPH' : 'VP8'));
      const body = channels === 3 ? still.subarray(12) : chunks;
      const frame = await sharp(still).ensureAlpha().raw().toBuffer();
      for (const [x, y] of [
        [0, 0],
        [4, 18],
        [12, 20],
      ] as const) {
        const ours = decodeWhole(riff(vp8x(0x12, 32, 32), ANIM, anmf(x, y, 20, 12, Buffer.from(body))));
        const canvas = Buffer.alloc(32 * 32 * 4);
        for (let row = 0; row < 12; row++) frame.copy(canvas, ((y + row) * 32 + x) * 4, row * 80, row * 80 + 80);
        expect(ours).toMatchObject({ width: 32, height: 32, hasAlpha: true, isAnimated: true, warnings: 0 });
        expect(Buffer.compare(ours.rgba, canvas)).toBe(0);
      }
    }
  });

  it('is what sharp gives for the first page', async () => {
    const pages = [0, 1, 2].map((i) => {
      const background = { r: 80 * i, g: 40, b: 9, alpha: 0.5 };
      return sharp({ create: { width: 50, height: 40, channels: 4, background } })
        .png()
        .toBuffer();
    });
    const file = await sharp(await Promise.all(pages), { join: { animated: true } })
      .webp({ quality: 80 })
      .toBuffer();
    expect(await differenceFromOracle(file)).toBeLessThanOrEqual(1);
  });

  it('outside its canvas is refused', async () => {
    const still = await picture(20, 12, 3, 'gradient').webp().toBuffer();
    const file = riff(vp8x(2, 32, 32), ANIM, anmf(14, 0, 20, 12, still.subarray(12)));
    expect(() => decodeWhole(file)).toThrow(expect.objectContaining({ code: 'undecodable' }));
  });
});
