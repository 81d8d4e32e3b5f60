import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/adapter/account/object.ts';
import type { BucketTake } from '../../../src/core/key/token-bucket.ts';

const NOW_MS = 1_790_000_000_000;
const accounts = (env as unknown as { readonly ACCOUNTS: DurableObjectNamespace<Account> }).ACCOUNTS;
const account = (name: string) => accounts.get(accounts.idFromName(name));
const requests = (change: Partial<BucketTake> = {}): BucketTake => ({ bucket: 'key:a:requests', quota: 10, windowSeconds: 60, cost: 1, ...change });

describe('the buckets of an account', () => {
  it('give their quota and no more, to very many at once', async () => {
    const stub = account('bucket-flood');
    const results = await Promise.all(Array.from({ length: 200 }, () => stub.take([requests()], NOW_MS)));
    expect(results.filter(({ isTaken }) => isTaken).length).toBe(10);
  });

  it('are of this account alone', async () => {
    expect((await account('bucket-one').take([requests({ cost: 10 })], NOW_MS)).isTaken).toBe(true);
    expect((await account('bucket-two').take([requests({ cost: 10 })], NOW_MS)).isTaken).toBe(true);
    expect((await account('bucket-one').take([requests()], NOW_MS)).isTaken).toBe(false);
  });

  it('are written down, so that an object that was put to sleep has not forgotten them', async () => {
    const stub = account('bucket-sleep');
    await stub.take([requests({ cost: 4 }), requests({ bucket: 'tenant:requests', cost: 1 })], NOW_MS);
    const rows = await runInDurableObject(stub, (_, { storage }) => [...storage.sql.exec('SELECT * FROM bucket_v1 ORDER BY bucket')]);
    expect(rows).toEqual([
      { bucket: 'key:a:requests', shares: 6 * 60_000, at_ms: NOW_MS },
      { bucket: 'tenant:requests', shares: 9 * 60_000, at_ms: NOW_MS },
    ]);
  });

  it('stay as they are when one of them refuses', async () => {
    const stub = account('bucket-together');
    const both = [requests({ cost: 5 }), requests({ bucket: 'tenant:requests', quota: 4, cost: 5 })];
    expect((await stub.take(both, NOW_MS)).isTaken).toBe(false);
    expect((await stub.take([requests({ cost: 10 })], NOW_MS)).isTaken).toBe(true);
  });

  it('are forgotten when nobody took from them for a day, and are full then as before', async () => {
    const stub = account('bucket-idle');
    const nowMs = Date.now();
    await stub.take([requests({ bucket: 'key:gone:requests', cost: 10 })], nowMs - 86_400_000);
    await stub.take([requests({ bucket: 'key:busy:requests', cost: 10 })], nowMs);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    const rows = await runInDurableObject(stub, (_, { storage }) => [...storage.sql.exec('SELECT bucket FROM bucket_v1')]);
    expect(rows).toEqual([{ bucket: 'key:busy:requests' }]);
    expect((await stub.take([requests({ bucket: 'key:gone:requests', cost: 10 })], nowMs)).isTaken).toBe(true);
    expect((await stub.take([requests({ bucket: 'key:busy:requests' })], nowMs)).isTaken).toBe(false);
  });

  it('gain nothing by callers whose clocks differ', async () => {
    const stub = account('bucket-clock');
    await stub.take([requests({ cost: 10 })], NOW_MS);
    expect((await stub.take([requests()], NOW_MS - 600_000)).isTaken).toBe(false);
    expect((await stub.take([requests()], NOW_MS)).isTaken).toBe(false);
    expect((await stub.take([requests()], NOW_MS + 6_000)).isTaken).toBe(true);
  });
});
