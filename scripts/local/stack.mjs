/**
 * The whole service on this machine: the Worker in workerd with embedded R2 and KV and, where no Anthropic key is
 * given, the Claude simulator beside it.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const WRANGLER = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
const READY_TIMEOUT_MS = 60_000;

/**
 * Starts it and waits until it answers.
 * @param {{ port?: number, isTemporary?: boolean, apiKeys?: string, variables?: Record<string, string>, shows?: boolean, main?: string }} options
 *   `isTemporary`: R2 and KV start empty and are deleted at the end. `apiKeys`: instead of the VIGNETTE_API_KEYS of this machine. `main`: another
 *   entry, such as `src/provider/bedrock.ts`.
 */
export async function startStack({ port, isTemporary = false, apiKeys, variables = {}, shows = false, main } = {}) {
  const settings = { ...readSettings(), ...(apiKeys === undefined ? {} : { VIGNETTE_API_KEYS: apiKeys }) };
  const folder = mkdtempSync(join(tmpdir(), 'vignette-'));
  const children = [];
  const stop = async () => {
    await Promise.all(children.map((child) => end(child)));
    rmSync(folder, { recursive: true, force: true });
  };
  // The children are groups of their own, so a signal has to be passed on, also while they are starting.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      await stop();
      process.exit(0);
    });
  }
  try {
    // Another entry asks another cloud.
    const isSimulated = settings.ANTHROPIC_API_KEY === undefined && variables.ANTHROPIC_BASE_URL === undefined && main === undefined;
    let simulatorUrl;
    if (isSimulated) {
      simulatorUrl = `http://127.0.0.1:${await freePort()}`;
      children.push(wrangler(['-c', 'simulator/wrangler.toml', '--persist-to', join(folder, 'simulator')], simulatorUrl, folder, false));
      await ready(`${simulatorUrl}/simulator/bill`, children.at(-1));
    }
    const url = `http://127.0.0.1:${port ?? (await freePort())}`;
    const key =
      settings.VIGNETTE_API_KEYS?.split(',')[0]
        ?.trim()
        .replace(/^[^:]*:/, '') || developmentKey();
    // With `[secrets] required` wrangler reads only those names from the file; everything else goes by --var.
    const secrets = { ANTHROPIC_API_KEY: settings.ANTHROPIC_API_KEY ?? 'simulated', VIGNETTE_API_KEYS: settings.VIGNETTE_API_KEYS ?? `local:${key}` };
    const plain = {
      ENVIRONMENT: 'development',
      ...pick(settings, ['ANTHROPIC_BASE_URL', 'DEFAULT_MODEL']),
      ...(isSimulated ? { ANTHROPIC_BASE_URL: simulatorUrl } : {}),
      ...variables,
    };
    const file = join(folder, 'worker.env');
    writeFileSync(
      file,
      Object.entries(secrets)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join('\n'),
      { mode: 0o600 },
    );
    const persistence = isTemporary ? ['--persist-to', join(folder, 'state')] : [];
    const overrides = Object.entries(plain).flatMap(([name, value]) => ['--var', `${name}:${value}`]);
    children.push(wrangler([...(main === undefined ? [] : [main]), '--env-file', file, ...persistence, ...overrides], url, folder, shows));
    await ready(`${url}/healthz`, children.at(-1));
    return { url, key, isSimulated, simulatorUrl, state: isTemporary ? join(folder, 'state') : undefined, processGroups: children.map(({ pid }) => pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether this port of this machine can be listened on. */
export function isFreePort(port) {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => resolve(port));
      });
  });
}

function wrangler(args, url, folder, shows) {
  const { port } = new URL(url);
  const child = spawn(
    process.execPath,
    [WRANGLER, 'dev', ...args, '--ip', '127.0.0.1', '--port', port, '--inspector-port', '0', '--show-interactive-dev-session=false'],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_LOG_PATH: join(folder, 'logs'),
        NO_UPDATE_NOTIFIER: '1',
        CI: 'true',
        MINIFLARE_CACHE_DIR: folder,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    },
  );
  child.output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      child.output = (child.output + data).slice(-20_000);
      if (shows) process.stdout.write(data);
    });
  }
  return child;
}

async function ready(url, child) {
  for (const startMs = Date.now(); Date.now() - startMs < READY_TIMEOUT_MS;) {
    if (child.exitCode !== null) throw new Error(`wrangler stopped with code ${child.exitCode}:\n${child.output}`);
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (response?.ok) return;
    // It has started and says that it cannot: waiting would not heal it, and its log names the faults.
    if (response?.headers.get('content-type') === 'application/problem+json') throw new Error(`${url} answered ${response.status}:\n${child.output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answered at ${url} within ${READY_TIMEOUT_MS / 1000} s:\n${child.output}`);
}

/** Ends the whole process group: wrangler has workerd as a child. */
async function end(child) {
  if (child.exitCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const kill = (signal) => {
    try {
      if (process.platform === 'win32') child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It is gone already.
    }
  };
  kill('SIGTERM');
  const timer = setTimeout(() => kill('SIGKILL'), 3_000);
  await exited;
  clearTimeout(timer);
}

/** `.dev.vars`, then the shell's own variables. */
function readSettings() {
  const file = join(ROOT, '.dev.vars');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const pairs = lines.flatMap((line) => {
    const match = /^\s*([A-Z_]+)\s*=\s*(["']?)(.*?)\2\s*$/.exec(line);
    return match && match[3] !== '' ? [[match[1], match[3]]] : [];
  });
  // A shell that points Anthropic's clients at this service would point the service at itself.
  const isOurs = process.env.ANTHROPIC_API_KEY?.startsWith('vgn_') ?? false;
  const names = [...(isOurs ? [] : ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL']), 'VIGNETTE_API_KEYS', 'DEFAULT_MODEL'];
  const shell = names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  return Object.fromEntries([...pairs, ...shell]);
}

function pick(settings, names) {
  return Object.fromEntries(names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])));
}

/** One key for this checkout, so that copied curl lines go on working. */
function developmentKey() {
  const file = join(ROOT, '.wrangler', 'vignette-key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const key = `vgn_${randomBytes(16).toString('hex')}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}
