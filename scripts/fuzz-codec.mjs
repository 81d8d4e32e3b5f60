// Mutation fuzzing shared by fuzz-png.mjs and fuzz-gif.mjs: seeded, bounded in time and count, one instance for as long
// as it stays healthy, and a known-good picture checked at intervals.
import { readFileSync } from 'node:fs';

/** A small deterministic generator (xorshift), so that a printed seed repeats a run. */
export function makeRandom(seed) {
  let state = seed | 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

const compiled = new WebAssembly.Module(readFileSync('dist/png.wasm'));
export const freshModule = () => new WebAssembly.Instance(compiled, {}).exports;

/** Byte-level mutations that know nothing of the format. */
export function mutateBytes(bytes, random) {
  const copy = Uint8Array.from(bytes);
  for (let n = 1 + random(6); n > 0; n--) {
    const at = random(copy.length);
    switch (random(5)) {
      case 0:
        copy[at] ^= 1 << random(8);
        break;
      case 1:
        copy[at] = random(256);
        break;
      case 2:
        copy[at] = [0, 1, 0x7f, 0x80, 0xff][random(5)];
        break;
      case 3:
        copy.copyWithin(at, random(copy.length), random(copy.length));
        break;
      default:
        copy.fill(random(256), at, at + random(16));
    }
  }
  return random(6) === 0 ? copy.subarray(0, random(copy.length)) : copy;
}

/**
 * Decodes mutants of `seeds` until `count` or `seconds` run out. `mutate(bytes, random)` makes one; `decode(exports,
 * bytes, job)` decodes it. Exits with 1 on a trap, a mutant slower than a second, or a good picture gone wrong.
 */
export function fuzz({ name, seeds, mutate, decode }) {
  const seed = Number(process.env.SEED ?? Date.now() & 0x7fffffff);
  const count = Number(process.env.COUNT ?? 100_000);
  const seconds = Number(process.env.SECONDS_MAX ?? 120);
  const random = makeRandom(seed);
  console.log(`${name}: seed ${seed}, at most ${count} inputs or ${seconds} s, ${seeds.length} seeds`);
  const good = seeds[0];
  const goodJob = { targetWidth: 64, targetHeight: 48, orientation: 1 };
  const expected = decode(freshModule(), good, goodJob).rgba.slice();
  const tally = {};
  let faults = 0;
  let slowest = 0;
  let exports = freshModule();
  const started = performance.now();
  let done = 0;
  for (; done < count && performance.now() - started < seconds * 1000; done++) {
    const bytes = mutate(seeds[random(seeds.length)], random);
    const job = { targetWidth: 1 + random(200), targetHeight: 1 + random(200), orientation: 1 + random(8) };
    if (random(4) === 0) job.background = random(0x1000000);
    const before = performance.now();
    let verdict;
    try {
      const outcome = decode(exports, bytes, job);
      verdict = outcome.kind === 'decoded' ? (outcome.warnings ? 'decoded with warnings' : 'decoded') : outcome.reason;
    } catch (error) {
      verdict = `TRAP ${error.message}`;
      faults++;
      console.log(`input ${done}: ${verdict}; ${Buffer.from(bytes).toString('base64').slice(0, 4000)}`);
      exports = freshModule();
    }
    const milliseconds = performance.now() - before;
    slowest = Math.max(slowest, milliseconds);
    if (milliseconds > 1000) {
      faults++;
      console.log(`input ${done}: ${milliseconds.toFixed(0)} ms; ${Buffer.from(bytes).toString('base64').slice(0, 4000)}`);
    }
    tally[verdict] = (tally[verdict] ?? 0) + 1;
    if (done % 500 === 0) {
      const outcome = decode(exports, good, goodJob);
      if (outcome.kind !== 'decoded' || Buffer.compare(outcome.rgba, expected) !== 0) {
        faults++;
        console.log(`input ${done}: a good picture no longer decodes right`);
        exports = freshModule();
      }
    }
    if (exports.memory.buffer.byteLength > 32 << 20) exports = freshModule();
  }
  console.log(`${done} inputs in ${((performance.now() - started) / 1000).toFixed(0)} s, slowest ${slowest.toFixed(1)} ms, faults ${faults}`);
  console.log(tally);
  process.exitCode = faults ? 1 : 0;
}
