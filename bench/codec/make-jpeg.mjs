/**
 * Makes the large photographs that bench/codec/jpeg.mjs reads, once, under dist/bench: a photograph of the corpus is
 * mirror-tiled at its own pixel density, so that the entropy of a picture is that of a real one.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = fileURLToPath(new URL('../../dist/bench/', import.meta.url));
const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const photograph = `${corpus}wuffs/wuffs__harvesters.jpeg`;

/** Mirror-tiles RGB `tile` to `width` by `height`. */
function tileMirrored(tile, width, height) {
  const { data, info } = tile;
  const out = Buffer.allocUnsafe(width * height * 3);
  const doubled = Buffer.allocUnsafe(info.width * 2 * 3);
  for (let y = 0; y < height; y++) {
    const folded = y % (2 * info.height);
    const row = folded < info.height ? folded : 2 * info.height - 1 - folded;
    data.copy(doubled, 0, row * info.width * 3, (row + 1) * info.width * 3);
    for (let x = 0; x < info.width; x++) doubled.copy(doubled, (2 * info.width - 1 - x) * 3, x * 3, x * 3 + 3);
    for (let x = 0; x < width; x += 2 * info.width) {
      doubled.copy(out, (y * width + x) * 3, 0, Math.min(2 * info.width, width - x) * 3);
    }
  }
  return out;
}

/** The photographs by name; each is made when it is missing. */
export async function makePhotographs(names) {
  if (!existsSync(photograph)) throw new Error(`the corpus is not at ${corpus}`);
  mkdirSync(folder, { recursive: true });
  // Twice the size, softened as a phone's demosaicing does: about 1 bit a pixel at quality 85.
  const tile = await sharp(photograph).resize({ width: 2330, kernel: 'cubic' }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const files = {};
  for (const name of names) {
    const [size, kind, quality] = name.split('-');
    const [width, height] = SIZES[size];
    const path = `${folder}${name}.jpg`;
    if (!existsSync(path)) {
      const raw = tileMirrored(tile, width, height);
      const image = sharp(raw, { raw: { width, height, channels: 3 }, limitInputPixels: false });
      const options = { quality: Number(quality.slice(1)), progressive: kind === 'progressive', chromaSubsampling: '4:2:0' };
      writeFileSync(path, await image.jpeg(options).toBuffer());
    }
    files[name] = { bytes: readFileSync(path), width, height };
  }
  return files;
}

const SIZES = {
  '2mp': [1600, 1200], '12mp': [4032, 3024], '24mp': [6000, 4000], '48mp': [8000, 6000], '64mp': [8000, 8000],
};
