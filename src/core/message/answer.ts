/** Message → answer. Whatever is not a complete, usable answer is an error here, so that it is never cached. */
import * as z from 'zod';
import { Fault } from '../fault.ts';
import type { DescribeRequest, DescriptionField } from '../input/request.ts';
import { isVisible } from './kept.ts';
import { usageIn } from './usage.ts';

/** The part of the API's Message that we read. What stands behind a base URL may be anything, so it is checked. */
export const messageSchema = z.looseObject({
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: z.string().min(1),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullable(),
  usage: z.looseObject({}).refine((usage) => usageIn({ usage }) !== undefined, 'no bill'),
});
export type Message = Readonly<z.infer<typeof messageSchema>>;

export type Description = { readonly language: string } & { readonly [field in DescriptionField]?: string };

export interface Answer {
  readonly descriptions: readonly Description[];
  /** Answer to the caller's own question. */
  readonly answer: string | undefined;
  readonly stopReason: string;
}

/** @throws model_refused, model_truncated, upstream_error; all billed */
export function parseAnswer(message: Message, request: DescribeRequest): Answer {
  const stopReason = message.stop_reason;
  if (stopReason === 'refusal')
    throw new Fault(
      'model_refused',
      'Claude declined to describe this image. Nothing was stored; sending the same request again will most likely end the same way.',
      { billed: true },
    );
  if (stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded') {
    throw new Fault(
      'model_truncated',
      `The answer did not fit (stop_reason "${stopReason}", ${usageIn(message)?.outputTokens ?? 0} output tokens). Raise "max_tokens", or ask for fewer fields or languages.`,
      { param: 'max_tokens', billed: true },
    );
  }
  if (stopReason !== 'end_turn' && stopReason !== 'stop_sequence')
    throw unusable(stopReason === null ? 'it has no reason to stop' : `it stopped for a reason that no answer has ("${stopReason.slice(0, 40)}")`);
  // Thinking blocks may come first; only text is the answer.
  const text = message.content.flatMap((block) => (block.type === 'text' && block.text !== undefined ? [block.text] : [])).join('');
  if (!isVisible(text)) throw unusable('it holds no text');
  if (request.fields.length === 0) return { descriptions: [], answer: cleanText(text), stopReason };
  return { ...parseStructured(text, request), stopReason };
}

function parseStructured(text: string, request: DescribeRequest): Pick<Answer, 'descriptions' | 'answer'> {
  const entries = descriptionEntries(parseJson(text));
  const answers: string[] = [];
  const descriptions = request.languages.map((language) => {
    const entry = entries.find((candidate) => candidate['language'] === language);
    if (entry === undefined) throw unusable(`it lacks the language "${language}"`);
    if (request.prompt !== undefined) answers.push(textOf(entry, 'answer'));
    return { language, ...Object.fromEntries(request.fields.map((field) => [field, textOf(entry, field)])) };
  });
  return { descriptions, answer: answers.length === 0 ? undefined : answers.join('\n\n') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unusable('it is not JSON', cause);
  }
}

function descriptionEntries(value: unknown): readonly Record<string, unknown>[] {
  const list = isRecord(value) ? value['descriptions'] : undefined;
  if (!Array.isArray(list)) throw unusable('it has no "descriptions"');
  return list.filter(isRecord);
}

function textOf(entry: Record<string, unknown>, field: string): string {
  const value = entry[field];
  const text = typeof value === 'string' ? cleanText(value) : '';
  if (text === '') throw unusable(`its field "${field}" is missing or empty`);
  return text;
}

/**
 * Removes terminal escapes and control characters other than tab and line feed: descriptions end up in
 * logs, terminals and attributes, and a picture can make the model write them. So are controls of direction.
 */
function cleanText(text: string): string {
  return (
    text
      .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
      // Embeddings, overrides and isolates turn the text around them (UAX #9 §2); marks of direction stay.
      .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
      // Halves of a pair are no characters, and no UTF-8 can hold them.
      .replace(/\p{Cs}/gu, '')
      .trim()
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(reason: string, cause?: unknown): Fault {
  return new Fault('upstream_error', `Claude's answer cannot be used: ${reason}. Try again; nothing was stored.`, {
    billed: true,
    ...(cause === undefined ? {} : { cause }),
  });
}
