/** `POST /v1/describe`. */
import * as z from 'zod';
import { descriptionSchema } from '../core/field/schema.ts';
import { describeBodySchema } from '../core/input/body-schema.ts';
import { receivedImageFacts, sentImageSchema, warningSchema } from './image-facts.ts';
import { anyObject, count, imageId, kind, requestId, text, usd } from './member.ts';
import { IMAGE_BYTES, json, type Content, type Operation } from './operation.ts';

const nearDuplicateSchema = z
  .strictObject({
    image_id: imageId('The image whose answer it is.'),
    distance: count('Bits of 64 in which their hashes differ.', 3),
  })
  .meta({ description: 'Where the answer is that of another image; then "sent" is unknown.' });

export const describeAnswerSchema = z
  .strictObject({
    id: requestId(),
    type: kind('description'),
    descriptions: z.array(descriptionSchema.meta({ id: 'FieldsByLanguage', description: 'The fields that were asked for, in one language.' })).meta({
      description: 'One for each language, in the order of the request. Empty with a prompt alone.',
    }),
    answer: text('The reply to "prompt". Absent without one.', 'Two.').optional(),
    images: z
      .array(z.strictObject({ ...receivedImageFacts, sent: sentImageSchema }).meta({ description: 'An image as it came, and what Claude saw of it.' }))
      .meta({ description: 'In the order of the request; uploaded files come first.' }),
    model: text('The model that was asked.', 'claude-haiku-5-5'),
    stop_reason: text('Why the model ended.', 'end_turn'),
    usage: z
      .strictObject({
        input_tokens: count('Tokens of the prompt that were billed for this request; 0 on a hit.', 1702),
        output_tokens: count('Tokens of the answer that were billed for this request; 0 on a hit.', 48),
        cost_usd: usd('US$ that this request cost; null without a known price.', 0.000194).nullable(),
        estimated_input_tokens: count('What was predicted; null where it could not be.', 1700).nullable(),
        drift_tokens: z
          .int()
          .nullable()
          .meta({ description: 'Billed less predicted; null where nothing was billed.', examples: [2] }),
      })
      .meta({ description: 'What this request used and cost.' }),
    cache: z
      .strictObject({
        status: z
          .enum(['hit', 'miss', 'bypass', 'refresh', 'joined'])
          .meta({ description: "Where the answer came from; joined: from another request's call." }),
        age_seconds: count('Age of the answer.', 0),
        saved_usd: usd('What the call behind a hit or joined answer had cost.', 0.000194).optional(),
        near_duplicate: nearDuplicateSchema.optional(),
      })
      .meta({ description: 'The part of the cache in it.' }),
    warnings: z.array(warningSchema).meta({ description: 'Remarks; empty where there are none.' }),
    metadata: anyObject('Yours, as it came.', { sku: 'A-1' }).optional(),
  })
  .meta({ id: 'Description', description: 'A description.' });

const describeRequestSchema = describeBodySchema.meta({ id: 'DescribeRequest', description: 'Images, and what is wanted of them.' });

/** Headers of an answer that may come from the cache. */
export const cacheHeaders = {
  'cache-status': text('RFC 9211: hit, or why the answer was fetched.', 'Vignette; hit; ttl=2591000'),
};

/** The three forms in which images and fields come. */
export function imageForms(schema: z.ZodType, examples: Readonly<Record<string, unknown>>): Readonly<Record<string, Content>> {
  return {
    'application/json': { kind: 'json', schema, examples },
    'multipart/form-data': {
      kind: 'form',
      schema: z.strictObject({ request: schema.optional() }),
      files: { name: 'image', description: 'Image files, in order.', areMany: true },
      example: { request: { fields: ['alt_text'], languages: ['en', 'de'] } },
    },
    ...IMAGE_BYTES,
  };
}

/** What can be wrong with images. */
export const IMAGE_FAULTS = ['not_found', 'image_too_large', 'unsupported_media_type', 'image_undecodable', 'image_unfetchable', 'url_forbidden'] as const;

/** What can go wrong when Claude is asked. */
export const MODEL_FAULTS = ['budget_exceeded', 'model_refused', 'model_truncated', 'upstream_error', 'upstream_timeout'] as const;

export const describe: Operation = {
  tag: 'Describe',
  summary: 'Describe one image, or several jointly',
  description:
    'Brings each image to the size that Claude sees, asks Claude, and remembers the answer by the hash of the bytes. The same image with the same request is answered from the cache and costs nothing. A form has the fields as parts or one part "request" with JSON; an image as the body has them as query parameters. There, lists are written with commas.',
  path: {},
  query: undefined,
  headers: z.object({
    accept: text('text/plain gives the first field of the first language alone.', 'application/json').optional(),
    'cache-control': text('no-store, no-cache and only-if-cached stand for the modes of "cache"; a mode in the body wins.', 'only-if-cached').optional(),
  }),
  body: {
    isRequired: true,
    content: imageForms(describeRequestSchema, {
      'Alt text of an image by its address': { image: { url: 'https://example.com/photo.jpg' } },
      'Alt text and caption in two languages': {
        image: { url: 'https://example.com/photo.jpg' },
        fields: ['alt_text', 'caption'],
        languages: ['en', 'de'],
        context: { page_title: 'Our shop' },
      },
      'A question about two stored images': {
        images: [{ image_id: imageId().parse(`sha256:${'0'.repeat(64)}`) }, { image_id: `sha256:${'1'.repeat(64)}` }],
        prompt: 'What is different?',
        max_cost_usd: 0.01,
      },
    }),
  },
  answers: {
    200: {
      description: 'The description.',
      content: {
        'application/json': json(describeAnswerSchema),
        'text/plain': { kind: 'text', description: 'The first field of the first language.', example: 'Two people walking a dog on a beach at sunset' },
      },
      headers: z.object({
        ...cacheHeaders,
        'x-upstream-request-id': text('The id of the call to Claude, where one was made.', 'req_011CSHoEeqs5C35K2UUqR7Fy').optional(),
      }),
    },
  },
  faults: [...IMAGE_FAULTS, ...MODEL_FAULTS],
};
