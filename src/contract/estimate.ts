/** `POST /v1/estimate`. */
import * as z from 'zod';
import { estimateBodySchema } from '../core/input/body-schema.ts';
import { IMAGE_FAULTS, imageForms } from './describe.ts';
import { nullableFileFacts, receivedImageFacts, transformSchema, warningSchema } from './image-facts.ts';
import { anyObject, count, kind, requestId, text, usd } from './member.ts';
import { relayHeaders } from './message.ts';
import { jsonAnswer, type Operation } from './operation.ts';

const plannedImageSchema = z
  .strictObject({
    width: count('Pixels that Claude would see; null where Claude fetches it itself.', 952).nullable(),
    height: count('Pixels that Claude would see; null where Claude fetches it itself.', 1270).nullable(),
    image_tokens: count('Tokens that it counts as, exactly; null where Claude fetches it itself.', 1564).nullable(),
    transform: transformSchema,
    resized_by: z.enum(['vignette', 'claude']).nullable().meta({ description: 'Who would change its size; null for nobody.' }),
  })
  .meta({ id: 'PlannedImage', description: 'What would become of an image.' });

const estimateSchema = z
  .strictObject({
    model: text('The model.', 'claude-haiku-5-5'),
    tier: z.enum(['standard', 'high']).meta({ description: 'The tier that images would be sized for.' }),
    images: z.array(plannedImageSchema).meta({ description: 'In the order of the request.' }),
    image_tokens: count('Of all images, exactly.', 1564),
    input_tokens: count('The whole prompt, estimated.', 1702),
    max_output_tokens: count('The most that the answer may have; null where the request does not say.', 1024).nullable(),
    reserved_image_tokens: count('What a budget of image tokens is held to.', 1564),
    cost_usd: z
      .strictObject({
        min: usd('The likely prompt without an answer.', 0.00017),
        max: usd('The likely prompt with the longest answer.', 0.00068),
        reserved: usd('What a budget in US$ is held to: the least max_cost_usd that the request passes with; null where there is no bound.', 0.0007).nullable(),
      })
      .nullable()
      .meta({ description: 'null without a known price.' }),
    cache: z
      .strictObject({
        status: z.enum(['hit', 'miss', 'joined', 'refresh', 'bypass']).meta({ description: 'hit: the request would be answered from the cache.' }),
      })
      .meta({ description: 'The part of the cache in it.' }),
    error: z
      .strictObject({
        code: text('The error code.', 'image_too_large'),
        detail: text('Why this model cannot take the request.', 'The image is too large for it.'),
      })
      .meta({ description: 'Only with "*": why this model cannot take the request.' })
      .optional(),
  })
  .meta({ id: 'ModelEstimate', description: 'The estimate for one model.' });

const planSchema = z
  .strictObject({
    images: count('Image blocks of the conversation.', 3),
    untouched: count('Of them unchanged.', 1),
    retyped: count('With a corrected media type.', 0),
    resized: count('Brought to another size.', 2),
    reencoded: count('Encoded again at their size.', 0),
    converted: count('Converted from a format that is not decoded here. Absent where there is none.', 1).optional(),
    base64: count('That travel in the request.', 3),
    url: count('That Claude fetches.', 0),
    file: count('That go through the Files API.', 0),
    image_tokens: count('Of all images, exactly; null when Claude fetches one.', 4692).nullable(),
    max_side_px: count('The limit of every side where there are many images; null otherwise.', 2000).nullable(),
    bytes_received: count('Size of the body as it came.', 5_200_000),
    bytes_sent: count('Size of the body as sent; null in an estimate, before images are encoded.', 540_000).nullable(),
  })
  .meta({ id: 'RelayPlan', description: 'Only for a body of /v1/messages: as in the header x-vignette-plan.' });

const pathFact = { path: text('Only for a body of /v1/messages: where the block stands.', 'messages.0.content.1').optional() };

export const estimateAnswerSchema = z
  .strictObject({
    id: requestId(),
    type: kind('estimate'),
    images: z
      .array(
        z
          .strictObject({ ...pathFact, image_id: receivedImageFacts.image_id.optional(), ...nullableFileFacts })
          .meta({ description: 'An image as it came. "image_id" is absent for a body of /v1/messages.' }),
      )
      .meta({ description: 'In the order of the request.' }),
    estimates: z.array(estimateSchema).meta({ description: 'One for each model that was asked for.' }),
    plan: planSchema.optional(),
    warnings: z.array(warningSchema).meta({ description: 'Remarks; empty where there are none.' }),
    metadata: anyObject('Yours, as it came.', { sku: 'A-1' }).optional(),
  })
  .meta({ id: 'Estimate', description: 'An estimate.' });

const estimateRequestSchema = estimateBodySchema.meta({ id: 'EstimateRequest', description: 'As of /v1/describe; "model" may be "*".' });

export const estimate: Operation = {
  tag: 'Describe',
  summary: 'Know sizes, image tokens and cost without asking Claude',
  description:
    'Takes a body of /v1/describe, or one of /v1/messages with its x-vignette-* headers. Only headers of images are read; addresses are fetched. Image tokens are exact. "model": "*" compares all models that the key may use. Nothing is billed.',
  path: {},
  query: undefined,
  headers: relayHeaders,
  body: {
    isRequired: true,
    content: imageForms(estimateRequestSchema, {
      'What would it cost?': { image: { url: 'https://example.com/photo.jpg' } },
      'With every model': { image: { url: 'https://example.com/photo.jpg' }, model: '*', detail: 'high' },
    }),
  },
  answers: { 200: jsonAnswer('The estimate.', estimateAnswerSchema) },
  faults: [...IMAGE_FAULTS, 'budget_exceeded', 'upstream_error', 'upstream_timeout'],
};
