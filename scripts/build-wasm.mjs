/** `npm run build:wasm`: compiles wasm/index.ts to dist/codec.wasm and reports its size. */
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import asc from 'assemblyscript/asc';

/** 512 KiB: static data and the first buffers. */
const INITIAL_PAGES = 8;
/** 64 MiB: half of what an isolate has, and the bound that every memory plan keeps. */
const MAXIMUM_PAGES = 1024;

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
mkdirSync('dist', { recursive: true });
const { error, stderr } = await asc.main([
  'wasm/index.ts',
  '--outFile',
  'dist/codec.wasm',
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--use',
  'abort=',
  '--enable',
  'simd',
  '--enable',
  'bulk-memory',
  '--initialMemory',
  String(INITIAL_PAGES),
  '--maximumMemory',
  String(MAXIMUM_PAGES),
  ...(process.argv.includes('--names') ? ['--debug'] : []),
]);
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}
const bytes = readFileSync('dist/codec.wasm');
console.log(`dist/codec.wasm: ${(bytes.length / 1024).toFixed(1)} KiB, ${(gzipSync(bytes, { level: 9 }).length / 1024).toFixed(1)} KiB gzip`);
