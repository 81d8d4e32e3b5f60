/** The part of the OpenAPI document that describes `/v1/admin/purge`. */
import * as z from 'zod';
import { purgeBodySchema } from '../core/cache/purge.ts';
import { json, ok, operation } from './openapi-operation.ts';

/** Its path. */
export function adminPurgePaths() {
  const body = { required: true, content: json(z.toJSONSchema(purgeBodySchema, { io: 'input' })) };
  const count = { type: 'integer' };
  const removed = { type: 'object', properties: { answers: count, addresses: count } };
  return {
    '/v1/admin/purge': {
      post: operation('purge', 'Forget what is cached of a tenant, page by page', body, {
        200: ok('What was removed', json({ type: 'object', properties: { removed, is_complete: { type: 'boolean' }, cursor: { type: ['string', 'null'] } } })),
      }),
    },
  };
}
