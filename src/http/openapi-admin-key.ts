/** The part of the OpenAPI document that describes `/v1/admin/keys`. */
import * as z from 'zod';
import { SCOPES, STORE_MODES } from '../core/key/caller.ts';
import { PAGE_KEYS_DEFAULT, PAGE_KEYS_MAX } from '../core/key/limit.ts';
import { changeKeyBodySchema, createKeyBodySchema, limitsSchema, rotateKeyBodySchema } from '../core/key/settings.ts';
import { json, ok, operation } from './openapi-operation.ts';

const ID_PARAMETER = { name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^key_[0-9a-f]{24}$' } };
const PAGE_PARAMETERS = [
  { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: PAGE_KEYS_MAX, default: PAGE_KEYS_DEFAULT } },
  { name: 'cursor', in: 'query', schema: { type: 'string' } },
];

/** Its paths. */
export function adminKeyPaths() {
  return {
    '/v1/admin/keys': {
      post: operation('createKey', 'Create an API key; its secret is shown this once', body(createKeyBodySchema), {
        201: ok('Created', json(withSecret())),
      }),
      get: {
        ...operation('listKeys', 'List the keys of all tenants, the oldest first', undefined, {
          200: ok('A page of keys', json({ type: 'object', properties: { data: { type: 'array', items: keySchema() }, next_cursor: NULLABLE_TEXT } })),
        }),
        parameters: PAGE_PARAMETERS,
      },
    },
    '/v1/admin/keys/{id}': {
      parameters: [ID_PARAMETER],
      get: operation('getKey', 'One key', undefined, { 200: ok('The key', json(keySchema())) }),
      patch: operation('changeKey', 'Change a key; what is left out stays', body(changeKeyBodySchema), { 200: ok('The key', json(keySchema())) }),
      delete: operation('revokeKey', 'Revoke a key for good', undefined, { 204: { description: 'Revoked' } }),
    },
    '/v1/admin/keys/{id}/rotate': {
      parameters: [ID_PARAMETER],
      post: operation('rotateKey', 'Give a key a new secret; the present one works for the overlap', body(rotateKeyBodySchema, false), {
        200: ok('The key with its new secret', json(withSecret())),
      }),
    },
  };
}

const NULLABLE_TEXT = { type: ['string', 'null'] };
const NULLABLE_TIME = { type: ['string', 'null'], format: 'date-time' };

function keySchema() {
  const limits = z.toJSONSchema(limitsSchema, { io: 'input' });
  return {
    type: 'object',
    properties: {
      type: { const: 'api_key' },
      id: { type: 'string' },
      name: { type: 'string' },
      tenant: { type: 'string' },
      scopes: { type: 'array', items: { enum: SCOPES } },
      models: { type: ['array', 'null'], items: { type: 'string' } },
      limits,
      tenant_limits: limits,
      store: { enum: STORE_MODES },
      retention_days: { type: ['integer', 'null'] },
      created_at: { type: 'string', format: 'date-time' },
      expires_at: NULLABLE_TIME,
      revoked_at: NULLABLE_TIME,
      secrets: { type: 'array', items: { type: 'object', properties: { created_at: { type: 'string', format: 'date-time' }, ends_at: NULLABLE_TIME } } },
    },
  };
}

function withSecret() {
  const key = keySchema();
  return { ...key, properties: { ...key.properties, secret: { type: 'string' } } };
}

function body(schema: z.ZodType, isRequired = true) {
  return { required: isRequired, content: json(z.toJSONSchema(schema, { io: 'input' })) };
}
