/** Purging what is cached of a tenant, page by page: which keys, and where the next page begins. */
import * as z from 'zod';
import { invalidRequest } from '../invalid-request.ts';
import { readBySchema } from '../schema-fault.ts';
import { ALIAS_PREFIX } from '../stored/version.ts';
import { answerPrefix, ownerOf } from './key.ts';
import { messagePrefix } from './message-entry.ts';

/** Keys a page. Each is two more requests of the Worker, of which a plan may allow 1,000. */
export const PURGE_KEYS_MAX = 400;

export const purgeBodySchema = z.strictObject({
  tenant: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must have 1 to 64 letters, digits, "_" or "-"')
    .meta({ description: 'The tenant whose answers and addresses go.', examples: ['acme'] })
    .optional(),
  scope: z.literal('public').meta({ description: 'In place of a tenant: the answers that tenants share.' }).optional(),
  created_before: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2027-01-31T00:00:00Z' })
    .meta({ description: 'Only answers that were made before this time.', examples: ['2027-01-31T00:00:00Z'] })
    .optional(),
  cursor: z
    .string()
    .max(2_000)
    .meta({ description: '"cursor" of the page before.', examples: ['0:eyJ2IjoxfQ'] })
    .optional(),
});

export interface Purge {
  /** Whose: a tenant, or the answers that tenants share. */
  readonly prefixes: readonly string[];
  /** Only answers that are older than this time, in milliseconds since 1970. */
  readonly createdBeforeMs: number | undefined;
  readonly cursor: string | undefined;
}

/** `msOf`: RFC 3339 → milliseconds since 1970. @throws invalid_request */
export function parsePurge(body: unknown, msOf: (time: string) => number): Purge {
  const { tenant, scope, created_before: createdBefore, cursor } = readBySchema(purgeBodySchema, body);
  if ((tenant === undefined) === (scope === undefined))
    throw invalidRequest([{ param: 'tenant', detail: 'Give either "tenant" or "scope": "public": whose answers are to go.' }]);
  const answers = answerPrefix(ownerOf(tenant ?? '', { scope: scope ?? 'tenant' }));
  // What an address gave is no answer: it goes only with everything else.
  const others = tenant === undefined ? [] : [messagePrefix(tenant), ...(createdBefore === undefined ? [`${ALIAS_PREFIX}${tenant}:`] : [])];
  return { prefixes: [answers, ...others], createdBeforeMs: createdBefore === undefined ? undefined : msOf(createdBefore), cursor };
}

/** What is written beside an answer, so that a purge knows its age from the listing alone. */
export interface AnswerMetadata {
  readonly createdAtSeconds: number;
}

const metadataSchema = z.object({ createdAtSeconds: z.int() });

/** Whether an answer with this metadata goes. One that has none was written before ages were, and is older than any time. */
export function isPurged(metadata: unknown, { createdBeforeMs }: Pick<Purge, 'createdBeforeMs'>): boolean {
  if (createdBeforeMs === undefined) return true;
  const parsed = metadataSchema.safeParse(metadata);
  return !parsed.success || parsed.data.createdAtSeconds * 1000 < createdBeforeMs;
}

/** Where a page begins: which of the prefixes, and KV's own cursor in it. @throws invalid_request */
export function readPurgeCursor(cursor: string | undefined, prefixes: readonly string[]): { readonly prefix: number; readonly after: string | undefined } {
  if (cursor === undefined) return { prefix: 0, after: undefined };
  const [, digits = '', after = ''] = /^(\d):(.*)$/.exec(cursor) ?? [];
  if (digits === '' || Number(digits) >= prefixes.length)
    throw invalidRequest([{ param: 'cursor', detail: 'This is no cursor of a purge like this. Give the one of the last answer, or none.' }]);
  return { prefix: Number(digits), after: after === '' ? undefined : after };
}

/** The cursor of what follows; `undefined` at the end. */
export function writePurgeCursor(prefix: number, after: string | undefined, prefixes: readonly string[]): string | undefined {
  if (after !== undefined) return `${prefix}:${after}`;
  return prefix + 1 < prefixes.length ? `${prefix + 1}:` : undefined;
}
