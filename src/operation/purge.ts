/** Forgets what is cached of a tenant, page by page. */
import { parsePurge } from '../core/cache/purge.ts';
import { ALIAS_PREFIX } from '../core/stored/version.ts';
import { operation } from './perform.ts';

export interface PurgeResult {
  readonly answers: number;
  readonly addresses: number;
  /** Where the next page begins; absent after the last. */
  readonly cursor: string | undefined;
}

/** `settings`: as JSON, unchecked. @throws invalid_request, overloaded */
export const purge = operation('purge', async ({ settings }: { readonly settings: unknown }, { ports }): Promise<PurgeResult> => {
  const { names, cursor } = await ports.purge(parsePurge(settings, Date.parse));
  const addresses = names.filter((name) => name.startsWith(ALIAS_PREFIX));
  const answers = names.filter((name) => !name.startsWith(ALIAS_PREFIX));
  // What is kept of their flights would be cached answers under another name.
  await Promise.all(answers.map((name) => ports.flights.forget(name)));
  return { answers: answers.length, addresses: addresses.length, cursor };
});
