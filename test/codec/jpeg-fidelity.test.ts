import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeJpegRgba, transcodeJpeg } from '../../src/codec/scanline/jpeg.ts';
import { psnr, referencePixels, toRgb } from './jpeg-picture.ts';
import { loadJpeg } from './load-jpeg.ts';

const photograph = fileURLToPath(new URL('../../../shared/corpus/wuffs/wuffs__harvesters.jpeg', import.meta.url));
const isThere = existsSync(photograph);
if (!isThere) console.warn(`the corpus is not there (${photograph}): fidelity on a photograph is not tested`);

const exports = loadJpeg();
const WIDTH = 2304;
const HEIGHT = 1664;
/** Most that a result may lie below sharp's, with its shrink-on-load, in dB. */
const LOSS_DB = 0.5;

describe.skipIf(!isThere)('a photograph scaled down is not worse than with sharp’s shrink-on-load', () => {
  let file: Buffer;
  beforeAll(async () => {
    file = await sharp(photograph)
      .resize({ width: 2330, kernel: 'cubic' })
      .extract({ left: 0, top: 0, width: WIDTH, height: HEIGHT })
      .jpeg({ quality: 90 })
      .toBuffer();
  });

  // Ratios from 1.2 to 15: every N at a small and at a large reserve.
  it.each([151, 169, 192, 230, 244, 257, 288, 303, 338, 384, 426, 460, 514, 576, 640, 732, 815, 976, 1152, 1440, 1901])('at %i pixels', async (width) => {
    const height = Math.round((HEIGHT * width) / WIDTH);
    const target = { width, height, orientation: 1 };
    const reference = await referencePixels(file, width, height);
    const scaled = (): sharp.Sharp => sharp(file).resize(width, height, { fit: 'fill' });

    const theirs = await sharp(await scaled().jpeg({ quality: 85 }).toBuffer())
      .raw()
      .toBuffer();
    const ours = transcodeJpeg(exports, file, { ...target, quality: 85, subsampling: '4:2:0' });
    expect(psnr(await sharp(ours.bytes).raw().toBuffer(), reference)).toBeGreaterThan(psnr(theirs, reference) - LOSS_DB);

    // Without a coder's loss: 46 dB is where rounding to bytes begins to be all that is left.
    const plain = psnr(toRgb(decodeJpegRgba(exports, file, target).rgba, 4), reference);
    expect(plain).toBeGreaterThan(Math.min(46, psnr(await scaled().raw().toBuffer(), reference) - LOSS_DB));
  });
});
