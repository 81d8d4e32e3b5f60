/**
 * One Worker in a workerd of its own, on a socket of its own. `wrangler dev` and its test harness have a proxy in front, which does
 * not tell the Worker that a client has left, and whose time and memory would be measured with the Worker's.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unstable_getMiniflareWorkerOptions as optionsOf } from 'wrangler';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
// Wrangler's own Miniflare, whichever version it brings: the two go together.
const { Miniflare, convertV4MiniflareOptions } = createRequire(createRequire(import.meta.url).resolve('wrangler'))('miniflare');

/**
 * Bundles it and starts it. Its storage begins empty and is gone at the end.
 * @param {{ configPath: string, variables?: Record<string, string> }} options `configPath` from the root of the repository
 * @returns `url`, `pid` of its workerd (Linux; elsewhere `undefined`), `stop`
 */
export async function startBare({ configPath, variables = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'vignette-bare-'));
  try {
    await bundle(join(ROOT, configPath), folder);
    const files = readdirSync(folder).filter((file) => /\.(js|wasm)$/.test(file));
    // The entry comes first.
    const modules = files
      .toSorted((a, b) => Number(b.endsWith('.js')) - Number(a.endsWith('.js')))
      .map((file) => ({ type: file.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule', path: file, contents: readFileSync(join(folder, file)) }));
    const { modulesRules: _, rootPath: __, ...options } = optionsOf(join(ROOT, configPath)).workerOptions;
    const worker = {
      ...options,
      name: 'bare',
      modules,
      bindings: { ...options.bindings, ...variables },
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
    };
    const before = workerds();
    const server = new Miniflare({ ...convertV4MiniflareOptions({ cf: false, workers: [worker] }), handleStructuredLogs: () => {} });
    await server.ready;
    return {
      url: (await server.unsafeGetDirectURL('bare')).origin,
      pid: workerds().find((pid) => !before.includes(pid)),
      stop: () => server.dispose(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function bundle(configPath, folder) {
  const wrangler = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
  const child = spawn(process.execPath, [wrangler, 'deploy', '--dry-run', '-c', configPath, '--outdir', folder], {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: join(folder, 'logs'), NO_UPDATE_NOTIFIER: '1', CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${configPath} could not be bundled:\n${output}`))));
  });
}

/** Processes named workerd that this one has started. */
function workerds() {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      const stat = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
      // Field 4 of proc(5) is the parent; the slice begins at field 3.
      return stat.includes('(workerd)') && Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === process.pid;
    } catch {
      return false;
    }
  });
}
