/** Routes about the service itself: health, metrics, and pages about errors. */
import * as z from 'zod';
import { EXPOSITION_MEDIA_TYPE } from '../core/metric/exposition.ts';
import { text } from './member.ts';
import { jsonAnswer, type Operation } from './operation.ts';

const NOTHING = { query: undefined, headers: undefined, body: undefined } as const;

export const healthSchema = z
  .strictObject({
    status: z.literal('ok').meta({ description: 'It answers.' }),
    service: z.literal('vignette').meta({ description: 'Its name.' }),
    environment: text('ENVIRONMENT of the deployment.', 'production'),
    simulated: z.literal(true).meta({ description: 'Present where the simulator stands in for Claude.' }).optional(),
  })
  .meta({ id: 'Health', description: 'That the service is up.' });

export const health: Operation = {
  tag: 'Service',
  summary: 'See that the service is up',
  description: 'Looks at nothing but itself. Needs no key.',
  ...NOTHING,
  path: {},
  answers: { 200: jsonAnswer('It is up.', healthSchema) },
  faults: [],
};

export const metrics: Operation = {
  tag: 'Service',
  summary: 'Get sums and budgets for Prometheus',
  description: 'Sums of the whole deployment since its start, and budgets of the tenants that spent most. Needs the scope admin.',
  ...NOTHING,
  path: {},
  answers: {
    200: {
      description: 'The metrics.',
      content: { [EXPOSITION_MEDIA_TYPE]: { kind: 'text', description: 'Prometheus text exposition.', example: '# TYPE vignette_requests_total counter\n' } },
    },
  },
  faults: [],
};

export const listErrors: Operation = {
  tag: 'Service',
  summary: 'Read about all error codes',
  description: 'A page for people.',
  ...NOTHING,
  path: {},
  answers: { 200: { description: 'The page.', content: { 'text/html': { kind: 'text', description: 'HTML.', example: '<!doctype html>' } } } },
  faults: [],
};

export const getError: Operation<'/:code'> = {
  tag: 'Service',
  summary: 'Read about an error code',
  description: 'A page for people: what the code means and what to do. "type" of a problem leads here.',
  ...NOTHING,
  path: { code: text('An error code.', 'invalid_request') },
  answers: { 200: { description: 'The page.', content: { 'text/html': { kind: 'text', description: 'HTML.', example: '<!doctype html>' } } } },
  faults: ['not_found'],
};
