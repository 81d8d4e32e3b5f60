/** The header readers over mutants: a Fault or facts, and work that grows with the bytes alone. */
import { Fault } from '../../src/core/fault.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { createRandom } from './random.mjs';
import { makeMutant } from './source.mjs';

/** Ten times what a byte takes at most (the CRC of a PNG), with room for a collection of garbage. */
const FIXED_MS = 5;
const MS_PER_BYTE = 0.0005;
const ATTEMPTS = 5;

/** Checks one mutant. Gives a verdict, or `FIND …`. */
export function fuzzHeader(sources, seed, index) {
  const { bytes } = makeMutant(sources, index, createRandom(seed));
  const boundMs = FIXED_MS + bytes.length * MS_PER_BYTE;
  // A single slow attempt is the machine's; only the fastest one counts.
  let fastestMs = Infinity;
  let verdict;
  for (let attempt = 0; attempt < ATTEMPTS && fastestMs > boundMs; attempt++) {
    const start = performance.now();
    verdict = inspect(bytes);
    fastestMs = Math.min(fastestMs, performance.now() - start);
  }
  if (fastestMs > boundMs) return { verdict: `FIND ${fastestMs.toFixed(1)} ms for ${bytes.length} bytes`, spentMs: fastestMs };
  return { verdict, spentMs: fastestMs };
}

function inspect(bytes) {
  try {
    const { format, width, height, orientation } = inspectImage(bytes);
    const isSane = width >= 1 && height >= 1 && Number.isInteger(width) && Number.isInteger(height) && orientation >= 1 && orientation <= 8;
    return isSane ? format : `FIND facts of no picture: ${width}x${height}, orientation ${orientation}`;
  } catch (error) {
    return error instanceof Fault ? error.code : `FIND ${error.stack}`;
  }
}
