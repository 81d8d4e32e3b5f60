import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeJpegRgba, transcodeJpeg } from '../../src/codec/scanline/jpeg.ts';
import { makeJpeg, paintPicture, psnr, referencePixels, toRgb } from './jpeg-picture.ts';
import { loadJpeg } from './load-jpeg.ts';

const exports = loadJpeg();
const JOB = { orientation: 1, quality: 85, subsampling: '4:2:0' } as const;

describe('JPEG to JPEG', () => {
  it.each(['4:2:0', '4:4:4'] as const)('%s is as close to the reference as sharp is, at about its size', async (subsampling) => {
    const file = await makeJpeg(1600, 1200, { chromaSubsampling: '4:2:0' });
    for (const [width, height] of [
      [399, 299],
      [700, 525],
      [1600, 1200],
    ] as const) {
      const ours = transcodeJpeg(exports, file, { ...JOB, width, height, subsampling });
      const theirs = await sharp(file)
        .resize(width, height, { fit: 'fill', fastShrinkOnLoad: false })
        .jpeg({ quality: 85, chromaSubsampling: subsampling, optimiseCoding: false })
        .toBuffer();
      const reference = await referencePixels(file, width, height);
      const info = await sharp(ours.bytes).metadata();
      expect([info.width, info.height, info.chromaSubsampling, info.isProgressive]).toEqual([width, height, subsampling, false]);
      expect(psnr(await sharp(ours.bytes).raw().toBuffer(), reference)).toBeGreaterThan(psnr(await sharp(theirs).raw().toBuffer(), reference) - 0.5);
      expect(ours.bytes.length).toBeLessThan(theirs.length * 1.06);
    }
  });

  it('uses libjpeg’s quantisation tables at every quality', async () => {
    const file = await makeJpeg(32, 32);
    for (const quality of [1, 25, 49, 50, 51, 85, 100]) {
      const ours = transcodeJpeg(exports, file, { ...JOB, width: 32, height: 32, quality });
      const theirs = await sharp(file).jpeg({ quality }).toBuffer();
      expect(quantisers(ours.bytes), String(quality)).toEqual(quantisers(theirs));
    }
  });

  it('gray stays gray', async () => {
    const file = await sharp(await makeJpeg(300, 200))
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const ours = transcodeJpeg(exports, file, { ...JOB, width: 151, height: 101 });
    const info = await sharp(ours.bytes).metadata();
    expect([info.channels, info.width, info.height]).toEqual([1, 151, 101]);
    expect(psnr(toRgb(await sharp(ours.bytes).greyscale().raw().toBuffer(), 1), await referencePixels(file, 151, 101))).toBeGreaterThan(35);
  });
});

describe('orientation', () => {
  // Odd and even sides: the chroma grid moves by a pixel where an odd side is flipped.
  const cases = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((orientation) =>
    (
      [
        [160, 96],
        [121, 75],
        [64, 33],
      ] as const
    ).map(([width, height]) => [orientation, width, height] as const),
  );
  it.each(cases)('%i at %ix%i comes out upright', async (orientation, width, height) => {
    const pixels = paintPicture(484, 300);
    const file = await sharp(pixels, { raw: { width: 484, height: 300, channels: 3 } })
      .withMetadata({ orientation })
      .jpeg({ quality: 95, chromaSubsampling: '4:2:0' })
      .toBuffer();
    const upright = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const [w, h] = orientation >= 5 ? [height, width] : [width, height];
    const reference = await sharp(upright.data, { raw: upright.info }).resize(w, h, { fit: 'fill' }).raw().toBuffer();
    const plain = decodeJpegRgba(exports, file, { width, height, orientation });
    expect([plain.width, plain.height]).toEqual([w, h]);
    expect(psnr(toRgb(plain.rgba, 4), reference)).toBeGreaterThan(38);
    for (const subsampling of ['4:2:0', '4:4:4'] as const) {
      const coded = transcodeJpeg(exports, file, { ...JOB, quality: 95, subsampling, width, height, orientation });
      expect([coded.width, coded.height]).toEqual([w, h]);
      const out = await sharp(coded.bytes).raw().toBuffer({ resolveWithObject: true });
      expect([out.info.width, out.info.height]).toEqual([w, h]);
      expect(psnr(out.data, reference), subsampling).toBeGreaterThan(34);
    }
  });
});

describe('the byte limit', () => {
  it('lowers the quality until the file fits', async () => {
    const file = await makeJpeg(800, 600, { quality: 95 });
    const free = transcodeJpeg(exports, file, { ...JOB, width: 800, height: 600 });
    const bytesMax = Math.round(free.bytes.length * 0.7);
    const bound = transcodeJpeg(exports, file, { ...JOB, width: 800, height: 600, bytesMax });
    expect(free.quality).toBe(85);
    expect(bound.quality).toBeLessThan(85);
    expect(bound.bytes.length).toBeLessThanOrEqual(bytesMax);
    expect(bound.bytes.length).toBeGreaterThan(bytesMax * 0.6);
    expect((await sharp(bound.bytes).metadata()).width).toBe(800);
  });

  it('stops at the lowest quality', async () => {
    const file = await makeJpeg(200, 150);
    const ours = transcodeJpeg(exports, file, { ...JOB, width: 200, height: 150, bytesMax: 10, qualityMin: 60 });
    expect(ours.quality).toBe(60);
    expect((await sharp(ours.bytes).metadata()).height).toBe(150);
  });
});

/** The content of every DQT segment. */
function quantisers(file: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 2; at + 4 < file.length && file[at + 1] !== 0xda;) {
    const end = at + 2 + (((file[at + 2] ?? 0) << 8) | (file[at + 3] ?? 0));
    if (file[at + 1] === 0xdb) found.push(Buffer.from(file.subarray(at + 4, end)).toString('hex'));
    at = end;
  }
  return found;
}
