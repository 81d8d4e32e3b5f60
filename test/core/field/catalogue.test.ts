/** Every row of the catalogue, by samples that the compiler asks for. */
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { checkSchema } from '../../../simulator/schema/check.ts';
import type { Description, FieldName, PlacedDescription } from '../../../src/core/field/catalogue.ts';
import { FIELD_NAMES, fieldRow } from '../../../src/core/field/field.ts';
import { fieldText, placeDescriptions } from '../../../src/core/field/present.ts';
import { descriptionSchema, storedDescriptionSchema } from '../../../src/core/field/schema.ts';
import { MADE_UP } from './made-up.ts';

type SampleOf<Name extends FieldName> = {
  /** What Claude may write. */
  readonly said: unknown;
  readonly kept: Name extends keyof Description ? Description[Name] : undefined;
  readonly placed: PlacedDescription[Name];
  readonly text: string;
  /** What it may not: the call ends as an error. */
  readonly unusable: readonly unknown[];
};

const NO_TEXTS = ['', ' \n', '\u0007\u001b[0m', null, undefined, 5, ['A boat.'], { text: 'A boat.' }];

const SAMPLES: { readonly [Name in FieldName]: SampleOf<Name> } = {
  alt_text: { said: ' A \u001b[31mred\u001b[0m boat.\n', kept: 'A red boat.', placed: 'A red boat.', text: 'A red boat.', unusable: NO_TEXTS },
  caption: { said: 'At low\u0000 tide.', kept: 'At low tide.', placed: 'At low tide.', text: 'At low tide.', unusable: NO_TEXTS },
  description: { said: 'A boat.\r\n\r\nSand.', kept: 'A boat.\n\nSand.', placed: 'A boat.\n\nSand.', text: 'A boat.\n\nSand.', unusable: NO_TEXTS },
};

const REQUEST = { languages: ['en'], maxLength: undefined };

describe.each(FIELD_NAMES)('the field %s', (name) => {
  const row = fieldRow(name);
  const { said, kept, placed, text, unusable } = SAMPLES[name];

  it('is read from what Claude writes, kept, placed, and given as JSON and as text', () => {
    if (row.origin === 'model') expect(row.parse(said, REQUEST)).toEqual(kept);
    const stored = storedDescriptionSchema.parse({ language: 'en', ...(kept === undefined ? {} : { [name]: kept }) });
    const [description] = placeDescriptions([stored], { fields: [name], languages: ['en'] }, [undefined]);
    expect(descriptionSchema.parse(description)).toEqual({ language: 'en', [name]: placed });
    expect(fieldText(name, { language: 'en', [name]: placed })).toBe(text);
  });

  it('is not read from anything else', () => {
    for (const value of unusable) if (row.origin === 'model') expect(row.parse(value, REQUEST)).toBeUndefined();
  });

  it('has a schema that the API takes, and an example that is one', () => {
    if (row.origin === 'model') {
      const entry = { type: 'object', properties: { [name]: row.schema }, required: [name], additionalProperties: false };
      expect(() => checkSchema(entry, 'schema')).not.toThrow();
    }
    expect(row.wire.parse(row.example)).toEqual(row.example);
    expect(row.text(row.example)).toMatch(/\S/);
    const document = z.toJSONSchema(descriptionSchema) as any;
    expect(document.properties[name]).toMatchObject({ description: row.summary, examples: [row.example] });
    expect(row.lint(row.example, REQUEST)).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('keeps the order that cache keys have', () => {
    expect(FIELD_NAMES.filter((name) => ['alt_text', 'caption', 'description'].includes(name))).toEqual(['alt_text', 'caption', 'description']);
  });

  it('lets a row find fault with its value', () => {
    expect(MADE_UP.keywords.lint(['boat'], REQUEST)).toEqual([]);
    expect(MADE_UP.keywords.lint([], REQUEST)).toMatchObject([{ rule: 'keywords-none', severity: 'warning' }]);
  });
});
