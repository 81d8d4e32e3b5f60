/** What is remembered of an address: which picture it gave, for how long that holds, and how to ask whether it still does. */
import * as z from 'zod';
import { ALIAS_PREFIX } from '../stored/version.ts';
import { imageInfoSchema } from './facts.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

const aliasSchema = z.strictObject({
  /** The key itself: a record found under a key that it was not written for is refused. */
  key: z.string(),
  sha256: sha256Schema,
  info: imageInfoSchema,
  freshUntilMs: z.int().min(0),
  lifetimeSeconds: z.number().min(0),
  validators: z.strictObject({ from: sha256Schema, etag: z.string().optional(), lastModified: z.string().optional() }).optional(),
});
export type UrlAlias = Readonly<z.infer<typeof aliasSchema>>;

/** The KV key for an address of a tenant (at most 139 bytes; KV allows 512). */
export function aliasKey(tenant: string, urlSha256: string): string {
  return `${ALIAS_PREFIX}${tenant}:${urlSha256}`;
}

/** The alias in a stored value, or `undefined` when it is not a valid one for this key. */
export function readAlias(value: unknown, key: string): UrlAlias | undefined {
  const parsed = aliasSchema.safeParse(value);
  return parsed.success && parsed.data.key === key ? parsed.data : undefined;
}
