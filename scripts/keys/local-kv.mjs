/**
 * The KV namespace of the service on this machine, in the files where `wrangler dev` keeps it. Opened at its first use, in this process: `wrangler kv`
 * would start a process of its own for each read and write, of some seconds each.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BINDING = 'DESCRIPTIONS';

/**
 * @param {{ namespaceId?: string, persistTo?: string }} options `persistTo`: folder of the local state, as `wrangler dev` has it
 * @returns the same as `openRemoteNamespace`
 */
export function openLocalNamespace({ namespaceId, persistTo }) {
  let server;
  const open = () => {
    server ??= startServer(namespaceId ?? idInConfiguration(), resolve(persistTo ?? join(ROOT, '.wrangler', 'state')));
    return server.getKVNamespace(BINDING);
  };
  return {
    async read(keys) {
      const namespace = await open();
      return Promise.all(keys.map(async (key) => (await namespace.get(key)) ?? undefined));
    },
    async list(prefix) {
      const namespace = await open();
      const names = [];
      for (let cursor; ;) {
        const page = await namespace.list({ prefix, cursor });
        names.push(...page.keys.map(({ name }) => name));
        if (page.list_complete) return names;
        cursor = page.cursor;
      }
    },
    async put(entries) {
      const namespace = await open();
      for (const { key, value, expiration } of entries) await namespace.put(key, value, expiration === undefined ? {} : { expiration });
    },
    async remove(keys) {
      const namespace = await open();
      for (const key of keys) await namespace.delete(key);
    },
    close: async () => server?.dispose(),
  };
}

function startServer(namespaceId, folder) {
  // Wrangler's own Miniflare, whichever version it brings: the files are in its format.
  const { Miniflare, convertV4MiniflareOptions } = createRequire(createRequire(import.meta.url).resolve('wrangler'))('miniflare');
  const options = convertV4MiniflareOptions({
    cf: false,
    modules: true,
    script: 'export default {}',
    kvNamespaces: { [BINDING]: namespaceId },
    resourcePersistencePath: join(folder, 'v3'),
  });
  return new Miniflare({ ...options, handleStructuredLogs: () => {} });
}

/** As `wrangler dev` names the namespace: by its id, where a deploy has written one into wrangler.toml, else by its binding. */
function idInConfiguration() {
  const tables = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8').split(/^\[/m);
  const table = tables.find((text) => text.startsWith('[kv_namespaces]]') && text.includes(`"${BINDING}"`)) ?? '';
  const valueOf = (name) => new RegExp(`^${name} *= *"([^"]+)"`, 'm').exec(table)?.[1];
  return valueOf('preview_id') ?? valueOf('id') ?? BINDING;
}
