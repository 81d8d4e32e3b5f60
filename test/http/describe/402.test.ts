import { beforeEach, describe, expect, it } from 'vitest';
import { isolateDoor } from '../../../src/isolate/door.ts';
import { memoryLedger } from '../../../src/isolate/memory-ledger.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { Ports } from '../../../src/port/ports.ts';
import { makeKey } from '../../support/key.ts';
import { pngPicture } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

/** A model whose calls cost cents, so that a dollar is soon gone. US$ per million tokens. */
const MODEL = 'claude-fable-5';
const DAY_MS = 86_400_000;

function query(parameters: Record<string, string>): string {
  return `/v1/describe?${new URLSearchParams({ model: MODEL, cache: 'bypass', ...parameters }).toString()}`;
}

describe('POST /v1/describe with a budget', () => {
  beforeEach(emptyStorage);

  it('1,000 requests at once, and again until nothing is let through, never spend more than the dollar that was allowed', { timeout: 240_000 }, async () => {
    const service = startService({ ports: { ledger: memoryLedger(Number.MAX_SAFE_INTEGER), door: isolateDoor(Infinity) } });
    const picture = await pngPicture(64, 64);
    const { header } = await makeKey({ limits: { usd_per_day: 1 } });
    const ask = () => service.send(query({ max_tokens: '200' }), { method: 'POST', headers: { ...header, 'content-type': 'image/png' }, body: picture });
    // So that the key is known: first look-ups have a limit of their own.
    await service.send('/v1/models', { headers: header });
    const statuses: number[] = [];
    for (let wave = 0; wave < 40; wave++) {
      const answers = await Promise.all(Array.from({ length: wave === 0 ? 1_000 : 50 }, ask));
      await Promise.all(answers.map((answer) => answer.body?.cancel()));
      statuses.push(...answers.map(({ status }) => status));
      if (wave > 0 && answers.every(({ status }) => status === 402)) break;
    }
    expect(new Set(statuses)).toEqual(new Set([200, 402]));
    const bill = await service.simulate('bill');
    expect(bill.total.cost_usd).toBeLessThanOrEqual(1);
    expect(bill.total.cost_usd).toBeGreaterThan(0.9);
    const usage = (await (await service.send('/v1/usage', { headers: header })).json()) as any;
    expect(usage.budgets).toMatchObject([{ scope: 'key', unit: 'usd', limit: 1, reserved: 0, spent: usage.total.cost_usd }]);
    expect(usage.total.cost_usd).toBeCloseTo(bill.total.cost_usd, 9);
    service.advance(DAY_MS);
    expect((await ask()).status).toBe(200);
  });

  it('a reservation whose answer is lost is given back, and nothing is billed', async () => {
    let isLost = true;
    const lose = (accounts: Ports['accounts']): Ports['accounts'] => ({
      ...accounts,
      reserve: async (...parameters) => {
        const answer = await accounts.reserve(...parameters);
        if (isLost) throw new Fault('overloaded', 'The connection to the account was lost.');
        return answer;
      },
    });
    const service = startService({ wrap: (ports) => ({ ...ports, accounts: lose(ports.accounts) }) });
    const { header } = await makeKey({ limits: { usd_per_day: 0.04 } });
    const picture = await pngPicture(64, 64);
    const ask = () => service.send(query({ max_tokens: '200' }), { method: 'POST', headers: { ...header, 'content-type': 'image/png' }, body: picture });
    const answer = await ask();
    expect((await expectProblem(answer, 'overloaded')).billed).toBe(false);
    expect((await service.simulate('bill')).total).toMatchObject({ calls: 0, cost_usd: 0 });
    const get = async (path: string) => (await service.send(path, { headers: header })).json() as Promise<any>;
    expect(await get(`/v1/usage/${answer.headers.get('x-request-id')}`)).toMatchObject({ status: 503, cost_basis: 'free', cost_usd: 0 });
    service.advance(300_000);
    expect((await get('/v1/usage')).budgets).toMatchObject([{ limit: 0.04, spent: 0, reserved: 0, left: 0.04 }]);
    isLost = false;
    // The budget has room for one such call, at its most 0.03.
    expect((await ask()).status).toBe(200);
  });

  it('a refusal names what makes the call need less of what ran out', async () => {
    const service = startService();
    const picture = await pngPicture(300, 300);
    const detailWith = async (limits: object) => {
      const { header } = await makeKey({ limits });
      const response = await service.send(query({}), { method: 'POST', headers: { ...header, 'content-type': 'image/png' }, body: picture });
      return (await expectProblem(response, 'budget_exceeded')).detail;
    };
    expect(await detailWith({ usd_per_day: 0.0001 })).toContain('Lower "max_tokens" or "detail", or raise the budget.');
    const ofTokens = await detailWith({ image_tokens_per_day: 1 });
    expect(ofTokens).toContain('Lower "detail", or send fewer or smaller images, or raise the budget.');
    expect(ofTokens).not.toContain('max_tokens');
  });

  it.each([{ usd_per_day: 1 }, {}])(
    'a model without a price is refused without numbers, which there are none of: the page of the code says so (limits %j)',
    async (limits) => {
      const service = startService();
      const { header } = await makeKey({ limits });
      const path = query({ model: 'claude-fable-5-2', ...('usd_per_day' in limits ? {} : { max_cost_usd: '5' }) });
      const response = await service.send(path, { method: 'POST', headers: { ...header, 'content-type': 'image/png' }, body: await pngPicture(30, 30) });
      const problem = await expectProblem(response, 'budget_exceeded');
      expect(problem).toMatchObject({ param: 'model', detail: expect.stringContaining('No price is known') });
      expect(problem).not.toHaveProperty('budget');
      const page = await (await service.send(new URL(problem.type).pathname)).text();
      expect(page.replaceAll(/<[^>]*>/g, '')).toMatch(/no known price.*Where an amount is too high, (&quot;|")?budget(&quot;|")? has the numbers/);
    },
  );

  it('a call that may cost more than "max_cost_usd" is not made', async () => {
    const service = startService();
    const problem = await expectProblem(await service.upload(query({ max_cost_usd: '0.001' }), await pngPicture(300, 300), 'image/png'), 'budget_exceeded');
    expect(problem).toMatchObject({ param: 'max_cost_usd', billed: false, budget: { scope: 'request', limit: 0.001 } });
    expect(await service.calls()).toEqual([]);
  });
});
