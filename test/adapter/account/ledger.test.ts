import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/adapter/account/object.ts';
import { insertLedger } from '../../../src/adapter/account/table.ts';
import { ledgerRow } from './row.ts';

const { ACCOUNTS } = env as unknown as { readonly ACCOUNTS: DurableObjectNamespace<Account> };
/** Of a cached answer: nothing but a request and what it saved. */
const hit = (requestId: string, savedNanoUsd = 90) =>
  ledgerRow({ requestId, basis: 'free', nanoUsd: 0, imageTokens: 0, cacheStatus: 'hit', savedNanoUsd, reservedNanoUsd: null });

describe('rows of cached answers', () => {
  it('are written in one statement however many come together', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => hit(`req_${index}`));
    const { statements, added } = await runInDurableObject(ACCOUNTS.get(ACCOUNTS.newUniqueId()), (_, { storage }) => {
      const statements: string[] = [];
      const exec = (query: string, ...bindings: unknown[]) => {
        statements.push(query);
        return storage.sql.exec(query, ...(bindings as string[]));
      };
      return { statements, added: insertLedger({ exec } as unknown as SqlStorage, rows) };
    });
    expect(statements).toHaveLength(1);
    expect(added).toEqual(rows);
  });

  it('count once, in a batch that comes twice or that names one request twice, and are kept as they came', async () => {
    const stub = ACCOUNTS.get(ACCOUNTS.newUniqueId());
    const odd = { ...hit('req_3', 70), model: 'a "model" of ü and 😀', cacheStatus: null, estimatedInputTokens: 0 };
    await stub.record([hit('req_1', 50), hit('req_2', 60), hit('req_1', 1_000_000)]);
    await stub.record([hit('req_2', 60), odd]);
    const { sums } = await stub.totals(0);
    expect(sums.map(({ model, counters }) => [model, counters.requests, counters.savedNanoUsd]).toSorted()).toEqual([
      ['a "model" of ü and 😀', 1, 70],
      ['claude-haiku-5-5', 2, 110],
    ]);
    expect(await stub.find('req_3')).toEqual(odd);
    expect(await stub.find('req_1')).toEqual(hit('req_1', 50));
  });

  it('never count for a call that is known already', async () => {
    const stub = ACCOUNTS.get(ACCOUNTS.newUniqueId());
    await stub.settle(ledgerRow(), { keepsRow: true });
    await stub.record([hit('req_1'), hit('req_2')]);
    expect((await stub.totals(0)).sums[0]?.counters).toMatchObject({ requests: 2, calls: 1, cacheHits: 1 });
    expect(await stub.find('req_1')).toEqual(ledgerRow());
  });
});
