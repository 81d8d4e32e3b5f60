/** Rows that no catalogue has, for the proof that a field of any shape needs nothing outside its folder. */
import * as z from 'zod';
import type { AskedField, ComputedField, FieldRow } from '../../../src/core/field/row.ts';
import { cleanText } from '../../../src/core/field/text.ts';
import { toOriginalBox } from '../../../src/core/vision/coordinates.ts';

/** A list. */
export const KEYWORDS: AskedField<readonly string[]> = {
  origin: 'model',
  summary: 'Words to find the image by.',
  schema: { type: 'array', items: { type: 'string' } },
  brief: ({ languages }) => `words to find the image by, in ${languages.length === 1 ? 'the language' : 'each language'}.`,
  remark: () => 'Give at most 3 keywords.',
  detail: 'standard',
  outputTokens: 100,
  parse: (json) =>
    Array.isArray(json)
      ? json
          .filter((word) => typeof word === 'string')
          .map(cleanText)
          .slice(0, 3)
      : undefined,
  stored: z.array(z.string()),
  place: (words) => words,
  wire: z.array(z.string()),
  example: ['boat', 'harbour'],
  text: (words) => words.join(', '),
  lint: (words) => (words.length > 0 ? [] : [{ rule: 'keywords-none', severity: 'warning', value: 0, bound: 1, message: 'There are no keywords.' }]),
};

const partSchema = z.strictObject({ label: z.string(), x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() });
const boxSchema = z.strictObject({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });
type Parts = readonly z.infer<typeof partSchema>[];
type PlacedParts = readonly { readonly label: string; readonly box: z.infer<typeof boxSchema> | null }[];

/** Objects with boxes: in pixels of the sent picture from Claude and in the cache, of the original on the wire. */
export const PARTS: AskedField<Parts, PlacedParts> = {
  origin: 'model',
  summary: 'Parts of the image with their boxes.',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { label: { type: 'string' }, ...Object.fromEntries(['x1', 'y1', 'x2', 'y2'].map((name) => [name, { type: 'integer' }])) },
      required: ['label', 'x1', 'y1', 'x2', 'y2'],
      additionalProperties: false,
    },
  },
  brief: () => 'its parts, with corners in pixels.',
  remark: undefined,
  detail: 'high',
  outputTokens: 500,
  parse: (json) => z.array(partSchema).safeParse(json).data,
  stored: z.array(partSchema),
  place: (parts, [picture]) =>
    parts.map(({ label, x1, y1, x2, y2 }) => {
      if (picture?.sent === undefined) return { label, box: null };
      const { left, top, right, bottom } = toOriginalBox({ left: x1, top: y1, right: x2, bottom: y2 }, picture.sent, picture.info);
      return { label, box: { x: Math.round(left), y: Math.round(top), width: Math.round(right - left), height: Math.round(bottom - top) } };
    }),
  wire: z.array(z.strictObject({ label: z.string(), box: boxSchema.nullable() })),
  example: [{ label: 'boat', box: { x: 0, y: 0, width: 10, height: 10 } }],
  text: (parts) => parts.map(({ label }) => label).join('\n'),
  lint: () => [],
};

/** Computed here, without Claude. */
export const PROPORTION: ComputedField<{ readonly shape: 'wide' | 'tall' | 'square' }> = {
  origin: 'picture',
  summary: 'The shape of the image.',
  wire: z.strictObject({ shape: z.enum(['wide', 'tall', 'square']) }),
  example: { shape: 'wide' },
  compute: ([picture]) => {
    const { width, height } = picture?.info ?? { width: 1, height: 1 };
    return { shape: width === height ? 'square' : width > height ? 'wide' : 'tall' };
  },
  text: ({ shape }) => shape,
  lint: () => [],
};

/** By their names. */
export const MADE_UP = { keywords: KEYWORDS, parts: PARTS, proportion: PROPORTION } satisfies Readonly<Record<string, FieldRow>>;
