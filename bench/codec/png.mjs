// PNG and GIF against sharp (libvips, one thread, no cache): same source, same target, same output format, interleaved
// runs in one process, medians of CPU time. Needs dist/png.wasm. `node bench/codec/png.mjs [name part]`; REPEATS overrides the count.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { decodeGifToTarget } from '../../src/codec/scanline/gif.ts';
import { decodePngToTarget } from '../../src/codec/scanline/png.ts';
import { encodePng } from '../../src/codec/scanline/png-encode.ts';

sharp.concurrency(1);
sharp.cache(false);

const compiled = new WebAssembly.Module(readFileSync('dist/png.wasm'));
const unlimited = { limitInputPixels: false, unlimited: true };

function screenshot(width, height) {
  const lines = Array.from({ length: 90 }, (_, i) => {
    const x = 40 + (i % 3) * 1250;
    const y = 60 + Math.floor(i / 3) * 66;
    const fill = ['222', '06c', '393', 'a33'][i % 4];
    return `<text x="${x}" y="${y}" font-size="28" font-family="monospace" fill="#${fill}">const value${i} = await fetch("https://example.com/api/${i}?q=lorem");</text>`;
  });
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 3840 2160" preserveAspectRatio="none">
    <rect width="3840" height="2160" fill="#fafafa"/><rect width="3840" height="24" fill="#335"/>${lines.join('')}
    <rect x="2600" y="1500" width="1000" height="500" fill="#8bd" rx="20"/></svg>`,
    ),
  );
}

/** Gradients, soft blobs and sensor-like noise: about as hard to compress as a camera's picture. */
function photograph(width, height) {
  const pixels = Buffer.alloc(width * height * 3);
  let noise = 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      noise = (Math.imul(noise, 1103515245) + 12345) | 0;
      const grain = (noise >>> 16) & 7;
      const soft = 60 * Math.sin(x / 97) * Math.cos(y / 61) + 30 * Math.sin((x + y) / 23);
      const at = (y * width + x) * 3;
      pixels[at] = 120 + soft + grain;
      pixels[at + 1] = 110 + soft * 0.7 + (grain >> 1) + (x * 40) / width;
      pixels[at + 2] = 90 - soft * 0.5 + grain + (y * 50) / height;
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 }, ...unlimited });
}

const CASES = [
  ['1080p screenshot RGB', [1456, 819], 11, () => screenshot(1920, 1080).removeAlpha().png()],
  ['4K screenshot RGBA adaptive', [1456, 819], 11, () => screenshot(3840, 2160).ensureAlpha().png({ adaptiveFiltering: true })],
  ['4K screenshot RGB', [1456, 819], 11, () => screenshot(3840, 2160).removeAlpha().png()],
  ['4K screenshot RGBA, high cap', [2576, 1449], 7, () => screenshot(3840, 2160).ensureAlpha().png({ adaptiveFiltering: true })],
  ['4K photograph RGB', [1456, 819], 7, () => photograph(3840, 2160).png({ adaptiveFiltering: true })],
  ['8000x8000 photograph RGBA', [1092, 1092], 3, () => photograph(8000, 8000).ensureAlpha().png({ adaptiveFiltering: true })],
  ['8000x8000 photograph RGBA interlaced', [1092, 1092], 3, () => photograph(8000, 8000).ensureAlpha().png({ progressive: true })],
  ['4K screenshot GIF', [1456, 819], 5, () => screenshot(3840, 2160).removeAlpha().gif({ colours: 64, effort: 1, dither: 0 })],
];

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** CPU milliseconds of the whole process, sharp's worker thread included: what waits for a busy machine does not count. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function timed(times, run) {
  const started = cpuMs();
  const result = await run();
  times.push(cpuMs() - started);
  return result;
}

function inflateAlone(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const data = [];
  for (let at = 8; at + 12 <= bytes.length; at += view.getUint32(at) + 12) {
    if (view.getUint32(at + 4) === 0x49444154) data.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const stream = Buffer.concat(data);
  const started = cpuMs();
  inflateSync(stream);
  return cpuMs() - started;
}

function psnr(ours, theirs) {
  let squares = 0;
  for (let i = 0; i < ours.length; i++) squares += (ours[i] - theirs[i]) ** 2;
  return 10 * Math.log10((65025 * ours.length) / squares);
}

console.log(
  '| case | in MB | ours → RGBA CPU ms | sharp → raw | ratio | ours → PNG | sharp → PNG | ratio | out kB ours/sharp | zlib alone | peak MB | PSNR dB |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|');
for (const [name, [width, height], repeats, make] of CASES) {
  if (process.argv[2] && !name.includes(process.argv[2])) continue;
  const bytes = Uint8Array.from(await make().toBuffer());
  const isGif = bytes[0] === 0x47;
  const decode = isGif ? decodeGifToTarget : decodePngToTarget;
  const exports = new WebAssembly.Instance(compiled, {}).exports;
  const job = { targetWidth: width, targetHeight: height, orientation: 1 };
  const resized = () => sharp(bytes, unlimited).resize(width, height, { fit: 'fill' });
  const times = { rgba: [], sharpRgba: [], png: [], sharpPng: [] };
  let decoded;
  let file;
  let reference;
  let sharpFile;
  for (let n = Number(process.env.REPEATS ?? repeats); n > 0; n--) {
    decoded = await timed(times.rgba, () => decode(exports, bytes, job));
    if (decoded.kind !== 'decoded') throw new Error(`${name}: ${decoded.reason}`);
    reference = await timed(times.sharpRgba, () => resized().raw().toBuffer());
    file = await timed(times.png, () => {
      decode(exports, bytes, job);
      return encodePng(exports, { address: exports.rgbaTarget(), width, height });
    });
    sharpFile = await timed(times.sharpPng, () => resized().png().toBuffer());
  }
  const rgba = decode(exports, bytes, job).rgba.slice();
  const { data } = await resized().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const row = [
    name,
    (bytes.length / 1e6).toFixed(1),
    median(times.rgba).toFixed(1),
    median(times.sharpRgba).toFixed(1),
    (median(times.rgba) / median(times.sharpRgba)).toFixed(2),
    median(times.png).toFixed(1),
    median(times.sharpPng).toFixed(1),
    (median(times.png) / median(times.sharpPng)).toFixed(2),
    `${(file.length / 1e3).toFixed(0)}/${(sharpFile.length / 1e3).toFixed(0)}`,
    isGif ? '' : inflateAlone(bytes).toFixed(0),
    (exports.peak() / 1e6).toFixed(1),
    reference ? psnr(rgba, data).toFixed(1) : '',
  ];
  console.log(`| ${row.join(' | ')} |`);
}
