/** `wrangler dev` as a child, and what it says. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// What its launcher would start in a further process.
const WRANGLER = join(ROOT, 'node_modules', 'wrangler', 'wrangler-dist', 'cli.js');
const READY_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 3_000;
/** A process that answers is asked every so often, and is given up after as many failures in a row: a busy machine is slow, not dead. */
const PROBE_EVERY_MS = 3_000;
const PROBE_TIMEOUT_MS = 10_000;
const PROBE_FAILURES_MAX = 2;

/**
 * Starts `wrangler dev`. Its processes are a group of their own.
 * @param {{ args: string[], url: string, folder: string, onLine?: (line: string) => void }} options `folder` for its logs; `onLine` is given what it prints
 */
export function startWrangler({ args, url, folder, onLine = () => {} }) {
  // The keys of the shell are none of its business: it would take them for secrets of the Worker.
  const { ANTHROPIC_API_KEY: _, ANTHROPIC_BASE_URL: __, VIGNETTE_API_KEYS: ___, ...shell } = process.env;
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      WRANGLER,
      'dev',
      ...args,
      '--ip',
      '127.0.0.1',
      '--port',
      new URL(url).port,
      '--inspector-port',
      '0',
      '--show-interactive-dev-session=false',
    ],
    {
      cwd: ROOT,
      env: {
        // About a quarter of its start is spent on compiling itself.
        NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compile'),
        ...shell,
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_LOG_PATH: join(folder, 'logs'),
        NO_UPDATE_NOTIFIER: '1',
        CI: 'true',
        MINIFLARE_CACHE_DIR: folder,
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    },
  );
  child.output = '';
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (data) => {
      child.output = (child.output + data).slice(-20_000);
      const lines = (rest + data).split('\n');
      rest = lines.pop();
      lines.forEach(onLine);
    });
  }
  return child;
}

/**
 * Waits until it answers.
 * @throws {Error} with its output when it ends, says that it cannot run, or takes too long
 */
export async function waitUntilReady(url, child) {
  for (const startMs = Date.now(); Date.now() - startMs < READY_TIMEOUT_MS;) {
    if (child.exitCode !== null) throw new Error(`wrangler stopped with code ${child.exitCode}:\n${child.output}`);
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).catch(() => undefined);
    if (response?.ok) return;
    // It has started and says that it cannot: waiting would not heal it, and its log names the faults.
    if (response?.headers.get('content-type') === 'application/problem+json') throw new Error(`${url} answered ${response.status}:\n${child.output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answered at ${url} within ${READY_TIMEOUT_MS / 1000} s:\n${child.output}`);
}

/** Settles with the reason when the child has ended or answers no more: where workerd alone dies, wrangler stays and hangs. */
export function waitUntilDead(url, child, everyMs = PROBE_EVERY_MS) {
  return new Promise((resolve) => {
    let failures = 0;
    const probe = async () => {
      const isAlive = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
        (response) => response.body?.cancel().then(() => true) ?? true,
        () => false,
      );
      failures = isAlive ? 0 : failures + 1;
      if (failures >= PROBE_FAILURES_MAX) resolve(`does not answer at ${new URL(url).origin} any more`);
      else timer = setTimeout(probe, everyMs).unref();
    };
    let timer = setTimeout(probe, everyMs).unref();
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(`has ended (${signal ?? `code ${code}`})`);
    });
  });
}

/** Ends the whole process group: wrangler has workerd as a child. */
export async function endWrangler(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
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
  const timer = setTimeout(() => kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
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
