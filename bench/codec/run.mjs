/**
 * `npm run bench:codec`: a picture to the size that Claude sees, encoded again; ours in Node and in workerd, sharp (one
 * thread), jSquash (tuned), and the physical floor (decoding at the smallest scale alone; inflate alone). Interleaved
 * runs in one process, medians. Times of Node and sharp are CPU time of the process with all its threads, which holds
 * still on a busy machine; workerd's is wall time from outside.
 *
 *   npm run bench:codec -- --only png --runs 7        names are matched by their beginning
 *   npm run bench:codec -- --smoke                    one small case, to see that it runs
 */
import { parseArgs } from 'node:util';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { createTestHarness } from 'wrangler';
import { instantiate } from '../../src/codec/scanline/instance.ts';
import { decodeJpegRgba } from '../../src/codec/scanline/jpeg.ts';
import { createCodec } from '../../src/codec/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { nativeSize } from '../../src/core/vision/native-size.ts';
import { TIERS } from '../../src/core/vision/tier.ts';
import { loadModules } from '../../test/codec/modules.ts';
import { picture } from './picture.mjs';

sharp.concurrency(1);
sharp.cache(false);
const UNLIMITED = { limitInputPixels: false, unlimited: true };
globalThis.ImageData ??= class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};

const jpeg =
  (quality, progressive = false) =>
  (image) =>
    image.jpeg({ quality, progressive, chromaSubsampling: '4:2:0' });
const SIZES = { 2: [1600, 1200], 12: [4032, 3024], 24: [6000, 4000], 48: [8000, 6000], 64: [8000, 8000] };
const photographs = Object.entries(SIZES).flatMap(([megapixels, [width, height]]) =>
  [
    ['baseline', 85],
    ['baseline', 95],
    ['progressive', 85],
    ['progressive', 95],
  ].flatMap(([coding, quality]) =>
    ['standard', 'high'].map((tier) => ({
      name: `jpeg ${megapixels} MP ${coding} q${quality}`,
      width,
      height,
      content: 'photograph',
      tier,
      encode: jpeg(quality, coding === 'progressive'),
      type: 'jpg',
    })),
  ),
);
const CASES = [
  ...photographs,
  { name: 'png 1080p screenshot', width: 1920, height: 1080, content: 'screenshot', tier: 'standard', encode: (image) => image.png(), type: 'png' },
  {
    name: 'png 4K screenshot',
    width: 3840,
    height: 2160,
    content: 'screenshot',
    tier: 'standard',
    encode: (image) => image.ensureAlpha().png({ adaptiveFiltering: true }),
    type: 'png',
  },
  {
    name: 'png 4K screenshot',
    width: 3840,
    height: 2160,
    content: 'screenshot',
    tier: 'high',
    encode: (image) => image.ensureAlpha().png({ adaptiveFiltering: true }),
    type: 'png',
  },
  {
    name: 'png 4K photograph',
    width: 3840,
    height: 2160,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.png({ adaptiveFiltering: true }),
    type: 'png',
  },
  {
    name: 'png 8000x8000 RGB',
    width: 8000,
    height: 8000,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.png({ adaptiveFiltering: true, compressionLevel: 4 }),
    type: 'png',
  },
  {
    name: 'png 8000x8000 RGBA',
    width: 8000,
    height: 8000,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.ensureAlpha().png({ adaptiveFiltering: true, compressionLevel: 4 }),
    type: 'png',
  },
  {
    name: 'png 8000x8000 RGBA interlaced',
    width: 8000,
    height: 8000,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.ensureAlpha().png({ progressive: true, compressionLevel: 4 }),
    type: 'png',
  },
  { name: 'gif 4K screenshot', width: 3840, height: 2160, content: 'screenshot', tier: 'standard', encode: (image) => image.gif({ effort: 1 }), type: 'gif' },
  {
    name: 'webp 12 MP lossy',
    width: 4032,
    height: 3024,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.webp({ quality: 80, effort: 1 }),
    type: 'webp',
  },
  {
    name: 'webp 4K lossless',
    width: 3840,
    height: 2160,
    content: 'screenshot',
    tier: 'standard',
    encode: (image) => image.webp({ lossless: true, effort: 1 }),
    type: 'webp',
  },
];

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, runs: { type: 'string', default: '7' }, smoke: { type: 'boolean', default: false } },
});
const runs = values.smoke ? 1 : Number(values.runs);
const cases = values.smoke ? CASES.filter(({ name }) => name === 'jpeg 2 MP baseline q85') : CASES.filter(({ name }) => name.startsWith(values.only));
const modules = loadModules();
const codec = createCodec(modules);
const workerd = createTestHarness({ workers: [{ configPath: 'bench/codec/wrangler.toml' }] });
const { url } = await workerd.listen();

console.log(
  '\n| case | target | ours ms | workerd ms | sharp ms | ours/sharp | jSquash ms | jSquash/ours | floor ms | peak MB | kB out, sharp | PSNR dB, sharp |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|');
for (const one of cases) console.log(`| ${(await measure(one)).join(' | ')} |`);
await workerd.close();
process.exit(0);

async function measure({ name, width, height, content, tier, encode, type }) {
  const bytes = await picture(`${name.replaceAll(' ', '-')}.${type}`, width, height, content, encode);
  const info = inspectImage(bytes);
  const size = nativeSize(info, TIERS[tier]);
  const plan = { kind: 'transcode', size, isResized: true, imageTokens: 1, peakBytes: 0, bytesMax: 7_864_320 };
  const peer = (format) => {
    const image = sharp(bytes, UNLIMITED).resize(size.width, size.height, { fit: 'fill' });
    return (format === 'image/png' ? image.png() : image.flatten({ background: 'white' }).jpeg({ quality: 85 })).toBuffer();
  };
  const times = { ours: [], workerd: [], sharp: [], floor: [], jsquash: [] };
  let ours;
  let theirs;
  for (let run = -1; run < runs; run++) {
    ours = await timed(times.ours, () => codec.transcode(bytes, info, { ...plan, decoder: 'scanline' }), run);
    theirs = await timed(times.sharp, () => peer(ours.mediaType), run);
    await timed(times.floor, () => floor(bytes, info), run);
    if (run >= 0) times.workerd.push((await post(bytes, size, 3)) - (await post(bytes, size, 1)));
    // It is slow: two runs say enough.
    if (run < 2 && info.format !== 'png' && info.format !== 'gif')
      await timed(times.jsquash, () => codec.transcode(bytes, info, { ...plan, decoder: 'jsquash' }), run);
  }
  const [oursMs, sharpMs, jsquashMs, floorMs] = [times.ours, times.sharp, times.jsquash, times.floor].map(median);
  const reference = await fullDecode(bytes, size);
  return [
    `${name}, ${tier}`,
    `${size.width}x${size.height}`,
    oursMs.toFixed(1),
    Math.max(0, median(times.workerd) / 2).toFixed(1),
    sharpMs.toFixed(1),
    (oursMs / sharpMs).toFixed(2),
    Number.isNaN(jsquashMs) ? '' : jsquashMs.toFixed(0),
    Number.isNaN(jsquashMs) ? '' : (jsquashMs / oursMs).toFixed(1),
    floorMs.toFixed(1),
    (ours.peakBytes / 1e6).toFixed(1),
    `${kilobytes(ours.bytes)}, ${kilobytes(theirs)}`,
    `${(await psnr(ours.bytes, reference)).toFixed(1)}, ${(await psnr(theirs, reference)).toFixed(1)}`,
  ];
}

async function timed(list, work, run) {
  const start = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(start);
  if (run >= 0) list.push((user + system) / 1000);
  return result;
}

/** What no decoder can do without: reading every coefficient, or inflating every byte. */
function floor(bytes, info) {
  if (info.format === 'jpeg') return decodeJpegRgba(instantiate(modules.scanline), bytes, { width: 1, height: 1, orientation: 1 });
  if (info.format !== 'png') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts = [];
  for (let at = 8; at + 12 <= bytes.length; at += view.getUint32(at) + 12) {
    if (view.getUint32(at + 4) === 0x49444154) parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return inflateSync(Buffer.concat(parts));
}

async function post(body, { width, height }, count) {
  const startMs = performance.now();
  const response = await fetch(new URL(`/?runs=${count}&width=${width}&height=${height}`, url), { method: 'POST', body });
  if ((await response.text()) !== 'done') throw new Error(`workerd answered ${response.status}`);
  return performance.now() - startMs;
}

/** Every pixel decoded, then Lanczos3: what shrinking while decoding is held against. */
async function fullDecode(bytes, size) {
  const { data, info } = await sharp(bytes, UNLIMITED).flatten({ background: 'white' }).raw().toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: info, ...UNLIMITED })
    .resize(size.width, size.height, { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}

async function psnr(file, reference) {
  const pixels = await sharp(file).flatten({ background: 'white' }).removeAlpha().toColourspace('srgb').raw().toBuffer();
  let sum = 0;
  for (let at = 0; at < reference.length; at++) sum += (reference[at] - pixels[at]) ** 2;
  return sum === 0 ? 99 : 10 * Math.log10((255 * 255) / (sum / reference.length));
}

function median(list) {
  return list.toSorted((a, b) => a - b)[list.length >> 1] ?? NaN;
}

function kilobytes({ length }) {
  return Math.round(length / 1000);
}
