/**
 * Fuzzes the JPEG part: mutants of the corpus through full decodes and transcodes, up to a thousand to an instance.
 *
 *   npx node scripts/fuzz-jpeg.mjs [count] [first seed] [seconds]
 *
 * A mutant may be decoded or refused with a JpegFault; anything else is a find: a trap, another error, a mutant that
 * takes more than 2 s of CPU, a memory past 64 MiB, a byte written above the job's peak (a canary fills all of it
 * before), or a good picture that comes out different afterwards (tried after every fault for the first thousand, then
 * after every hundredth mutant). Finds are printed with their seed and end the run with status 1. A
 * worker does the work; the main thread watches that every mutant ends.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { decodeJpegRgba, JpegFault, transcodeJpeg } from '../src/codec/scanline/jpeg.ts';
import { createRandom, mutateJpeg } from './mutate-jpeg.mjs';

const SOURCE_BYTES_MAX = 60_000;
const SLOW_MS = 2000;
const HANG_MS = 20_000;
const CANARY = 0xa5;

if (isMainThread) watch();
else run(workerData);

function watch() {
  const [count = '20000', first = '1', seconds = '300'] = process.argv.slice(2);
  const worker = new Worker(fileURLToPath(import.meta.url), {
    workerData: { count: Number(count), first: Number(first), seconds: Number(seconds) },
  });
  let seed = Number(first);
  let since = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - since < HANG_MS) return;
    console.error(`HANG: no progress for ${HANG_MS} ms near seed ${seed}`);
    process.exit(1);
  }, 1000);
  worker.on('message', (message) => {
    since = Date.now();
    if (typeof message === 'number') seed = message;
    else console.log(message);
  });
  worker.on('error', (error) => {
    console.error(error);
    process.exitCode = 1;
  });
  worker.on('exit', (code) => {
    clearInterval(timer);
    if (code !== 0) process.exitCode = code;
  });
}

function run({ count, first, seconds }) {
  const corpus = fileURLToPath(new URL('../../shared/corpus/', import.meta.url));
  const compiled = new WebAssembly.Module(readFileSync(new URL('../dist/jpeg.wasm', import.meta.url)));
  let exports = new WebAssembly.Instance(compiled, {}).exports;
  // Broken files of the corpus stay broken; mutants of whole ones reach further.
  const sources = readdirSync(corpus, { recursive: true })
    .map((name) => readFileOrNothing(`${corpus}${name}`))
    .filter((bytes) => bytes.length > 100 && bytes.length <= SOURCE_BYTES_MAX && isWhole(exports, bytes));
  const good = readFileSync(`${corpus}wuffs/wuffs__bricks-color.jpeg`);
  const goodTarget = { width: 77, height: 50, orientation: 6 };
  const expected = decodeJpegRgba(exports, good, goodTarget).rgba;
  const verdicts = {};
  const end = Date.now() + seconds * 1000;
  let slowest = 0;
  let done = 0;
  let finds = 0;
  const find = (seed, what) => {
    finds += 1;
    parentPort.postMessage(`FIND seed ${seed}: ${what}`);
  };
  for (let seed = first; seed < first + count && Date.now() < end; seed++) {
    const random = createRandom(seed);
    const bytes = mutateJpeg(random.pick(sources), random);
    const target = { width: 1 + random.below(300), height: 1 + random.below(300), orientation: 1 + random.below(8) };
    // A large memory makes the canary slow.
    if (done % 1000 === 999 || exports.memory.buffer.byteLength > 4_000_000) exports = new WebAssembly.Instance(compiled, {}).exports;
    const guarded = setCanary(exports);
    const start = process.threadCpuUsage().user;
    let verdict = 'decoded';
    try {
      if (random.chance(0.5)) decodeJpegRgba(exports, bytes, target);
      else transcodeJpeg(exports, bytes, { ...target, quality: 1 + random.below(100), subsampling: random.pick(['4:2:0', '4:4:4']) });
    } catch (error) {
      if (error instanceof JpegFault) verdict = error.code;
      else find(seed, String(error));
    }
    const took = (process.threadCpuUsage().user - start) / 1000;
    const written = findWritten(exports, guarded);
    if (written >= 0) find(seed, `byte ${written} was written, above the peak of ${exports.jpegPeakBytes()}`);
    slowest = Math.max(slowest, took);
    if (took > SLOW_MS) find(seed, `${took.toFixed(0)} ms`);
    if (exports.memory.buffer.byteLength > 64 * 1024 * 1024) find(seed, 'memory past 64 MiB');
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    done += 1;
    if ((verdict !== 'decoded' && done < 1000) || done % 100 === 0) {
      const again = decodeJpegRgba(exports, good, goodTarget).rgba;
      if (Buffer.compare(again, expected) !== 0) find(seed, 'a good picture comes out different afterwards');
    }
    if (done % 50 === 0) parentPort.postMessage(seed);
  }
  parentPort.postMessage(
    `${done} mutants of ${sources.length} files, seeds ${first} to ${first + done - 1}: ${JSON.stringify(verdicts)}; ` +
      `slowest ${slowest.toFixed(0)} ms; ${finds} finds`,
  );
  if (finds > 0) process.exit(1);
}

/** Fills all memory above the decoder's fixed buffers; gives the end of what was filled. */
function setCanary(exports) {
  exports.jpegReset();
  const bytes = new Uint8Array(exports.memory.buffer);
  bytes.fill(CANARY, exports.jpegPeakBytes());
  return bytes.length;
}

/** The first byte above the job's peak that is no canary any more, or -1. */
function findWritten(exports, end) {
  const from = exports.jpegPeakBytes();
  if (from >= end) return -1;
  const bytes = Buffer.from(exports.memory.buffer, from, end - from);
  if (bytes.equals(Buffer.alloc(bytes.length, CANARY))) return -1;
  return from + bytes.findIndex((byte) => byte !== CANARY);
}

function isWhole(exports, bytes) {
  try {
    decodeJpegRgba(exports, bytes, { width: 8, height: 8, orientation: 1 });
    return true;
  } catch (error) {
    if (error instanceof JpegFault) return false;
    throw error;
  }
}

/** A file's bytes, or none for a folder. */
function readFileOrNothing(path) {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
