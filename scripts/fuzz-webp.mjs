// Feeds mutated WebP files to the decoder: no trap, no hang, no write outside a block (the decoder is built with a guarded
// allocator), and a good picture comes out right afterwards, from the very same instance. Every input can be made again
// from the seed that is printed.
//
// Usage: node scripts/fuzz-webp.mjs [inputs] [seed] [file or folder …]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { WebpDecodeError, decodeWebp } from '../src/codec/scanline/webp.ts';

const inputs = Number(process.argv[2] ?? 20_000);
const firstSeed = Number(process.argv[3] ?? 1);
const sources = process.argv.slice(4);
/** Larger pictures are given up after their header: their time is pixels, not damage. */
const PIXELS_MAX = 1 << 20;
/** A decode of PIXELS_MAX takes a twentieth of this. */
const HANG_MS = 5_000;

const module = new WebAssembly.Module(buildGuarded());
class TooLarge extends Error {}

/** The decoder with scripts/fuzz-webp-memory.ts in place of its allocator. */
function buildGuarded() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folder = join(root, 'dist', 'fuzz-webp');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'wasm', 'webp'), join(folder, 'webp'), { recursive: true });
  copyFileSync(join(root, 'scripts', 'fuzz-webp-memory.ts'), join(folder, 'memory.ts'));
  appendFileSync(join(folder, 'webp', 'index.ts'), 'export { brokenGuards } from "../memory";\n');
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
  const output = join(folder, 'webp.wasm');
  execFileSync(
    process.execPath,
    [
      compiler,
      join(folder, 'webp', 'index.ts'),
      '--outFile',
      output,
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--enable',
      'bulk-memory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '1024',
      '--use',
      'abort=',
    ],
    { stdio: 'inherit' },
  );
  return readFileSync(output);
}

function* filesUnder(path) {
  if (!statSync(path).isDirectory()) yield path;
  else for (const name of readdirSync(path)) yield* filesUnder(join(path, name));
}

async function seeds() {
  const found = sources.flatMap((source) => [...filesUnder(source)]).filter((file) => file.endsWith('.webp'));
  const files = found.map((file) => readFileSync(file)).filter((bytes) => bytes.length < 100_000);
  for (const channels of [3, 4]) {
    const pixels = Buffer.alloc(61 * 47 * channels, 0).map((_, i) => (i * 37 + (i >> 5) * 11) & 255);
    const raw = { raw: { width: 61, height: 47, channels } };
    for (const options of [{ quality: 30 }, { quality: 95 }, { lossless: true }, { lossless: true, effort: 6 }]) {
      files.push(await sharp(pixels, raw).webp(options).toBuffer());
    }
  }
  return files;
}

/** A generator of 32-bit numbers that one seed determines (xorshift). */
function randomFrom(seed) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x6d2b79f5) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** Damages a copy of `file`: bits, bytes, runs, sizes of chunks, the first bytes of payloads, its end. */
function mutate(file, random) {
  let bytes = Uint8Array.from(file);
  const view = () => new DataView(bytes.buffer);
  const edits = 1 + random(6);
  for (let i = 0; i < edits; i++) {
    const at = random(bytes.length);
    switch (random(9)) {
      case 0:
        bytes[at] ^= 1 << random(8);
        break;
      case 1:
        bytes[at] = random(256);
        break;
      case 2:
        bytes.fill(random(2) * 255, at, at + random(64));
        break;
      case 3:
        if (bytes.length >= 20) view().setUint32(16, random(0xffffffff), true);
        break;
      case 4:
        bytes[20 + random(Math.max(1, Math.min(40, bytes.length - 20)))] = random(256);
        break;
      case 5:
        bytes = bytes.slice(0, Math.max(13, at));
        break;
      case 6:
        bytes.copyWithin(at, random(bytes.length), random(bytes.length));
        break;
      case 7:
        if (bytes.length > 24) view().setUint32(12 + random(bytes.length - 20), random(0xffffffff), true);
        break;
      default:
        bytes[12 + random(Math.max(1, Math.min(30, bytes.length - 12)))] ^= 1 << random(8);
    }
  }
  return bytes;
}

function digest(exports, file) {
  const hash = createHash('sha256');
  decodeWebp(exports, file, (slice) => hash.update(slice.pixels.bytes));
  return hash.digest('hex');
}

const corpus = await seeds();
const good = corpus.at(-1);
const goodLossy = corpus.at(-3 - 4);
const expected = digest(new WebAssembly.Instance(module).exports, good);
const expectedLossy = digest(new WebAssembly.Instance(module).exports, goodLossy);
let instance = new WebAssembly.Instance(module).exports;
const counts = { ok: 0, warned: 0, 'too large': 0 };
let slowest = 0;
let failures = 0;
console.log(`${inputs} inputs from ${corpus.length} files, seeds ${firstSeed} to ${firstSeed + inputs - 1}`);
for (let seed = firstSeed; seed < firstSeed + inputs; seed++) {
  const random = randomFrom(seed);
  const file = mutate(corpus[random(corpus.length)], random);
  const start = performance.now();
  try {
    const isPlanar = random(4) === 0;
    const onHeader = ({ width, height }) => {
      if (width * height > PIXELS_MAX) throw new TooLarge();
    };
    const decoded = decodeWebp(instance, file, () => {}, { isPlanar, onHeader });
    counts[decoded.warnings > 0 ? 'warned' : 'ok']++;
  } catch (error) {
    if (error instanceof TooLarge) counts['too large']++;
    else if (error instanceof WebpDecodeError && error.cause === undefined) counts[error.code] = (counts[error.code] ?? 0) + 1;
    else {
      failures++;
      console.log(`seed ${seed}: ${error.cause?.stack ?? error.stack}`);
      instance = new WebAssembly.Instance(module).exports;
    }
  }
  if (instance.brokenGuards() > 0) {
    failures++;
    console.log(`seed ${seed}: wrote outside a block`);
    instance = new WebAssembly.Instance(module).exports;
  }
  const spent = performance.now() - start;
  slowest = Math.max(slowest, spent);
  if (spent > HANG_MS) {
    failures++;
    console.log(`seed ${seed}: took ${spent.toFixed(0)} ms`);
  }
  if (seed % 50 === 0 && (digest(instance, good) !== expected || digest(instance, goodLossy) !== expectedLossy)) {
    failures++;
    console.log(`seed ${seed}: a good picture comes out wrong afterwards`);
  }
}
console.log(JSON.stringify({ ...counts, slowestMs: Math.round(slowest), failures }));
process.exitCode = failures > 0 ? 1 : 0;
