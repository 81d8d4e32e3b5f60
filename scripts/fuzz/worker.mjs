/** Works through the inputs that scripts/fuzz.mjs asks for, and posts how far it is. */
import { parentPort, workerData } from 'node:worker_threads';
import { createDecodeFuzz } from './decode.mjs';
import { fuzzHeader } from './header.mjs';
import { readSources } from './source.mjs';

/** Good pictures are tried again after so many mutants. */
const GOOD_EVERY = 1_000;
const POST_EVERY = 20;

const { headers, decodes, firstSeed, seconds, guardedBytes } = workerData;
const endMs = Date.now() + seconds * 1000;
const sources = readSources();
const counts = Object.fromEntries(Object.entries(sources).map(([format, files]) => [format, files.length]));
parentPort.postMessage({ kind: 'line', line: `files: ${JSON.stringify(counts)}` });

if (headers > 0) await work('headers', headers, (seed, index) => fuzzHeader(sources, seed, index));
if (decodes > 0) {
  const { check, checkGood } = createDecodeFuzz(guardedBytes, sources);
  await work('decodes', decodes, check, checkGood);
}

/** Runs `check` for each seed and posts finds, a mark of life and at the end the tally. */
async function work(part, count, check, checkGood = () => undefined) {
  const tally = {};
  let finds = 0;
  let slowest = { spentMs: 0 };
  let done = 0;
  const find = (seed, text) => {
    finds++;
    parentPort.postMessage({ kind: 'line', line: `${part}, seed ${seed}: ${text}` });
  };
  const startMs = Date.now();
  for (; done < count && Date.now() < endMs; done++) {
    const seed = firstSeed + done;
    if (done % POST_EVERY === 0 || part === 'decodes') parentPort.postMessage({ kind: 'alive', seed, part });
    const { verdict, spentMs } = await check(seed, seed);
    if (verdict.startsWith('FIND')) find(seed, verdict.slice('FIND '.length));
    else tally[verdict] = (tally[verdict] ?? 0) + 1;
    if (spentMs > slowest.spentMs) slowest = { spentMs, seed };
    if (done % GOOD_EVERY === GOOD_EVERY - 1) {
      const wrong = checkGood();
      if (wrong !== undefined) find(seed, wrong.slice('FIND '.length));
    }
  }
  parentPort.postMessage({ kind: 'result', part, done, finds, tally, slowest, seconds: (Date.now() - startMs) / 1000 });
}
