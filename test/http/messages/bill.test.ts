/** Bills that are no bills: what the provider, or the caller, writes in place of a number. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { emptyStorage } from '../../support/storage.ts';
import { imageBlock, QUESTION, startRelay } from './relay.ts';

const PICTURE = [imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg'), QUESTION];
/** US$ 10 and 50 per million tokens. */
const MODEL = 'claude-fable-5';

/** A provider that reports this usage, in an answer that is good otherwise. */
function startReporting(usage: Record<string, unknown>) {
  return startRelay({
    wire: async (request, next) => {
      const answer = (await (await next(request)).json()) as any;
      return Response.json({ ...answer, usage: { ...answer.usage, ...usage } });
    },
  });
}

describe('a provider whose bill cannot be right', () => {
  beforeEach(emptyStorage);

  it.each([
    ['less than nothing', { output_tokens: -1_000_000 }],
    ['less than nothing of the prompt', { input_tokens: -1_000_000 }],
    ['less than nothing of the cache', { cache_read_input_tokens: -1_000_000 }],
    ['half a token', { output_tokens: 0.5 }],
    ['more than any model writes', { output_tokens: 1e17 }],
    ['more than can be counted', { cache_creation_input_tokens: 1e300 }],
    ['words', { output_tokens: 'many' }],
  ])('of %s is not believed: the call counts at its most, and the answer goes out', async (_, usage) => {
    const service = startReporting(usage);
    const { header } = await makeKey({ scopes: ['messages'], limits: { usd_per_day: 1 } });
    const response = await service.ask(PICTURE, { model: MODEL, max_tokens: 100 }, header);
    expect(response.status).toBe(200);
    const row = (await (await service.send(`/v1/usage/${response.headers.get('x-request-id')}`, { headers: header })).json()) as any;
    expect(row).toMatchObject({ cost_basis: 'assumed', status: 200 });
    expect(row.cost_usd).toBe(row.reserved_usd);
    const { budgets } = (await (await service.send('/v1/usage', { headers: header })).json()) as any;
    expect(budgets).toMatchObject([{ spent: row.cost_usd, reserved: 0 }]);
    expect(service.logs.filter(({ event }) => event === 'ledger_lost')).toEqual([]);
  });

  it('that says nothing of the cache is believed', async () => {
    const service = startReporting({ cache_creation_input_tokens: null, cache_read_input_tokens: undefined });
    const response = await service.ask(PICTURE, { model: MODEL, max_tokens: 100 });
    const row = (await (await service.send(`/v1/usage/${response.headers.get('x-request-id')}`)).json()) as any;
    expect(row).toMatchObject({ cost_basis: 'billed', cache_creation_input_tokens: 0, cache_read_input_tokens: 0 });
  });
});

describe('"max_tokens" beyond any model', () => {
  beforeEach(emptyStorage);

  it.each(['999999999999999', '1000000'])('%s is for the API to refuse, whatever budget is kept, and what it refuses is free', async (maxTokens) => {
    const error = { type: 'invalid_request_error', message: `max_tokens: ${maxTokens} > 128000, which is the most that this model writes` };
    const service = startRelay({ wire: async () => Response.json({ type: 'error', error }, { status: 400 }) });
    const { header } = await makeKey({ scopes: ['messages'], limits: { image_tokens_per_day: 1_000_000 } });
    const text = JSON.stringify({ model: MODEL, max_tokens: 0, messages: [{ role: 'user', content: PICTURE }] }).replace(
      '"max_tokens":0',
      `"max_tokens":${maxTokens}`,
    );
    const response = await service.sendText(text, header);
    expect(response.status).toBe(400);
    const row = (await (await service.send(`/v1/usage/${response.headers.get('x-request-id')}`, { headers: header })).json()) as any;
    expect(row).toMatchObject({ cost_basis: 'free', cost_usd: 0 });
  });
});

describe('a timeout of the network before the API', () => {
  beforeEach(emptyStorage);

  it.each([
    ['a page', () => new Response('<h1>524: A timeout occurred</h1>', { status: 524, headers: { 'content-type': 'text/html' } })],
    ['an error', () => Response.json({ type: 'error', error: { type: 'timeout_error', message: 'late' } }, { status: 524 })],
  ])('as %s counts at the most that the call may have cost', async (_, answer) => {
    const service = startRelay({ wire: async () => answer() });
    const response = await service.ask(PICTURE, { model: MODEL, max_tokens: 100 });
    expect(response.status).toBeGreaterThanOrEqual(500);
    const row = (await (await service.send(`/v1/usage/${response.headers.get('x-request-id')}`)).json()) as any;
    expect(row).toMatchObject({ cost_basis: 'assumed', cost_usd: row.reserved_usd });
    expect(row.cost_usd).toBeGreaterThan(0);
  });
});
