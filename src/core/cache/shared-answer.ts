/** What a relayed request gives to identical ones that wait for it; what is kept of it for a moment is checked on every read. */
import * as z from 'zod';
import type { AskedModel } from '../vision/asked-model.ts';
import { usageIn } from '../message/usage.ts';
import { messageEntryFor } from './message-entry.ts';

/** A longer Message is for its own caller alone; the longest that models write are a fifth of it. */
export const SHARED_CHARACTERS_MAX = 4_000_000;

/**
 * Blocks that can be replayed. A call of a tool is one answer to one question like any other: whoever asks at once acts on it as he
 * would on one of his own. What the provider's own tools leave there (containers, files) is not shared.
 */
const blockSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('thinking'), thinking: z.string() }),
  z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() }),
  z.looseObject({ type: z.literal('tool_use'), id: z.string(), name: z.string() }),
]);

const sharedAnswerSchema = z.discriminatedUnion('kind', [
  /** Whole and billed; a refusal and a truncation, too. */
  z.strictObject({
    kind: z.literal('message'),
    createdAtSeconds: z.int().min(0),
    message: z.looseObject({
      type: z.literal('message'),
      role: z.literal('assistant'),
      model: z.string(),
      content: z.array(blockSchema),
      stop_reason: z.string(),
      usage: z.looseObject({}).refine((usage) => usageIn({ usage }) !== undefined, 'no bill'),
      container: z.null().optional(),
    }),
  }),
  /** An error in the API's own words. */
  z.strictObject({
    kind: z.literal('error'),
    status: z.int().min(400).max(599),
    headers: z.array(z.tuple([z.string(), z.string()])),
    text: z.string(),
  }),
  /** A whole answer that cannot be replayed: everybody has to ask. */
  z.strictObject({ kind: z.literal('unshared') }),
]);
export type SharedAnswer = Readonly<z.infer<typeof sharedAnswerSchema>>;

/** The answer in a value that another request wrote, or `undefined` when it is none. */
export function readSharedAnswer(value: unknown): SharedAnswer | undefined {
  return sharedAnswerSchema.safeParse(value).data;
}

/** A whole Message for those who wait, and whether those who come later may have it as well: what is never cached they may not. */
export function shareMessage(
  message: unknown,
  asked: Pick<AskedModel, 'ids'>,
  nowMs: number,
): { readonly shared: SharedAnswer; readonly isForWaiting: boolean } {
  const shared = readSharedAnswer({ kind: 'message', createdAtSeconds: Math.floor(nowMs / 1000), message });
  if (shared === undefined || !isExact(message) || JSON.stringify(message).length > SHARED_CHARACTERS_MAX)
    return { shared: { kind: 'unshared' }, isForWaiting: true };
  return { shared, isForWaiting: messageEntryFor('', message, asked, nowMs) === undefined };
}

/**
 * Whether all numbers in it come out of JavaScript as they went in. Claude may write ids of more than 53 bits into the input
 * of a tool; they are rounded here, while the very bytes go to whoever led.
 */
function isExact(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}
