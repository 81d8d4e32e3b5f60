/** Fields that are one text, and the cleaning of every text that a model wrote. */
import * as z from 'zod';
import { noIssues } from './lint.ts';
import type { AskedField } from './row.ts';

/** A field of one text, which keeps what is said here and has what all of them have. */
export function textField(row: Pick<AskedField<string>, 'summary' | 'brief' | 'remark' | 'detail' | 'outputTokens' | 'example'>): AskedField<string> {
  return {
    ...row,
    origin: 'model',
    schema: { type: 'string' },
    parse: (json) => (typeof json === 'string' ? cleanText(json) || undefined : undefined),
    stored: z.string(),
    place: (text) => text,
    wire: z.string(),
    text: (text) => text,
    lint: noIssues,
  };
}

/**
 * A text without terminal escapes and control characters other than tab and line feed: descriptions end up in
 * logs, terminals and attributes, and a picture can make the model write them. So are controls of direction.
 */
export function cleanText(text: string): string {
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
