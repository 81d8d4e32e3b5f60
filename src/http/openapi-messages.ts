/** The part of the OpenAPI document that speaks of Anthropic's API: what is ours about it; the rest is Anthropic's reference. */

import { BUDGET_SCHEMA } from './openapi-estimate.ts';

const text = { type: 'string' } as const;

/** Anthropic's error envelope, with our code in its details. */
export const ANTHROPIC_ERROR_SCHEMA = {
  type: 'object',
  description: "Anthropic's error envelope",
  properties: {
    type: { const: 'error' },
    error: {
      type: 'object',
      properties: {
        type: text,
        message: text,
        details: {
          type: 'object',
          properties: { error_code: text, param: { type: ['string', 'null'] }, billed: { type: 'boolean' }, documentation_url: text, budget: BUDGET_SCHEMA },
        },
      },
      required: ['type', 'message'],
    },
    request_id: text,
  },
  required: ['type', 'error', 'request_id'],
};

const HEADERS = [
  header('anthropic-version', text),
  header('anthropic-beta', text),
  header('x-vignette-source', { enum: ['auto', 'file', 'url'], default: 'auto' }),
  header('x-vignette-cache', { enum: ['bypass', 'default', 'refresh', 'only'], default: 'bypass' }),
  header('x-vignette-on-disconnect', { enum: ['cancel', 'finish'], default: 'cancel' }),
  header('x-vignette-max-cost-usd', { type: 'number', minimum: 0 }),
  header('x-vignette-key', text),
];

/** The paths below `/v1/messages`. */
export function messagesPaths() {
  const body = {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          description: 'As in the Messages API',
          properties: { model: text, messages: { type: 'array' } },
          required: ['model', 'messages'],
        },
      },
    },
  };
  const error = { description: 'An error', content: { 'application/json': { schema: { $ref: '#/components/schemas/AnthropicError' } } } };
  const post = (operationId: string, summary: string, content: object) => ({
    post: {
      operationId,
      summary,
      parameters: HEADERS,
      requestBody: body,
      responses: { 200: { description: 'As in the Messages API', content }, '4XX': error, '5XX': error },
    },
  });
  const message = { 'application/json': { schema: { type: 'object' } }, 'text/event-stream': { schema: text } };
  return {
    '/v1/messages': post('createMessage', 'The Anthropic Messages API, with every image made right on the way', message),
    '/v1/messages/count_tokens': post('countTokens', 'Its token counting, for images from everywhere', { 'application/json': { schema: { type: 'object' } } }),
  };
}

function header(name: string, schema: object) {
  return { name, in: 'header', schema };
}
