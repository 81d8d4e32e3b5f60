import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { ACME_KEY, startService, UMBRELLA_KEY } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const PNG = fixture('png-gray8.png');
const ASK = '/v1/describe?model=claude-sonnet-5-5';
const NOW = '2026-11-21T10:00:00Z';
const DAY_MS = 86_400_000;

/** A service whose clock stands at `NOW`. */
function startThen(options: Parameters<typeof startService>[0] = {}) {
  const service = startService(options);
  service.advance(Date.parse(NOW) - service.nowMs());
  const describeWith = (headers: Record<string, string> = {}, path = ASK) =>
    service.send(path, { method: 'POST', headers: { 'content-type': 'image/png', ...headers }, body: PNG });
  const usage = async (query = '', headers: Record<string, string> = {}) => (await service.send(`/v1/usage${query}`, { headers })).json() as Promise<any>;
  return { ...service, describeWith, usage };
}

describe('GET /v1/usage', () => {
  beforeEach(emptyStorage);

  it('of nobody who asked anything is nothing', async () => {
    const usage = await startThen().usage();
    expect(usage).toMatchObject({ type: 'usage', tenant: 'acme', from: '2026-11-01', to: '2026-11-21', group_by: ['day'], data: [], budgets: [] });
    expect(Object.values(usage.total).every((value) => value === 0)).toBe(true);
  });

  it('has what the API has billed, and what a cached answer saved', async () => {
    const { describeWith, usage, simulate } = startThen();
    const first = (await (await describeWith()).json()) as any;
    const second = (await (await describeWith()).json()) as any;
    expect([first.cache.status, second.cache.status]).toEqual(['miss', 'hit']);
    await describeWith({}, '/v1/describe?model=no-such-model&cache=only');
    const { total: bill } = await simulate('bill');
    const { total, data } = await usage('?group_by=model,day');
    expect(data.map(({ day, model }: any) => [day, model])).toEqual([
      ['2026-11-21', 'claude-sonnet-5-5'],
      ['2026-11-21', 'unlisted'],
    ]);
    expect(total).toMatchObject({
      requests: 3,
      calls: 1,
      cache_hits: 1,
      joined: 0,
      failures: 1,
      input_tokens: bill.input_tokens,
      output_tokens: bill.output_tokens,
      image_tokens: first.images[0].sent.image_tokens,
      estimated_input_tokens: first.usage.estimated_input_tokens,
      drift_tokens: first.usage.input_tokens - first.usage.estimated_input_tokens,
      unpriced_calls: 0,
      overrun_usd: 0,
    });
    expect(total.cost_usd).toBeCloseTo(bill.cost_usd, 9);
    expect(total.cost_usd).toBe(first.usage.cost_usd);
    expect(total.saved_usd).toBe(first.usage.cost_usd);
  });

  it('counts the call of many identical requests once, and what it saved for the others', async () => {
    const { describeWith, usage, simulate } = startThen();
    await Promise.all(Array.from({ length: 5 }, () => describeWith()));
    const { total: bill } = await simulate('bill');
    const { total } = await usage();
    expect(bill.calls).toBe(1);
    expect(total).toMatchObject({ requests: 5, calls: 1, failures: 0 });
    expect(total.cache_hits + total.joined).toBe(4);
    expect(total.saved_usd).toBeCloseTo(4 * bill.cost_usd, 9);
  });

  it('is by day, of the days that were asked for', async () => {
    const { describeWith, usage, advance } = startThen();
    await describeWith();
    advance(DAY_MS);
    await describeWith();
    await describeWith();
    const days = async (query: string) => (await usage(query)).data.map(({ day, requests }: any) => [day, requests]);
    expect(await days('')).toEqual([
      ['2026-11-21', 1],
      ['2026-11-22', 2],
    ]);
    expect(await days('?from=2026-11-22&to=2026-11-22')).toEqual([['2026-11-22', 2]]);
    expect(await days('?from=2026-10-01&to=2026-11-20')).toEqual([]);
    expect((await usage('?group_by=')).data).toHaveLength(1);
  });

  it('has one name for all models that callers make up, here and in the metrics', async () => {
    const { post, usage, send } = startThen();
    const ask = (model: string) => post('/v1/messages', { model, max_tokens: 9, messages: [{ role: 'user', content: 'x' }] });
    for (const model of ['made-up-1', 'made-up-2', 'claude-made-up-3']) expect((await ask(model)).status).toBe(404);
    const { data, total } = await usage('?group_by=model');
    expect(data).toMatchObject([{ model: 'unlisted', requests: 3 }]);
    expect(total).toMatchObject({ calls: 0, failures: 3, cost_usd: 0 });
    const { header } = await makeKey({ tenant: 'operator', scopes: ['admin'] });
    expect(await (await send('/metrics', { headers: header })).text()).not.toContain('made-up');
  });

  it('counts no cache hit for a caller who pays Claude himself', async () => {
    const { post, usage, simulate } = startThen({ environment: { CALLER_ANTHROPIC_KEYS: 'on' } });
    const headers = { 'x-vignette-key': ACME_KEY, 'x-api-key': 'sk-ant-api03-callers-own-key', 'x-vignette-cache': 'default' };
    const body = { model: 'claude-haiku-5-5', max_tokens: 256, messages: [{ role: 'user', content: 'x' }] };
    for (const more of [headers, { ...headers, 'x-vignette-cache': 'bypass' }]) expect((await post('/v1/messages', body, more)).status).toBe(200);
    expect((await simulate('bill')).total.calls).toBe(2);
    expect((await usage()).total).toMatchObject({ requests: 2, calls: 0, cache_hits: 0, joined: 0, cost_usd: 0 });
    expect((await post('/v1/messages', body, headers)).status).toBe(200);
    expect((await usage()).total).toMatchObject({ requests: 3, calls: 0, cache_hits: 1 });
  });

  it('shows no tenant what another has used', async () => {
    const { describeWith, usage } = startThen();
    await describeWith();
    expect((await usage()).total.requests).toBe(1);
    expect((await usage('', { authorization: `Bearer ${UMBRELLA_KEY}` })).total.requests).toBe(0);
  });

  it('shows an administrator whichever tenant is named', async () => {
    const { describeWith, usage } = startThen();
    await describeWith();
    const { header } = await makeKey({ tenant: 'operator', scopes: ['admin'] });
    expect(await usage('?tenant=acme', header)).toMatchObject({ tenant: 'acme', total: { requests: 1 }, budgets: [] });
  });

  it('shows an administrator the budgets of the tenant that is named, and not those of its keys', async () => {
    const { describeWith, usage } = startThen();
    const shop = await makeKey({ tenant: 'shop', limits: { usd_per_day: 1 }, tenant_limits: { usd_per_month: 5, image_tokens_per_day: 9_000 } });
    const admin = await makeKey({ tenant: 'operator', scopes: ['admin'], limits: { usd_per_day: 2 }, tenant_limits: { usd_per_month: 3 } });
    const answer = (await (await describeWith(shop.header)).json()) as any;
    const { budgets } = await usage('?tenant=shop', admin.header);
    const own = (await usage('', shop.header)).budgets;
    expect(own.map(({ scope }: any) => scope)).toEqual(['key', 'tenant', 'tenant']);
    expect(budgets).toEqual(own.slice(1));
    expect(budgets).toMatchObject([
      { scope: 'tenant', period: 'month', unit: 'usd', limit: 5, spent: answer.usage.cost_usd, reserved: 0, resets_at: '2026-12-01T00:00:00Z' },
      { scope: 'tenant', period: 'day', unit: 'image_tokens', limit: 9_000, spent: answer.images[0].sent.image_tokens },
    ]);
    expect((await usage('?tenant=operator', admin.header)).budgets).toMatchObject([{ limit: 2 }, { limit: 3 }]);
    expect((await usage('?tenant=nobody', admin.header)).budgets).toEqual([]);
  });

  it('has the budgets of the key and of its tenant, with what is left and when they reset', async () => {
    const { describeWith, usage } = startThen();
    const limits = { usd_per_day: 1, image_tokens_per_month: 1_000 };
    const { header, id } = await makeKey({ tenant: 'shop', limits, tenant_limits: { usd_per_month: 5 } });
    const other = await makeKey({ tenant: 'shop', tenant_limits: { usd_per_month: 5 } });
    const answer = (await (await describeWith(header)).json()) as any;
    await describeWith(other.header, `${ASK}&cache=bypass`);
    const cost = answer.usage.cost_usd;
    const tokens = answer.images[0].sent.image_tokens;
    const { budgets, data } = await usage('?group_by=key', header);
    expect(data.map(({ key, calls }: any) => [key, calls]).toSorted()).toEqual(
      [
        [id, 1],
        [other.id, 1],
      ].toSorted(),
    );
    expect(budgets).toEqual([
      { scope: 'key', period: 'day', unit: 'usd', limit: 1, spent: cost, reserved: 0, left: expect.closeTo(1 - cost, 9), resets_at: '2026-11-22T00:00:00Z' },
      {
        scope: 'key',
        period: 'month',
        unit: 'image_tokens',
        limit: 1_000,
        spent: tokens,
        reserved: 0,
        left: 1_000 - tokens,
        resets_at: '2026-12-01T00:00:00Z',
      },
      {
        scope: 'tenant',
        period: 'month',
        unit: 'usd',
        limit: 5,
        spent: expect.closeTo(2 * cost, 9),
        reserved: 0,
        left: expect.closeTo(5 - 2 * cost, 9),
        resets_at: '2026-12-01T00:00:00Z',
      },
    ]);
  });
});

describe('GET /v1/usage/{id}', () => {
  beforeEach(emptyStorage);

  it('is the row of a call, of a hit and of a failure, without a word of what they said', async () => {
    const { describeWith, send } = startThen();
    const rowOf = async (response: Response) => (await send(`/v1/usage/${response.headers.get('x-request-id')}`)).json() as Promise<any>;
    const billed = await describeWith();
    const row = await rowOf(billed);
    const answer = (await billed.json()) as any;
    expect(row).toEqual({
      type: 'ledger_row',
      id: answer.id,
      time: NOW,
      tenant: 'acme',
      key: 'acme',
      route: '/v1/describe',
      model: 'claude-sonnet-5-5',
      status: 200,
      cache_status: 'miss',
      input_tokens: answer.usage.input_tokens,
      output_tokens: answer.usage.output_tokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      image_tokens: answer.images[0].sent.image_tokens,
      estimated_input_tokens: answer.usage.estimated_input_tokens,
      cost_usd: answer.usage.cost_usd,
      cost_basis: 'billed',
      reserved_usd: expect.any(Number),
      saved_usd: 0,
    });
    expect(row.reserved_usd).toBeGreaterThan(row.cost_usd);
    expect(await rowOf(await describeWith())).toMatchObject({ status: 200, cache_status: 'hit', cost_usd: 0, cost_basis: 'free', saved_usd: row.cost_usd });
    expect(await rowOf(await describeWith({}, `${ASK}&max_cost_usd=0&cache=bypass`))).toMatchObject({ status: 402, cost_basis: 'free', cost_usd: 0 });
  });
});
