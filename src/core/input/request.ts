/**
 * The request of `/v1/describe` and `/v1/estimate` as asked: one schema gives validation, types and OpenAPI.
 * Wire names are snake_case; `toDescribeRequest` turns them into the names used inside.
 */
import * as z from 'zod';
import type { FieldName } from '../field/catalogue.ts';
import { detailFor, FIELDS_DEFAULT } from '../field/field.ts';
import { fieldNameSchema } from '../field/schema.ts';
import { Fault, type ParamFault } from '../fault.ts';
import { invalidRequest } from '../invalid-request.ts';
import { STORE_MODES, type StoreMode } from '../key/caller.ts';
import { numberFromText } from '../number-from-text.ts';
import { readBySchema } from '../schema-fault.ts';
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

export type ImageReference =
  | { readonly kind: 'url'; readonly url: string; readonly param: string }
  | { readonly kind: 'base64'; readonly text: string; readonly declaredType: string | undefined; readonly param: string }
  | { readonly kind: 'stored'; readonly imageId: string; readonly param: string }
  | ({ readonly kind: 'bytes' } & UploadedImage);

export type CacheMode = 'default' | 'refresh' | 'bypass' | 'only' | 'stale_while_revalidate';
/** Which tier of the model the pictures are sized for. */
export type Detail = 'standard' | 'high';

export interface DescribeRequest {
  readonly images: readonly ImageReference[];
  /** In the caller's order; empty when only a prompt was given. */
  readonly fields: readonly FieldName[];
  readonly prompt: string | undefined;
  readonly system: string | undefined;
  readonly languages: readonly string[];
  /** Whether the caller named them, or they are the default. */
  readonly areLanguagesGiven: boolean;
  readonly maxLength: number | undefined;
  readonly context: Readonly<Record<string, unknown>> | undefined;
  readonly model: string;
  /** `auto` is decided by the fields. */
  readonly detail: Detail;
  readonly source: 'auto' | 'base64' | 'url' | 'file';
  readonly maxTokens: number | undefined;
  /** The most that the call may cost, US$. */
  readonly maxCostUsd: number | undefined;
  readonly cache: CacheMode;
  /** Oldest answer that is taken from the cache; for `stale_while_revalidate` the oldest that is not asked for anew. */
  readonly maxAgeSeconds: number | undefined;
  /** Whose answers are read and written: the tenant's own, or those that all tenants share who ask for it. */
  readonly scope: 'tenant' | 'public';
  /** Takes an answer of a picture that looks like this one, when their hashes differ in no more bits. */
  readonly nearDuplicate: { readonly maxDistance: number } | undefined;
  /** What may be kept of this request, where that is less than the key allows. */
  readonly store: StoreMode | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/** A file that came in a multipart body or as the body itself. */
export interface UploadedImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it was computed while the body came in. */
  readonly sha256?: string;
  readonly declaredType: string | undefined;
  /** As the sender gave it, unchecked. */
  readonly filename?: string | undefined;
  readonly param: string;
}

/**
 * Turns what came over the wire into a request, with every fault named.
 * `body` is any JSON value. @throws invalid_request
 */
export function parseDescribeRequest(
  body: unknown,
  uploads: readonly UploadedImage[],
  defaults: { readonly model: string },
  schema: z.ZodType<DescribeBody> = describeBodySchema,
): DescribeRequest {
  const value = readBySchema(schema, body);
  const faults: ParamFault[] = [];
  const images = collectImages(value, uploads, faults);
  checkJson('context', value.context, limit.CONTEXT_CHARACTERS_MAX, faults);
  checkJson('metadata', value.metadata, limit.METADATA_CHARACTERS_MAX, faults);
  if (value.source === 'url') {
    for (const image of images) {
      if (image.kind !== 'url')
        faults.push({ param: 'source', detail: `"source" is "url", which lets Claude fetch the image, but ${image.param} is not a URL. Use "auto".` });
    }
    if (value.cache === 'only' || value.cache === 'refresh')
      faults.push({
        param: 'cache',
        detail: `"cache": "${value.cache}" needs the bytes of the image, which "source": "url" never sees. Use "auto" as the source.`,
      });
  }
  checkAge(value, faults);
  checkNearDuplicate(value, images.length, faults);
  if (faults.length > 0) throw invalidRequest(faults);
  const fields = unique(value.fields ?? (value.prompt === undefined ? FIELDS_DEFAULT : []));
  return {
    images,
    fields,
    prompt: value.prompt,
    system: value.system,
    languages: unique(value.languages ?? ['en']),
    areLanguagesGiven: value.languages !== undefined,
    maxLength: value.max_length,
    context: value.context,
    model: value.model ?? defaults.model,
    detail: value.detail === undefined || value.detail === 'auto' ? detailFor(fields) : value.detail,
    source: value.source ?? 'auto',
    maxTokens: value.max_tokens,
    maxCostUsd: value.max_cost_usd,
    cache: value.cache ?? 'default',
    maxAgeSeconds: value.max_age_seconds,
    scope: value.scope ?? 'tenant',
    nearDuplicate: value.near_duplicate === undefined ? undefined : { maxDistance: value.near_duplicate.max_distance },
    store: value.store,
    metadata: value.metadata,
  };
}

function checkAge({ cache, max_age_seconds: maxAge }: DescribeBody, faults: ParamFault[]): void {
  if (cache === 'stale_while_revalidate' && maxAge === undefined)
    faults.push({
      param: 'max_age_seconds',
      detail: '"cache": "stale_while_revalidate" needs "max_age_seconds", the age from which an answer is stale, e.g. 86400 for a day.',
    });
  if ((cache === 'refresh' || cache === 'bypass') && maxAge !== undefined)
    faults.push({ param: 'max_age_seconds', detail: `"cache": "${cache}" takes no answer of any age. Leave "cache" or "max_age_seconds" out.` });
}

function checkNearDuplicate({ near_duplicate: near, prompt, scope, source }: DescribeBody, images: number, faults: ParamFault[]): void {
  if (near === undefined) return;
  const refuse = (detail: string) => faults.push({ param: 'near_duplicate', detail });
  if (images > 1) refuse(`"near_duplicate" compares one picture with others, and ${images} are given. Ask about each of them alone.`);
  if (scope === 'public') refuse('Likeness is never looked for among other tenants. Leave out "scope" or "near_duplicate".');
  if (source === 'url') refuse('"near_duplicate" needs the bytes of the image, which "source": "url" never sees. Use "auto" as the source.');
  if (prompt !== undefined && near.include_prompts !== true)
    refuse(
      'A prompt may ask for what is small in a picture, such as text, in which near-duplicates differ. Say "include_prompts": true if that does not matter.',
    );
}

function collectImages(value: DescribeBody, uploads: readonly UploadedImage[], faults: ParamFault[]): readonly ImageReference[] {
  if (value.image !== undefined && value.images !== undefined) faults.push({ param: 'image', detail: 'Give either "image" or "images", not both.' });
  const references = value.images ?? (value.image === undefined ? [] : [value.image]);
  const named = references.map((reference, index) => toReference(reference, value.images === undefined ? 'image' : `images.${index}`));
  const images = [...uploads.map((upload): ImageReference => ({ kind: 'bytes', ...upload })), ...named];
  if (images.length === 0)
    faults.push({ param: 'images', detail: 'No image was given. Send "image": {"url": "…"}, {"base64": "…"} or {"image_id": "…"}, or upload a file.' });
  if (images.length > limit.IMAGES_MAX)
    faults.push({ param: 'images', detail: `${images.length} images were given; at most ${limit.IMAGES_MAX} fit in one request. Split them.` });
  return images;
}

function toReference(reference: z.infer<typeof imageReferenceSchema>, at: string): ImageReference {
  if ('url' in reference) return { kind: 'url', url: reference.url, param: `${at}.url` };
  if ('image_id' in reference) return { kind: 'stored', imageId: reference.image_id, param: `${at}.image_id` };
  return { kind: 'base64', text: reference.base64, declaredType: reference.media_type, param: `${at}.base64` };
}

function checkJson(param: string, value: unknown, charactersMax: number, faults: ParamFault[]): void {
  if (value === undefined) return;
  if (depthOf(value) > limit.JSON_DEPTH_MAX) {
    faults.push({ param, detail: `"${param}" is nested deeper than ${limit.JSON_DEPTH_MAX} levels. Flatten it.` });
    return;
  }
  const characters = JSON.stringify(value).length;
  if (characters > charactersMax)
    faults.push({ param, detail: `"${param}" has ${characters} characters as JSON; at most ${charactersMax} are taken. Shorten it.` });
}

/** Objects and lists inside one another, counted by levels and without recursion; stops one past the bound. */
function depthOf(value: unknown): number {
  let depth = 0;
  let level = [value].filter(isContainer);
  while (level.length > 0 && depth <= limit.JSON_DEPTH_MAX) {
    level = level.flatMap((item): unknown[] => Object.values(item)).filter(isContainer);
    depth += 1;
  }
  return depth;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

/** Fields that are lists: written with commas where only text can be given. */
const LIST_FIELDS: readonly string[] = ['fields', 'languages'];
const NUMBER_FIELDS: readonly string[] = ['max_length', 'max_tokens', 'max_age_seconds', 'max_cost_usd', 'expires_in_seconds'];
const JSON_FIELDS: readonly string[] = ['image', 'images', 'context', 'metadata', 'near_duplicate'];

/**
 * The JSON body that query parameters or plain form parts stand for. Names are not judged here: the schema
 * names unknown ones. @throws invalid_request (a repeated field, a JSON field that is not JSON)
 */
export function bodyFromText(entries: Iterable<readonly [string, string]>): Record<string, unknown> {
  const body = new Map<string, unknown>();
  for (const [name, text] of entries) {
    if (body.has(name)) throw new Fault('invalid_request', `"${name}" is given more than once. Give it once; lists are written with commas.`, { param: name });
    body.set(name, valueFromText(name, text));
  }
  return Object.fromEntries(body);
}

function valueFromText(name: string, text: string): unknown {
  if (LIST_FIELDS.includes(name)) return text.split(',').map((item) => item.trim());
  if (NUMBER_FIELDS.includes(name)) return numberFromText(text);
  if (!JSON_FIELDS.includes(name)) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('invalid_request', `"${name}" must be JSON here. Check its quotes and braces.`, { param: name, cause });
  }
}
