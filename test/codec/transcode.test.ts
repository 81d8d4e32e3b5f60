/** The whole transcode against sharp: every format and orientation, ours and jSquash's, upright and at the planned size. */
import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createCodec } from '../../src/codec/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import type { Size } from '../../src/core/vision/tier.ts';
import { loadModules } from './modules.ts';

const FIXTURES = new URL('../fixture/', import.meta.url);
const codec = createCodec(loadModules());

async function transcode(bytes: Uint8Array<ArrayBuffer>, size: Size | undefined, decoder: 'scanline' | 'jsquash') {
  const info = inspectImage(bytes);
  const target = size ?? { width: info.width, height: info.height };
  return codec.transcode(bytes, info, {
    kind: 'transcode',
    size: target,
    imageTokens: 1,
    isResized: size !== undefined,
    decoder,
    peakBytes: 0,
    bytesMax: 7_864_320,
  });
}

/** Upright RGB on white, by libvips. */
async function pixels(bytes: Uint8Array, size?: Size) {
  const upright = sharp(bytes, { failOn: 'none' }).rotate();
  const sized = size === undefined ? upright : upright.resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' });
  const { data, info } = await sized.flatten({ background: 'white' }).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

function psnr(a: Buffer, b: Buffer): number {
  expect(a.length).toBe(b.length);
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
  return sum === 0 ? Infinity : 10 * Math.log10((255 * 255) / (sum / a.length));
}

const read = (name: string) => new Uint8Array(readFileSync(new URL(name, FIXTURES)));
const names = readdirSync(FIXTURES).filter((name) => /\.(jpg|png|gif|webp)$/.test(name));

describe('a transcode', () => {
  it.each(names)('of %s is upright, of the same size and close to libvips', async (name) => {
    const bytes = read(name);
    const result = await transcode(bytes, undefined, 'scanline');
    const [ours, theirs] = [await pixels(result.bytes), await pixels(bytes)];
    expect({ width: ours.width, height: ours.height }).toEqual({ width: theirs.width, height: theirs.height });
    // CMYK has no agreed way to RGB without a profile: corners must still be the right ones.
    expect(psnr(ours.data, theirs.data)).toBeGreaterThan(name.includes('cmyk') ? 12 : 28);
  });

  it.each(names.filter((name) => !name.includes('gif')))('of %s to half its size is close to libvips', async (name) => {
    const bytes = read(name);
    const info = inspectImage(bytes);
    const size = { width: Math.round(info.width / 2), height: Math.round(info.height / 2) };
    const [ours, theirs] = [await pixels((await transcode(bytes, size, 'scanline')).bytes), await pixels(bytes, size)];
    expect({ width: ours.width, height: ours.height }).toEqual(size);
    expect(psnr(ours.data, theirs.data)).toBeGreaterThan(name.includes('cmyk') ? 10 : 22);
  });

  it.each(['jpeg-orientation-6-big-endian.jpg', 'jpeg-progressive.jpg'])('of %s by jSquash gives the same picture', async (name) => {
    const bytes = read(name);
    const [ours, theirs] = [await pixels((await transcode(bytes, undefined, 'jsquash')).bytes), await pixels(bytes)];
    expect(psnr(ours.data, theirs.data)).toBeGreaterThan(28);
  });

  it('keeps flat graphics exactly, as PNG', async () => {
    const bytes = new Uint8Array(
      await sharp({ create: { width: 300, height: 200, channels: 3, background: '#204080' } })
        .composite([{ input: { create: { width: 90, height: 60, channels: 3, background: '#f0c000' } }, left: 20, top: 30 }])
        .png()
        .toBuffer(),
    );
    const result = await transcode(bytes, undefined, 'scanline');
    expect(result.mediaType).toBe('image/png');
    expect(psnr((await pixels(result.bytes)).data, (await pixels(bytes)).data)).toBe(Infinity);
  });

  it('survives a thousand damaged files and then decodes a hundred good ones right', async () => {
    const good = read('jpeg-baseline-444.jpg');
    const wanted = await pixels(good);
    const damaged = ['jpeg-baseline-420.jpg', 'jpeg-progressive.jpg', 'png-rgb8.png', 'webp-vp8-lossy.webp', 'webp-vp8l-lossless.webp', 'gif-still.gif'].map(
      read,
    );
    let refused = 0;
    for (let round = 0; round < 1000; round++) {
      const original = damaged[round % damaged.length]!;
      const bytes = original.slice(0, Math.max(40, Math.floor((original.length * ((round * 37) % 100)) / 100)));
      bytes[(round * 7919) % bytes.length]! ^= 0x55;
      try {
        await transcode(bytes, { width: 16, height: 8 }, 'scanline');
      } catch (error) {
        expect(['image_undecodable', 'unsupported_media_type', 'image_too_large']).toContain((error as { code?: string }).code);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(300);
    for (let round = 0; round < 100; round++) {
      const result = await transcode(good, undefined, 'scanline');
      if (round % 20 === 0) expect(psnr((await pixels(result.bytes)).data, wanted.data)).toBeGreaterThan(30);
    }
  });
});
