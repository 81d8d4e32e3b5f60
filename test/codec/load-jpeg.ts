/** Loads dist/jpeg.wasm, which scripts/build-wasm-jpeg.mjs makes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JpegExports } from '../../src/codec/scanline/jpeg.ts';

const path = fileURLToPath(new URL('../../dist/jpeg.wasm', import.meta.url));
const compiled = new WebAssembly.Module(readFileSync(path));

/** A fresh instance of the JPEG module. */
export function loadJpeg(): JpegExports {
  return new WebAssembly.Instance(compiled, {}).exports as unknown as JpegExports;
}
