/**
 * The whole service on this machine: the Worker in workerd with embedded R2 and KV and, unless the real API is asked for,
 * the Claude simulator beside it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCodec } from '../codec.mjs';
import { readSettings } from './setting.mjs';
import { endWrangler, freePort, startWrangler, waitUntilDead, waitUntilReady } from './wrangler.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts it and waits until it answers.
 * @param {{ port?: number, isTemporary?: boolean, apiKeys?: string, variables?: Record<string, string>, claude?: { apiKey?: string, baseUrl?: string },
 *   onStep?: (text: string) => void, onLine?: (line: string) => void, main?: string }} options
 *   `isTemporary`: R2 and KV start empty and are deleted at the end. `apiKeys`: instead of the VIGNETTE_API_KEYS of this machine. `claude`: of
 *   `chooseClaude`; simulated where it has no key, whatever the shell and `.dev.vars` hold. `onStep` is told what takes time, `onLine` what the
 *   Worker prints. `main`: another entry, such as `src/provider/bedrock.ts`.
 */
export async function startStack({ port, isTemporary = false, apiKeys, variables = {}, claude = {}, onStep = () => {}, onLine, main } = {}) {
  const settings = { ...readSettings(), ...(apiKeys === undefined ? {} : { VIGNETTE_API_KEYS: apiKeys }) };
  // Another entry asks another cloud.
  const isSimulated = claude.apiKey === undefined && variables.ANTHROPIC_BASE_URL === undefined && main === undefined;
  await buildCodec({ beforeCompiling: () => onStep('Compiling the codec, whose sources are new (some 10 s) …') });
  onStep(`Starting the Worker${isSimulated ? ' and the simulated Claude' : ''} …`);
  const folder = mkdtempSync(join(tmpdir(), 'vignette-'));
  const children = [];
  let isStopping = false;
  const stop = async () => {
    isStopping = true;
    await Promise.all(children.map((child) => endWrangler(child)));
    rmSync(folder, { recursive: true, force: true });
  };
  // The children are groups of their own, so a signal has to be passed on, also while they are starting.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      await stop();
      process.exit(0);
    });
  }
  const deaths = [];
  const run = async (name, options, probe) => {
    const child = startWrangler({ folder, ...options });
    children.push(child);
    await waitUntilReady(options.url + probe, child);
    deaths.push(waitUntilDead(options.url + probe, child).then((reason) => (isStopping ? new Promise(() => {}) : `${name} ${reason}`)));
  };
  try {
    const url = `http://127.0.0.1:${port ?? (await freePort())}`;
    const simulatorUrl = isSimulated ? `http://127.0.0.1:${await freePort()}` : undefined;
    const key = firstKey(settings.VIGNETTE_API_KEYS) ?? developmentKey();
    // With `[secrets] required` wrangler reads only those names from the file; everything else goes by --var.
    const file = writeSecrets(folder, { ANTHROPIC_API_KEY: claude.apiKey ?? 'simulated', VIGNETTE_API_KEYS: settings.VIGNETTE_API_KEYS ?? `local:${key}` });
    const upstream = simulatorUrl ?? claude.baseUrl;
    const plain = {
      ENVIRONMENT: 'development',
      ...(settings.DEFAULT_MODEL === undefined ? {} : { DEFAULT_MODEL: settings.DEFAULT_MODEL }),
      ...(upstream === undefined ? {} : { ANTHROPIC_BASE_URL: upstream }),
      DEV_ALLOWED_ORIGINS: `${url},${url.replace('127.0.0.1', 'localhost')}`,
      ...variables,
    };
    const args = [
      ...(main === undefined ? [] : [main]),
      '--env-file',
      file,
      ...(isTemporary ? ['--persist-to', join(folder, 'state')] : []),
      ...Object.entries(plain).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ];
    await Promise.all([
      run('The Worker', { args, url, onLine }, '/healthz'),
      ...(simulatorUrl === undefined
        ? []
        : [
            run(
              'The simulated Claude',
              { args: ['-c', 'simulator/wrangler.toml', '--persist-to', join(folder, 'simulator')], url: simulatorUrl },
              '/simulator/bill',
            ),
          ]),
    ]);
    return {
      url,
      key,
      isSimulated,
      simulatorUrl,
      model: settings.DEFAULT_MODEL,
      state: isTemporary ? join(folder, 'state') : undefined,
      processGroups: children.map(({ pid }) => pid),
      /** Settles with a sentence when a part of it has died. */
      death: Promise.race(deaths),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstKey(apiKeys) {
  return (
    apiKeys
      ?.split(',')[0]
      ?.trim()
      .replace(/^[^:]*:/, '') || undefined
  );
}

function writeSecrets(folder, secrets) {
  const file = join(folder, 'worker.env');
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  writeFileSync(file, lines.join('\n'), { mode: 0o600 });
  return file;
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
