/** What the cache holds for a relayed request: the whole Message, checked when it is written and on every read. */
import * as z from 'zod';
import { MESSAGE_PREFIX } from '../stored/version.ts';

/** Prefix of all KV keys of a tenant's relayed answers. */
export function messagePrefix(tenant: string): string {
  return `${MESSAGE_PREFIX}${tenant}:`;
}

/** Only plain answers: a call of a tool is for its caller to act on, once. Fields that are not named here are kept. */
const messageSchema = z.looseObject({
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: z.string(),
  content: z.array(
    z.discriminatedUnion('type', [
      z.looseObject({ type: z.literal('text'), text: z.string() }),
      z.looseObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
      z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() }),
    ]),
  ),
  /** Neither a refusal nor a truncation nor a pause. */
  stop_reason: z.enum(['end_turn', 'stop_sequence']),
  usage: z.looseObject({ input_tokens: z.int().min(0), output_tokens: z.int().min(0) }),
});

export const messageEntrySchema = z.strictObject({
  /** The key itself: a record found under a key that it was not written for is refused. */
  key: z.string(),
  createdAtSeconds: z.int().min(0),
  message: messageSchema,
});
export type MessageEntry = Readonly<z.infer<typeof messageEntrySchema>>;

/** The entry in a stored value, or `undefined` when it is not a valid entry for this key. */
export function readMessageEntry(value: unknown, key: string): MessageEntry | undefined {
  const parsed = messageEntrySchema.safeParse(value);
  return parsed.success && parsed.data.key === key ? parsed.data : undefined;
}

/** The entry for an answer, or `undefined` when it is one that is never cached. */
export function messageEntryFor(key: string, message: unknown, nowMs: number): MessageEntry | undefined {
  const parsed = messageSchema.safeParse(message);
  return parsed.success && parsed.data.content.some(({ type }) => type === 'text')
    ? { key, createdAtSeconds: Math.floor(nowMs / 1000), message: parsed.data }
    : undefined;
}
