/** Bursts against budgets over HTTP; what counts is the bill of the simulated Claude. */
import { beforeEach, describe, expect, it } from 'vitest';
import { isolateDoor } from '../../../src/isolate/door.ts';
import { memoryLedger } from '../../../src/isolate/memory-ledger.ts';
import { makeKey } from '../../support/key.ts';
import { pngPicture } from '../../support/picture.ts';
import { problemOf, startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

/** US$ 10 and 50 per million tokens, so that a few dimes are soon gone. */
const MODEL = 'claude-fable-5';
const NOW = '2026-11-21T10:00:00Z';
const DAY_MS = 86_400_000;
/** A picture of 64 × 64: 3 × 3 patches of 28. */
const PICTURE_TOKENS = 9;
const WAVES_MAX = 40;

type Header = Readonly<Record<string, string>>;

async function start() {
  const state = { isCapped: false };
  const service = startService({
    // A spend limit at the provider: nothing is billed, and it is no use to try again.
    wire: async (request, next) => (state.isCapped ? new Response(null, { status: 429 }) : next(request)),
    ports: { ledger: memoryLedger(Number.MAX_SAFE_INTEGER), door: isolateDoor(Infinity) },
  });
  service.advance(Date.parse(NOW) - service.nowMs());
  /** A key that is known already: first look-ups have a limit of their own. */
  const key = async (body: Record<string, unknown>) => {
    const made = await makeKey({ scopes: ['describe', 'messages'], ...body });
    await service.send('/v1/models', { headers: made.header });
    return made;
  };
  const picture = await pngPicture(64, 64);
  const source = { type: 'base64', media_type: 'image/png', data: picture.toBase64() };
  const describeOnce = (header: Header) =>
    service.send(`/v1/describe?model=${MODEL}&cache=bypass&max_tokens=200`, {
      method: 'POST',
      headers: { ...header, 'content-type': 'image/png' },
      body: picture,
    });
  const message = (header: Header, stream: boolean) => {
    const content = [
      { type: 'image', source },
      { type: 'text', text: 'What is on this picture?' },
    ];
    return service.post('/v1/messages', { model: MODEL, max_tokens: 200, stream, messages: [{ role: 'user', content }] }, header);
  };
  /** One wave of both kinds, streams among them, by all keys in turn; gives the statuses. */
  const wave = (headers: readonly Header[], count: number): Promise<readonly number[]> =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const header = headers[index % headers.length] ?? {};
        const kind = Math.floor(index / headers.length) % 3;
        const response = kind === 0 ? await describeOnce(header) : await message(header, kind === 1);
        await response.arrayBuffer();
        return response.status;
      }),
    );
  /** Waves until nothing is let through. */
  const exhaust = async (headers: readonly Header[], count: number): Promise<void> => {
    for (let waves = 1; ; waves++) {
      const statuses = await wave(headers, count);
      expect([200, 402]).toEqual(expect.arrayContaining([...new Set(statuses)]));
      if (!statuses.includes(200)) return;
      expect(waves).toBeLessThan(WAVES_MAX);
    }
  };
  const budgets = async (header: Header) => ((await (await service.send('/v1/usage', { headers: header })).json()) as any).budgets as any[];
  const bill = async () => (await service.simulate('bill')).total as { calls: number; cost_usd: number };
  return { service, state, key, describeOnce, wave, exhaust, budgets, bill };
}

describe('a burst of descriptions and messages', () => {
  beforeEach(emptyStorage);

  it("of two keys never spends more than their tenant's budget, failures between, and the books are the bill", async () => {
    const { service, key, wave, exhaust, budgets, bill } = await start();
    const one = await key({ tenant: 'shop', tenant_limits: { usd_per_month: 0.12 } });
    const other = await key({ tenant: 'shop', limits: { usd_per_day: 100 } });
    const headers = [one.header, other.header];
    // The budget has room for four at once, so at least so many are tried.
    await service.fail('spend_cap', 'spend_cap', 'spend_cap');
    expect((await wave(headers, 40)).filter((status) => status === 429)).toHaveLength(3);
    await exhaust(headers, 12);
    const { cost_usd: costUsd } = await bill();
    expect(costUsd).toBeLessThanOrEqual(0.12);
    expect(costUsd).toBeGreaterThan(0.08);
    const [, tenant] = await budgets(other.header);
    expect(tenant).toMatchObject({ scope: 'tenant', limit: 0.12, reserved: 0, spent: expect.closeTo(costUsd, 9) });
    const usage = (await (await service.send('/v1/usage?group_by=key', { headers: one.header })).json()) as any;
    expect(usage.data.map((row: any) => row.key).toSorted()).toEqual([one.id, other.id].toSorted());
    expect(usage.total).toMatchObject({ cost_usd: expect.closeTo(costUsd, 9), overrun_usd: 0, assumed_calls: 0 });
  });

  it('is held to the day first and then to the month, each to its end and none beyond it', async () => {
    const { service, key, describeOnce, exhaust, bill } = await start();
    const { header } = await key({ limits: { usd_per_day: 0.07, usd_per_month: 0.1 } });
    const refusedBy = async () => ((await problemOf(await describeOnce(header))) as unknown as { budget: { period: string } }).budget.period;
    await exhaust([header], 12);
    const { cost_usd: firstUsd } = await bill();
    expect(firstUsd).toBeLessThanOrEqual(0.07);
    expect(firstUsd).toBeGreaterThan(0.04);
    expect(await refusedBy()).toBe('day');
    service.advance(DAY_MS);
    await exhaust([header], 12);
    const { cost_usd: bothUsd } = await bill();
    expect(bothUsd).toBeLessThanOrEqual(0.1);
    expect(bothUsd).toBeGreaterThan(Math.max(firstUsd, 0.07));
    expect(await refusedBy()).toBe('month');
  });

  it('is held to image tokens, of the key and of the tenant, to the last picture', async () => {
    const { key, wave, budgets, bill } = await start();
    const one = await key({
      tenant: 'shop',
      limits: { image_tokens_per_day: 6 * PICTURE_TOKENS },
      tenant_limits: { image_tokens_per_month: 16 * PICTURE_TOKENS - 1 },
    });
    const other = await key({ tenant: 'shop' });
    expect((await wave([one.header], 30)).filter((status) => status === 200)).toHaveLength(6);
    expect((await wave([one.header, other.header], 60)).filter((status) => status === 200)).toHaveLength(9);
    expect(await bill()).toMatchObject({ calls: 15 });
    expect(await budgets(one.header)).toMatchObject([
      { scope: 'key', unit: 'image_tokens', spent: 6 * PICTURE_TOKENS, left: 0 },
      { scope: 'tenant', unit: 'image_tokens', spent: 15 * PICTURE_TOKENS, reserved: 0, left: PICTURE_TOKENS - 1 },
    ]);
  });

  it('that fails unbilled leaves the budget whole for the one after it', async () => {
    const { state, key, wave, budgets, bill } = await start();
    const { header } = await key({ limits: { image_tokens_per_day: 8 * PICTURE_TOKENS } });
    state.isCapped = true;
    const failed = await wave([header], 30);
    expect([402, 429]).toEqual(expect.arrayContaining([...new Set(failed)]));
    expect(failed.filter((status) => status === 429).length).toBeGreaterThanOrEqual(8);
    state.isCapped = false;
    expect(await budgets(header)).toMatchObject([{ spent: 0, reserved: 0 }]);
    expect((await wave([header], 30)).filter((status) => status === 200)).toHaveLength(8);
    expect(await bill()).toMatchObject({ calls: 8 });
  });
});
