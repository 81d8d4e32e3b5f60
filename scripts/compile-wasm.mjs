/** Compiles the codec module from its source. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** 512 KiB: static data and the first buffers. */
const INITIAL_PAGES = 8;
/** 64 MiB: half of what an isolate has, and the bound that every memory plan keeps. */
const MAXIMUM_PAGES = 1024;

/**
 * The bytes of wasm/index.ts compiled. `options` go to the compiler after ours; `rewrite(path, text)` may give another
 * text for a source file, its path as seen from the root of the project. Throws with the compiler's messages.
 */
export async function compileWasm({ options = [], rewrite = (_, text) => text } = {}) {
  const written = new Map();
  const { error, stderr } = await asc.main(
    [
      'wasm/index.ts',
      '--outFile',
      'codec.wasm',
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
      '--enable',
      'relaxed-simd',
      '--initialMemory',
      String(INITIAL_PAGES),
      '--maximumMemory',
      String(MAXIMUM_PAGES),
      ...options,
    ],
    {
      // The compiler asks for files that may not be there, too, and takes `null` for an answer.
      readFile: async (path) => {
        const text = await readFile(`${ROOT}${path}`, 'utf8').catch(() => null);
        return text === null ? null : rewrite(path, text);
      },
      writeFile: (path, contents) => void written.set(path, contents),
    },
  );
  const bytes = written.get('codec.wasm');
  if (error || bytes === undefined) throw new Error(stderr.toString());
  return bytes;
}
