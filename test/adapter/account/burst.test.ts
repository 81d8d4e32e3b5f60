/** Budgets under very many calls at once. The object takes one after the other, so most of them are told to it in one go; some over RPC, as isolates do. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/adapter/account/object.ts';
import type { LedgerRow } from '../../../src/core/budget/ledger-row.ts';
import type { CallerLimits } from '../../../src/core/key/caller.ts';
import { DAY_MS, ledgerRow, NOW_MS } from './row.ts';

const { ACCOUNTS } = env as unknown as { readonly ACCOUNTS: DurableObjectNamespace<Account> };

interface Call {
  readonly id: string;
  readonly key?: string;
  readonly nanoUsd?: number;
  readonly imageTokens?: number;
  readonly atMs?: number;
}

/** An account with budgets of its own (`tenant`) and of its keys. */
function open({ tenant = {}, keys = {} }: { tenant?: CallerLimits; keys?: Readonly<Record<string, CallerLimits>> }) {
  const stub = ACCOUNTS.get(ACCOUNTS.newUniqueId());
  const rowOf = ({ id, key = 'key-a', nanoUsd = 0, imageTokens = 0, atMs = NOW_MS }: Call): LedgerRow =>
    ledgerRow({ requestId: id, key, nanoUsd, imageTokens, atMs, basis: 'assumed', status: 500, reservedNanoUsd: null });
  const reservationOf = (call: Call) => {
    const row = rowOf(call);
    return { row, keyLimits: keys[row.key] ?? {}, accountLimits: tenant, expiresAtMs: row.atMs + 300_000 };
  };
  const settle = (rows: readonly LedgerRow[]): Promise<void> =>
    runInDurableObject(stub, (account) => {
      for (const row of rows) account.settle(row, { keepsRow: true });
    });
  return {
    /** Asks for all of them at once, each by a call of its own; gives those that may be made. */
    reserveApart: async (asked: readonly Call[]): Promise<readonly Call[]> => {
      const refusals = await Promise.all(asked.map((call) => stub.reserve(reservationOf(call))));
      return asked.filter((_, index) => refusals[index] === undefined);
    },
    /** The same in one go. */
    reserve: (asked: readonly Call[]): Promise<readonly Call[]> =>
      runInDurableObject(stub, (account) => asked.filter((call) => account.reserve(reservationOf(call)) === undefined)),
    /** What stands in the way of a call. */
    refusal: (call: Call) => stub.reserve(reservationOf(call)),
    /** Bills them; `share` of what was set aside. */
    bill: (made: readonly Call[], share: number) =>
      settle(made.map((call) => ({ ...rowOf(call), basis: 'billed', status: 200, nanoUsd: Math.floor((call.nanoUsd ?? 0) * share) }))),
    /** Ends them without a bill. */
    fail: (made: readonly Call[]) => settle(made.map((call) => ({ ...rowOf(call), basis: 'free', status: 503, nanoUsd: 0, imageTokens: 0 }))),
    /** [spent, set aside] by period and unit of all keys together. */
    standing: async (nowMs = NOW_MS) => {
      const accountLimits = { usdDay: 1, usdMonth: 1, imageTokensDay: 1, imageTokensMonth: 1 };
      const query = { from: '2026-11-21', to: '2026-11-21', groupBy: [] };
      const report = await stub.usage({ query, key: '', keyLimits: {}, accountLimits, nowMs });
      if (report === 'too-many') throw new Error(report);
      return Object.fromEntries(report.budgets.map(({ period, unit, spent, reserved }) => [`${period} ${unit}`, [spent, reserved]]));
    },
  };
}

/** `count` calls, of the given keys in turn. */
function calls(count: number, name: string, keys: readonly string[], values: Partial<Call>): readonly Call[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${name}-${index}`, key: keys[index % keys.length] ?? '', ...values }));
}

const total = (some: readonly Call[], part: 'nanoUsd' | 'imageTokens') => some.reduce((sum, call) => sum + (call[part] ?? 0), 0);

describe('hundreds of calls at once', () => {
  it('of two keys share the budget of their tenant, to the last that fits', async () => {
    const { reserveApart, reserve, standing } = open({ tenant: { usdDay: 1e-6 } });
    const made = await reserveApart(calls(250, 'one', ['key-a', 'key-b'], { nanoUsd: 7 }));
    expect(made).toHaveLength(142);
    expect(new Set(made.map(({ key }) => key)).size).toBe(2);
    expect(await standing()).toMatchObject({ 'day usd': [0, 994] });
    expect(await reserve([{ id: 'small', key: 'key-b', nanoUsd: 6 }])).toHaveLength(1);
    expect(await reserve([{ id: 'least', nanoUsd: 1 }])).toEqual([]);
  });

  it('of a key are held to its own budget, and leave the rest of the tenant to another', async () => {
    const { reserve } = open({ tenant: { usdMonth: 1e-6 }, keys: { 'key-a': { usdDay: 3e-7 } } });
    const made = await reserve(calls(500, 'one', ['key-a', 'key-b'], { nanoUsd: 10 }));
    expect(made.filter(({ key }) => key === 'key-a')).toHaveLength(30);
    expect(made.filter(({ key }) => key === 'key-b')).toHaveLength(70);
  });

  it('of very different sizes never come to more than the budget, wave after wave of bills', async () => {
    const { reserve, bill, standing } = open({ tenant: { usdDay: 1e-6, imageTokensMonth: 2_000 } });
    const ended: Call[] = [];
    for (let wave = 0; wave < 8; wave++) {
      const asked = Array.from({ length: 60 }, (_, index): Call => {
        const size = (index * 37 + wave * 11) % 97;
        return { id: `${wave}-${index}`, key: `key-${index % 3}`, nanoUsd: size + 1, imageTokens: (size * 13) % 41 };
      });
      const made = await reserve(asked);
      const spentNanoUsd = ended.reduce((sum, { nanoUsd = 0 }) => sum + Math.floor(nanoUsd * 0.5), 0);
      const spentTokens = total(ended, 'imageTokens');
      expect(spentNanoUsd + total(made, 'nanoUsd')).toBeLessThanOrEqual(1_000);
      expect(spentTokens + total(made, 'imageTokens')).toBeLessThanOrEqual(2_000);
      expect(await standing()).toMatchObject({
        'day usd': [spentNanoUsd, total(made, 'nanoUsd')],
        'month image_tokens': [spentTokens, total(made, 'imageTokens')],
      });
      await bill(made, 0.5);
      ended.push(...made);
    }
    // Of either budget hardly anything is left, so that the waves have met its end.
    const { 'day usd': usd, 'month image_tokens': tokens } = await standing();
    expect(Math.max((usd?.[0] ?? 0) / 1_000, (tokens?.[0] ?? 0) / 2_000)).toBeGreaterThan(0.95);
  });

  it('share budgets in image tokens, of the key and of the tenant, whatever they cost', async () => {
    const { reserve, bill, standing } = open({ tenant: { imageTokensDay: 1_000 }, keys: { 'key-a': { imageTokensMonth: 250 } } });
    const made = await reserve(calls(500, 'one', ['key-a', 'key-b'], { nanoUsd: 1e12, imageTokens: 9 }));
    expect(made.filter(({ key }) => key === 'key-a')).toHaveLength(27);
    expect(made).toHaveLength(111);
    // The tokens of a picture are exact, so its bill gives none of them back.
    await bill(made, 0.01);
    expect(await reserve(calls(50, 'two', ['key-a', 'key-b'], { imageTokens: 9 }))).toEqual([]);
    expect(await reserve(calls(50, 'three', ['key-a', 'key-b'], { imageTokens: 0 }))).toHaveLength(50);
    expect(await standing()).toMatchObject({ 'day image_tokens': [999, 0] });
  });

  it('that all fail unbilled leave room for as many others', async () => {
    const { reserve, fail, bill, standing } = open({ tenant: { usdDay: 1e-6, imageTokensDay: 1_000 }, keys: { 'key-a': { usdMonth: 5e-7 } } });
    for (let wave = 0; wave < 3; wave++) {
      const made = await reserve(calls(300, `failing-${wave}`, ['key-a', 'key-b'], { nanoUsd: 10, imageTokens: 10 }));
      expect(made).toHaveLength(100);
      await fail(made);
      expect(await standing()).toEqual({ 'day usd': [0, 0], 'month usd': [0, 0], 'day image_tokens': [0, 0], 'month image_tokens': [0, 0] });
    }
    await bill(await reserve(calls(300, 'good', ['key-a', 'key-b'], { nanoUsd: 10, imageTokens: 10 })), 1);
    expect(await standing()).toMatchObject({ 'day usd': [1_000, 0], 'month image_tokens': [1_000, 0] });
  });
});

describe('a budget of the day and one of the month', () => {
  const limits = { usdDay: 1e-6, usdMonth: 2.5e-6 };
  const DAYS = ['2026-11-28T10:00:00Z', '2026-11-29T10:00:00Z', '2026-11-30T10:00:00Z', '2026-12-01T10:00:00Z'];

  it('hold at once, the smaller first: two whole days, half a third, and a whole one of the next month', async () => {
    const { reserve, bill, refusal } = open({ tenant: limits });
    const made: number[] = [];
    const periods: unknown[] = [];
    for (const day of DAYS) {
      const atMs = Date.parse(day);
      const some = await reserve(calls(200, day, ['key-a', 'key-b'], { nanoUsd: 10, atMs }));
      await bill(some, 1);
      made.push(some.length);
      const refused = await refusal({ id: `${day} more`, nanoUsd: 10, atMs });
      periods.push(typeof refused === 'object' ? [refused.period, refused.isTransient] : refused);
    }
    expect(made).toEqual([100, 100, 50, 100]);
    expect(periods).toEqual([
      ['day', false],
      ['day', false],
      ['month', false],
      ['day', false],
    ]);
  });

  it('count a call on the day that it began, so that a burst across midnight has two days and no more', async () => {
    const { reserve, bill, standing } = open({ tenant: limits });
    const beforeMs = Date.parse('2026-11-21T23:59:59.999Z');
    const before = await reserve(calls(200, 'before', ['key-a'], { nanoUsd: 10, atMs: beforeMs }));
    const after = await reserve(calls(200, 'after', ['key-a'], { nanoUsd: 10, atMs: beforeMs + 1 }));
    // An isolate whose clock is behind asks for the day that is over.
    expect(await reserve(calls(50, 'behind', ['key-a'], { nanoUsd: 10, atMs: beforeMs - 5 }))).toEqual([]);
    expect([before.length, after.length]).toEqual([100, 100]);
    expect(await standing(beforeMs + 1)).toMatchObject({ 'day usd': [0, 1_000], 'month usd': [0, 2_000] });
    await bill(before, 0.5);
    expect(await standing(beforeMs + 1)).toMatchObject({ 'day usd': [0, 1_000], 'month usd': [500, 1_000] });
    expect(await standing(beforeMs)).toMatchObject({ 'day usd': [500, 0] });
    await bill(after, 1);
    expect(await standing(beforeMs + DAY_MS)).toMatchObject({ 'day usd': [1_000, 0], 'month usd': [1_500, 0] });
  });

  it('that are lowered while calls are under way let none in until enough is given back', async () => {
    const tenant: { usdDay: number } = { usdDay: 1e-6 };
    const { reserve, bill, fail, refusal } = open({ tenant });
    const made = await reserve(calls(100, 'one', ['key-a'], { nanoUsd: 10 }));
    tenant.usdDay = 3e-7;
    expect(await refusal({ id: 'more', nanoUsd: 10 })).toMatchObject({ limit: 300, spent: 0, reserved: 1_000, isTransient: true });
    await fail(made.slice(0, 60));
    await bill(made.slice(60, 75), 1);
    expect(await reserve(calls(9, 'two', ['key-a'], { nanoUsd: 10 }))).toEqual([]);
    await fail(made.slice(75));
    expect(await reserve(calls(20, 'three', ['key-a'], { nanoUsd: 10 }))).toHaveLength(15);
  });
});
