import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { durableAccounts } from '../../../src/adapter/account/client.ts';
import type { Account } from '../../../src/adapter/account/object.ts';
import { withoutWaiting } from '../../support/waiting.ts';
import { ledgerRow, NOW_MS } from './row.ts';

const { ACCOUNTS } = env as unknown as { readonly ACCOUNTS: DurableObjectNamespace<Account> };
const LIMITS = { usdDay: 1e-6 };
const TIME_MS = 300_000;

function most(requestId: string, nanoUsd: number, atMs = NOW_MS) {
  const row = ledgerRow({ requestId, nanoUsd, atMs, basis: 'assumed' as const, status: 500, reservedNanoUsd: null });
  return { row, keyLimits: LIMITS, accountLimits: {}, expiresAtMs: atMs + TIME_MS };
}

async function report(stub: DurableObjectStub<Account>, nowMs: number) {
  const query = { from: '2026-11-21', to: '2026-11-21', groupBy: [] };
  const answer = await stub.usage({ query, key: 'key-a', keyLimits: LIMITS, accountLimits: {}, nowMs });
  if (answer === 'too-many') throw new Error(answer);
  return { standing: answer.budgets.map(({ spent, reserved }) => [spent, reserved])[0], requests: answer.total.requests };
}

describe('calls whose holders fell silent', () => {
  it('are spent when the next one is judged, which is not told to come again for what is never given back', async () => {
    const stub = ACCOUNTS.get(ACCOUNTS.newUniqueId());
    await stub.reserve(most('req_1', 900));
    expect(await stub.reserve(most('req_2', 200, NOW_MS + TIME_MS - 1))).toMatchObject({ spent: 0, reserved: 900, isTransient: true });
    expect(await stub.reserve(most('req_3', 200, NOW_MS + TIME_MS))).toMatchObject({ spent: 900, reserved: 0, isTransient: false });
    expect(await stub.reserve(most('req_4', 100, NOW_MS + TIME_MS))).toBeUndefined();
  });

  it('are not spent where their request is known to have ended without a call', async () => {
    const stub = ACCOUNTS.get(ACCOUNTS.newUniqueId());
    await stub.reserve(most('req_1', 900));
    // Its release was lost, too.
    const row = ledgerRow({ basis: 'free', status: 503, nanoUsd: 0, imageTokens: 0, reservedNanoUsd: null });
    await stub.record([row]);
    expect(await report(stub, NOW_MS + TIME_MS)).toEqual({ standing: [0, 0], requests: 1 });
    expect(await stub.find('req_1')).toEqual(row);
  });
});

describe('an account that is started anew while calls are under way', () => {
  /** The object breaks off, as it does when a new version comes; the next call starts it again. */
  async function restart(stub: DurableObjectStub<Account>): Promise<DurableObjectStub<Account>> {
    await runInDurableObject(stub, (_, state) => state.abort('restarted')).catch(() => undefined);
    return ACCOUNTS.get(stub.id);
  }

  it('knows what is set aside, what was given back, and whose time is over', async () => {
    let stub = ACCOUNTS.get(ACCOUNTS.newUniqueId());
    await stub.reserve(most('req_1', 600));
    await stub.reserve(most('req_2', 300));
    await stub.release('req_3', NOW_MS + TIME_MS);
    stub = await restart(stub);
    expect(await stub.reserve(most('req_4', 200))).toMatchObject({ spent: 0, reserved: 900 });
    expect(await stub.reserve(most('req_3', 10))).toBe('released');
    await stub.settle(ledgerRow(), { keepsRow: true });
    stub = await restart(stub);
    // The answer to the first report was lost with the object.
    await stub.settle(ledgerRow(), { keepsRow: true });
    expect(await report(stub, NOW_MS)).toEqual({ standing: [100, 300], requests: 1 });
    expect(await report(stub, NOW_MS + TIME_MS)).toEqual({ standing: [400, 0], requests: 2 });
  });
});

describe('the bill of a call', () => {
  const waitedMs = withoutWaiting();

  it('is told although its point for the charts is refused', async () => {
    const chart = {
      writeDataPoint: () => {
        throw new TypeError('too long');
      },
    };
    const told: string[] = [];
    const reports: string[] = [];
    const stub = { settle: async () => void told.push('settle'), record: async () => void told.push('record'), add: async () => undefined };
    const namespace = { idFromName: () => ({}), get: () => stub } as unknown as DurableObjectNamespace<Account>;
    const accounts = durableAccounts(namespace, { gatherMs: 0, report: (event) => void reports.push(event), chart });
    await accounts.settle(ledgerRow(), { isCapped: false });
    await accounts.record(ledgerRow());
    expect(told).toEqual(['settle', 'record']);
    expect(reports).toEqual(['chart_lost', 'chart_lost']);
  });

  it.each([
    [4, []],
    [5, ['ledger_lost']],
  ])('is told five times where it fails, within the 30 s of work after a response: %i failures', async (failures, lost) => {
    const reports: string[] = [];
    let told = 0;
    const settle = async () => {
      told += 1;
      if (told <= failures) throw new Error('connection lost');
    };
    const namespace = { idFromName: () => ({}), get: () => ({ settle, add: async () => undefined }) } as unknown as DurableObjectNamespace<Account>;
    await durableAccounts(namespace, { gatherMs: 0, report: (event) => void reports.push(event) }).settle(ledgerRow(), { isCapped: false });
    expect(reports).toEqual(lost);
    expect(told).toBe(5);
    expect(waitedMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(25_000);
  });
});
