/**
 * The bodies of `/v1/describe` and `/v1/estimate` as asked: one schema gives validation, types and the document, with the words
 * that say what each member is for. Names are those of the wire.
 */
import * as z from 'zod';
import { fieldNameSchema } from '../field/schema.ts';
import { STORE_MODES } from '../key/caller.ts';
import * as limit from './limit.ts';

const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;
/** BCP 47 in the shape people use: language, optional script, region or variants. */
const LANGUAGE_TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;
/** Model ids, with the prefixes and suffixes of other providers. */
const MODEL_ID = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}$/;

/** A picture by address, by value, by stored id, or the n-th file of a multipart body. */
export const imageReferenceSchema = z.union(
  [
    z.strictObject({
      url: z
        .string()
        .min(1)
        .max(limit.URL_CHARACTERS_MAX)
        .meta({ description: 'Its address.', examples: ['https://example.com/photo.jpg'] }),
    }),
    z.strictObject({
      base64: z
        .string()
        .min(1)
        .meta({ description: 'The file as base64.', examples: ['iVBORw0KGgoAAAANSUhEUgAA'] }),
      media_type: z
        .string()
        .max(100)
        .meta({ description: 'What it is said to be; the bytes decide.', examples: ['image/png'] })
        .optional(),
    }),
    z.strictObject({
      image_id: z
        .string()
        .regex(IMAGE_ID, 'must be "sha256:" and 64 lower-case hex digits')
        .meta({ description: 'A stored image, by the id that POST /v1/images gave.', examples: [`sha256:${'0'.repeat(64)}`] }),
    }),
  ],
  { error: 'must be an object with exactly one of "url", "base64" and "image_id", as text' },
);

const jsonObjectSchema = z.record(z.string(), z.unknown());
/** A choice with what it decides. */
const choice = <const Names extends readonly string[]>(names: Names, description: string) => z.enum(names).meta({ description }).optional();
const textSchema = (charactersMax: number, description: string, example: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(charactersMax)
    .meta({ description, examples: [example] })
    .optional();
const integerSchema = (min: number, max: number, description: string, example: number) =>
  z
    .int()
    .min(min)
    .max(max)
    .meta({ description, examples: [example] });

/** The JSON body. `image` and `images` are checked against each other, and against uploaded files, afterwards. */
export const describeBodySchema = z.strictObject({
  image: imageReferenceSchema.meta({ description: 'The image by address, by value or by stored id.' }).optional(),
  images: z
    .array(imageReferenceSchema)
    .max(limit.IMAGES_MAX)
    .meta({ description: 'Several, described together; this or "image". Uploaded files come first.' })
    .optional(),
  fields: z.array(fieldNameSchema).min(1).meta({ description: 'What to write. Default: alt_text, or nothing with a "prompt".' }).optional(),
  prompt: textSchema(limit.PROMPT_CHARACTERS_MAX, 'Your own question; the reply is in "answer".', 'What is written on the sign?'),
  system: textSchema(limit.SYSTEM_CHARACTERS_MAX, 'Added to the fixed rules that Claude is given.', 'Write for a museum.'),
  languages: z
    .array(
      z
        .string()
        .regex(LANGUAGE_TAG, 'must be a language tag such as "en" or "pt-BR"')
        .meta({ description: 'A language tag.', examples: ['en'] }),
    )
    .min(1)
    .max(limit.LANGUAGES_MAX)
    .meta({ description: 'Language tags; one description each. Default: en.' })
    .optional(),
  max_length: integerSchema(
    16,
    limit.TEXT_LENGTH_MAX,
    'Characters asked for in the alt text; a request to the model, not a cut. Default: 125.',
    125,
  ).optional(),
  context: jsonObjectSchema
    .meta({
      description: 'Anything that helps: page title, surrounding text. Read as data, never as instructions. At most 16,000 characters as JSON.',
      examples: [{ page_title: 'Our shop' }],
    })
    .optional(),
  model: z
    .string()
    .regex(MODEL_ID, 'must be a model id such as "claude-haiku-5-5"')
    .meta({ description: 'One of GET /v1/models. Default: that of the deployment.', examples: ['claude-haiku-5-5'] })
    .optional(),
  detail: choice(
    ['auto', 'standard', 'high'],
    'The tier that images are sized for. standard: up to 1,568 image tokens. high: as the model allows. Default: auto.',
  ),
  source: choice(
    ['auto', 'base64', 'url', 'file'],
    'auto: addresses are fetched here and their bytes sent. url: Claude fetches them, without a cache. file: an image is uploaded once and used again. Default: auto.',
  ),
  max_tokens: integerSchema(
    1,
    limit.OUTPUT_TOKENS_MAX,
    'The most that the answer may have; thinking counts. Default: 1,024, or 4,096 for models that think.',
    1024,
  ).optional(),
  max_cost_usd: z
    .number()
    .min(0)
    .meta({ description: 'The most that the call may cost, US$. One that may cost more is refused, unbilled.', examples: [0.01] })
    .optional(),
  cache: choice(
    ['default', 'refresh', 'bypass', 'only', 'stale_while_revalidate'],
    'refresh asks Claude again and remembers; bypass neither reads nor writes; only never asks Claude; stale_while_revalidate answers from what is older than "max_age_seconds" and asks again afterwards.',
  ),
  max_age_seconds: integerSchema(0, limit.MAX_AGE_SECONDS_MAX, 'The oldest answer that is taken from the cache.', 86_400).optional(),
  scope: choice(['tenant', 'public'], 'public: answers are shared with all tenants that ask so. Default: tenant.'),
  near_duplicate: z
    .strictObject({
      max_distance: integerSchema(0, limit.NEAR_DISTANCE_MAX, 'Bits of 64 in which the hashes of two images may differ.', 4),
      include_prompts: z.boolean().meta({ description: 'Whether it holds for a "prompt", whose answer may depend on a detail.' }).optional(),
    })
    .meta({ description: 'Takes the answer of an image that looks like this one, where there is one.' })
    .optional(),
  store: choice(STORE_MODES, 'What may be kept of this request; no more than the key allows.'),
  metadata: jsonObjectSchema.meta({ description: 'Comes back as it is. At most 8,000 characters as JSON.', examples: [{ sku: 'A-1' }] }).optional(),
});
export type DescribeBody = z.infer<typeof describeBodySchema>;

/** `/v1/estimate` also takes `"model": "*"`: every listed model. */
export const estimateBodySchema = describeBodySchema.extend({
  model: z
    .string()
    .regex(/^\*$|^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}$/, 'must be a model id, or "*" for all')
    .meta({ description: 'One of GET /v1/models, or "*" for all of them. Default: that of the deployment.', examples: ['*'] })
    .optional(),
});
