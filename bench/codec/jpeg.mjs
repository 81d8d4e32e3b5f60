/**
 * JPEG to JPEG, ours against sharp (one thread, no cache), interleaved in one process. Times are CPU milliseconds of the
 * process (user and system, all its threads), which hold still on a busy machine; medians and minima.
 * Run: npx node scripts/build-wasm-jpeg.mjs && npx node bench/codec/jpeg.mjs [repetitions] [name prefix]
 */
import sharp from 'sharp';
import { transcodeJpeg } from '../../src/codec/scanline/jpeg.ts';
import { loadJpeg } from '../../test/codec/load-jpeg.ts';
import { makePhotographs } from './make-jpeg.mjs';

sharp.concurrency(1);
sharp.cache(false);

/** Name of the photograph, and the target that the documented algorithm gives for the tier. */
const CASES = [
  ['2mp-baseline-q85', 1260, 945, 'standard'],
  ['12mp-baseline-q85', 1260, 945, 'standard'],
  ['12mp-baseline-q85', 2233, 1675, 'high'],
  ['12mp-baseline-q95', 1260, 945, 'standard'],
  ['12mp-progressive-q85', 1260, 945, 'standard'],
  ['24mp-baseline-q85', 1316, 877, 'standard'],
  ['48mp-baseline-q85', 1256, 942, 'standard'],
  ['64mp-baseline-q85', 1092, 1092, 'standard'],
  ['64mp-baseline-q85', 1932, 1932, 'high'],
  ['64mp-baseline-q95', 1092, 1092, 'standard'],
  ['64mp-progressive-q85', 1092, 1092, 'standard'],
  ['64mp-progressive-q85', 1932, 1932, 'high'],
];

const repetitions = Number(process.argv[2] ?? 7);
const prefix = process.argv[3] ?? '';
const cases = CASES.filter(([name, , , tier]) => `${name} ${tier}`.startsWith(prefix));
const files = await makePhotographs([...new Set(cases.map(([name]) => name))]);

const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[list.length >> 1];

console.log('| case | target | ours ms (min) | sharp ms (min) | ratio of medians | of minima | peak MB | kB ours | kB sharp | PSNR ours | sharp |');
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
for (const [name, width, height, tier] of cases) {
  const { bytes } = files[name];
  const exports = loadJpeg();
  const job = { width, height, orientation: 1, quality: 85, subsampling: '4:2:0' };
  const ours = [];
  const theirs = [];
  let out;
  let other;
  for (let i = 0; i < repetitions + 1; i++) {
    let start = process.cpuUsage();
    out = transcodeJpeg(exports, bytes, job);
    const first = cpuMilliseconds(start);
    start = process.cpuUsage();
    other = await sharp(bytes, { limitInputPixels: false }).resize(width, height, { fit: 'fill' }).jpeg({ quality: 85 }).toBuffer();
    if (i === 0) continue;
    ours.push(first);
    theirs.push(cpuMilliseconds(start));
  }
  const row = [
    `${name} ${tier}`, `${width}x${height}`,
    `${median(ours).toFixed(1)} (${Math.min(...ours).toFixed(1)})`, `${median(theirs).toFixed(1)} (${Math.min(...theirs).toFixed(1)})`,
    (median(ours) / median(theirs)).toFixed(2), (Math.min(...ours) / Math.min(...theirs)).toFixed(2),
    (out.peakBytes / 1e6).toFixed(1), (out.bytes.length / 1e3).toFixed(0), (other.length / 1e3).toFixed(0),
    ...(await distances(bytes, width, height, [out.bytes, other])),
  ];
  console.log(`| ${row.join(' | ')} |`);
}

function cpuMilliseconds(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** PSNR of each JPEG of `encoded` against the full decode resized with Lanczos3, before encoding. */
async function distances(bytes, width, height, encoded) {
  if (process.env.PSNR !== '1') return ['', ''];
  const full = await sharp(bytes, { limitInputPixels: false }).raw().toBuffer({ resolveWithObject: true });
  const reference = await sharp(full.data, { raw: full.info, limitInputPixels: false }).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  return Promise.all(
    encoded.map(async (file) => {
      const pixels = await sharp(Buffer.from(file)).raw().toBuffer();
      let sum = 0;
      for (let i = 0; i < reference.length; i++) sum += (reference[i] - pixels[i]) ** 2;
      return (10 * Math.log10((255 * 255) / (sum / reference.length))).toFixed(2);
    }),
  );
}
