/**
 * `npm run bench:memory`: pictures of 8,000 x 8,000 px, and the corpus where it is, through a running service whose WebAssembly memories
 * really cannot pass 64 MiB; what each holds by the codec's own count, and the high-water mark of the workerd process
 * (Linux only). `--smoke`: one picture.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { startStack } from '../scripts/local/stack.mjs';
import { createCodec } from '../src/codec/transcode.ts';
import { inspectImage } from '../src/core/image/info.ts';
import { scanlinePeakBytes } from '../src/core/vision/memory/memory.ts';
import { planImage } from '../src/core/vision/plan.ts';
import { TIERS } from '../src/core/vision/tier.ts';
import { loadModules } from '../test/codec/modules.ts';
import { picture } from './codec/picture.mjs';

/** 1,024 pages of 64 KiB. Local workerd has no limit of its own. */
process.env.MINIFLARE_WORKERD_V8_FLAGS = '--wasm-max-mem-pages=1024';

const isSmoke = process.argv.includes('--smoke');
const png = { adaptiveFiltering: true, compressionLevel: 4 };
const CASES = [
  ['jpeg-64-MP-baseline-q85.jpg', (image) => image.jpeg({ quality: 85 })],
  ['jpeg-64-MP-progressive-q85.jpg', (image) => image.jpeg({ quality: 85, progressive: true })],
  ['memory-progressive-444.jpg', (image) => image.jpeg({ quality: 85, progressive: true, chromaSubsampling: '4:4:4' })],
  ['memory-rgb.png', (image) => image.blur(4).png(png)],
  ['memory-rgba.png', (image) => image.blur(4).ensureAlpha(0.9).png(png)],
  [
    'memory-rgba-interlaced.png',
    (image) =>
      image
        .blur(2)
        .ensureAlpha(0.9)
        .png({ ...png, progressive: true }),
  ],
  [
    'memory-gray-interlaced.png',
    (image) =>
      image
        .blur(2)
        .toColourspace('b-w')
        .png({ ...png, progressive: true }),
  ],
  ['memory.gif', (image) => image.gif({ effort: 1, colours: 64, dither: 0 })],
  ['memory-lossy.webp', (image) => image.webp({ quality: 75, effort: 0 })],
  ['memory-lossless.webp', (image) => image.blur(4).webp({ lossless: true, effort: 0 })],
].slice(0, isSmoke ? 1 : undefined);

const side = isSmoke ? 2000 : 8000;
const codec = createCodec(loadModules());
const stack = await startStack({ isTemporary: true, variables: { UPLOAD_BYTES_MAX: '50331648' } });
const rows = {};
try {
  for (const [name, encode] of CASES) {
    const bytes = await picture(isSmoke ? `smoke-${name}` : name, side, side, 'photograph', encode);
    const info = inspectImage(bytes);
    for (const tier of ['standard', 'high']) {
      const plan = planImage(info, { tier: TIERS[tier], isManyImageRequest: false });
      if (plan.kind !== 'transcode') {
        rows[`${name} ${tier}`] = { MB: megabytes(bytes.length), plan: plan.kind };
        continue;
      }
      const { peakBytes, mediaType } = await codec.transcode(bytes, info, plan);
      const predicted = scanlinePeakBytes(info, plan.size, mediaType === 'image/png' ? 'png' : 'jpeg');
      const sent = await sentBy(bytes, info.mediaType, tier);
      rows[`${name} ${tier}`] = {
        MB: megabytes(bytes.length),
        plan: plan.decoder,
        'reserved MB': megabytes(plan.peakBytes),
        'predicted MB': megabytes(predicted),
        'measured MB': megabytes(peakBytes),
        'predicted/measured': (predicted / peakBytes).toFixed(3),
        workerd: sent,
        'workerd VmHWM MB': megabytes(highWaterBytes()),
      };
    }
  }
  console.table(rows);
  if (!isSmoke) await corpus();
} finally {
  await stack.stop();
}

/** Stores the picture and fetches what Claude would see. */
async function sentBy(body, type, tier) {
  const headers = { 'x-api-key': stack.key };
  const stored = await fetch(`${stack.url}/v1/images`, { method: 'POST', headers: { ...headers, 'content-type': type }, body });
  const json = await stored.json();
  if (!stored.ok) return `${stored.status} ${json.code}`;
  const response = await fetch(`${stack.url}/v1/images/${json.image_id}/sent?tier=${tier}`, { headers });
  if (!response.ok) return `${response.status} ${(await response.json()).code}`;
  const { width, height, format } = await sharp(await response.arrayBuffer()).metadata();
  return `${width}x${height} ${format}`;
}

async function corpus() {
  const folder = fileURLToPath(new URL('../../shared/corpus/', import.meta.url));
  if (!existsSync(`${folder}manifest.json`)) return console.log('The corpus is absent (../shared/corpus).');
  const statuses = {};
  for (const { file } of JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8'))) {
    const response = await fetch(`${stack.url}/v1/describe`, {
      method: 'POST',
      headers: { 'x-api-key': stack.key, 'content-type': 'application/octet-stream' },
      body: readFileSync(folder + file),
    });
    statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    await response.arrayBuffer();
  }
  console.log(`corpus: ${JSON.stringify(statuses)}, workerd VmHWM ${megabytes(highWaterBytes())} MB`);
}

/** The largest high-water mark of the workerd processes of this stack: wrangler and its children are a process group. */
function highWaterBytes() {
  if (!existsSync('/proc/self/status')) return NaN;
  const marks = readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return [];
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
      if (!stat.includes('(workerd)') || !stack.processGroups.includes(group)) return [];
      return [Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024];
    } catch {
      return [];
    }
  });
  return Math.max(...marks);
}

function megabytes(bytes) {
  return Number((bytes / 1e6).toFixed(1));
}
