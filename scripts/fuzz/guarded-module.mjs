/** The codec module with scripts/fuzz/guarded-memory.ts as its allocator. */
import { readFileSync } from 'node:fs';
import { compileWasm } from '../compile-wasm.mjs';

const guardedMemory = readFileSync(new URL('guarded-memory.ts', import.meta.url), 'utf8');

/** Bytes of the module; it exports `brokenGuards()` beside everything else. */
export function compileGuarded() {
  return compileWasm({
    rewrite: (path, text) => {
      if (path === 'wasm/memory.ts') return guardedMemory;
      return path === 'wasm/index.ts' ? `${text}\nexport { brokenGuards } from './memory';\n` : text;
    },
  });
}
