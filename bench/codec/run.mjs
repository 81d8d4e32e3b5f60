/**
 * `npm run bench:codec`: a picture to the size that Claude sees, encoded again; ours in Node and in workerd, sharp (one
 * thread), jSquash (tuned), and the physical floor (entropy decoding or inflating alone, see floor.mjs). Interleaved
 * runs in one process, medians. Times of Node and sharp are CPU time of the process with all its threads, which holds
 * still on a busy machine; workerd's is wall time from outside. `cold` is the first picture of a module that has just been compiled, as
 * in a fresh isolate: slower code, and memory that is yet to be faulted in.
 *
 * Rows of cameras whose properties sharp does not write need `cjpeg` (Debian: libjpeg-turbo-progs) and are left out without it.
 *
 *   npm run bench:codec -- --only png --runs 7        names are matched by their beginning
 *   npm run bench:codec -- --smoke                    one small case, to see that it runs
 */
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createTestHarness } from 'wrangler';
import { createCodec } from '../../src/codec/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { nativeSize } from '../../src/core/vision/native-size.ts';
import { TIERS } from '../../src/core/vision/tier.ts';
import { loadModules } from '../../test/codec/modules.ts';
import { CASES } from './case.mjs';
import { coldModules } from './cold.mjs';
import { floorMs } from './floor.mjs';
import { MissingTool, picture } from './picture.mjs';

sharp.concurrency(1);
sharp.cache(false);
const UNLIMITED = { limitInputPixels: false, unlimited: true };
globalThis.ImageData ??= class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};

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
  '\n| case | target | ours ms | workerd ms | sharp ms | ours/sharp | cold ms | cold/ours | jSquash ms | jSquash/ours | floor ms | peak MB | kB out, sharp | PSNR dB, sharp |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|---|');
for (const one of cases) {
  try {
    console.log(`| ${(await measure(one)).join(' | ')} |`);
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error;
    console.log(`| ${one.name}, ${one.tier} | left out: ${error.message} |`);
  }
}
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
  const times = { ours: [], workerd: [], sharp: [], cold: [], jsquash: [] };
  const floors = [];
  let ours;
  let theirs;
  for (let run = -1; run < runs; run++) {
    ours = await timed(times.ours, () => codec.transcode(bytes, info, { ...plan, decoder: 'scanline' }), run);
    theirs = await timed(times.sharp, () => peer(ours.mediaType), run);
    const cold = createCodec(coldModules(modules));
    await timed(times.cold, () => cold.transcode(bytes, info, { ...plan, decoder: 'scanline' }), run);
    if (run >= 0) floors.push(await floorMs(bytes, info));
    if (run >= 0) times.workerd.push((await post(bytes, size, 3)) - (await post(bytes, size, 1)));
    // It is slow: two runs say enough.
    if (run < 2 && isReadByJsquash(info)) await timed(times.jsquash, () => codec.transcode(bytes, info, { ...plan, decoder: 'jsquash' }), run);
  }
  const [oursMs, sharpMs, coldMs, jsquashMs, floor] = [times.ours, times.sharp, times.cold, times.jsquash, floors].map(median);
  const reference = await fullDecode(bytes, size);
  return [
    `${name}, ${tier}`,
    `${size.width}x${size.height}`,
    oursMs.toFixed(1),
    Math.max(0, median(times.workerd) / 2).toFixed(1),
    sharpMs.toFixed(1),
    (oursMs / sharpMs).toFixed(2),
    coldMs.toFixed(1),
    (coldMs / oursMs).toFixed(2),
    Number.isNaN(jsquashMs) ? '' : jsquashMs.toFixed(0),
    Number.isNaN(jsquashMs) ? '' : (jsquashMs / oursMs).toFixed(1),
    Number.isNaN(floor) ? '' : floor.toFixed(1),
    (ours.peakBytes / 1e6).toFixed(1),
    `${kilobytes(ours.bytes)}, ${kilobytes(theirs)}`,
    `${(await psnr(ours.bytes, reference)).toFixed(1)}, ${(await psnr(theirs, reference)).toFixed(1)}`,
  ];
}

/** JPEG with Huffman codes; the modules for the other formats are not shipped. */
function isReadByJsquash({ detail }) {
  return detail.format === 'jpeg' && ['baseline', 'extended', 'progressive'].includes(detail.coding);
}

async function timed(list, work, run) {
  const start = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(start);
  if (run >= 0) list.push((user + system) / 1000);
  return result;
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
