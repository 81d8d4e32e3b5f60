// Full decode of WebP files to RGBA: this decoder against sharp (one thread) and @jsquash/webp, interleaved in one
// process. Prints medians, ratios and peaks; the pictures are made from noise and gradients at the sizes named.
//
// Usage: node bench/codec/webp.mjs [rounds] [file.webp …]
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import sharp from "sharp";
import { decodeWebp } from "../../src/codec/scanline/webp.ts";

const require = createRequire(import.meta.url);
const rounds = Number(process.argv[2] ?? 7);
const files = process.argv.slice(3);
sharp.concurrency(1);
sharp.cache(false);

const ours = new WebAssembly.Module(readFileSync(new URL("../../dist/webp.wasm", import.meta.url)));
const jsquash = await import("@jsquash/webp/decode.js");
const jsquashWasm = readFileSync(require.resolve("@jsquash/webp/codec/dec/webp_dec.wasm"));
globalThis.ImageData ??= class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};
await jsquash.init(await WebAssembly.compile(jsquashWasm));

/** A picture with edges, gradients and some noise: neither flat nor random. */
function paint(width, height, channels) {
  const pixels = Buffer.alloc(width * height * channels);
  let seed = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const noise = (seed >>> 24) & 7;
      const shape = Math.sin(x / 37) * Math.cos(y / 53) > 0.2 ? 90 : 0;
      for (let c = 0; c < 3; c++) pixels[at++] = 60 + shape + (((x * (c + 1) + y) >> 4) & 63) + noise;
      if (channels === 4) pixels[at++] = x < width / 2 ? 255 : (x + y) & 255;
    }
  }
  return sharp(pixels, { raw: { width, height, channels } });
}

async function pictures() {
  if (files.length > 0) return files.map((file) => ({ name: basename(file), bytes: readFileSync(file) }));
  const made = [];
  for (const [width, height] of [[1920, 1080], [4000, 3000]]) {
    for (const [name, channels, options] of [
      ["lossy q80", 3, { quality: 80 }],
      ["lossy q95", 3, { quality: 95 }],
      ["lossy q80 with alpha", 4, { quality: 80 }],
      ["lossless", 3, { lossless: true, effort: 1 }],
    ]) {
      made.push({ name: `${width}×${height} ${name}`, bytes: await paint(width, height, channels).webp(options).toBuffer() });
    }
  }
  return made;
}

function median(times) {
  return times.sort((a, b) => a - b)[times.length >> 1];
}

async function time(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

console.log("| picture | kB | ours ms | sharp ms | jSquash ms | ours/sharp | ours/jSquash | ours peak KiB |");
console.log("|---|---|---|---|---|---|---|---|");
for (const { name, bytes } of await pictures()) {
  const times = { ours: [], sharp: [], jsquash: [] };
  let peak = 0;
  for (let round = 0; round < rounds + 2; round++) {
    const own = await time(() => {
      const instance = new WebAssembly.Instance(ours);
      peak = decodeWebp(instance.exports, bytes, () => {}).peakBytes;
    });
    const native = await time(() => sharp(bytes).raw().toBuffer());
    const other = await time(() => jsquash.default(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)));
    if (round < 2) continue;
    times.ours.push(own);
    times.sharp.push(native);
    times.jsquash.push(other);
  }
  const [a, b, c] = [median(times.ours), median(times.sharp), median(times.jsquash)];
  const cells = [bytes.length / 1000, a, b, c].map((n) => n.toFixed(0));
  console.log(`| ${name} | ${cells.join(" | ")} | ${(a / b).toFixed(2)} | ${(a / c).toFixed(2)} | ${(peak / 1024).toFixed(0)} |`);
}
