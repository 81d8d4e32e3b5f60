/** `npm run build:wasm`: compiles wasm/index.ts to dist/codec.wasm and reports its size. `--names` keeps those of functions. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { compileWasm } from './compile-wasm.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const bytes = await compileWasm({ options: process.argv.includes('--names') ? ['--debug'] : [] });
mkdirSync('dist', { recursive: true });
writeFileSync('dist/codec.wasm', bytes);
console.log(`dist/codec.wasm: ${(bytes.length / 1024).toFixed(1)} KiB, ${(gzipSync(bytes, { level: 9 }).length / 1024).toFixed(1)} KiB gzip`);
