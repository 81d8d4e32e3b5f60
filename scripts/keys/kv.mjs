/** The KV namespace of the service: that of a deployment through `wrangler kv`, the one on this machine without. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { openLocalNamespace } from './local-kv.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WRANGLER = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
const BINDING = 'DESCRIPTIONS';
/** KV's own bound of a bulk read. */
const KEYS_A_READ = 100;
const OUTPUT_BYTES_MAX = 64_000_000;

/**
 * @param {{ isRemote: boolean, namespaceId?: string, persistTo?: string }} options `namespaceId` instead of the one in wrangler.toml;
 *   `persistTo`: folder of the local state, as `wrangler dev` has it.
 */
export function openNamespace({ isRemote, namespaceId, persistTo }) {
  return isRemote ? openRemoteNamespace(namespaceId) : openLocalNamespace({ namespaceId, persistTo });
}

function openRemoteNamespace(namespaceId) {
  const place = [...(namespaceId === undefined ? ['--binding', BINDING] : ['--namespace-id', namespaceId]), '--remote'];
  const run = (...args) => wrangler(['kv', ...args, ...place]);

  /** Runs a bulk command on a list, which it takes from a file. */
  async function bulk(command, list, ...more) {
    const folder = mkdtempSync(join(tmpdir(), 'vignette-keys-'));
    try {
      const file = join(folder, 'list.json');
      writeFileSync(file, JSON.stringify(list), { mode: 0o600 });
      return await run('bulk', command, file, ...more);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  return {
    /** Values of these keys, in their order; `undefined` where there is none. */
    async read(keys) {
      const values = [];
      for (let from = 0; from < keys.length; from += KEYS_A_READ) {
        const some = keys.slice(from, from + KEYS_A_READ);
        const found = JSON.parse(await bulk('get', some));
        values.push(...some.map((key) => found[key] ?? undefined));
      }
      return values;
    },
    /** Names of all keys with a prefix. */
    list: async (prefix) => JSON.parse(await run('key', 'list', '--prefix', prefix)).map(({ name }) => name),
    /** Entries `{key, value, expiration?}`, the expiration in seconds of the epoch. */
    put: (entries) => bulk('put', entries),
    remove: (keys) => bulk('delete', keys, '--force'),
    close: async () => {},
  };
}

async function wrangler(args) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [WRANGLER, ...args], {
      cwd: ROOT,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_UPDATE_NOTIFIER: '1' },
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return stdout;
  } catch (error) {
    throw new Error(
      `wrangler ${args.slice(0, 3).join(' ')} failed:\n${stripVTControlCharacters(`${error.stdout ?? ''}${error.stderr ?? ''}`).trim() || error.message}`,
      {
        cause: error,
      },
    );
  }
}
