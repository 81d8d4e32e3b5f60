/**
 * The fields of a description, one row each, by their names on the wire. Requests, prompts, cache entries, answers and documents
 * all read them here. The order is that of prompts and cache keys: a row that moves empties caches, one that is added does not.
 */
import type * as z from 'zod';
import { ALT_TEXT } from './alt-text.ts';
import { CAPTION } from './caption.ts';
import { DESCRIPTION } from './description.ts';
import type { FieldRow } from './row.ts';

export const FIELDS = { alt_text: ALT_TEXT, caption: CAPTION, description: DESCRIPTION } as const satisfies Readonly<Record<string, FieldRow>>;

type Rows = typeof FIELDS;
export type FieldName = keyof Rows;
type AskedName = { [Name in FieldName]: Rows[Name] extends { readonly origin: 'model' } ? Name : never }[FieldName];
type Kept<Row> = Row extends { readonly stored: z.ZodType<infer Value> } ? Value : never;
type Placed<Row> = Row extends { readonly wire: z.ZodType<infer Value> } ? Value : never;

/** What a member that is no field says, in one language. */
interface Common {
  readonly language: string;
  /** Reply to the caller's question, where it was given in several languages. */
  readonly answer?: string | undefined;
}

/** What Claude said in one language, as the cache keeps it: coordinates are pixels of the picture as sent. */
export type Description = Common & { readonly [Name in AskedName]?: Kept<Rows[Name]> | undefined };

/** The same as the caller gets it, with what is computed here. */
export type PlacedDescription = Common & { readonly [Name in FieldName]?: Placed<Rows[Name]> | undefined };
