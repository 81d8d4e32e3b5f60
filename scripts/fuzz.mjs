/**
 * `npm run fuzz`: mutants of the fixtures and the corpus through the header readers and through whole transcodes.
 *
 *   npm run fuzz -- [--headers N] [--decodes N] [--seed S] [--seconds MAX]
 *
 * A mutant may be described, transcoded or refused with a Fault. Everything else is a find: another error, a trap, work
 * out of proportion to the bytes, a byte written outside a block of the codec's memory (the module is built with guards
 * around each), a good picture that comes out different afterwards, and a mutant that never ends. Each mutant is made
 * from its own seed, so a find is repeated by `--seed <its seed> --headers 1` or `--decodes 1` (and 0 for the other).
 * Exit status 1 when anything was found.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { compileGuarded } from './fuzz/guarded-module.mjs';

/** Longer than any input may take, and than a busy machine may stop it. */
const HANG_MS = 60_000;

const { values } = parseArgs({
  options: {
    headers: { type: 'string', default: '100000' },
    decodes: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    seconds: { type: 'string', default: '600' },
  },
});
const options = { headers: Number(values.headers), decodes: Number(values.decodes), firstSeed: Number(values.seed), seconds: Number(values.seconds) };
if (Object.values(options).some((value) => !Number.isInteger(value) || value < 0)) throw new Error('Every option takes a whole number.');

console.log(`seed ${options.firstSeed}; ${options.headers} headers, ${options.decodes} decodes, at most ${options.seconds} s`);
const guardedBytes = await compileGuarded();
const worker = new Worker(fileURLToPath(new URL('fuzz/worker.mjs', import.meta.url)), { workerData: { ...options, guardedBytes } });
let last = { part: 'start', seed: options.firstSeed };
let lastMs = Date.now();
const watch = setInterval(() => {
  if (Date.now() - lastMs < HANG_MS) return;
  console.error(`${last.part}, seed ${last.seed} or one of the next: no end after ${HANG_MS / 1000} s`);
  process.exit(1);
}, 1_000);

worker.on('message', (message) => {
  lastMs = Date.now();
  if (message.kind === 'alive') last = message;
  else if (message.kind === 'line') console.log(message.line);
  else report(message);
});
worker.on('error', (error) => {
  console.error(error);
  process.exitCode = 1;
});
worker.on('exit', () => clearInterval(watch));

function report({ part, done, finds, tally, slowest, seconds }) {
  console.log(
    `${part}: ${done} inputs in ${seconds.toFixed(0)} s (seeds ${options.firstSeed} to ${options.firstSeed + done - 1}), slowest ${slowest.spentMs.toFixed(1)} ms (seed ${slowest.seed}), ${finds} finds`,
  );
  console.table(Object.fromEntries(Object.entries(tally).toSorted(([, a], [, b]) => b - a)));
  if (finds > 0) process.exitCode = 1;
}
