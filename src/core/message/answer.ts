/** Message → answer. Whatever is not a complete, usable answer is an error here, so that it is never cached. */
import * as z from 'zod';
import { Fault } from '../fault.ts';
import { ANSWER } from '../field/answer.ts';
import type { Description } from '../field/catalogue.ts';
import { askedFields } from '../field/field.ts';
import type { AskedField } from '../field/row.ts';
import { cleanText } from '../field/text.ts';
import type { DescribeRequest } from '../input/request.ts';
import type { Usage } from '../vision/cost.ts';
import { TOKENS_A_CALL_MAX } from '../vision/limit.ts';
import { isStructured } from './prompt.ts';

const tokens = z.int().min(0).max(TOKENS_A_CALL_MAX);

/** The part of the API's Message that we read. What stands behind a base URL may be anything, so it is checked. */
export const messageSchema = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullable(),
  usage: z.object({
    input_tokens: tokens,
    output_tokens: tokens,
    cache_creation_input_tokens: tokens.nullish(),
    cache_creation: z.object({ ephemeral_1h_input_tokens: tokens.nullish() }).nullish(),
    cache_read_input_tokens: tokens.nullish(),
  }),
});
export type Message = Readonly<z.infer<typeof messageSchema>>;

export interface Answer {
  readonly descriptions: readonly Description[];
  /** Answer to the caller's own question; in the descriptions where fields are asked for in several languages. */
  readonly answer: string | undefined;
  readonly stopReason: string;
}

/** @throws model_refused, model_truncated, upstream_error; all billed */
export function parseAnswer(message: Message, request: DescribeRequest): Answer {
  const stopReason = message.stop_reason ?? 'end_turn';
  if (stopReason === 'refusal')
    throw new Fault(
      'model_refused',
      'Claude declined to describe this image. Nothing was stored; sending the same request again will most likely end the same way.',
      { billed: true },
    );
  if (stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded') {
    throw new Fault(
      'model_truncated',
      `The answer did not fit (stop_reason "${stopReason}", ${message.usage.output_tokens} output tokens). Raise "max_tokens", or ask for fewer fields or languages.`,
      { param: 'max_tokens', billed: true },
    );
  }
  // Thinking blocks may come first; only text is the answer.
  const text = message.content.flatMap((block) => (block.type === 'text' && block.text !== undefined ? [block.text] : [])).join('');
  if (text.trim() === '') throw unusable('it holds no text');
  if (!isStructured(request)) return { descriptions: [], answer: cleanText(text), stopReason };
  return { ...parseStructured(text, request), stopReason };
}

/** Token counts in our names; what the API leaves out is 0. */
export function usageOf(message: Message): Usage {
  const written1h = message.usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  return {
    inputTokens: message.usage.input_tokens,
    outputTokens: message.usage.output_tokens,
    cacheCreationInputTokens: message.usage.cache_creation_input_tokens ?? 0,
    ...(written1h === 0 ? {} : { cacheCreation1hInputTokens: written1h }),
    cacheReadInputTokens: message.usage.cache_read_input_tokens ?? 0,
  };
}

function parseStructured(text: string, request: DescribeRequest): Pick<Answer, 'descriptions' | 'answer'> {
  const entries = descriptionEntries(parseJson(text));
  const fields = askedFields(request.fields);
  const isOneLanguage = request.languages.length === 1;
  let only: string | undefined;
  const descriptions = request.languages.map((language) => {
    const entry = entries.find((candidate) => candidate['language'] === language);
    if (entry === undefined) throw unusable(`it lacks the language "${language}"`);
    const answer = request.prompt === undefined ? undefined : valueIn(entry, 'answer', ANSWER, request);
    if (isOneLanguage) only = answer;
    return {
      language,
      ...Object.fromEntries(fields.map(([name, row]) => [name, valueIn(entry, name, row, request)])),
      ...(answer === undefined || isOneLanguage ? {} : { answer }),
    };
  });
  return { descriptions, answer: only };
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

function valueIn<Value>(entry: Record<string, unknown>, name: string, row: AskedField<Value>, request: DescribeRequest): Value {
  const value = row.parse(entry[name], request);
  if (value === undefined) throw unusable(`its field "${name}" is missing or empty, or has another form`);
  return value;
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
