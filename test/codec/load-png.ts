import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ContentExports } from '../../src/codec/scanline/content.ts';
import type { GifDecoderExports } from '../../src/codec/scanline/gif.ts';
import type { PngDecoderExports } from '../../src/codec/scanline/png.ts';
import type { PngEncoderExports } from '../../src/codec/scanline/png-encode.ts';

/** What the PNG and GIF tests use of the module. */
export interface PngModuleExports extends PngDecoderExports, GifDecoderExports, PngEncoderExports, ContentExports {
  /** Bytes of static data. */
  staticBytes(): number;
}

const MODULE_PATH = 'dist/codec.wasm';
if (!existsSync(MODULE_PATH)) throw new Error(`${MODULE_PATH} is missing: run npm run build:wasm first`);
const compiled = new WebAssembly.Module(readFileSync(MODULE_PATH));

/** A fresh instance of the module. */
export function loadPngModule(): PngModuleExports {
  return new WebAssembly.Instance(compiled, {}).exports as unknown as PngModuleExports;
}

const CORPUS = '../shared/corpus';

export const hasCorpus = existsSync(CORPUS);
if (!hasCorpus) console.warn(`${CORPUS} is absent: corpus tests are skipped`);

export interface CorpusFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** All corpus files that begin with `signature` (latin-1). */
export function corpusFiles(signature: string): CorpusFile[] {
  if (!hasCorpus) return [];
  const files: CorpusFile[] = [];
  for (const folder of readdirSync(CORPUS)) {
    const path = join(CORPUS, folder);
    if (!statSync(path).isDirectory()) continue;
    for (const name of readdirSync(path)) {
      const bytes = new Uint8Array(readFileSync(join(path, name)));
      const start = String.fromCharCode(...bytes.subarray(0, signature.length));
      if (start === signature) files.push({ name: `${folder}/${name}`, bytes });
    }
  }
  return files;
}
