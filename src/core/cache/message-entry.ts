/** What the cache holds for a relayed request: the whole Message, checked when it is written and on every read. */
import * as z from 'zod';
import type { AskedModel } from '../vision/asked-model.ts';
import { keptMessage, keptMessageSchema } from '../message/kept.ts';
import { MESSAGE_PREFIX } from '../stored/version.ts';

/** Prefix of all KV keys of a tenant's relayed answers. */
export function messagePrefix(tenant: string): string {
  return `${MESSAGE_PREFIX}${tenant}:`;
}

export const messageEntrySchema = z.strictObject({
  /** The key itself: a record found under a key that it was not written for is refused. */
  key: z.string(),
  createdAtSeconds: z.int().min(0),
  message: keptMessageSchema,
});
export type MessageEntry = Readonly<z.infer<typeof messageEntrySchema>>;

/** The entry in a stored value, or `undefined` when it is not a valid entry for this key. */
export function readMessageEntry(value: unknown, key: string): MessageEntry | undefined {
  const parsed = messageEntrySchema.safeParse(value);
  return parsed.success && parsed.data.key === key ? parsed.data : undefined;
}

/** The entry for an answer, or `undefined` when it is one that is never cached. */
export function messageEntryFor(key: string, message: unknown, asked: Pick<AskedModel, 'ids'>, nowMs: number): MessageEntry | undefined {
  const kept = keptMessage(message, asked);
  return kept === undefined ? undefined : { key, createdAtSeconds: Math.floor(nowMs / 1000), message: kept };
}
