/** `GET /v1/models`. */
import * as z from 'zod';
import { count, day, kind, text } from './member.ts';
import { jsonAnswer, type Operation } from './operation.ts';

const perMillion = (description: string, example: number) =>
  z
    .number()
    .min(0)
    .meta({ description, examples: [example] });
const priceSchema = z
  .strictObject({
    input: perMillion('Tokens of the prompt.', 0.1),
    output: perMillion('Tokens of the answer.', 0.5),
    cache_read: perMillion("Tokens that the API's own cache gives.", 0.01),
  })
  .meta({ id: 'Price', description: 'US$ for a million tokens.' });

const modelSchema = z
  .strictObject({
    id: text('The id to ask for it.', 'claude-haiku-5-5'),
    type: kind('model'),
    tier: z.enum(['standard', 'high']).meta({ description: 'The largest tier at which it sees images.' }),
    context_tokens: count('The most that prompt and answer may have; null where it is not published.', 1_000_000).nullable(),
    max_images: count('Images a request.', 600),
    price_usd_per_million_tokens: priceSchema.nullable().meta({ description: 'US$ for a million tokens; null where it is not published.' }),
    long_prompt: z
      .strictObject({
        above_input_tokens: count('Longer prompts have this price.', 100_000),
        price_usd_per_million_tokens: priceSchema,
      })
      .meta({ description: 'The price of long prompts, where it is another.' })
      .optional(),
  })
  .meta({ id: 'Model', description: 'A model.' });

export const modelListSchema = z
  .strictObject({
    type: kind('list'),
    default_model: text('The one that is asked unless a request says otherwise.', 'claude-haiku-5-5'),
    prices_as_of: day('The day on which prices were read.'),
    prices_source: text('Where they were read.', 'https://platform.claude.com/docs/en/about-claude/pricing'),
    tiers: z
      .array(
        z
          .strictObject({
            id: z.enum(['standard', 'high']).meta({ description: 'Its name.' }),
            max_long_edge_px: count('Pixels that the longer side may have.', 1568),
            max_image_tokens: count('Tokens that an image may count as.', 1568),
          })
          .meta({ description: 'A tier.' }),
      )
      .meta({ description: 'The tiers at which Claude sees images.' }),
    data: z.array(modelSchema).meta({ description: 'The models that the key may use.' }),
  })
  .meta({ id: 'ModelList', description: 'Models.' });

export const listModels: Operation = {
  tag: 'Usage',
  summary: 'List models with tiers, limits and prices',
  description: 'Those that the key may use. What is not published is null.',
  path: {},
  query: z.strictObject({}),
  headers: undefined,
  body: undefined,
  answers: { 200: jsonAnswer('The models.', modelListSchema) },
  faults: [],
};
