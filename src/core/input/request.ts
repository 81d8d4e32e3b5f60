/** The request of `/v1/describe` and `/v1/estimate` in the names used inside, read by the schemas of `body-schema.ts`. */
import * as z from 'zod';
import type { FieldName } from '../field/catalogue.ts';
import { detailFor, FIELDS_DEFAULT } from '../field/field.ts';
import { type DescribeBody, describeBodySchema, imageReferenceSchema } from './body-schema.ts';
import { Fault, type ParamFault } from '../fault.ts';
import { invalidRequest } from '../invalid-request.ts';
import type { StoreMode } from '../key/caller.ts';
import { numberFromText } from '../number-from-text.ts';
import { readBySchema } from '../schema-fault.ts';
import * as limit from './limit.ts';

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
