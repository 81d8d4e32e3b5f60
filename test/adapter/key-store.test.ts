import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyStore } from '../../src/adapter/key-store/client.ts';
import { KeyRegisterObject } from '../../src/adapter/key-store/object.ts';
import { createKey, editKey, type KeyEdit, revokeKey } from '../../src/core/key/edit.ts';
import { callerOf, entriesOf, type KeyRecord } from '../../src/core/key/record.ts';
import { formatKeyId } from '../../src/core/key/secret.ts';
import { bindings, emptyStorage } from '../support/storage.ts';
import { withoutWaiting } from '../support/waiting.ts';

const NOW_MS = Date.now();
const SETTINGS = { name: 'Shop', tenant: 'shop', scopes: ['describe' as const], limits: {}, store: 'hash' as const };
const store = keyStore(bindings.DESCRIPTIONS, bindings.KEY_REGISTER);

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const randomHash = () => random(32).toHex();

async function makeKey() {
  const id = formatKeyId(NOW_MS, random(6));
  const sha256 = randomHash();
  const change = createKey(SETTINGS, { id, sha256, nowMs: NOW_MS });
  await store.create(change, NOW_MS);
  return { id, sha256, record: change.record };
}

const rename = (name: string): KeyEdit => ({ kind: 'settings', change: { name } });
const rotate = (sha256: string, overlapSeconds = 0): KeyEdit => ({ kind: 'rotation', sha256, overlapSeconds });

/** Which of these secrets let their callers in. */
async function working(secrets: readonly string[]): Promise<readonly string[]> {
  const known = await Promise.all(secrets.map((sha256) => store.findBySecret(sha256)));
  return secrets.filter((sha256, index) => known[index] !== undefined && callerOf(known[index], sha256, NOW_MS) !== undefined);
}

/** Hashes of secrets that lead to a key. */
async function leading(id: string): Promise<readonly string[]> {
  const { keys } = await bindings.DESCRIPTIONS.list({ prefix: 'key:v1:' });
  const found = await Promise.all(keys.map(async ({ name }) => ((await bindings.DESCRIPTIONS.get(name))?.includes(id) ? [name.slice('key:v1:'.length)] : [])));
  return found.flat();
}

describe('changes of one key at once', () => {
  beforeEach(emptyStorage);

  it('leave it with the secret of the last rotation and with every setting, in whatever order they come', async () => {
    for (let round = 0; round < 10; round++) {
      const { id, sha256 } = await makeKey();
      const next = randomHash();
      const edits: KeyEdit[] = [rotate(next), rename('renamed'), { kind: 'settings', change: { limits: { usdDay: 1 } } }];
      await Promise.all((round % 2 === 0 ? edits : edits.toReversed()).map((edit) => store.change(id, edit, NOW_MS)));
      expect(await working([sha256, next])).toEqual([next]);
      expect(await store.find(id)).toMatchObject({ name: 'renamed', limits: { usdDay: 1 }, version: 4, secrets: [{ sha256: next }] });
    }
  });

  it('by two rotations end in one secret that works, and nothing leads to the others', async () => {
    const { id, sha256 } = await makeKey();
    const hashes = Array.from({ length: 5 }, randomHash);
    await Promise.all(hashes.map((hash) => store.change(id, rotate(hash), NOW_MS)));
    const works = await working([sha256, ...hashes]);
    expect(works).toHaveLength(1);
    expect(await leading(id)).toEqual(works);
  });

  it('never bring a key back that is revoked among them', async () => {
    for (let round = 0; round < 10; round++) {
      const { id, sha256 } = await makeKey();
      const hashes = [randomHash(), randomHash()];
      const edits: KeyEdit[] = [rotate(hashes[0] ?? '', 3_600), rename('renamed'), { kind: 'revocation' }, rotate(hashes[1] ?? '', 3_600), rename('again')];
      await Promise.all(edits.map((_, index) => store.change(id, edits[(index + round) % edits.length] as KeyEdit, NOW_MS)));
      expect(await working([sha256, ...hashes])).toEqual([]);
      expect(await leading(id)).toEqual([]);
      expect(await store.find(id)).toMatchObject({ revokedAtMs: NOW_MS });
    }
  });
});

describe('a change', () => {
  beforeEach(emptyStorage);

  it('comes upon what the command line has written to KV meanwhile, without the register', async () => {
    const { id, sha256, record } = await makeKey();
    const next = randomHash();
    const change = editKey(record, rotate(next), NOW_MS);
    if (change === undefined) throw new Error('it is not revoked');
    const { puts, deletes } = entriesOf(change, NOW_MS);
    await Promise.all([...puts.map(({ key, value }) => bindings.DESCRIPTIONS.put(key, value)), ...deletes.map((key) => bindings.DESCRIPTIONS.delete(key))]);
    expect(await store.change(id, rename('renamed'), NOW_MS)).toMatchObject({ name: 'renamed', version: 3, secrets: [{ sha256: next }] });
    expect(await working([sha256, next])).toEqual([next]);
  });

  it('comes upon the latest state, also where KV still shows an older one', async () => {
    const { id, record } = await makeKey();
    await store.change(id, rename('renamed'), NOW_MS);
    await bindings.DESCRIPTIONS.put(`key-id:v2:${id}`, JSON.stringify(record));
    expect(await store.find(id)).toMatchObject({ name: 'renamed', version: 2 });
    expect(await store.change(id, { kind: 'settings', change: { store: 'none' } }, NOW_MS)).toMatchObject({ name: 'renamed', store: 'none', version: 3 });
  });

  it('of a key that is not there, or is revoked, is none', async () => {
    const { id } = await makeKey();
    expect(await store.change(formatKeyId(NOW_MS, random(6)), rename('x'), NOW_MS)).toBe('unknown');
    await store.change(id, { kind: 'revocation' }, NOW_MS);
    expect(await store.change(id, rename('x'), NOW_MS)).toBe('revoked');
    expect(await store.change(id, rotate(randomHash()), NOW_MS)).toBe('revoked');
    expect(await store.change(id, { kind: 'revocation' }, NOW_MS + 5)).toMatchObject({ revokedAtMs: NOW_MS });
  });
});

describe('a store that refuses', () => {
  beforeEach(emptyStorage);
  const waitedMs = withoutWaiting();

  /** The outcome of a rotation while `put` fails so many times from the `from`th on. */
  async function rotateWhile(from: number, failures: number) {
    const { id, sha256, record } = await makeKey();
    const next = randomHash();
    let puts = 0;
    const put = async (...parameters: Parameters<KVNamespace['put']>) => {
      puts += 1;
      if (puts >= from && puts < from + failures) throw new Error('KV PUT failed: 429 Too Many Requests');
      return bindings.DESCRIPTIONS.put(...parameters);
    };
    const refusing = new Proxy(bindings.DESCRIPTIONS, { get: (target, name) => (name === 'put' ? put : Reflect.get(target, name).bind(target)) });
    const stub = bindings.KEY_REGISTER.get(bindings.KEY_REGISTER.idFromName(id));
    const outcome = await runInDurableObject(stub, (_, state) => new KeyRegisterObject(state, {} as never, refusing).change(id, rotate(next), NOW_MS));
    return { outcome, sha256, next, record, id };
  }

  it.each([1, 2])('once is asked again after its second (write %i)', async (from) => {
    const { outcome, sha256, next } = await rotateWhile(from, 1);
    expect(outcome).toMatchObject({ version: 2 });
    expect(waitedMs).toEqual([1_100]);
    expect(await working([sha256, next])).toEqual([next]);
  });

  it.each([1, 2])('again leaves the key as it was, and the change can be repeated (write %i)', async (from) => {
    const { outcome, sha256, next, id } = await rotateWhile(from, 2);
    expect(outcome).toBe('unavailable');
    expect(await working([sha256, next])).toEqual([sha256]);
    const again = randomHash();
    expect(await store.change(id, rotate(again), NOW_MS)).toMatchObject({ version: 2 });
    expect(await working([sha256, next, again])).toEqual([again]);
  });
});

describe('the register of a key', () => {
  beforeEach(emptyStorage);

  it('forgets a revoked key when KV does', async () => {
    const { id } = await makeKey();
    const stub = bindings.KEY_REGISTER.get(bindings.KEY_REGISTER.idFromName(id));
    await store.change(id, { kind: 'revocation' }, NOW_MS);
    const record = await runInDurableObject(stub, async (_, { storage }) => ({
      alarmAtMs: await storage.getAlarm(),
      stored: storage.kv.get<KeyRecord>('record'),
    }));
    expect(record.alarmAtMs).toBe(NOW_MS + 7_776_000_000);
    expect(record.stored).toEqual(await store.find(id));
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await runInDurableObject(stub, (_, { storage }) => [...storage.kv.list()])).toEqual([]);
  });

  it('holds nothing of a key that nobody has changed', async () => {
    const change = createKey(SETTINGS, { id: formatKeyId(NOW_MS, random(6)), sha256: randomHash(), nowMs: NOW_MS });
    for (const { key, value } of entriesOf(revokeKey(change.record, NOW_MS), NOW_MS).puts) await bindings.DESCRIPTIONS.put(key, value);
    expect(await store.find(change.record.id)).toMatchObject({ revokedAtMs: NOW_MS });
    const stub = bindings.KEY_REGISTER.get(bindings.KEY_REGISTER.idFromName(change.record.id));
    expect(await runInDurableObject(stub, (_, { storage }) => [...storage.kv.list()])).toEqual([]);
  });
});
