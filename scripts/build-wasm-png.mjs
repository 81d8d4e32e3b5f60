// Compiles the PNG and GIF part of the codec to dist/png.wasm and reports its size.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const OUTPUT = 'dist/png.wasm';
const INITIAL_PAGES = 4;
const MAXIMUM_PAGES = 1024;

mkdirSync('dist', { recursive: true });
execFileSync(
  process.execPath,
  [
    'node_modules/assemblyscript/bin/asc.js',
    'wasm/png/module.ts',
    '--outFile',
    OUTPUT,
    '-O3',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--noAssert',
    '--converge',
    '--use',
    'abort=',
    '--initialMemory',
    String(INITIAL_PAGES),
    '--maximumMemory',
    String(MAXIMUM_PAGES),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
const bytes = readFileSync(OUTPUT);
console.log(`${OUTPUT}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzip`);
