/**
 * How far perceptual hashes of the same picture in other forms lie apart, and those of different pictures: what a
 * `max_distance` finds and what it confuses. `npx node bench/near-duplicate.mjs [folder…]`; default: the samples.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { grayThumbnail } from '../src/codec/scanline/thumbnail.ts';
import { hashDistance, hasSameShape, perceptualHash, THUMBNAIL_SIDE_PX } from '../src/core/cache/perceptual-hash.ts';
import { inspectImage } from '../src/core/image/info.ts';

const module = await WebAssembly.compile(readFileSync('dist/codec.wasm'));
const folders = process.argv.length > 2 ? process.argv.slice(2) : ['public/samples'];

/** What happens to pictures on the web, and what makes them others. */
const FORMS = {
  'JPEG q90': (image) => image.jpeg({ quality: 90 }),
  'JPEG q60': (image) => image.jpeg({ quality: 60 }),
  'JPEG q30': (image) => image.jpeg({ quality: 30 }),
  'WebP q75': (image) => image.webp({ quality: 75 }),
  'half size': (image, { width }) => image.resize(Math.max(1, width >> 1)).jpeg({ quality: 85 }),
  'quarter size': (image, { width }) => image.resize(Math.max(1, width >> 2)).jpeg({ quality: 85 }),
  'brighter by a tenth': (image) => image.modulate({ brightness: 1.1 }).jpeg({ quality: 85 }),
  gray: (image) => image.grayscale().jpeg({ quality: 85 }),
  'cut by 2 % a side': (image, size) => cut(image, size, 0.02),
  'cut by 5 % a side': (image, size) => cut(image, size, 0.05),
  mirrored: (image) => image.flop().jpeg({ quality: 85 }),
  'word in a corner': (image, size) => label(image, size),
};

const pictures = [];
for (const folder of folders) {
  for (const name of readdirSync(folder)) {
    if (!/\.(jpe?g|png|webp|gif)$/i.test(name)) continue;
    const picture = await look(readFileSync(join(folder, name)));
    if (picture !== undefined) pictures.push({ name: join(folder, name), ...picture });
  }
}
const known = pictures.filter(({ hash }) => hash !== undefined);
console.log(`${pictures.length} pictures that our codec reads, ${known.length} with structure enough for a hash`);

const rows = {};
for (const [form, make] of Object.entries(FORMS)) {
  const distances = [];
  let lost = 0;
  for (const picture of known) {
    const upright = sharp(picture.bytes, { failOn: 'none' }).rotate().flatten({ background: 'white' });
    const other = await remade(make, upright, picture);
    if (other?.hash === undefined || !hasSameShape(picture.aspect, other.aspect)) lost += 1;
    else distances.push(hashDistance(picture.hash, other.hash));
  }
  rows[form] = { ...summary(distances), 'no hash or other shape': lost };
}
console.table(rows);

const pairs = [];
for (const [index, one] of known.entries())
  for (const other of known.slice(index + 1))
    if (hasSameShape(one.aspect, other.aspect)) pairs.push({ distance: hashDistance(one.hash, other.hash), one, other });
console.log('different pictures of the same shape:');
console.table({ pairs: summary(pairs.map(({ distance }) => distance)) });
for (const { distance, one, other } of pairs
  .filter(({ distance }) => distance <= 10)
  .toSorted((a, b) => a.distance - b.distance)
  .slice(0, 12))
  console.log(`${distance}: ${one.name} | ${other.name}`);

async function look(bytes) {
  try {
    const info = inspectImage(new Uint8Array(bytes));
    const gray = grayThumbnail(module, new Uint8Array(bytes), info, THUMBNAIL_SIDE_PX);
    if (gray === undefined) return undefined;
    return { bytes, width: info.width, height: info.height, aspect: info.width / info.height, hash: perceptualHash(gray) };
  } catch {
    return undefined;
  }
}

/** Undefined for a file that sharp does not read. */
async function remade(make, image, picture) {
  try {
    return await look(await make(image, picture).toBuffer());
  } catch {
    return undefined;
  }
}

function cut(image, { width, height }, share) {
  const [left, top] = [Math.round(width * share), Math.round(height * share)];
  return image.extract({ left, top, width: Math.max(1, width - 2 * left), height: Math.max(1, height - 2 * top) }).jpeg({ quality: 85 });
}

async function labelSvg(width, height) {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect x="2%" y="85%" width="25%" height="12%" fill="#000"/></svg>`,
  );
}

function label(image, { width, height }) {
  return {
    toBuffer: async () =>
      image
        .composite([{ input: await labelSvg(width, height) }])
        .jpeg({ quality: 85 })
        .toBuffer(),
  };
}

function summary(distances) {
  const sorted = distances.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const within = (limit) => `${distances.filter((distance) => distance <= limit).length}`;
  return {
    count: distances.length,
    median: at(0.5),
    p95: at(0.95),
    max: at(1),
    min: sorted[0],
    '≤ 2': within(2),
    '≤ 4': within(4),
    '≤ 6': within(6),
    '≤ 8': within(8),
    '≤ 10': within(10),
  };
}
