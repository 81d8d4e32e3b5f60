/** What this machine says about how the service is to run: `.dev.vars`, then the shell. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MODELS } from '../../src/core/vision/model.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PUBLIC_API = 'https://api.anthropic.com';
const KEY_CHECK_TIMEOUT_MS = 10_000;

/** A mistake of the person at the keyboard: its message is all that they need, never a stack. */
export class UsageError extends Error {}

/** Variables of `.dev.vars`. */
function readFileSettings(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const pairs = lines.flatMap((line) => {
    const match = /^\s*([A-Z_]+)\s*=\s*(["']?)(.*?)\2\s*$/.exec(line);
    return match && match[3] !== '' ? [[match[1], match[3]]] : [];
  });
  return Object.fromEntries(pairs);
}

/** `VIGNETTE_API_KEYS` and `DEFAULT_MODEL`, where they are set; the shell wins. */
export function readSettings({ file = join(ROOT, '.dev.vars'), shell = process.env } = {}) {
  const all = { ...readFileSettings(file), ...Object.fromEntries(Object.entries(shell).filter(([, value]) => value !== '')) };
  return Object.fromEntries(['VIGNETTE_API_KEYS', 'DEFAULT_MODEL'].flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/**
 * Who is to answer. A key in the shell is there for other programs; it costs money only where somebody asks for that.
 * @param {{ wantsReal?: boolean, wantsSimulated?: boolean, file?: string, shell?: Record<string, string | undefined> }} choice
 * @returns `{ apiKey, baseUrl, place }` for the real API, else `{ hasUnusedKey }`: the shell has a key that is left alone
 * @throws {UsageError} when the real API is wanted and there is no key for it
 */
export function chooseClaude({ wantsReal = false, wantsSimulated = false, file = join(ROOT, '.dev.vars'), shell = process.env } = {}) {
  if (wantsReal && wantsSimulated) throw new UsageError('Give --real or --simulated, not both.');
  const inFile = readFileSettings(file);
  // A shell that points Anthropic's clients at this service would point the service at itself.
  const isOurs = shell.ANTHROPIC_API_KEY?.startsWith('vgn_') ?? false;
  const inShell = isOurs ? undefined : shell.ANTHROPIC_API_KEY || undefined;
  if (wantsReal && inShell !== undefined) return { apiKey: inShell, baseUrl: shell.ANTHROPIC_BASE_URL || PUBLIC_API, place: 'your shell' };
  if (!wantsSimulated && inFile.ANTHROPIC_API_KEY !== undefined)
    return { apiKey: inFile.ANTHROPIC_API_KEY, baseUrl: inFile.ANTHROPIC_BASE_URL ?? PUBLIC_API, place: '.dev.vars' };
  if (!wantsReal) return { hasUnusedKey: inShell !== undefined };
  throw new UsageError(
    isOurs
      ? '--real needs a key of the Anthropic API; ANTHROPIC_API_KEY in your shell is a key of this service (vgn_…). Set another one there or in .dev.vars.'
      : '--real needs ANTHROPIC_API_KEY, in .dev.vars or in your shell.',
  );
}

/**
 * Asks the API whether it takes the key, which costs nothing.
 * @throws {UsageError} when it does not, or does not answer
 */
export async function checkKey({ apiKey, baseUrl, place }) {
  const { host } = new URL(baseUrl);
  const response = await fetch(`${baseUrl.replace(/\/$/, '')}/v1/models?limit=1`, {
    headers: { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' },
    signal: AbortSignal.timeout(KEY_CHECK_TIMEOUT_MS),
  }).catch((error) => {
    throw new UsageError(`${host} does not answer (${error.cause?.code ?? error.name}). Without a network: add -- --simulated.`, { cause: error });
  });
  await response.body?.cancel();
  if (response.status === 401 || response.status === 403)
    throw new UsageError(`${host} refuses ANTHROPIC_API_KEY of ${place} (${response.status}). Correct it, or add -- --simulated.`);
}

/** One line: who answers, and what that costs. */
export function describeClaude(claude, model = 'claude-haiku-5-5') {
  if (claude.apiKey === undefined)
    return `simulated, free${claude.hasUnusedKey ? '; ANTHROPIC_API_KEY of your shell is not used (-- --real uses it)' : '; -- --real asks the real API'}`;
  const price = MODELS.find(({ id }) => id === model)?.price?.base;
  const words = price === undefined ? 'has no published price' : `costs US$ ${price.input} for a million tokens in, US$ ${price.output} out`;
  return `the real API at ${new URL(claude.baseUrl).host}, with the key of ${claude.place}. Each call is billed: ${model} ${words}`;
}
