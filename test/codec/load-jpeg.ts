/** Loads dist/codec.wasm, which `npm run build:wasm` makes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JpegExports } from '../../src/codec/scanline/jpeg.ts';

const path = fileURLToPath(new URL('../../dist/codec.wasm', import.meta.url));
const compiled = new WebAssembly.Module(readFileSync(path));

/** A fresh instance of the JPEG module. */
export function loadJpeg(): JpegExports {
  return new WebAssembly.Instance(compiled, {}).exports as unknown as JpegExports;
}
