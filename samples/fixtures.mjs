// Makes the tiny test images of test/fixture/ and the table in their README.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { bmp, rgb24 } from '../test/support/bmp.ts';
import { insertExif, orientationTiff } from './fixture/exif.mjs';
import { extendWebp, insertPngExif } from './fixture/container.mjs';
import { CORNERS, GRAY_CORNERS, HEIGHT, WIDTH, quadrant, quadrantWithAlpha, storePixels } from './fixture/pattern.mjs';

const FOLDER = new URL('../test/fixture/', import.meta.url);
const FRAME_DELAY_MS = 120;
const BIG = { isBigEndian: true };
const colour = quadrant(CORNERS);
const open = ({ data, width, height, channels }) => sharp(data, { raw: { width, height, channels } });
const rgb = () => open(storePixels(colour));
const rgba = () => open(storePixels(quadrantWithAlpha));
const gray = () => open(storePixels(quadrant(GRAY_CORNERS))).toColourspace('b-w');
const turned = (orientation) => open(storePixels(colour, orientation));
// The first frame is the pattern; the later ones are its mirror image and its half turn, so a wrong frame shows.
const frames = () => {
  const data = Buffer.concat([1, 2, 3].map((orientation) => storePixels(colour, orientation).data));
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT * 3, channels: 3, pageHeight: HEIGHT } });
};

const fixtures = [];
const add = (name, what, bytes) => fixtures.push({ name, what, bytes });

const jpeg = (picture, options) => picture.jpeg({ quality: 90, ...options }).toBuffer();
add('jpeg-baseline-420.jpg', 'baseline, YCbCr 4:2:0', await jpeg(rgb()));
add('jpeg-baseline-444.jpg', 'baseline, YCbCr 4:4:4', await jpeg(rgb(), { chromaSubsampling: '4:4:4' }));
add('jpeg-progressive.jpg', 'progressive, YCbCr 4:2:0', await jpeg(rgb(), { progressive: true }));
add('jpeg-gray.jpg', 'baseline, one component', await jpeg(gray()));
add('jpeg-gray-progressive.jpg', 'progressive, one component', await jpeg(gray(), { progressive: true }));
add('jpeg-cmyk.jpg', 'CMYK with an Adobe marker (colours only near the pattern)', await jpeg(rgb().toColourspace('cmyk')));
for (let orientation = 1; orientation <= 8; orientation++) {
  for (const [order, options] of [
    ['big-endian', BIG],
    ['little-endian', {}],
  ]) {
    const bytes = insertExif(await jpeg(turned(orientation)), orientationTiff(orientation, options));
    add(`jpeg-orientation-${orientation}-${order}.jpg`, `EXIF orientation ${orientation}, ${order}`, bytes);
  }
}

const png = (picture, options) => picture.png(options).toBuffer();
add('png-rgb8.png', 'truecolour, 8 bits', await png(rgb()));
add('png-rgba8.png', 'truecolour with alpha, 8 bits', await png(rgba()));
add('png-rgb16.png', 'truecolour, 16 bits', await png(rgb().toColourspace('rgb16')));
add('png-rgba16-interlaced.png', 'truecolour with alpha, 16 bits, Adam7', await png(rgba().toColourspace('rgb16'), { progressive: true }));
add('png-gray8.png', 'grayscale, 8 bits', await png(gray()));
add('png-palette.png', 'palette, opaque', await png(rgb(), { palette: true }));
add('png-palette-trns.png', 'palette with tRNS', await png(rgba(), { palette: true }));
add('png-interlaced.png', 'truecolour, 8 bits, Adam7', await png(rgb(), { progressive: true }));
for (const [orientation, order, options] of [
  [3, 'big-endian', BIG],
  [6, 'big-endian', BIG],
  [6, 'little-endian', {}],
  [7, 'little-endian', {}],
]) {
  const bytes = insertPngExif(await png(turned(orientation)), orientationTiff(orientation, options));
  add(`png-orientation-${orientation}-${order}.png`, `eXIf orientation ${orientation}, ${order}`, bytes);
}

add('gif-still.gif', 'one frame', await rgb().gif().toBuffer());
add('gif-transparent.gif', 'one frame, transparent corner (the half-transparent quadrant becomes opaque)', await rgba().gif().toBuffer());
add(
  'gif-animated.gif',
  'three frames: pattern, mirrored, half turn',
  await frames()
    .gif({ delay: [1, 1, 1].map(() => FRAME_DELAY_MS), loop: 0 })
    .toBuffer(),
);

const lossy = (picture) => picture.webp({ quality: 90 }).toBuffer();
const lossless = (picture) => picture.webp({ lossless: true }).toBuffer();
add('webp-vp8-lossy.webp', 'simple lossy (VP8)', await lossy(rgb()));
add('webp-vp8l-lossless.webp', 'simple lossless (VP8L)', await lossless(rgb()));
add('webp-vp8l-alpha.webp', 'simple lossless with alpha (VP8L)', await lossless(rgba()));
add('webp-vp8x-alpha.webp', 'extended (VP8X), lossy with ALPH', await lossy(rgba()));
add(
  'webp-vp8x-animated.webp',
  'extended (VP8X), three frames: pattern, mirrored, half turn',
  await frames()
    .webp({ lossless: true, delay: [1, 1, 1].map(() => FRAME_DELAY_MS), loop: 0 })
    .toBuffer(),
);
for (const [orientation, order, options, encode] of [
  [3, 'little-endian', {}, lossy],
  [6, 'big-endian', BIG, lossy],
  [6, 'little-endian', {}, lossless],
  [8, 'big-endian', BIG, lossless],
]) {
  const stored = storePixels(colour, orientation);
  const bytes = extendWebp(await encode(open(stored)), orientationTiff(orientation, options), stored);
  const kind = encode === lossy ? 'VP8' : 'VP8L';
  add(`webp-orientation-${orientation}-${order}-${kind.toLowerCase()}.webp`, `extended (VP8X), ${kind}, EXIF orientation ${orientation}, ${order}`, bytes);
}

const size = { width: WIDTH, height: HEIGHT };
const palette = Object.values(CORNERS);
const indexAt = (x, y) => palette.findIndex((corner) => corner.every((sample, channel) => sample === colour(x, y)[channel]));
add(
  'bmp-rgb24.bmp',
  '24 bits, from the bottom',
  bmp({ ...size, depth: 24 }, (x, y) => rgb24(colour(x, y))),
);
add('bmp-os2-palette4.bmp', '4 bits and a palette, the first header of OS/2', bmp({ ...size, depth: 4, header: 12, palette }, indexAt));
add('bmp-rle8.bmp', '8 bits, run lengths', bmp({ ...size, depth: 8, compression: 1, palette, data: runs() }));
const alphaMasks = { depth: 32, header: 124, isTopDown: true, masks: [0xff0000, 0xff00, 0xff, 0xff000000] };
add(
  'bmp-v5-alpha.bmp',
  '32 bits with a mask for alpha, version 5, from the top',
  bmp({ ...size, ...alphaMasks }, (x, y) => withAlpha(quadrantWithAlpha(x, y))),
);

function withAlpha([red, green, blue, alpha = 255]) {
  return rgb24([red, green, blue], alpha);
}

/** Two runs a row, from the last row up, and the end of the picture. */
function runs() {
  const half = WIDTH / 2;
  const rows = Array.from({ length: HEIGHT }, (_, row) => [half, indexAt(0, HEIGHT - 1 - row), half, indexAt(WIDTH - 1, HEIGHT - 1 - row), 0, 0]);
  return Uint8Array.from([...rows.flat(), 0, 1]);
}

mkdirSync(FOLDER, { recursive: true });
for (const { name, bytes } of fixtures) writeFileSync(new URL(name, FOLDER), bytes);
writeFileSync(new URL('README.md', FOLDER), readme(fixtures));
console.log(`${fixtures.length} fixtures, ${fixtures.reduce((sum, { bytes }) => sum + bytes.length, 0)} bytes`);

function readme(all) {
  const corner = Object.entries(CORNERS)
    .map(([place, value]) => `${place} rgb(${value.join(', ')})`)
    .join('; ');
  const level = Object.entries(GRAY_CORNERS)
    .map(([place, value]) => `${place} ${value}`)
    .join('; ');
  const rows = all.map(({ name, what, bytes }) => `| ${name} | ${what} | ${bytes.length} | ${createHash('sha256').update(bytes).digest('hex')} |`);
  return `# Test images

Made by \`npx node samples/fixtures.mjs\`, which also wrote this page. Origin: rendered by this project. Licence: MIT.

Upright, each is ${WIDTH} × ${HEIGHT} px: four quadrants, told apart by their colours.

- colour: ${corner}
- gray: ${level}
- alpha, where there is any: the bottom right quadrant 128, its last 8 × 8 px 0, the rest 255

Where a file has an orientation, its pixels are stored so that applying it gives that upright picture; 5 to 8 are
stored ${HEIGHT} × ${WIDTH}. Lossy files are within a few levels of the colours away from the borders of the quadrants.

| file | what it is | bytes | sha256 |
|---|---|---|---|
${rows.join('\n')}
`;
}
