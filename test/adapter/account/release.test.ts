import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { durableAccounts } from '../../../src/adapter/account/client.ts';
import type { Account } from '../../../src/adapter/account/object.ts';
import { withoutWaiting } from '../../support/waiting.ts';
import { ledgerRow, NOW_MS } from './row.ts';

const { ACCOUNTS } = env as unknown as { readonly ACCOUNTS: DurableObjectNamespace<Account> };
const LIMITS = { usdDay: 1e-6 };
const UNTIL_MS = NOW_MS + 300_000;

function account(): DurableObjectStub<Account> {
  return ACCOUNTS.get(ACCOUNTS.newUniqueId());
}

/** A call of at most 150 nano-US$. */
function most(requestId: string) {
  return {
    row: ledgerRow({ requestId, nanoUsd: 150, basis: 'assumed' as const, status: 500 }),
    keyLimits: LIMITS,
    accountLimits: LIMITS,
    expiresAtMs: UNTIL_MS,
  };
}

/** [spent, set aside] of the key and of the account, in nano-US$. */
async function standing(stub: DurableObjectStub<Account>, nowMs = NOW_MS) {
  const query = { from: '2026-11-21', to: '2026-11-21', groupBy: [] };
  const report = await stub.usage({ query, key: 'key-a', keyLimits: LIMITS, accountLimits: LIMITS, nowMs });
  if (report === 'too-many') throw new Error(report);
  return { budgets: report.budgets.map(({ spent, reserved }) => [spent, reserved]), requests: report.total.requests };
}

const WHOLE = [
  [0, 0],
  [0, 0],
];

describe('a reservation whose answer was lost', () => {
  it('is given back by its request, once however often it is asked, and not counted as spent later', async () => {
    const stub = account();
    await stub.reserve(most('req_1'));
    await stub.reserve(most('req_2'));
    for (let time = 0; time < 3; time++) await stub.release('req_1', UNTIL_MS);
    expect((await standing(stub)).budgets).toEqual([
      [0, 150],
      [0, 150],
    ]);
    await stub.release('req_2', UNTIL_MS);
    expect(await standing(stub, UNTIL_MS)).toEqual({ budgets: WHOLE, requests: 0 });
  });

  it('sets nothing aside when it comes after it was given back', async () => {
    const stub = account();
    await stub.release('req_1', UNTIL_MS);
    expect(await stub.reserve(most('req_1'))).toBe('released');
    expect(await standing(stub)).toEqual({ budgets: WHOLE, requests: 0 });
    expect(await stub.reserve(most('req_2'))).toBeUndefined();
  });

  it('is remembered as given back for as long as it could come, and then forgotten', async () => {
    const stub = account();
    const nowMs = Date.now();
    await stub.release('req_1', nowMs);
    await stub.release('req_2', nowMs + 300_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    const kept = await runInDurableObject(stub, (_, { storage }) => [...storage.sql.exec('SELECT request_id FROM release_v1')]);
    expect(kept).toEqual([{ request_id: 'req_2' }]);
  });

  it('leaves alone what was spent already', async () => {
    const stub = account();
    await stub.reserve(most('req_1'));
    await stub.settle(ledgerRow(), { keepsRow: true });
    await stub.release('req_1', UNTIL_MS);
    expect((await standing(stub)).budgets).toEqual([
      [100, 0],
      [100, 0],
    ]);
  });
});

describe('giving back', () => {
  const waitedMs = withoutWaiting();

  it.each([
    [4, []],
    [5, ['release_lost']],
  ])('is tried five times, within the 30 s of work after a response: %i failures', async (failures, lost) => {
    const reports: string[] = [];
    let asked = 0;
    const release = async () => {
      asked += 1;
      if (asked <= failures) throw new Error('connection lost');
    };
    const namespace = { idFromName: () => ({}), get: () => ({ release }) } as unknown as DurableObjectNamespace<Account>;
    await durableAccounts(namespace, { gatherMs: 0, report: (event) => void reports.push(event) }).release('acme', 'req_1', UNTIL_MS);
    expect(reports).toEqual(lost);
    expect(asked).toBe(5);
    expect(waitedMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(25_000);
  });
});
