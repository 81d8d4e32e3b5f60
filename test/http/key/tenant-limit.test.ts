import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '../../support/key.ts';
import { pngPicture } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const ASK = '/v1/describe?model=claude-sonnet-5-5&cache=bypass&max_tokens=200';

/** A service with an administrator's key, and what can be done with others. */
async function start() {
  const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
  const service = startService();
  const picture = await pngPicture(64, 64);
  return {
    service,
    describe: (header: Record<string, string>) => service.send(ASK, { method: 'POST', headers: { ...header, 'content-type': 'image/png' }, body: picture }),
    change: async (id: string, body: object) => {
      const headers = { ...admin.header, 'content-type': 'application/json' };
      return (await service.send(`/v1/admin/keys/${id}`, { method: 'PATCH', headers, body: JSON.stringify(body) })).json() as Promise<any>;
    },
    limitsShown: async () => {
      const { data } = (await (await service.send('/v1/admin/keys', { headers: admin.header })).json()) as any;
      return Object.fromEntries(data.map(({ id, tenant_limits: limits }: any) => [id, limits]));
    },
  };
}

describe('the limits of a tenant', () => {
  beforeEach(emptyStorage);

  it('are one and the same for all its keys, whichever they were said with, before or after', async () => {
    const before = await makeKey({ tenant: 'shop' });
    const saying = await makeKey({ tenant: 'shop', tenant_limits: { usd_per_day: 0 } });
    const after = await makeKey({ tenant: 'shop', limits: { usd_per_day: 100 } });
    const foreign = await makeKey({ tenant: 'blog' });
    const { describe: ask, limitsShown } = await start();
    for (const { header } of [before, saying, after])
      expect(await expectProblem(await ask(header), 'budget_exceeded')).toMatchObject({ budget: { scope: 'tenant', limit: 0 } });
    expect((await ask(foreign.header)).status).toBe(200);
    expect(await limitsShown()).toMatchObject({
      [before.id]: { usd_per_day: 0 },
      [saying.id]: { usd_per_day: 0 },
      [after.id]: { usd_per_day: 0 },
      [foreign.id]: {},
    });
  });

  it('are what was said last, and stay when a key is made or changed without a word of them', async () => {
    const one = await makeKey({ tenant: 'shop', tenant_limits: { usd_per_day: 0, image_tokens_per_day: 5 } });
    const other = await makeKey({ tenant: 'shop' });
    const { service, describe: ask, change } = await start();
    expect((await change(one.id, { name: 'renamed' })).tenant_limits).toEqual({ usd_per_day: 0, image_tokens_per_day: 5 });
    expect((await ask(one.header)).status).toBe(402);
    expect((await change(other.id, { tenant_limits: { usd_per_day: 5 } })).tenant_limits).toEqual({ usd_per_day: 5 });
    service.advance(30_000);
    expect((await ask(one.header)).status).toBe(200);
    expect((await change(other.id, { tenant_limits: {} })).tenant_limits).toEqual({});
  });

  it('of pace count the requests of all its keys together', async () => {
    const one = await makeKey({ tenant: 'shop', tenant_limits: { requests_per_minute: 2 } });
    const other = await makeKey({ tenant: 'shop' });
    const { service } = await start();
    const status = async (header: Record<string, string>) => (await service.send('/v1/models', { headers: header })).status;
    expect([await status(one.header), await status(other.header), await status(one.header), await status(other.header)]).toEqual([200, 200, 429, 429]);
  });
});
