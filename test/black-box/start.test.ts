/** What `npm start` and `npm run demo` say and do, from the first second to the last. */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error -- a script without types
import { requestLine } from '../../scripts/local/request-line.mjs';
// @ts-expect-error -- a script without types
import { chooseClaude, describeClaude } from '../../scripts/local/setting.mjs';
// @ts-expect-error -- a script without types
import { freePort, waitUntilDead } from '../../scripts/local/wrangler.mjs';
import { originOf } from './support/origin.ts';

const REAL_KEY = 'sk-ant-of-the-test';

function spawnScript(script: string, environment: Record<string, string>, options: readonly string[]): ChildProcess {
  return spawn(process.execPath, [`scripts/${script}.mjs`, ...options], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(script: string, environment: Record<string, string>, ...options: readonly string[]) {
  const child = spawnScript(script, environment, options);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, error, code] = await Promise.all([text(child.stdout as NodeJS.ReadableStream), text(child.stderr as NodeJS.ReadableStream), ended]);
  return { code, said: (out + error).trim() };
}

describe('npm start', () => {
  it('says that its port is taken, and how to take another', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = new URL(originOf(server));
    const { code, said } = await run('start', { PORT: port });
    server.close();
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^Port ${port} is in use\\. .*PORT=\\d+ npm start$`));
  });

  it.each(['abc', '0', '80000', '87.5'])('refuses PORT=%s', async (port) => {
    expect(await run('start', { PORT: port })).toEqual({ code: 1, said: `PORT is "${port}"; it must be a whole number from 1 to 65535.` });
  });

  it('explains itself, and refuses what it does not know', async () => {
    expect(await run('start', {}, '--help')).toMatchObject({ code: 0, said: expect.stringContaining('--real') });
    expect(await run('start', {}, '--quiet')).toMatchObject({ code: 1, said: expect.stringContaining("'--quiet'") });
  });
});

describe('npm start with a key of the API in the shell', () => {
  let child: ChildProcess;
  let said = '';
  let url: string;
  let key: string;
  beforeAll(async () => {
    const port = await freePort();
    // Nothing listens at this address: a call to it would fail.
    child = spawnScript('start', { PORT: String(port), ANTHROPIC_API_KEY: REAL_KEY, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }, ['--simulated', '--temporary']);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (said += data));
    await heard(/^Requests:$/m);
    url = /running at (\S+)/.exec(said)?.[1] ?? '';
    key = /^Key: +(\S+)$/m.exec(said)?.[1] ?? '';
  });
  afterAll(() => child.kill());

  /** Settles when it has said this. */
  function heard(words: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => words.test(said) && resolve();
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', look);
      child.once('close', () => (words.test(said) ? resolve() : reject(new Error(`It ended without it:\n${said}`))));
      look();
    });
  }

  it('leaves the key alone, and says so', () => {
    expect(said).toMatch(/^Starting the Worker and the simulated Claude/m);
    expect(said).toMatch(/^Claude: +simulated, free; ANTHROPIC_API_KEY of your shell is not used \(-- --real uses it\)$/m);
    expect(said).toContain(`Playground:  ${url}/#key=${key}\n`);
    expect(said).not.toContain(REAL_KEY);
  });

  it('takes its own samples by URL, and prints one line a request', async () => {
    const ask = async () => {
      const response = await fetch(`${url}/v1/describe`, {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        body: JSON.stringify({ image: { url: `${url}/samples/logo.png` } }),
      });
      return [response.status, ((await response.json()) as any).cache.status];
    };
    expect([await ask(), await ask()]).toEqual([
      [200, 'miss'],
      [200, 'hit'],
    ]);
    await fetch(`${url}/v1/describe`, { method: 'POST', headers: { 'x-api-key': 'wrong' } });
    await heard(/^POST \/v1\/describe +401 +unauthorized +[\d,]+ ms$/m);
    expect(said).toMatch(/^POST \/v1\/describe +200 {2}miss +US\$ 0\.\d{6} +[\d,]+ ms$/m);
    expect(said).toMatch(/^POST \/v1\/describe +200 {2}hit +US\$ 0\.000000 +[\d,]+ ms$/m);
    expect(said).not.toMatch(/healthz|^\{/m);
  });

  it.runIf(process.platform === 'linux')('ends when the simulated Claude has died, and says it', async () => {
    process.kill(wranglerOf(child, 'simulator/wrangler.toml'), 'SIGKILL');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(said).toMatch(/^The simulated Claude has ended \(SIGKILL\)\. Everything is ended/m);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});

/** The child of a process whose command line holds these words. */
function wranglerOf(parent: ChildProcess, words: string): number {
  const found = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const isChild = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent.pid;
      return isChild && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(words);
    } catch {
      return false;
    }
  });
  if (found.length !== 1) throw new Error(`${found.length} processes hold "${words}"`);
  return Number(found[0]);
}

describe('a part that is no more', () => {
  it('is noticed when its process ends', async () => {
    const part = new EventEmitter();
    const death = waitUntilDead('http://127.0.0.1:9/', part);
    part.emit('exit', 1, null);
    expect(await death).toBe('has ended (code 1)');
  });

  it('is noticed when its process is there and does not answer', async () => {
    const port = await freePort();
    expect(await waitUntilDead(`http://127.0.0.1:${port}/healthz`, new EventEmitter(), 1)).toBe(`does not answer at http://127.0.0.1:${port} any more`);
  });
});

describe('a key that the API refuses', () => {
  const asked: unknown[] = [];
  let api: Server;
  beforeAll(async () => {
    api = createServer((request, response) => {
      asked.push([request.url, request.headers['x-api-key']]);
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"type": "error", "error": {"type": "authentication_error"}}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => api.once('listening', resolve));
  });
  afterAll(() => api.close());

  it.each(['start', 'demo'])('ends npm run %s in one line, before anything is billed', async (script) => {
    asked.length = 0;
    const environment = { PORT: String(await freePort()), ANTHROPIC_API_KEY: REAL_KEY, ANTHROPIC_BASE_URL: originOf(api) };
    const { code, said } = await run(script, environment, '--real');
    expect(code).toBe(1);
    expect(said.split('\n').at(-1)).toBe(`${new URL(originOf(api)).host} refuses ANTHROPIC_API_KEY of your shell (401). Correct it, or add -- --simulated.`);
    expect(said).not.toMatch(/ {4}at |Starting/);
    expect(asked).toEqual([['/v1/models?limit=1', REAL_KEY]]);
  });

  it('and an API that does not answer are said in one line', async () => {
    const { code, said } = await run('demo', { ANTHROPIC_API_KEY: REAL_KEY, ANTHROPIC_BASE_URL: `http://127.0.0.1:${await freePort()}` }, '--real');
    expect({ code, lines: said.split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(said).toMatch(/does not answer \(ECONNREFUSED\)/);
  });
});

describe('who answers', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'vignette-setting-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const choose = (options: object, shell: Record<string, string>, lines = '') => {
    const file = join(folder, '.dev.vars');
    writeFileSync(file, lines);
    return chooseClaude({ ...options, shell, file });
  };
  const IN_FILE = `ANTHROPIC_API_KEY=${REAL_KEY}\n`;

  it.each<[string, object, Record<string, string>, string, unknown]>([
    ['nobody has a key', {}, {}, '', { hasUnusedKey: false }],
    ['the shell alone has one', {}, { ANTHROPIC_API_KEY: REAL_KEY }, '', { hasUnusedKey: true }],
    ['the shell has one of this service', {}, { ANTHROPIC_API_KEY: 'vgn_1' }, '', { hasUnusedKey: false }],
    ['an address stands in the shell', {}, { ANTHROPIC_BASE_URL: 'https://example.test' }, '', { hasUnusedKey: false }],
    ['.dev.vars has one, and simulation is asked for', { wantsSimulated: true }, {}, IN_FILE, { hasUnusedKey: false }],
    ['.dev.vars has one', {}, {}, IN_FILE, { apiKey: REAL_KEY, baseUrl: 'https://api.anthropic.com', place: '.dev.vars' }],
    [
      '--real takes that of the shell',
      { wantsReal: true },
      { ANTHROPIC_API_KEY: 'sk-1' },
      IN_FILE,
      { apiKey: 'sk-1', baseUrl: 'https://api.anthropic.com', place: 'your shell' },
    ],
  ])('%s', (_, options, shell, lines, expected) => {
    expect(choose(options, shell, lines)).toEqual(expected);
  });

  it.each<[object, Record<string, string>, RegExp]>([
    [{ wantsReal: true }, {}, /--real needs ANTHROPIC_API_KEY/],
    [{ wantsReal: true }, { ANTHROPIC_API_KEY: 'vgn_1' }, /is a key of this service/],
    [{ wantsReal: true, wantsSimulated: true }, { ANTHROPIC_API_KEY: 'sk-1' }, /not both/],
  ])('%j with %j is refused', (options, shell, words) => {
    expect(() => choose(options, shell)).toThrow(words);
  });

  it('is announced with the model and its price', () => {
    const claude = { apiKey: REAL_KEY, baseUrl: 'https://api.anthropic.com', place: '.dev.vars' };
    const words = describeClaude(claude);
    expect(words).toContain('claude-haiku-5-5 costs US$ 0.1 for a million tokens in, US$ 0.5 out');
    expect(words).not.toContain(REAL_KEY);
    expect(describeClaude(claude, 'claude-opus-5-5')).toContain('claude-opus-5-5 costs US$ 4 for a million tokens in, US$ 20 out');
    expect(describeClaude(claude, 'claude-fable-5-2')).toContain('has no published price');
  });
});

describe('the line of a request', () => {
  const line = (entry: object) => requestLine(JSON.stringify({ level: 'info', event: 'request', method: 'POST', route: '/v1/describe', ...entry }));

  it.each<[object, string]>([
    [{ status: 200, cache: 'miss', cost_usd: 0.000209, duration_ms: 1954 }, 'POST /v1/describe 200 miss US$ 0.000209 1,954 ms'],
    [{ status: 402, code: 'budget_exceeded', duration_ms: 4 }, 'POST /v1/describe 402 budget_exceeded 4 ms'],
    [{ method: 'GET', route: '/v1/models', status: 200, duration_ms: 1 }, 'GET /v1/models 200 1 ms'],
  ])('%j', (entry, expected) => {
    expect(line(entry).replaceAll(/ +/g, ' ')).toBe(expected);
  });

  it('leaves out what nobody asked for, and shows every fault', () => {
    expect(line({ route: '/healthz', status: 200 })).toBeUndefined();
    expect(requestLine('[wrangler:info] GET / 200 OK (23ms)')).toBeUndefined();
    const fault = JSON.stringify({ level: 'error', event: 'configuration', faults: 'X' });
    expect(requestLine(fault)).toBe(fault);
    expect(line({ status: 500, code: 'internal', cause: 'TypeError', stack: 'a.ts:1' })).toContain('\n  TypeError: a.ts:1');
    expect(requestLine('✘ [ERROR] Build failed')).toBe('✘ [ERROR] Build failed');
  });
});
