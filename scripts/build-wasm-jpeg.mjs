/** Compiles wasm/jpeg/index.ts to dist/jpeg.wasm, for this part's own tests and bench. Run: npx node scripts/build-wasm-jpeg.mjs */
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
mkdirSync('dist', { recursive: true });

const { error, stderr } = await asc.main([
  'wasm/jpeg/index.ts',
  '--outFile', 'dist/jpeg.wasm',
  '-O3', '--noAssert', '--runtime', 'stub',
  '--enable', 'simd', '--enable', 'bulk-memory',
  '--initialMemory', '8', '--maximumMemory', '1024',
  '--use', 'abort=',
  ...(process.argv.includes('--names') ? ['--debug'] : []),
]);
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}
const bytes = readFileSync('dist/jpeg.wasm');
console.log(`dist/jpeg.wasm: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzip`);
