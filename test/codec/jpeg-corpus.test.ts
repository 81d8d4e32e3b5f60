import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeJpegRgba, JpegFault } from '../../src/codec/scanline/jpeg.ts';
import { psnr, referencePixels, toRgb } from './jpeg-picture.ts';
import { loadJpeg } from './load-jpeg.ts';

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const isThere = existsSync(corpus);
if (!isThere) console.warn(`the corpus is not at ${corpus}: its tests are skipped`);

const files = isThere
  ? readdirSync(corpus, { recursive: true })
      .map(String)
      .filter((name) => statSync(corpus + name).isFile())
      .filter((name) => /\.jpe?g$/i.test(name))
  : [];

/** Colours by profile there, without here. */
const FAR = /cmyk|icc_profile_big/;

describe.skipIf(!isThere)('the corpus', () => {
  it('has JPEGs', () => expect(files.length).toBeGreaterThan(100));

  it.each(files)('%s is decoded as libjpeg does, or refused with a fault', async (name) => {
    const bytes = readFileSync(corpus + name);
    const isClean =
      bytes.length > 0 &&
      (await sharp(bytes, { failOn: 'warning' })
        .stats()
        .then(
          () => true,
          () => false,
        ));
    const info = isClean ? await sharp(bytes).metadata() : undefined;
    const width = Math.min(info?.width ?? 16, 2000);
    const height = Math.min(info?.height ?? 16, 2000);
    let verdict: string;
    try {
      const ours = decodeJpegRgba(loadJpeg(), bytes, { width, height, orientation: 1 });
      verdict = 'decoded';
      expect(ours.rgba.length).toBe(width * height * 4);
      if (isClean) {
        const distance = psnr(toRgb(ours.rgba, 4), await referencePixels(bytes, width, height));
        const least = info?.chromaSubsampling === '4:4:4' ? 45 : 30;
        expect(distance).toBeGreaterThan(FAR.test(name) ? 22 : least);
      }
    } catch (error) {
      if (!(error instanceof JpegFault)) throw error;
      verdict = error.code;
    }
    // What sharp reads without a warning we read too.
    if (isClean) expect(verdict).toBe('decoded');
  });
});
