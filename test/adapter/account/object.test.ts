import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/adapter/account/object.ts';
import { sumRows } from '../../../src/core/budget/counter.ts';
import type { LedgerRow } from '../../../src/core/budget/ledger-row.ts';
import type { UsageReport } from '../../../src/core/budget/usage.ts';
import { DAY_MS, ledgerRow, NOW_MS } from './row.ts';

const { ACCOUNTS } = env as unknown as { readonly ACCOUNTS: DurableObjectNamespace<Account> };
const ROWS = { keepsRow: true };
const SUMS = { keepsRow: false };
const LIMITS = { usdDay: 1e-6, usdMonth: 2e-6, imageTokensDay: 1_000, imageTokensMonth: 1_500 };

function account(): DurableObjectStub<Account> {
  return ACCOUNTS.get(ACCOUNTS.newUniqueId());
}

/** A call at its most, set aside for five minutes. */
function most(requestId: string, nanoUsd: number, values: Partial<LedgerRow> = {}) {
  const row = ledgerRow({ requestId, nanoUsd, basis: 'assumed', status: 500, reservedNanoUsd: null, ...values });
  return { row, keyLimits: LIMITS, accountLimits: {}, expiresAtMs: row.atMs + 300_000 };
}

async function report(stub: DurableObjectStub<Account>, nowMs = NOW_MS, key = 'key-a'): Promise<UsageReport> {
  const query = { from: '2026-01-01', to: '2027-12-31', groupBy: ['day', 'key', 'model'] as const };
  const answer = await stub.usage({ query, key, keyLimits: LIMITS, accountLimits: LIMITS, nowMs });
  if (answer === 'too-many') throw new Error(answer);
  return answer;
}

/** `key day usd` → [spent, set aside] */
async function standing(stub: DurableObjectStub<Account>, nowMs = NOW_MS, key = 'key-a') {
  const { budgets } = await report(stub, nowMs, key);
  return Object.fromEntries(budgets.map(({ subject, period, unit, spent, reserved }) => [`${subject} ${period} ${unit}`, [spent, reserved]]));
}

describe('an account', () => {
  it('sets aside for key and account, by day and month, and puts the bill in its place', async () => {
    const stub = account();
    expect(await stub.reserve(most('req_1', 150))).toBeUndefined();
    expect(await standing(stub)).toEqual({
      'key day usd': [0, 150],
      'key month usd': [0, 150],
      'key day image_tokens': [0, 10],
      'key month image_tokens': [0, 10],
      'account day usd': [0, 150],
      'account month usd': [0, 150],
      'account day image_tokens': [0, 10],
      'account month image_tokens': [0, 10],
    });
    await stub.settle(ledgerRow(), ROWS);
    expect(await standing(stub)).toMatchObject({ 'key day usd': [100, 0], 'account month usd': [100, 0], 'account day image_tokens': [10, 0] });
    expect(await standing(stub, NOW_MS, 'key-b')).toMatchObject({ 'key day usd': [0, 0], 'account day usd': [100, 0] });
    expect(await stub.find('req_1')).toEqual(ledgerRow());
    expect(await stub.find('req_2')).toBeUndefined();
  });

  it('refuses what passes a bound, and keeps nothing of it', async () => {
    const stub = account();
    await stub.reserve(most('req_1', 900));
    expect(await stub.reserve(most('req_2', 101))).toMatchObject({
      subject: 'key',
      period: 'day',
      limit: 1_000,
      spent: 0,
      reserved: 900,
      needed: 101,
      isTransient: true,
    });
    expect(await standing(stub)).toMatchObject({ 'key day usd': [0, 900], 'account day usd': [0, 900] });
    expect(await stub.reserve(most('req_3', 100))).toBeUndefined();
  });

  it('sets aside once for a request that asks twice, and books once a bill that comes twice', async () => {
    const stub = account();
    await stub.reserve(most('req_1', 150));
    await stub.reserve(most('req_1', 150));
    expect(await standing(stub)).toMatchObject({ 'key day usd': [0, 150] });
    await stub.settle(ledgerRow(), ROWS);
    await stub.settle(ledgerRow(), ROWS);
    expect(await standing(stub)).toMatchObject({ 'key day usd': [100, 0] });
    expect((await report(stub)).total).toMatchObject({ requests: 1, calls: 1 });
  });

  it('gives everything back for a call that was not billed', async () => {
    const stub = account();
    await stub.reserve(most('req_1', 150));
    await stub.settle(ledgerRow({ basis: 'free', nanoUsd: 0, imageTokens: 0, status: 503 }), ROWS);
    expect(await standing(stub)).toMatchObject({ 'key day usd': [0, 0], 'key day image_tokens': [0, 0] });
    expect((await report(stub)).total).toMatchObject({ requests: 1, calls: 0, failures: 1, nanoUsd: 0 });
  });

  it('counts a call whose holder fell silent at its maximum, and corrects it when the bill comes after all', async () => {
    const stub = account();
    await stub.reserve(most('req_1', 150));
    expect(await standing(stub, NOW_MS + 299_999)).toMatchObject({ 'key day usd': [0, 150] });
    expect(await standing(stub, NOW_MS + 300_000)).toMatchObject({ 'key day usd': [150, 0], 'key day image_tokens': [10, 0] });
    expect((await report(stub)).total).toMatchObject({ calls: 1, assumedCalls: 1, assumedNanoUsd: 150, nanoUsd: 150 });
    expect(await stub.find('req_1')).toMatchObject({ basis: 'assumed', status: 500 });
    await stub.settle(ledgerRow(), ROWS);
    expect(await standing(stub)).toMatchObject({ 'key day usd': [100, 0], 'key month image_tokens': [10, 0] });
    expect((await report(stub)).total).toMatchObject({ requests: 1, calls: 1, assumedCalls: 0, assumedNanoUsd: 0, nanoUsd: 100 });
  });

  it('books a call on the day on which it was asked, also when it ends on the next', async () => {
    const stub = account();
    const beforeMidnightMs = Date.parse('2026-11-30T23:59:59.999Z');
    const afterMs = beforeMidnightMs + 1;
    await stub.reserve(most('req_1', 900, { atMs: beforeMidnightMs }));
    expect(await stub.reserve(most('req_2', 900, { atMs: afterMs }))).toBeUndefined();
    await stub.settle(ledgerRow({ atMs: beforeMidnightMs, nanoUsd: 800 }), ROWS);
    expect(await standing(stub, beforeMidnightMs)).toMatchObject({ 'key day usd': [800, 0], 'key month usd': [800, 0] });
    expect(await standing(stub, afterMs)).toMatchObject({ 'key day usd': [0, 900], 'key month usd': [0, 900] });
    expect((await report(stub)).sums.map(({ day, counters }) => [day, counters.nanoUsd])).toEqual([['2026-11-30', 800]]);
  });

  it('records a bill above what was set aside as what it is, and says by how much', async () => {
    const stub = account();
    await stub.reserve(most('req_1', 150));
    await stub.settle(ledgerRow({ nanoUsd: 170 }), ROWS);
    expect(await standing(stub)).toMatchObject({ 'key day usd': [170, 0] });
    expect((await report(stub)).total).toMatchObject({ overrunNanoUsd: 20 });
  });

  it('sums tokens, hits, what they saved, and the drift', async () => {
    const stub = account();
    const free = {
      basis: 'free',
      nanoUsd: 0,
      imageTokens: 0,
      usage: { inputTokens: 0, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 },
    } as const;
    await stub.settle(ledgerRow(), ROWS);
    await stub.settle(ledgerRow({ requestId: 'req_2', key: 'key-b', nanoUsd: null }), ROWS);
    const rows = [
      ledgerRow({ requestId: 'req_3', ...free, cacheStatus: 'hit', savedNanoUsd: 90, atMs: NOW_MS + DAY_MS }),
      ledgerRow({ requestId: 'req_4', ...free, cacheStatus: 'joined', savedNanoUsd: 80 }),
      ledgerRow({ requestId: 'req_5', ...free, cacheStatus: null, status: 402 }),
    ];
    // What is told twice counts once.
    await stub.record(rows.slice(0, 2));
    await stub.record(rows);
    expect(await stub.find('req_4')).toEqual(rows[1]);
    const { sums, total } = await report(stub);
    expect(total).toEqual({
      requests: 5,
      calls: 2,
      cacheHits: 1,
      joined: 1,
      failures: 1,
      inputTokens: 3_404,
      outputTokens: 96,
      cacheCreationInputTokens: 10,
      cacheReadInputTokens: 14,
      imageTokens: 20,
      nanoUsd: 100,
      savedNanoUsd: 170,
      unpricedCalls: 1,
      assumedCalls: 0,
      assumedNanoUsd: 0,
      overrunNanoUsd: 0,
      estimatedInputTokens: 3_400,
      driftTokens: 28,
    });
    expect(sums.map(({ day, key, model, counters }) => [day, key, model, counters.requests])).toEqual([
      ['2026-11-21', 'key-a', 'claude-haiku-5-5', 3],
      ['2026-11-21', 'key-b', 'claude-haiku-5-5', 1],
      ['2026-11-22', 'key-a', 'claude-haiku-5-5', 1],
    ]);
  });

  it('of sums alone keeps no rows, and leaves out a bill that it has seen', async () => {
    const stub = account();
    await stub.reserve(most('req_1', 150));
    await stub.settle(ledgerRow(), SUMS);
    await stub.settle(ledgerRow(), SUMS);
    expect(await stub.find('req_1')).toBeUndefined();
    expect(await standing(stub)).toMatchObject({ 'key day usd': [100, 0] });
    // A late bill finds the row that was assumed.
    await stub.reserve(most('req_2', 150));
    expect(await standing(stub, NOW_MS + 300_000)).toMatchObject({ 'key day usd': [250, 0] });
    await stub.settle(ledgerRow({ requestId: 'req_2' }), SUMS);
    expect(await standing(stub)).toMatchObject({ 'key day usd': [200, 0] });
    expect(await stub.find('req_2')).toBeUndefined();
  });

  it('of the deployment adds up what others tell it, by tenant', async () => {
    const stub = account();
    const rows = [
      ledgerRow(),
      ledgerRow({ requestId: 'req_2' }),
      ledgerRow({ requestId: 'req_3', basis: 'free', nanoUsd: 0, imageTokens: 0, cacheStatus: 'hit' }),
    ];
    await stub.add(sumRows(rows));
    await stub.add(sumRows([ledgerRow({ requestId: 'req_4', atMs: NOW_MS + DAY_MS, key: 'key-b' })]));
    expect((await report(stub)).sums.map(({ day, key, counters }) => [day, key, counters.requests, counters.calls, counters.nanoUsd])).toEqual([
      ['2026-11-21', 'key-a', 3, 2, 200],
      ['2026-11-22', 'key-b', 1, 1, 100],
    ]);
    expect(await standing(stub)).toMatchObject({
      'key day usd': [200, 0],
      'key month usd': [200, 0],
      'account day usd': [200, 0],
      'account month usd': [300, 0],
    });
    expect(await stub.find('req_1')).toBeUndefined();
  });

  it('throws away once a day what is too old, and its sums never sink', async () => {
    const stub = account();
    const nowMs = Date.now();
    const days = (count: number) => nowMs - count * DAY_MS;
    await stub.settle(ledgerRow({ requestId: 'req_1', atMs: days(402), keepUntilMs: days(367) }), ROWS);
    await stub.settle(ledgerRow({ requestId: 'req_2', atMs: days(36), keepUntilMs: days(1) }), ROWS);
    await stub.settle(ledgerRow({ requestId: 'req_3', atMs: nowMs, keepUntilMs: nowMs + DAY_MS }), ROWS);
    const before = await stub.totals(nowMs);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect([await stub.find('req_1'), await stub.find('req_2')]).toEqual([undefined, undefined]);
    expect(await stub.find('req_3')).toBeDefined();
    expect(await stub.totals(nowMs)).toEqual(before);
    const counts = await runInDurableObject(stub, (_, { storage }) =>
      ['day FROM usage_v1', 'period FROM spending_v1'].map((column) => [...storage.sql.exec(`SELECT DISTINCT ${column}`)].length),
    );
    // Sums: two days and the time before them. Spending: the same days and their months.
    expect(counts).toEqual([3, 4]);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await stub.totals(nowMs)).toEqual(before);
  });

  it('never has more spent and set aside than a bound, whatever comes in whatever order', async () => {
    const stub = account();
    const limits = { usdDay: 1e-6, imageTokensDay: 500 };
    type Step = {
      readonly kind: 'reserve' | 'settle' | 'free' | 'silence';
      readonly call: number;
      readonly nanoUsd: number;
      readonly tokens: number;
      readonly share: number;
    };
    const step: fc.Arbitrary<Step> = fc.record({
      kind: fc.constantFrom('reserve', 'reserve', 'settle', 'free', 'silence'),
      call: fc.nat(12),
      nanoUsd: fc.nat(400),
      tokens: fc.nat(200),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        run += 1;
        const key = `key-${run}`;
        const open = new Map<string, LedgerRow>();
        const booked = new Map<string, number>();
        let nowMs = NOW_MS;
        await runInDurableObject(stub, (object) => {
          for (const { kind, call, nanoUsd, tokens, share } of steps) {
            const requestId = `${run}.${call}`;
            const known = open.get(requestId);
            if (kind === 'reserve' && known === undefined) {
              const row = ledgerRow({ requestId, key, nanoUsd, imageTokens: tokens, basis: 'assumed', atMs: NOW_MS });
              const refusal = object.reserve({ row, keyLimits: limits, accountLimits: {}, expiresAtMs: nowMs + 1_000 });
              if (refusal === undefined) open.set(requestId, row);
            } else if ((kind === 'settle' || kind === 'free') && known !== undefined) {
              const cost = kind === 'free' ? 0 : Math.floor((known.nanoUsd ?? 0) * share);
              if (!booked.has(requestId)) booked.set(requestId, cost);
              object.settle(
                { ...known, basis: kind === 'free' ? 'free' : 'billed', nanoUsd: cost, imageTokens: kind === 'free' ? 0 : known.imageTokens },
                ROWS,
              );
            } else if (kind === 'silence') nowMs += 1_000;
            const usage = object.usage({ query: { from: '2026-11-21', to: '2026-11-21', groupBy: [] }, key, keyLimits: limits, accountLimits: {}, nowMs });
            if (usage === 'too-many') throw new Error(usage);
            for (const { spent, reserved, limit } of usage.budgets) {
              expect(spent).toBeGreaterThanOrEqual(0);
              expect(reserved).toBeGreaterThanOrEqual(0);
              expect(spent + reserved).toBeLessThanOrEqual(limit);
            }
          }
          // Bills for everything that is still open, late or not: then what is spent is their sum.
          for (const [requestId, row] of open) {
            if (booked.has(requestId)) continue;
            booked.set(requestId, row.nanoUsd ?? 0);
            object.settle({ ...row, basis: 'billed' }, ROWS);
          }
          const usage = object.usage({ query: { from: '2026-11-21', to: '2026-11-21', groupBy: [] }, key, keyLimits: limits, accountLimits: {}, nowMs });
          if (usage === 'too-many') throw new Error(usage);
          const [usd] = usage.budgets;
          expect([usd?.spent, usd?.reserved]).toEqual([[...booked.values()].reduce((sum, cost) => sum + cost, 0), 0]);
        });
      }),
      { numRuns: 60 },
    );
  });
});
