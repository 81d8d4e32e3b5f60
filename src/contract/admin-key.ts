/** `/v1/admin/keys`. */
import * as z from 'zod';
import { SCOPES, STORE_MODES } from '../core/key/caller.ts';
import { changeKeyBodySchema, createKeyBodySchema, keyPageSchema, limitsSchema, rotateKeyBodySchema } from '../core/key/settings.ts';
import { count, kind, text, time } from './member.ts';
import { json, jsonAnswer, type Operation } from './operation.ts';

const keyId = z
  .string()
  .regex(/^key_[0-9a-f]{24}$/)
  .meta({ description: 'Id of the key: safe to log and to show.', examples: ['key_018f3b2c4d5e6f708192a3b4'] });

export const keySchema = z
  .strictObject({
    type: kind('api_key'),
    id: keyId,
    name: text('For people.', 'Shop'),
    tenant: text('Whose images, answers and costs are those of the key.', 'acme'),
    scopes: z.array(z.enum(SCOPES).meta({ description: 'A scope.' })).meta({ description: 'What it may do.' }),
    models: z.array(text('A model.', 'claude-haiku-5-5')).nullable().meta({ description: 'Models that it may ask; null: all.' }),
    limits: limitsSchema.meta({ description: 'Bounds of this key; absent ones do not bind.' }),
    tenant_limits: limitsSchema.meta({ description: 'Bounds of all keys of the tenant together.' }),
    store: z.enum(STORE_MODES).meta({ description: 'What may be kept for it.' }),
    retention_days: count('Days after which what was kept is gone; null: as configured.', 30).nullable(),
    created_at: time('When it was made.'),
    expires_at: time('When it stops working; null: never.', '2027-11-21T00:00:00.000Z').nullable(),
    revoked_at: time('When it was revoked; null: it works.').nullable(),
    secrets: z
      .array(
        z
          .strictObject({ created_at: time('When it was made.'), ends_at: time('When it stops working; null: not by itself.').nullable() })
          .meta({ description: 'A secret by its times; never the secret itself.' }),
      )
      .meta({ description: 'One, or two during a rotation.' }),
  })
  .meta({ id: 'ApiKey', description: 'A key as it is shown.' });

const keyWithSecretSchema = keySchema
  .extend({ secret: text('The secret, shown this once.', 'vig_0123456789abcdef0123456789abcdef') })
  .meta({ id: 'ApiKeyWithSecret', description: 'A key with its secret, which is shown this once.' });

const keyPageAnswerSchema = z
  .strictObject({
    type: kind('list'),
    data: z.array(keySchema).meta({ description: 'The oldest first.' }),
    next_cursor: text('"cursor" of the next request; null at the end.', 'eyJ2IjoxfQ').nullable(),
  })
  .meta({ id: 'ApiKeyPage', description: 'A page of keys.' });

const PATH = { id: keyId };
const NOTHING = { query: undefined, headers: undefined, body: undefined } as const;
export const createKey: Operation = {
  tag: 'Keys',
  summary: 'Create an API key',
  description: 'Its secret is shown this once. It works everywhere within 90 seconds.',
  ...NOTHING,
  path: {},
  body: {
    isRequired: true,
    content: {
      'application/json': json(createKeyBodySchema.meta({ id: 'CreateKeyRequest', description: 'The settings of a new key.' }), {
        'A key for a shop': { tenant: 'acme', name: 'Shop', scopes: ['describe', 'estimate'], limits: { usd_per_day: 5, requests_per_minute: 60 } },
      }),
    },
  },
  answers: {
    201: jsonAnswer(
      'The key with its secret.',
      keyWithSecretSchema,
      z.object({ location: text('Path of the key.', '/v1/admin/keys/key_018f3b2c4d5e6f708192a3b4') }),
    ),
  },
  faults: [],
};

export const listKeys: Operation = {
  tag: 'Keys',
  summary: 'List the keys of all tenants',
  description: 'The oldest first. A new key may take a minute to show.',
  ...NOTHING,
  path: {},
  query: keyPageSchema,
  answers: { 200: jsonAnswer('A page of keys.', keyPageAnswerSchema) },
  faults: [],
};

export const getKey: Operation<'/:id'> = {
  tag: 'Keys',
  summary: 'Get a key',
  description: 'A revoked one can be looked at for 90 days.',
  ...NOTHING,
  path: PATH,
  answers: { 200: jsonAnswer('The key.', keySchema) },
  faults: ['not_found'],
};

export const changeKey: Operation<'/:id'> = {
  tag: 'Keys',
  summary: 'Change a key',
  description: 'What is left out stays; null takes models, retention_days or expires_at back; limits are replaced as a whole.',
  ...NOTHING,
  path: PATH,
  body: {
    isRequired: false,
    content: {
      'application/json': json(changeKeyBodySchema.meta({ id: 'ChangeKeyRequest', description: 'What is to be different.' }), {
        'A higher budget': { limits: { usd_per_day: 20 } },
      }),
    },
  },
  answers: { 200: jsonAnswer('The key.', keySchema) },
  faults: ['not_found'],
};

export const revokeKey: Operation<'/:id'> = {
  tag: 'Keys',
  summary: 'Revoke a key',
  description: 'For ever; may be repeated.',
  ...NOTHING,
  path: PATH,
  answers: { 204: { description: 'It is revoked.' } },
  faults: ['not_found'],
};

export const rotateKey: Operation<'/:id'> = {
  tag: 'Keys',
  summary: 'Give a key a new secret',
  description: 'The present one goes on working for the overlap. The body may be left out.',
  ...NOTHING,
  path: PATH,
  body: {
    isRequired: false,
    content: {
      'application/json': json(rotateKeyBodySchema.meta({ id: 'RotateKeyRequest', description: 'How long the present secret goes on working.' }), {
        'An hour of overlap': { overlap_seconds: 3_600 },
      }),
    },
  },
  answers: { 200: jsonAnswer('The key with its new secret.', keyWithSecretSchema) },
  faults: ['not_found'],
};
