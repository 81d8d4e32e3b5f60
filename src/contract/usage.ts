/** `GET /v1/usage`: sums, budgets and single rows of the ledger. */
import * as z from 'zod';
import { USAGE_GROUPS } from '../core/budget/usage.ts';
import { count, day, kind, text, time, usd } from './member.ts';
import { jsonAnswer, type Operation } from './operation.ts';

const counters = {
  requests: count('Requests to /v1/describe and /v1/messages.', 120),
  calls: count('Those of them that Claude was paid for.', 40),
  cache_hits: count('Answered from the cache.', 75),
  joined: count("Answered with another request's call.", 3),
  failures: count('Answered with an error.', 2),
  input_tokens: count('As the API billed them.', 68_000),
  output_tokens: count('As the API billed them.', 1_900),
  cache_creation_input_tokens: count("Written to the API's own cache.", 0),
  cache_read_input_tokens: count("Read from the API's own cache.", 0),
  image_tokens: count('Of the images in calls.', 62_560),
  cost_usd: usd('Spent.', 0.00775),
  saved_usd: usd('What the calls behind hits and joined answers had cost.', 0.0145),
  assumed_calls: count('Calls whose bill never came, counted at their maximum; in calls as well.', 0),
  assumed_cost_usd: usd('Their cost; in cost_usd as well.', 0),
  unpriced_calls: count('Calls of models without a known price; not in cost_usd.', 0),
  overrun_usd: usd('By how much bills were above the predicted maximum; should be 0.', 0),
  estimated_input_tokens: count('Predicted for the calls with a bill.', 67_960),
  drift_tokens: z.int().meta({ description: 'Billed less predicted.', examples: [40] }),
};

const money = (description: string, example: number) =>
  z
    .number()
    .min(0)
    .meta({ description, examples: [example] });
const budgetSchema = z
  .strictObject({
    scope: z.enum(['key', 'tenant']).meta({ description: 'Whose budget it is.' }),
    period: z.enum(['day', 'month']).meta({ description: 'The period that it covers, UTC.' }),
    unit: z.enum(['usd', 'image_tokens']).meta({ description: 'What the amounts count.' }),
    limit: money('The budget.', 5),
    spent: money('Spent of it.', 1.25),
    reserved: money('Set aside for calls under way.', 0.001),
    left: money('What is left.', 3.749),
    resets_at: time('When the period ends.', '2026-11-22T00:00:00.000Z'),
  })
  .meta({ id: 'Budget', description: 'A budget and what is left of it.' });

export const usageSchema = z
  .strictObject({
    type: kind('usage'),
    tenant: text('The tenant.', 'acme'),
    from: day('The first day, UTC.', '2026-11-01'),
    to: day('The last day, included.'),
    group_by: z.array(z.enum(USAGE_GROUPS).meta({ description: 'A dimension.' })).meta({ description: 'What the groups differ in.' }),
    data: z
      .array(
        z
          .strictObject({
            day: day('The day, where it is asked for.').optional(),
            key: text('Id of the key, where it is asked for.', 'key_018f3b2c4d5e6f708192a3b4').optional(),
            model: text('The model, where it is asked for; "unlisted" where none worked.', 'claude-haiku-5-5').optional(),
            ...counters,
          })
          .meta({ description: 'Sums of a group.' }),
      )
      .meta({ description: 'One for each group; at most 5,000.' }),
    total: z.strictObject(counters).meta({ description: 'Sums of the whole range.' }),
    budgets: z.array(budgetSchema).meta({ description: 'Of the key that asks and of its tenant.' }),
  })
  .meta({ id: 'Usage', description: 'Use, spending and savings.' });

export const ledgerRowSchema = z
  .strictObject({
    type: kind('ledger_row'),
    id: text('The id of the request; further calls have their number behind it.', 'req_0f9d8c7b6a5e4d3c2b1a0f9e8d7c6b5a'),
    time: time('When the money was set aside, or the request ended.'),
    tenant: text('The tenant.', 'acme'),
    key: text('Id of the key.', 'key_018f3b2c4d5e6f708192a3b4'),
    route: text('The route.', '/v1/describe'),
    model: text('The model.', 'claude-haiku-5-5'),
    status: z.int().meta({ description: 'HTTP status of the answer.', examples: [200] }),
    cache_status: text('hit, miss, joined, refresh or bypass; null where no cache was asked.', 'miss').nullable(),
    input_tokens: count('Tokens of the prompt.', 1702),
    output_tokens: count('Tokens of the answer.', 48),
    cache_creation_input_tokens: count("Written to the API's own cache.", 0),
    cache_read_input_tokens: count("Read from the API's own cache.", 0),
    image_tokens: count('Of the images.', 1564),
    estimated_input_tokens: count('What was predicted; null where it was not.', 1700).nullable(),
    cost_usd: usd('What it cost; null without a known price.', 0.000194).nullable(),
    cost_basis: z
      .enum(['billed', 'assumed', 'free'])
      .meta({ description: "billed: by the API's usage. assumed: the outcome is unknown, so the maximum counts. free: no call was billed." }),
    reserved_usd: usd('The predicted maximum of the call; null where nothing was billed.', 0.0007).nullable(),
    saved_usd: usd('What the call behind a cached or joined answer had cost.', 0),
  })
  .meta({ id: 'LedgerRow', description: 'What one request used and cost. Nothing of what was asked, shown or answered.' });

const tenant = { tenant: text("Another tenant than the key's; needs the scope admin.", 'acme').optional() };

export const getUsage: Operation = {
  tag: 'Usage',
  summary: 'Get use, spending, savings and what is left of the budgets',
  description: 'Sums by day, key or model. Rows come in about a second after the answer.',
  path: {},
  query: z.strictObject({
    from: day('The first day, UTC. Default: the first of this month.', '2026-11-01').optional(),
    to: day('The last day, included. Default: today. At most 400 days together.').optional(),
    group_by: text(`Any of ${USAGE_GROUPS.join(', ')}, separated by commas; empty: one sum. Default: day.`, 'day,model').optional(),
    ...tenant,
  }),
  headers: undefined,
  body: undefined,
  answers: { 200: jsonAnswer('The sums.', usageSchema) },
  faults: [],
};

export const getLedgerRow: Operation<'/:id'> = {
  tag: 'Usage',
  summary: 'Get what one request used and cost',
  description: 'By the x-request-id of its answer, for LEDGER_DAYS (35 by default).',
  path: { id: text('The x-request-id of the answer.', 'req_0f9d8c7b6a5e4d3c2b1a0f9e8d7c6b5a') },
  query: z.strictObject(tenant),
  headers: undefined,
  body: undefined,
  answers: { 200: jsonAnswer('The row.', ledgerRowSchema) },
  faults: ['not_found'],
};
