/** The part of the OpenAPI document that speaks of money before a call: estimates, and the numbers of a refusal. */

const text = { type: 'string' } as const;
const integer = { type: 'integer', minimum: 0 } as const;
const usd = { type: 'number', minimum: 0 } as const;

/** An answer of `/v1/estimate`, for either kind of body. */
export const ESTIMATE_SCHEMA = {
  type: 'object',
  properties: {
    id: text,
    type: { const: 'estimate' },
    images: { type: 'array', items: { type: 'object' } },
    estimates: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          model: text,
          tier: { enum: ['standard', 'high'] },
          images: { type: 'array', items: { type: 'object' } },
          image_tokens: integer,
          input_tokens: integer,
          max_output_tokens: { type: ['integer', 'null'] },
          reserved_image_tokens: { ...integer, description: 'What a budget of image tokens is held to.' },
          cost_usd: {
            type: ['object', 'null'],
            properties: {
              min: { ...usd, description: 'The likely prompt without an answer.' },
              max: { ...usd, description: 'The likely prompt with an answer that fills "max_tokens".' },
              reserved: { type: ['number', 'null'], description: 'What a budget is held to: the least max_cost_usd that the request passes with.' },
            },
            required: ['min', 'max', 'reserved'],
          },
          cache: { type: 'object', properties: { status: { enum: ['hit', 'miss', 'bypass'] } } },
          error: { type: 'object', properties: { code: text, detail: text } },
        },
        required: ['model', 'tier', 'images', 'image_tokens', 'input_tokens', 'max_output_tokens', 'reserved_image_tokens', 'cost_usd', 'cache'],
      },
    },
    plan: { type: 'object', description: 'Only for a body of /v1/messages: as in the header x-vignette-plan.' },
    warnings: { type: 'array', items: { type: 'object', properties: { code: text, message: text, image: integer } } },
    metadata: { type: 'object' },
  },
  required: ['id', 'type', 'images', 'estimates', 'warnings'],
};

/** The bound that a call does not fit; its amounts are US$ or image tokens. */
export const BUDGET_SCHEMA = {
  type: 'object',
  description: 'Of budget_exceeded, where an amount was too high.',
  properties: {
    scope: { enum: ['request', 'key', 'tenant', 'deployment'] },
    period: { enum: ['day', 'month', null] },
    unit: { enum: ['usd', 'image_tokens'] },
    needed: { type: 'number' },
    limit: { type: 'number' },
    spent: { type: 'number' },
    reserved: { type: 'number' },
    resets_at: { type: ['string', 'null'], format: 'date-time' },
  },
  required: ['scope', 'period', 'unit', 'needed', 'resets_at'],
};
