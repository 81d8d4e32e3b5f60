/** The files that mutants are made of, by format: this project's fixtures and, where it is there, the shared corpus. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FORMAT_ROWS } from '../../src/core/image/format.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { mutateBmp } from './mutate-bmp.mjs';
import { mutateGif } from './mutate-gif.mjs';
import { mutateJpeg } from './mutate-jpeg.mjs';
import { mutatePng } from './mutate-png.mjs';
import { mutateWebp } from './mutate-webp.mjs';

/** A mutant costs time by bytes; faults do not need many. */
const FILE_BYTES_MAX = 40_000;
/** Larger pictures cost the time of many small ones, and no other code. */
const PIXELS_MAX = 640 * 640;
const MUTATE = { jpeg: mutateJpeg, png: mutatePng, gif: mutateGif, webp: mutateWebp, bmp: mutateBmp };

export const FORMATS = Object.keys(MUTATE);

/** Every format that is read has its mutations. */
if (FORMAT_ROWS.some(([format]) => !(format in MUTATE)))
  throw new Error(`No mutations for ${FORMAT_ROWS.map(([format]) => format).filter((format) => !(format in MUTATE))}.`);

/** `{ jpeg: [bytes, …], … }`, whole pictures and, in `broken`, files that are refused as they are. */
export function readSources() {
  const sources = { ...Object.fromEntries(FORMATS.map((format) => [format, []])), broken: [] };
  for (const folder of [new URL('../../test/fixture/', import.meta.url), new URL('../../../shared/corpus/', import.meta.url)]) {
    const path = fileURLToPath(folder);
    if (!existsSync(path)) continue;
    for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
      const bytes = Uint8Array.from(readFileSync(`${entry.parentPath}/${entry.name}`));
      if (bytes.length < 16 || bytes.length > FILE_BYTES_MAX) continue;
      try {
        const { format, width, height } = inspectImage(bytes);
        if (width * height <= PIXELS_MAX) sources[format].push(bytes);
      } catch {
        sources.broken.push(bytes);
      }
    }
  }
  return sources;
}

/**
 * The mutant that `random` decides: `{ format, bytes }`, formats in turn by `index`. One in twenty is made of a file
 * that is broken already, with this format's mutations.
 */
export function makeMutant(sources, index, random) {
  const format = FORMATS[index % FORMATS.length];
  const files = sources.broken.length > 0 && random.chance(0.05) ? sources.broken : sources[format];
  return { format, bytes: MUTATE[format](random.pick(files), random) };
}
