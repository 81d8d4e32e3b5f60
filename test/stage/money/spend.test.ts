import { describe, expect, it } from 'vitest';
import { durableAccounts } from '../../../src/adapter/account/client.ts';
import type { Account } from '../../../src/adapter/account/object.ts';
import { DEPLOYMENT_ACCOUNT } from '../../../src/core/budget/account.ts';
import { Fault } from '../../../src/core/fault.ts';
import { findModel } from '../../../src/core/vision/model.ts';
import { openCharge, spend } from '../../../src/stage/money/spend.ts';
import { faultOf, NOW_MS, QUOTE, start, USAGE } from './spender.ts';

describe('a call without a budget', () => {
  it('asks no account before it, and is written down after it', async () => {
    const { context, asked, row, standing } = start();
    const result = await spend(context('req_1'), QUOTE, (charge) => {
      expect(asked).toEqual([]);
      charge.used(USAGE);
      return Promise.resolve('done');
    });
    expect(result).toBe('done');
    expect(await row('req_1')).toEqual({
      requestId: 'req_1',
      atMs: NOW_MS,
      tenant: 'acme',
      key: 'key-a',
      route: '/v1/describe',
      model: 'claude-sonnet-5-5',
      status: 200,
      cacheStatus: 'miss',
      basis: 'billed',
      usage: USAGE,
      imageTokens: 500,
      nanoUsd: 1_400_000,
      savedNanoUsd: 0,
      estimatedInputTokens: 640,
      reservedNanoUsd: 3_000_000,
      keepUntilMs: NOW_MS + 35 * 86_400_000,
    });
    expect(await standing()).toEqual([1_400_000, 0]);
  });

  it('of a model without a price runs, at a cost that is not known', async () => {
    const { context, row } = start();
    await spend(context('req_1'), { ...QUOTE, model: findModel('claude-fable-5-2') }, async (charge) => charge.used(USAGE));
    expect(await row('req_1')).toMatchObject({ nanoUsd: null, basis: 'billed' });
  });

  it('is counted in the sums of the deployment, with the tenant for a key', async () => {
    const { context, accounts, settled } = start();
    await spend(context('req_1'), QUOTE, async (charge) => charge.used(USAGE));
    await settled();
    expect((await accounts.totals(NOW_MS)).sums).toMatchObject([
      { key: 'acme', model: 'claude-sonnet-5-5', counters: { calls: 1, nanoUsd: 1_400_000, driftTokens: 10 } },
    ]);
  });
});

describe('a call with a budget', () => {
  it.each([
    ['of the key', { limits: { usdDay: 0.003 } }],
    ['of the tenant', { tenantLimits: { usdMonth: 0.003 } }],
    ['in image tokens', { limits: { imageTokensMonth: 500 } }],
    ['of the deployment', { environment: { BUDGET_USD_DAY: '0.003' } }],
  ])('%s is made when it just fits, and not beside another', async (_, options) => {
    const { context } = start(options);
    await spend(context('req_1'), QUOTE, async () => {
      let isBegun = false;
      const fault = await faultOf(spend(context('req_2'), QUOTE, async () => void (isBegun = true)));
      expect(fault).toMatchObject({ code: 'budget_exceeded', retryable: true, billed: false });
      expect(isBegun).toBe(false);
    });
  });

  it('that its own deployment refuses gives back to the tenant what was set aside', async () => {
    const { context, standing } = start({ limits: { usdDay: 1 }, environment: { BUDGET_USD_MONTH: '0.001' } });
    const fault = await faultOf(spend(context('req_1'), QUOTE, () => Promise.reject(new Error('must not be called'))));
    expect(fault.extension).toEqual({ budget: { scope: 'deployment', period: 'month', unit: 'usd', needed: 0.003, resets_at: '2026-12-01T00:00:00Z' } });
    expect(await standing()).toEqual([0, 0]);
    expect(await standing(DEPLOYMENT_ACCOUNT)).toEqual([0, 0]);
  });

  it('of a model without a price is refused, but for bounds on image tokens alone', async () => {
    const quote = { ...QUOTE, model: findModel('claude-fable-5-2') };
    const work = async () => 'done';
    expect(await faultOf(spend(start({ limits: { usdDay: 100 } }).context('req_1'), quote, work))).toMatchObject({ code: 'budget_exceeded', param: 'model' });
    expect(await faultOf(spend(start({ environment: { BUDGET_USD_DAY: '9' } }).context('req_1'), quote, work))).toMatchObject({ param: 'model' });
    expect(await faultOf(spend(start().context('req_1'), { ...quote, maxCost: { usd: 9, param: 'max_cost_usd' } }, work))).toMatchObject({ param: 'model' });
    expect(await spend(start({ limits: { imageTokensDay: 500 } }).context('req_1'), quote, work)).toBe('done');
  });

  it.each([
    ['below', 0.002999999, 'refused'],
    ['at', 0.003, 'done'],
    ['above', 0.003000001, 'done'],
  ])('of the request itself just %s the maximum is %s', async (_, usd, expected) => {
    const result = spend(start().context('req_1'), { ...QUOTE, maxCost: { usd, param: 'x-vignette-max-cost-usd' } }, async () => 'done');
    const outcome = expected === 'done' ? await result : await faultOf(result).then(({ param }) => (param === 'x-vignette-max-cost-usd' ? 'refused' : param));
    expect(outcome).toBe(expected);
  });

  it('never counts on a prompt longer than the context window', async () => {
    const quote = { ...QUOTE, inputTokensMax: 5_000_000, outputTokensMax: 0 };
    expect(await spend(start({ limits: { usdDay: 2 } }).context('req_1'), quote, async () => 'done')).toBe('done');
    expect((await faultOf(spend(start({ limits: { usdDay: 1.999999 } }).context('req_1'), quote, async () => 'done'))).code).toBe('budget_exceeded');
  });

  it('is not made when its account cannot be asked', async () => {
    const { context } = start({ limits: { usdDay: 1 } });
    const broken = durableAccounts(
      {
        idFromName: () => ({}),
        get: () => ({ reserve: () => Promise.reject(new Error('gone')), release: async () => undefined }),
      } as unknown as DurableObjectNamespace<Account>,
      {
        gatherMs: 0,
        report: () => undefined,
      },
    );
    const request = context('req_1');
    const fault = await faultOf(spend({ ...request, ports: { ...request.ports, accounts: broken } }, QUOTE, async () => 'done'));
    expect(fault).toMatchObject({ code: 'overloaded', retryAfterSeconds: 2, billed: false });
  });
});

describe('a call that fails', () => {
  it.each([
    ['unbilled: nothing', new Fault('overloaded', 'x'), undefined, { basis: 'free', status: 503, nanoUsd: 0 }, [0, 0]],
    [
      'billed, with usage: that',
      new Fault('model_refused', 'x', { billed: true }),
      USAGE,
      { basis: 'billed', status: 422, nanoUsd: 1_400_000 },
      [1_400_000, 0],
    ],
    [
      'perhaps billed: the maximum',
      new Fault('upstream_timeout', 'x', { billed: true }),
      undefined,
      { basis: 'assumed', status: 504, nanoUsd: 3_000_000 },
      [3_000_000, 0],
    ],
    ['for reasons unknown: the maximum', new TypeError('x'), undefined, { basis: 'assumed', status: 500, nanoUsd: 3_000_000 }, [3_000_000, 0]],
  ])('costs when it failed %s', async (_, error, usage, expectedRow, expectedStanding) => {
    const { context, row, standing } = start({ limits: { usdDay: 1 }, environment: { BUDGET_USD_DAY: '1' } });
    const failing = spend(context('req_1'), QUOTE, (charge) => {
      if (usage !== undefined) charge.used(usage);
      return Promise.reject(error);
    });
    await expect(failing).rejects.toBe(error);
    expect(await row('req_1')).toMatchObject(expectedRow);
    expect(await standing()).toEqual(expectedStanding);
    expect(await standing(DEPLOYMENT_ACCOUNT)).toEqual(expectedStanding);
  });
});

describe('a charge', () => {
  it('keeps its request alive from before the call until its bill is written, whoever leaves', async () => {
    const { context, accounts } = start();
    const kept: Promise<unknown>[] = [];
    const request = { ...context('req_1'), afterResponse: (work: Promise<unknown>) => void kept.push(work) };
    const ended: string[] = [];
    await spend(request, QUOTE, async (charge) => {
      expect(kept).toHaveLength(1);
      void kept[0]?.then(() => ended.push('kept alive'));
      await accounts.find('acme', 'req_1');
      ended.push('called');
      charge.used(USAGE);
    });
    await Promise.all(kept);
    expect(ended).toEqual(['called', 'kept alive']);
    expect((await accounts.find('acme', 'req_1'))?.basis).toBe('billed');
  });

  it('is closed once, with what was last reported', async () => {
    const { context, row } = start({ limits: { usdDay: 1 } });
    const charge = await openCharge(context('req_1'), QUOTE);
    charge.used({ ...USAGE, outputTokens: 1 });
    charge.used(USAGE);
    charge.close(200);
    charge.close(500, 'free');
    charge.fail(new Error('late'));
    expect(await row('req_1')).toMatchObject({ status: 200, nanoUsd: 1_400_000 });
  });

  it('of a stream that broke off is assumed at what is known', async () => {
    const { context, row } = start({ limits: { usdDay: 1 } });
    const charge = await openCharge(context('req_1'), QUOTE);
    charge.used({ ...USAGE, outputTokens: 100 });
    charge.close(200, 'assumed');
    expect(await row('req_1')).toMatchObject({ basis: 'assumed', nanoUsd: 2_300_000 });
  });

  it('for a second call of a request has a row of its own', async () => {
    const { context, row, standing } = start({ limits: { usdDay: 1 } });
    const request = context('req_1');
    for (let call = 0; call < 2; call++) await spend(request, QUOTE, async (charge) => charge.used(USAGE));
    expect((await row('req_1.2'))?.nanoUsd).toBe(1_400_000);
    expect(await standing()).toEqual([2_800_000, 0]);
  });
});
