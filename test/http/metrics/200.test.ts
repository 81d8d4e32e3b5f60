import { beforeEach, describe, expect, it } from 'vitest';
import { DEPLOYMENT_ACCOUNT } from '../../../src/core/budget/account.ts';
import { sumRows } from '../../../src/core/budget/counter.ts';
import type { LedgerRow } from '../../../src/core/budget/ledger-row.ts';
import { tenantKey, tenantValue } from '../../../src/core/key/tenant.ts';
import { DAY_MS, ledgerRow } from '../../adapter/account/row.ts';
import { parseExposition } from '../../support/exposition.ts';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { startService } from '../../support/service.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';

async function scrape(service: ReturnType<typeof startService>) {
  const { header } = await makeKey({ tenant: 'operator', scopes: ['admin'] });
  const response = await service.send('/metrics', { headers: header });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parseExposition(await response.text());
}

describe('GET /metrics', () => {
  beforeEach(emptyStorage);

  it('is right before anything has happened', async () => {
    const metrics = await scrape(startService());
    expect(metrics.get('vignette_build_info')?.samples).toEqual([
      { labels: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/), environment: 'production' }, value: 1 },
    ]);
    expect(metrics.get('vignette_requests_total')?.samples).toEqual([]);
    for (const [name, { type }] of metrics) expect(`${name} ${type}`).toMatch(/^vignette_[a-z_]+(_total counter|(?<!_total) gauge)$/);
  });

  it('counts requests, hits, failures, tokens and money by tenant and model, as the answers said', async () => {
    const service = startService();
    const bodies = [];
    for (let time = 0; time < 3; time++) bodies.push((await (await service.upload('/v1/describe', fixture('png-rgb8.png'), 'image/png')).json()) as any);
    await service.post('/v1/describe', { model: 'claude-haiku-5-5', image: { base64: btoa('no picture') } });
    const metrics = await scrape(service);
    const of = (name: string) =>
      metrics.get(`vignette_${name}`)?.samples.find(({ labels }) => labels.model === 'claude-haiku-5-5' && labels.tenant === 'acme')?.value;
    expect(of('tenant_requests_total')).toBe(4);
    expect(metrics.get('vignette_requests_total')?.samples).toEqual([
      { labels: { route: '/v1/describe', status: '200', cache: 'hit' }, value: 2 },
      { labels: { route: '/v1/describe', status: '200', cache: 'miss' }, value: 1 },
      { labels: { route: '/v1/describe', status: '415', cache: '' }, value: 1 },
    ]);
    expect(of('cache_hits_total')).toBe(2);
    expect(of('failures_total')).toBe(1);
    expect(of('calls_total')).toBe(1);
    expect(of('input_tokens_total')).toBe(bodies[0].usage.input_tokens);
    expect(of('output_tokens_total')).toBe(bodies[0].usage.output_tokens);
    expect(of('cost_usd_total')).toBeCloseTo(bodies[0].usage.cost_usd, 12);
    expect(of('saved_usd_total')).toBeCloseTo(bodies[1].cache.saved_usd * 2, 12);
    expect(of('drift_tokens')).toBe(bodies[0].usage.input_tokens - bodies[0].usage.estimated_input_tokens);
  });

  it("shows the deployment's own budget", async () => {
    const service = startService({ environment: { BUDGET_USD_DAY: '2' } });
    const { usage } = (await (await service.upload('/v1/describe', fixture('png-rgb8.png'), 'image/png')).json()) as any;
    const metrics = await scrape(service);
    const of = (name: string) => metrics.get(`vignette_budget_${name}`)?.samples;
    expect(of('limit')).toEqual([{ labels: { period: 'day', unit: 'usd' }, value: 2 }]);
    expect(of('spent')?.[0]?.value).toBeCloseTo(usage.cost_usd, 12);
    expect(of('reserved')?.[0]?.value).toBe(0);
    expect(of('left')?.[0]?.value).toBeCloseTo(2 - usage.cost_usd, 12);
  });

  it("shows the budgets of tenants, with what is spent of them by the tenant's bills, and of no tenant without one", async () => {
    const service = startService();
    const shop = await makeKey({ tenant: 'shop', tenant_limits: { usd_per_day: 1, image_tokens_per_month: 9_000 } });
    const other = await makeKey({ tenant: 'shop' });
    const free = await makeKey({ tenant: 'free' });
    let spentUsd = 0;
    let tokens = 0;
    for (const { header } of [shop, other, free]) {
      const { usage, images } = (await (
        await service.send('/v1/describe?cache=bypass', { method: 'POST', headers: { ...header, 'content-type': 'image/png' }, body: fixture('png-rgb8.png') })
      ).json()) as any;
      if (header === free.header) continue;
      spentUsd += usage.cost_usd;
      tokens += images[0].sent.image_tokens;
    }
    const metrics = await scrape(service);
    expect(metrics.get('vignette_tenant_budget_limit')?.samples).toEqual([
      { labels: { tenant: 'shop', period: 'day', unit: 'usd' }, value: 1 },
      { labels: { tenant: 'shop', period: 'month', unit: 'image_tokens' }, value: 9_000 },
    ]);
    expect(metrics.get('vignette_tenant_budget_spent')?.samples).toEqual([
      { labels: { tenant: 'shop', period: 'day', unit: 'usd' }, value: expect.closeTo(spentUsd, 12) },
      { labels: { tenant: 'shop', period: 'month', unit: 'image_tokens' }, value: tokens },
    ]);
    service.advance(DAY_MS);
    const [day] = (await scrape(service)).get('vignette_tenant_budget_spent')?.samples ?? [];
    expect(day).toEqual({ labels: { tenant: 'shop', period: 'day', unit: 'usd' }, value: 0 });
  });

  it('shows the budgets of the 100 tenants that spent most this month, whatever they are called', async () => {
    const service = startService();
    service.advance(Date.parse('2026-11-21T10:00:00Z') - service.nowMs());
    const odd = 'a "b" \\ c\nd';
    const spending = (key: string, nanoUsd: number, change: Partial<LedgerRow> = {}) => ledgerRow({ requestId: key, key, nanoUsd, ...change });
    const rows = Array.from({ length: 101 }, (_, index) => spending(`tenant-${index}`, 1_000 + index));
    await service
      .account(DEPLOYMENT_ACCOUNT)
      .add(
        sumRows([
          ...rows,
          spending(odd, 5_000),
          spending('tokens-only', 0, { imageTokens: 1e9 }),
          spending('last-month', 1e9, { atMs: Date.parse('2026-10-31T23:59:59.999Z') }),
        ]),
      );
    const tenants = [...rows.map(({ key }) => key), odd, 'tokens-only', 'last-month'];
    for (const tenant of tenants) await bindings.DESCRIPTIONS.put(tenantKey(tenant), tenantValue({ usdMonth: 1 }));
    const samples = (await scrape(service)).get('vignette_tenant_budget_spent')?.samples ?? [];
    expect(samples).toHaveLength(100);
    expect(samples[0]).toEqual({ labels: { tenant: odd, period: 'month', unit: 'usd' }, value: 5e-6 });
    // The two that spent least are left out, and those that spent nothing this month.
    expect(samples.slice(1).map(({ labels }) => labels.tenant)).toEqual(
      rows
        .map(({ key }) => key)
        .toReversed()
        .slice(0, 99),
    );
  });

  it('shows everything else when the limits of tenants cannot be read', async () => {
    const service = startService({ environment: { BUDGET_USD_DAY: '2' } });
    await service.upload('/v1/describe', fixture('png-rgb8.png'), 'image/png');
    await bindings.DESCRIPTIONS.put(tenantKey('acme'), '{"limits": {"usdDay": "much"}}');
    const metrics = await scrape(service);
    expect(metrics.get('vignette_tenant_budget_limit')?.samples).toEqual([]);
    expect(metrics.get('vignette_budget_limit')?.samples).toHaveLength(1);
    expect(metrics.get('vignette_calls_total')?.samples).toMatchObject([{ labels: { tenant: 'acme' }, value: 1 }]);
    expect(service.logs).toContainEqual({ event: 'tenant_limits_unread', level: 'warn' });
  });

  it('is for keys with the scope admin alone', async () => {
    const service = startService();
    expect((await service.send('/metrics')).status).toBe(403);
    expect((await service.send('/metrics', { headers: { authorization: 'Bearer nothing' } })).status).toBe(401);
    expect((await service.send('/metrics', { method: 'POST' })).status).toBe(404);
  });
});
