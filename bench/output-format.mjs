/**
 * `npm run bench:output-format -- FOLDER …`: which PNG, GIF and WebP files leave as PNG and which as JPEG, at the standard tier, beside
 * what the other choice would have cost: bytes, and the SSIM of the JPEG. Without folders: the bench's own pictures and
 * `../shared/corpus` where it exists. A misfit is a PNG of more than three times the JPEG's bytes. `--all` prints every file.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { instantiate } from '../src/codec/scanline/instance.ts';
import { isFlat, measureContent, suitsPng } from '../src/codec/scanline/content.ts';
import { encodeRgbaJpeg } from '../src/codec/scanline/jpeg-encode.ts';
import { encodePng } from '../src/codec/scanline/png-encode.ts';
import { decodeRgba } from '../src/codec/scanline/rgba-decode.ts';
import { JPEG_QUALITY } from '../src/codec/scanline/transcode.ts';
import { inspectImage } from '../src/core/image/info.ts';
import { jpegSubsampling } from '../src/core/vision/memory/memory.ts';
import { nativeSize } from '../src/core/vision/native-size.ts';
import { storedSize, TIERS } from '../src/core/vision/tier.ts';
import { loadModules } from '../test/codec/modules.ts';
import { ssim } from '../test/codec/ssim.ts';
import { encodeSource, PICTURES } from './fidelity/picture.mjs';

const MISFIT_RATIO = 3;
const SIDE_MIN_PX = 64;
const CORPUS = '../shared/corpus';

const { values, positionals } = parseArgs({ options: { all: { type: 'boolean', default: false } }, allowPositionals: true });
const { scanline } = loadModules();
const folders = positionals.length > 0 ? positionals : [CORPUS].filter((path) => existsSync(path));
const rows = [];
if (positionals.length === 0) for (const { name, image } of PICTURES) await add(name, await encodeSource(image(), 'png'));
for (const folder of folders) for (const path of filesIn(folder)) await add(basename(path), new Uint8Array(readFileSync(path)));

const shown = values.all ? rows : rows.filter(({ isOwn, row }) => isOwn || row['PNG/JPEG'] > MISFIT_RATIO);
console.table(shown.map(({ row }) => row));
console.table([
  summary('as decided', ({ row }) => row.sent === 'png'),
  summary('PNG from 300 ‰ equal neighbours on', ({ equal }) => equal >= 300),
  summary('PNG always', () => true),
  summary('JPEG always', () => false),
]);

async function add(name, bytes) {
  let row;
  try {
    row = await measure(bytes);
  } catch {
    // Hostile files of a corpus are no pictures.
    return;
  }
  if (row !== undefined) rows.push({ isOwn: PICTURES.some((one) => one.name === name), equal: row.equal, row: { name: name.slice(-48), ...row.shown } });
}

async function measure(bytes) {
  const info = inspectImage(bytes);
  if (info.format === 'jpeg' || Math.min(info.width, info.height) < SIDE_MIN_PX) return undefined;
  const target = storedSize(nativeSize(info, TIERS.standard), info.orientation);
  const exports = instantiate(scanline);
  const job = { targetWidth: target.width, targetHeight: target.height, orientation: info.orientation };
  const outcome = decodeRgba(exports, bytes, info, job);
  if (outcome.kind === 'failed') return undefined;
  const { width, height } = outcome;
  const bitmap = { address: exports.rgbaTarget(), width, height };
  const content = measureContent(exports, bitmap);
  const png = encodePng(exports, bitmap, { isFlat: isFlat(content) });
  const opaque = await sharp(png).flatten({ background: 'white' }).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  new Uint8Array(exports.memory.buffer).set(opaque, bitmap.address);
  const jpeg = encodeRgbaJpeg(exports, bitmap, { quality: JPEG_QUALITY, qualityMin: JPEG_QUALITY, subsampling: jpegSubsampling(info), bytesMax: Infinity });
  const { equal, faint, clear, strong, colours } = content;
  const shown = {
    sent: suitsPng(content) && !isLossy(info) ? 'png' : 'jpeg',
    size: `${width}x${height}`,
    '‰ equal, faint, clear, strong': [equal, faint, clear, strong].map((share) => Math.round(share * 1000)).join(' '),
    colours,
    'PNG kB': kilobytes(png),
    'JPEG kB': kilobytes(jpeg),
    'PNG/JPEG': Number((png.length / jpeg.length).toFixed(2)),
    'SSIM as JPEG': Number(ssim(await rgb(jpeg), await rgb(png), width, height).toFixed(4)),
  };
  return { equal: equal * 1000, shown };
}

function summary(rule, isPng) {
  const asPng = rows.filter(isPng).map(({ row }) => row);
  const asJpeg = rows.filter((one) => !isPng(one)).map(({ row }) => row);
  const bytes = [...asPng.map((row) => row['PNG kB']), ...asJpeg.map((row) => row['JPEG kB'])].reduce((sum, kB) => sum + kB, 0);
  return {
    rule,
    files: rows.length,
    PNG: asPng.length,
    misfits: asPng.filter((row) => row['PNG/JPEG'] > MISFIT_RATIO).length,
    'JPEG though PNG is no larger': asJpeg.filter((row) => row['PNG/JPEG'] <= 1).length,
    'mean kB': Number((bytes / rows.length).toFixed(1)),
    'least SSIM': Math.min(1, ...asJpeg.map((row) => row['SSIM as JPEG'])),
  };
}

function isLossy({ detail, hasAlpha }) {
  return detail.format === 'webp' && detail.coding === 'lossy' && !hasAlpha;
}

function rgb(file) {
  return sharp(file).flatten({ background: 'white' }).toColourspace('srgb').removeAlpha().raw().toBuffer();
}

function kilobytes({ length }) {
  return Number((length / 1000).toFixed(1));
}

function* filesIn(folder) {
  for (const name of readdirSync(folder).toSorted()) {
    const path = join(folder, name);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (isFolder) yield* filesIn(path);
    else if (/\.(png|gif|webp)$/i.test(name)) yield path;
  }
}
