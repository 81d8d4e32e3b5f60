/** `POST /v1/admin/purge`. */
import * as z from 'zod';
import { purgeBodySchema } from '../core/cache/purge.ts';
import { count, flag, kind, text } from './member.ts';
import { json, jsonAnswer, type Operation } from './operation.ts';

export const purgeAnswerSchema = z
  .strictObject({
    type: kind('purge'),
    removed: z
      .strictObject({ answers: count('Cached answers.', 312), addresses: count('Addresses that led to stored images.', 88) })
      .meta({ description: 'What this page removed.' }),
    is_complete: flag('Whether nothing is left.'),
    cursor: text('"cursor" of the next request; null at the end.', '0:eyJ2IjoxfQ').nullable(),
  })
  .meta({ id: 'Purge', description: 'What a page of a purge removed.' });

export const purge: Operation = {
  tag: 'Service',
  summary: 'Forget what is cached of a tenant, page by page',
  description: 'Removes cached answers and addresses, 400 a page. Stored images stay. The listing that it works on may lag behind by a minute.',
  path: {},
  query: undefined,
  headers: undefined,
  body: {
    isRequired: true,
    content: {
      'application/json': json(purgeBodySchema.meta({ id: 'PurgeRequest', description: 'Whose answers go: "tenant", or "scope": "public".' }), {
        'Everything of a tenant': { tenant: 'acme' },
        'Answers from before a day': { tenant: 'acme', created_before: '2027-01-31T00:00:00Z' },
      }),
    },
  },
  answers: { 200: jsonAnswer('What this page removed.', purgeAnswerSchema) },
  faults: [],
};
