// Files out: encodes, keeps below a byte limit, and says what was written.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { buildTiff, insertExif } from './fixture/exif.mjs';

const FOLDER = new URL('../public/samples/', import.meta.url);
const QUALITY_MIN = 40;

/** Rasterises SVG text to RGB bytes: {data, width, height}. */
export async function rasterize(svg) {
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

/**
 * Writes a JPEG below `bytesMax`, at `quality` or as much lower as that takes. With `orientation` the pixels are stored
 * turned so that the EXIF tag brings the picture upright again, as a camera held on its side does. `progressive` suits the
 * web; cameras write baseline.
 * @throws {Error} when even the lowest quality is too large
 */
export async function saveJpeg(name, { data, width, height }, { quality = 86, bytesMax = 390_000, orientation = 1, progressive = true } = {}) {
  for (let step = quality; step >= QUALITY_MIN; step -= 3) {
    let picture = sharp(data, { raw: { width, height, channels: 3 } });
    if (orientation === 6) picture = picture.rotate(270);
    const encoded = await picture
      .jpeg({ quality: step, progressive, trellisQuantisation: true, overshootDeringing: true, optimiseScans: progressive, quantisationTable: 3 })
      .toBuffer();
    const bytes =
      orientation === 1
        ? encoded
        : insertExif(
            encoded,
            buildTiff([
              { tag: 0x0112, value: orientation },
              { tag: 0x0131, value: 'Vignette sample' },
            ]),
          );
    if (bytes.length <= bytesMax) return write(name, bytes, `quality ${step}`);
  }
  throw new Error(`${name} does not fit ${bytesMax} bytes at quality ${QUALITY_MIN}; simplify the picture or raise the limit`);
}

/** Writes bytes to `public/samples/` and prints their size. */
export function write(name, bytes, note = '') {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(name, FOLDER), bytes);
  console.log(`${fileURLToPath(new URL(name, FOLDER))}: ${bytes.length} bytes ${note}`);
}
