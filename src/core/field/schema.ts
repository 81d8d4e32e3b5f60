/** The schemas of a description, put together from the rows of its fields. */
import * as z from 'zod';
import { ANSWER } from './answer.ts';
import type { Description, FieldName, PlacedDescription } from './catalogue.ts';
import { FIELD_NAMES, fieldRow } from './field.ts';

/** A name in `fields`. */
export const fieldNameSchema: z.ZodType<FieldName> = z.enum(FIELD_NAMES as readonly [FieldName, ...FieldName[]]);

/** What the cache keeps of one language. */
export const storedDescriptionSchema = z.strictObject({
  language: z.string(),
  answer: ANSWER.stored.optional(),
  ...membersOf((name) => {
    const row = fieldRow(name);
    return row.origin === 'model' ? row.stored : undefined;
  }),
}) as unknown as z.ZodType<Description>;

/** One of `descriptions` in an answer. */
export const descriptionSchema = z
  .strictObject({
    language: z.string().meta({ description: 'The language asked for, as a BCP 47 tag.', examples: ['en'] }),
    ...membersOf((name) => documented(fieldRow(name))),
    answer: documented(ANSWER).optional(),
  })
  .meta({ description: 'What was said of the image in one language: the fields asked for.' }) as unknown as z.ZodType<PlacedDescription>;

function membersOf(schemaOf: (name: FieldName) => z.ZodType | undefined): Record<string, z.ZodType> {
  return Object.fromEntries(
    FIELD_NAMES.flatMap((name) => {
      const schema = schemaOf(name);
      return schema === undefined ? [] : [[name, schema.optional()]];
    }),
  );
}

function documented({ wire, summary, example }: { readonly wire: z.ZodType; readonly summary: string; readonly example: unknown }): z.ZodType {
  return wire.meta({ description: summary, examples: [example] });
}
