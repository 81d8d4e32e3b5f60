/** Which Messages are kept: one rule for described and relayed requests, streamed or not. */
import * as z from 'zod';
import { type AskedModel, isAsked } from '../vision/asked-model.ts';
import { usageIn } from './usage.ts';

/** Only plain answers: a call of a tool is for its caller to act on, once. Fields that are not named here are kept. */
export const keptMessageSchema = z.looseObject({
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: z.string().min(1),
  content: z
    .array(
      z.discriminatedUnion('type', [
        z.looseObject({ type: z.literal('text'), text: z.string() }),
        z.looseObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
        z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() }),
      ]),
    )
    .refine((content) => content.some((block) => block.type === 'text' && isVisible(block.text)), 'no text'),
  /** Neither a refusal nor a truncation nor a pause. */
  stop_reason: z.enum(['end_turn', 'stop_sequence']),
  usage: z.looseObject({}).refine((usage) => usageIn({ usage }) !== undefined, 'no bill'),
  /** State at the provider belongs to the call that made it. */
  container: z.null().optional(),
});
export type KeptMessage = z.infer<typeof keptMessageSchema>;

/** The Message, where it is whole, valid, in text, ended by itself and written by the model that was asked; else `undefined`. */
export function keptMessage(message: unknown, asked: Pick<AskedModel, 'ids'>): KeptMessage | undefined {
  const { success, data } = keptMessageSchema.safeParse(message);
  return success && isAsked(data.model, asked) ? data : undefined;
}

/** Whether a text has anything to see: not only spaces, line breaks and characters without a form. */
export function isVisible(text: string): boolean {
  return /[^\s\p{C}\p{Z}]/u.test(text);
}
