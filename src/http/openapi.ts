/** OpenAPI 3.1, made from the schemas that validate, so that the document cannot say something else. */
import * as z from 'zod';
import { descriptionSchema } from '../core/field/schema.ts';
import { describeBodySchema, estimateBodySchema } from '../core/input/request.ts';
import { ERROR_TABLE } from '../error.ts';
import { BUDGET_SCHEMA, ESTIMATE_SCHEMA } from './openapi-estimate.ts';
import { filesPaths } from './openapi-files.ts';
import { ANTHROPIC_ERROR_SCHEMA, messagesPaths } from './openapi-messages.ts';
import { adminKeyPaths } from './openapi-admin-key.ts';
import { adminPurgePaths } from './openapi-admin-purge.ts';
import { usagePaths } from './openapi-usage.ts';
import { json, ok, operation } from './openapi-operation.ts';

const IMAGE_ID_PARAMETER = { name: 'image_id', in: 'path', required: true, schema: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' } };

/** The document for a deployment at `origin`. */
export function openApiDocument(origin: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vignette',
      version: '1',
      summary: 'Describes images with Claude, at exactly the size that Claude sees.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: origin }],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths: {
      '/v1/describe': {
        post: operation('describe', 'Describe one image, or several jointly', imageBodies(describeBodySchema), {
          200: ok('The description', {
            'application/json': { schema: { $ref: '#/components/schemas/Description' } },
            'text/plain': { schema: { type: 'string' } },
          }),
        }),
      },
      '/v1/estimate': {
        post: operation('estimate', 'Sizes, image tokens and cost, without asking Claude', imageBodies(estimateBodySchema), {
          200: ok('The estimate', json({ $ref: '#/components/schemas/Estimate' })),
        }),
      },
      '/v1/images': {
        post: operation(
          'storeImage',
          'Store an image',
          {
            required: true,
            content: {
              ...rawImage(),
              'multipart/form-data': { schema: { type: 'object', properties: { image: { type: 'string', format: 'binary' } }, required: ['image'] } },
              ...json({ type: 'object', properties: { url: { type: 'string', format: 'uri' } }, required: ['url'], additionalProperties: false }),
            },
          },
          { 201: ok('Stored, or stored before', json({ $ref: '#/components/schemas/StoredImage' })) },
        ),
      },
      '/v1/images/{image_id}': {
        parameters: [IMAGE_ID_PARAMETER],
        get: operation('getImage', 'The original', undefined, {
          200: ok('The file', rawImage()),
          206: ok('A range of it', rawImage()),
          304: { description: 'Not modified' },
          416: { description: 'The range is outside the file' },
        }),
        delete: operation('deleteImage', 'Delete it with everything made from it', undefined, {
          200: ok('What was removed, counted', json(DELETED_IMAGE_SCHEMA)),
        }),
      },
      '/v1/images/{image_id}/sent': {
        parameters: [IMAGE_ID_PARAMETER, { name: 'tier', in: 'query', schema: { enum: ['standard', 'high'], default: 'standard' } }],
        get: operation('getSentImage', 'The very bytes that Claude would see', undefined, {
          200: ok('The file', rawImage()),
          304: { description: 'Not modified' },
        }),
      },
      ...messagesPaths(),
      ...filesPaths(),
      '/v1/models': { get: operation('listModels', 'Models with tiers, limits and prices', undefined, { 200: ok('The models', json({ type: 'object' })) }) },
      ...usagePaths(),
      '/metrics': {
        get: operation('metrics', 'Sums of the whole deployment and budgets of its tenants for Prometheus; needs the scope admin', undefined, {
          200: ok('The metrics', { 'text/plain': { schema: { type: 'string' } } }),
        }),
      },
      ...adminKeyPaths(),
      ...adminPurgePaths(),
      '/healthz': { get: { ...operation('health', 'Health', undefined, { 200: ok('Alive', json({ type: 'object' })) }), security: [] } },
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
      schemas: {
        Problem: PROBLEM_SCHEMA,
        AnthropicError: ANTHROPIC_ERROR_SCHEMA,
        Description: DESCRIPTION_SCHEMA,
        Estimate: ESTIMATE_SCHEMA,
        StoredImage: STORED_IMAGE_SCHEMA,
      },
    },
  };
}

const text = { type: 'string' } as const;
const integer = { type: 'integer' } as const;
const nullable = (schema: { readonly type: string }) => ({ type: [schema.type, 'null'] });

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457 problem details',
  properties: {
    type: { type: 'string', format: 'uri' },
    title: text,
    status: integer,
    detail: text,
    code: { enum: Object.keys(ERROR_TABLE) },
    param: nullable(text),
    request_id: text,
    retryable: { type: 'boolean' },
    billed: { type: 'boolean' },
    errors: { type: 'array', items: { type: 'object', properties: { param: text, detail: text } } },
    budget: BUDGET_SCHEMA,
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'param', 'request_id', 'retryable', 'billed'],
};

const DESCRIPTION_SCHEMA = {
  type: 'object',
  properties: {
    id: text,
    type: { const: 'description' },
    descriptions: {
      type: 'array',
      items: z.toJSONSchema(descriptionSchema),
    },
    answer: text,
    images: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          image_id: nullable(text),
          media_type: nullable(text),
          width: nullable(integer),
          height: nullable(integer),
          orientation: nullable(integer),
          bytes: nullable(integer),
          sent: {
            type: 'object',
            properties: {
              media_type: nullable(text),
              width: nullable(integer),
              height: nullable(integer),
              bytes: nullable(integer),
              sha256: nullable(text),
              source: { enum: ['base64', 'url', 'file'] },
              transform: { enum: ['none', 'resized', 'reencoded'] },
              image_tokens: nullable(integer),
            },
          },
        },
      },
    },
    model: text,
    stop_reason: text,
    usage: {
      type: 'object',
      properties: {
        input_tokens: integer,
        output_tokens: integer,
        cost_usd: { type: ['number', 'null'] },
        estimated_input_tokens: nullable(integer),
        drift_tokens: nullable(integer),
      },
    },
    cache: {
      type: 'object',
      properties: { status: { enum: ['hit', 'miss', 'bypass', 'refresh', 'joined'] }, age_seconds: integer, saved_usd: { type: 'number' } },
    },
    warnings: { type: 'array', items: { type: 'object', properties: { code: text, message: text, image: integer } } },
    metadata: { type: 'object' },
  },
  required: ['id', 'type', 'descriptions', 'images', 'model', 'stop_reason', 'usage', 'cache', 'warnings'],
};

const DELETED_IMAGE_SCHEMA = {
  type: 'object',
  properties: {
    type: { const: 'image_deleted' },
    image_id: { type: 'string' },
    removed: {
      type: 'object',
      properties: Object.fromEntries(
        ['images', 'answers', 'addresses', 'files', 'near_duplicates', 'idempotent_answers'].map((name) => [name, { type: 'integer', minimum: 0 }]),
      ),
    },
  },
  required: ['type', 'image_id', 'removed'],
};
const STORED_IMAGE_SCHEMA = {
  type: 'object',
  properties: {
    type: { const: 'image' },
    image_id: text,
    media_type: text,
    width: integer,
    height: integer,
    orientation: integer,
    bytes: integer,
    is_new: { type: 'boolean' },
  },
  required: ['type', 'image_id', 'media_type', 'width', 'height', 'orientation', 'bytes', 'is_new'],
};

function imageBodies(schema: z.ZodType) {
  const body = z.toJSONSchema(schema, { io: 'input' });
  const multipart = { type: 'object', properties: { image: { type: 'array', items: { type: 'string', format: 'binary' } }, request: body } };
  return { required: true, content: { ...json(body), 'multipart/form-data': { schema: multipart }, ...rawImage() } };
}

function rawImage() {
  return { 'image/*': { schema: { type: 'string', format: 'binary' } } };
}
