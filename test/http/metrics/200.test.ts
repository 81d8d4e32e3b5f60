import { beforeEach, describe, expect, it } from 'vitest';
import { parseExposition } from '../../support/exposition.ts';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

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

  it('is for keys with the scope admin alone', async () => {
    const service = startService();
    expect((await service.send('/metrics')).status).toBe(403);
    expect((await service.send('/metrics', { headers: { authorization: 'Bearer nothing' } })).status).toBe(401);
    expect((await service.send('/metrics', { method: 'POST' })).status).toBe(404);
  });
});
