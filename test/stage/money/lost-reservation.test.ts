import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_ACCOUNT } from '../../../src/core/budget/account.ts';
import { Fault } from '../../../src/core/fault.ts';
import { spend } from '../../../src/stage/money/spend.ts';
import { faultOf, NOW_MS, QUOTE, start, USAGE } from './spender.ts';

describe('a reservation whose answer is lost', () => {
  const work = () => Promise.reject(new Error('must not be called'));

  it.each([
    ['the tenant, before it was set aside', 'acme', 'before'],
    ['the tenant, after it was set aside', 'acme', 'after'],
    ['the deployment, before it was set aside', DEPLOYMENT_ACCOUNT, 'before'],
    ['the deployment, after it was set aside', DEPLOYMENT_ACCOUNT, 'after'],
  ] as const)('on its way from %s leaves both budgets whole, then and when its time is over', async (_, account, when) => {
    const { context, standing, row, lost } = start({
      limits: { usdDay: 0.003 },
      environment: { BUDGET_USD_DAY: '0.003' },
      lose: (name) => (name === account ? when : undefined),
    });
    expect(await faultOf(spend(context('req_1'), QUOTE, work))).toMatchObject({ code: 'overloaded', billed: false });
    for (const nowMs of [NOW_MS, NOW_MS + 300_000]) {
      expect(await standing('acme', nowMs)).toEqual([0, 0]);
      expect(await standing(DEPLOYMENT_ACCOUNT, nowMs)).toEqual([0, 0]);
    }
    expect(await row('req_1')).toBeUndefined();
    expect(lost).toEqual([]);
  });

  it('leaves room for the next call, which fills the budget to the last', async () => {
    let isLost = true;
    const { context, settled, standing } = start({ limits: { usdDay: 0.003 }, lose: () => (isLost ? 'after' : undefined) });
    expect((await faultOf(spend(context('req_1'), QUOTE, work))).code).toBe('overloaded');
    await settled();
    isLost = false;
    await spend(context('req_2'), QUOTE, async (charge) => charge.used(USAGE));
    expect(await standing()).toEqual([1_400_000, 0]);
  });

  it('sets nothing aside when it arrives after all', async () => {
    const { context, standing, accounts } = start({ limits: { usdDay: 1 } });
    const request = context('req_1');
    let arrive: (() => Promise<unknown>) | undefined;
    const slow = {
      ...accounts,
      reserve: (...parameters: Parameters<typeof accounts.reserve>) => {
        arrive = () => accounts.reserve(...parameters);
        return Promise.reject(new Fault('overloaded', 'lost'));
      },
    };
    await faultOf(spend({ ...request, ports: { ...request.ports, accounts: slow } }, QUOTE, work));
    expect(await standing()).toEqual([0, 0]);
    await expect(arrive?.()).rejects.toMatchObject({ code: 'overloaded' });
    expect(await standing()).toEqual([0, 0]);
  });
});
