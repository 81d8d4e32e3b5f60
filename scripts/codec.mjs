/** The codec module in dist/, compiled where its sources have changed: the one way to it, for scripts, tests, benches and wrangler. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'dist');
const MODULE = join(FOLDER, 'codec.wasm');
/** Digest of what the module was compiled from and of the module itself. */
const STAMP = join(FOLDER, 'codec.sha256');

/**
 * Brings `dist/codec.wasm` up to date: about 7 s of CPU where a source, an option or the compiler has changed, else some
 * milliseconds. `beforeCompiling` is called first where it takes long.
 * @param {{ options?: string[], beforeCompiling?: () => void }} settings `options` go to the compiler
 * @returns {Promise<{ bytes: Uint8Array, isNew: boolean }>}
 */
export async function buildCodec({ options = [], beforeCompiling = () => {} } = {}) {
  const sources = digestOfSources(options);
  const present = read(MODULE);
  if (present !== undefined && read(STAMP, 'utf8') === stampOf(sources, present)) return { bytes: present, isNew: false };
  beforeCompiling();
  const { compileWasm } = await import('./compile-wasm.mjs');
  const bytes = await compileWasm({ options });
  mkdirSync(FOLDER, { recursive: true });
  replace(MODULE, bytes);
  replace(STAMP, stampOf(sources, bytes));
  return { bytes, isNew: true };
}

function digestOfSources(options) {
  const hash = createHash('sha256').update(JSON.stringify(options));
  const files = readdirSync(join(ROOT, 'wasm'), { recursive: true }).filter((name) => name.endsWith('.ts'));
  const paths = [...files.toSorted().map((name) => join('wasm', name)), join('scripts', 'compile-wasm.mjs')];
  for (const path of paths) hash.update(`\n${path}\n`).update(readFileSync(join(ROOT, path)));
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/package.json');
  return hash.update(JSON.parse(readFileSync(compiler, 'utf8')).version).digest('hex');
}

function stampOf(sources, bytes) {
  return createHash('sha256').update(sources).update(bytes).digest('hex');
}

/** The contents of a file, or `undefined` where there is none. */
function read(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Never half a file, also while another process reads it or does the same. */
function replace(path, contents) {
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}
