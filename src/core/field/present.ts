/** Kept descriptions → those of one answer: in the caller's order, in pixels of the caller's files, with what is computed here. */
import type { Description, FieldName, PlacedDescription } from './catalogue.ts';
import { fieldRow } from './field.ts';
import type { FieldPictures } from './row.ts';

interface Wanted {
  readonly fields: readonly FieldName[];
  readonly languages: readonly string[];
}

/** One description a language; none where the caller asked a question alone. */
export function placeDescriptions(kept: readonly Description[], { fields, languages }: Wanted, pictures: FieldPictures): readonly PlacedDescription[] {
  if (fields.length === 0) return [];
  return languages.map((language) => {
    const said = kept.find((description) => description.language === language);
    const members = fields.flatMap((name) => {
      const value = valueOf(name, said, pictures);
      return value === undefined ? [] : [[name, value] as const];
    });
    return { language, ...Object.fromEntries(members), ...(said?.answer === undefined ? {} : { answer: said.answer }) };
  });
}

/** A field of a description as text; empty where it has none. */
export function fieldText(name: FieldName, description: PlacedDescription): string {
  const value: unknown = description[name];
  return value === undefined ? '' : fieldRow(name).text(value);
}

function valueOf(name: FieldName, said: Description | undefined, pictures: FieldPictures): unknown {
  const row = fieldRow(name);
  if (row.origin === 'picture') return row.compute(pictures);
  const value = (said as Readonly<Record<string, unknown>> | undefined)?.[name];
  return value === undefined ? undefined : row.place(value, pictures);
}
