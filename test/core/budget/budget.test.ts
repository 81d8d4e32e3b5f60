import { describe, expect, it } from 'vitest';
import { type Amount, boundsOf, type BudgetState, judge, stateOf } from '../../../src/core/budget/budget.ts';
import { budgetExceeded, maxCostExceeded, priceUnknown } from '../../../src/core/budget/refusal.ts';

const SAVING = 'Ask for less';
const NOW_MS = Date.parse('2026-11-21T10:00:00Z');

function amount(nanoUsd: number, imageTokens = 0): Amount {
  return { nanoUsd, imageTokens };
}

function states(limits: Parameters<typeof boundsOf>[1], spent: Amount, reserved = amount(0)): readonly BudgetState[] {
  return boundsOf('key', limits).map((bound) => stateOf(bound, { spent, reserved }, NOW_MS));
}

describe('the judgement of a call', () => {
  it('without bounds is that it may be made', () => {
    expect(judge([], amount(Number.MAX_SAFE_INTEGER))).toBeUndefined();
  });

  it.each([
    ['below', 0.000000299, true],
    ['at', 0.0000003, false],
    ['above', 0.000000301, false],
  ])('counts what is spent, set aside and needed: a US$ limit just %s the sum', (_, usdDay, isRefused) => {
    expect(judge(states({ usdDay }, amount(100), amount(150)), amount(50)) !== undefined).toBe(isRefused);
  });

  it.each([
    ['below', 299, true],
    ['at', 300, false],
    ['above', 301, false],
  ])('holds image tokens in the same way: a limit just %s the sum', (_, imageTokensMonth, isRefused) => {
    expect(judge(states({ imageTokensMonth }, amount(0, 100), amount(0, 150)), amount(0, 50)) !== undefined).toBe(isRefused);
  });

  it('lets a call pass that needs none of what is used up', () => {
    expect(judge(states({ imageTokensDay: 10 }, amount(0, 11)), amount(1_000, 0))).toBeUndefined();
  });

  it('names the bound that binds for longest, and says whether only calls under way stand in the way', () => {
    const limits = { usdDay: 1e-7, usdMonth: 1e-7, imageTokensDay: 10 };
    expect(judge(states(limits, amount(80, 0), amount(20)), amount(10))).toMatchObject({ period: 'month', unit: 'usd', isTransient: true });
    expect(judge(states(limits, amount(80, 9), amount(20)), amount(10, 2))).toMatchObject({ unit: 'image_tokens', isTransient: false });
  });
});

describe('the words of a refusal', () => {
  const [refusal] = [judge(states({ usdDay: 1 }, amount(990_000_000), amount(6_000_000)), amount(12_300_000))];
  if (refusal === undefined) throw new Error('it must be refused');

  it('have every number, and when there is money again', () => {
    const fault = budgetExceeded(refusal, 'key', SAVING);
    expect(fault.message).toBe(
      "The call may need up to US$ 0.0123, but the key's budget of US$ 1 a day has US$ 0.004 left (US$ 0.99 spent, US$ 0.006 set aside for calls under way). It resets at 2026-11-22T00:00:00Z. Ask for less, or raise the budget.",
    );
    expect(fault.extension).toEqual({
      budget: { scope: 'key', period: 'day', unit: 'usd', limit: 1, spent: 0.99, reserved: 0.006, needed: 0.0123, resets_at: '2026-11-22T00:00:00Z' },
    });
    expect(fault).toMatchObject({ code: 'budget_exceeded', billed: false, retryable: undefined });
  });

  it('of a deployment say nothing of what others spend', () => {
    const fault = budgetExceeded(refusal, 'deployment', SAVING);
    expect(fault.message).not.toMatch(/0\.99|0\.006|US\$ 1 /);
    expect(fault.extension).toEqual({ budget: { scope: 'deployment', period: 'day', unit: 'usd', needed: 0.0123, resets_at: '2026-11-22T00:00:00Z' } });
  });

  it('advise to try again when calls under way may give something back', () => {
    expect(budgetExceeded({ ...refusal, isTransient: true }, 'tenant', SAVING)).toMatchObject({ retryable: true, retryAfterSeconds: 5 });
  });

  it('name the field of the request, or the model without a price', () => {
    expect(maxCostExceeded(2_000_000, 0.001, 'max_cost_usd', SAVING)).toMatchObject({ code: 'budget_exceeded', param: 'max_cost_usd' });
    expect(priceUnknown('claude-fable-5-2')).toMatchObject({ code: 'budget_exceeded', param: 'model', message: expect.stringContaining('claude-fable-5-2') });
  });
});
