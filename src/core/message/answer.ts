/** Message → answer. Whatever is not a complete, usable answer is an error here, so that it is never cached. */
import * as z from 'zod';
import { Fault } from '../fault.ts';
import { ANSWER } from '../field/answer.ts';
import type { Description } from '../field/catalogue.ts';
import { askedFields } from '../field/field.ts';
import type { AskedField } from '../field/row.ts';
import { cleanText } from '../field/text.ts';
import type { DescribeRequest } from '../input/request.ts';
import { isVisible } from './kept.ts';
import { isStructured } from './prompt.ts';
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

export interface Answer {
  readonly descriptions: readonly Description[];
  /** Answer to the caller's own question; in the descriptions where fields are asked for in several languages. */
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
  if (!isStructured(request)) return { descriptions: [], answer: cleanText(text), stopReason };
  return { ...parseStructured(text, request), stopReason };
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
