/** The catalogue by name: which fields there are, and what those of a request are asked with. */
import { type FieldName, FIELDS } from './catalogue.ts';
import type { AskedField, FieldRow } from './row.ts';

/** All names, in the order of the catalogue. */
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

/** What is written when neither fields nor a question are given. */
export const FIELDS_DEFAULT: readonly FieldName[] = ['alt_text'];

/** The row of a field, whatever its values are. */
export function fieldRow(name: FieldName): FieldRow {
  return FIELDS[name];
}

/** What of these fields Claude is asked for, each once and in the catalogue's order whatever the caller's is. */
export function askedFields(names: readonly FieldName[]): readonly (readonly [FieldName, AskedField<unknown>])[] {
  return FIELD_NAMES.flatMap((name) => {
    const row = fieldRow(name);
    return names.includes(name) && row.origin === 'model' ? [[name, row] as const] : [];
  });
}

/** The tier for `"detail": "auto"`: high as soon as one field needs it. */
export function detailFor(names: readonly FieldName[]): 'standard' | 'high' {
  return askedFields(names).some(([, { detail }]) => detail === 'high') ? 'high' : 'standard';
}
