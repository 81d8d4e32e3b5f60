/** The part of the OpenAPI document that describes `/v1/usage`. */
import { USAGE_GROUPS } from '../core/budget/usage.ts';
import { json, ok, operation } from './openapi-operation.ts';

const DAY = { type: 'string', format: 'date' };
const TEXT = { type: 'string' };
const INTEGER = { type: 'integer' };
const USD = { type: 'number' };
const TENANT_PARAMETER = { name: 'tenant', in: 'query', schema: TEXT, description: "Another tenant than the key's; needs the scope admin" };

/** Its paths. */
export function usagePaths() {
  return {
    '/v1/usage': {
      get: {
        ...operation('getUsage', 'Use, spending and savings of days, and what is left of the budgets', undefined, { 200: ok('The sums', json(USAGE_SCHEMA)) }),
        parameters: [
          { name: 'from', in: 'query', schema: DAY, description: 'First day, UTC; default: the first of this month' },
          { name: 'to', in: 'query', schema: DAY, description: 'Last day, included; default: today' },
          { name: 'group_by', in: 'query', schema: TEXT, description: `Any of ${USAGE_GROUPS.join(', ')}, separated by commas; default: day` },
          TENANT_PARAMETER,
        ],
      },
    },
    '/v1/usage/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: TEXT, description: 'The x-request-id of the answer' }, TENANT_PARAMETER],
      get: operation('getLedgerRow', 'What one request used and cost', undefined, { 200: ok('The row', json(ROW_SCHEMA)) }),
    },
  };
}

const COUNTERS = {
  requests: INTEGER,
  calls: INTEGER,
  cache_hits: INTEGER,
  joined: INTEGER,
  failures: INTEGER,
  input_tokens: INTEGER,
  output_tokens: INTEGER,
  cache_creation_input_tokens: INTEGER,
  cache_read_input_tokens: INTEGER,
  image_tokens: INTEGER,
  cost_usd: USD,
  saved_usd: USD,
  assumed_calls: INTEGER,
  assumed_cost_usd: USD,
  unpriced_calls: INTEGER,
  overrun_usd: USD,
  estimated_input_tokens: INTEGER,
  drift_tokens: INTEGER,
};

const BUDGET = {
  scope: { enum: ['key', 'tenant'] },
  period: { enum: ['day', 'month'] },
  unit: { enum: ['usd', 'image_tokens'] },
  limit: USD,
  spent: USD,
  reserved: USD,
  left: USD,
  resets_at: { type: 'string', format: 'date-time' },
};

const USAGE_SCHEMA = {
  type: 'object',
  properties: {
    type: { const: 'usage' },
    tenant: TEXT,
    from: DAY,
    to: DAY,
    group_by: { type: 'array', items: { enum: USAGE_GROUPS } },
    data: { type: 'array', items: { type: 'object', properties: { day: DAY, key: TEXT, model: TEXT, ...COUNTERS } } },
    total: { type: 'object', properties: COUNTERS },
    budgets: { type: 'array', items: { type: 'object', properties: BUDGET } },
  },
};

const ROW_SCHEMA = {
  type: 'object',
  properties: {
    type: { const: 'ledger_row' },
    id: TEXT,
    time: { type: 'string', format: 'date-time' },
    tenant: TEXT,
    key: TEXT,
    route: TEXT,
    model: TEXT,
    status: INTEGER,
    cache_status: { type: ['string', 'null'] },
    input_tokens: INTEGER,
    output_tokens: INTEGER,
    cache_creation_input_tokens: INTEGER,
    cache_read_input_tokens: INTEGER,
    image_tokens: INTEGER,
    estimated_input_tokens: { type: ['integer', 'null'] },
    cost_usd: { type: ['number', 'null'] },
    cost_basis: { enum: ['billed', 'assumed', 'free'] },
    reserved_usd: { type: ['number', 'null'] },
    saved_usd: USD,
  },
};
