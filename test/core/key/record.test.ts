import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../../src/core/key/caller.ts';
import { createKey, revokeKey, rotateKey } from '../../../src/core/key/edit.ts';
import { callerOf as callerOfKnown, endOf, entriesOf, type KeyRecord, readKeyRecord, readPointer } from '../../../src/core/key/record.ts';

const NOW_MS = 1_790_000_000_000;
const ID = `key_${'0'.repeat(24)}`;
const [A = '', B = '', C = ''] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
const SETTINGS = { name: 'Shop', tenant: 'shop', scopes: ['describe' as const], limits: { requestsMinute: 5 }, store: 'hash' as const };
const callerOf = (record: KeyRecord, sha256: string, nowMs: number) => callerOfKnown({ record, tenantLimits: { usdDay: 3 } }, sha256, nowMs);
const created = createKey(SETTINGS, { id: ID, sha256: A, nowMs: NOW_MS });

describe('a key', () => {
  it('stands for a caller with its id, tenant, scopes and bounds', () => {
    expect(callerOf(created.record, A, NOW_MS)).toEqual({
      tenant: 'shop',
      key: ID,
      scopes: ['describe'],
      limits: { requestsMinute: 5 },
      tenantLimits: { usdDay: 3 },
      store: 'hash',
    });
    const more = { ...created.record, models: ['claude-opus-5'], retentionDays: 7 };
    expect(callerOf(more, A, NOW_MS)).toMatchObject({ models: ['claude-opus-5'], retentionDays: 7 });
  });

  it('is nobody for a secret that is not its own', () => {
    expect(callerOf(created.record, B, NOW_MS)).toBeUndefined();
  });

  it.each([
    [NOW_MS - 1, true],
    [NOW_MS, false],
    [NOW_MS + 1, false],
  ])('that expires stops at that millisecond: %i, %s', (atMs, works) => {
    const record = { ...created.record, expiresAtMs: NOW_MS };
    expect(callerOf(record, A, atMs) !== undefined).toBe(works);
    expect(endOf(record, A)).toBe(NOW_MS);
  });

  it('that is revoked never works again, with either secret', () => {
    const { record, dropped } = revokeKey(rotateKey(created.record, B, 3_600, NOW_MS).record, NOW_MS + 1);
    expect(record.revokedAtMs).toBe(NOW_MS + 1);
    for (const secret of [A, B]) expect(callerOf(record, secret, NOW_MS)).toBeUndefined();
    expect(dropped.map(({ sha256 }) => sha256)).toEqual([B, A]);
    expect(revokeKey(record, NOW_MS + 99).record.revokedAtMs).toBe(NOW_MS + 1);
  });
});

describe('a rotation', () => {
  const rotated = rotateKey(created.record, B, 3_600, NOW_MS);

  it('lets both secrets work during the overlap, then the new one alone', () => {
    const endMs = NOW_MS + 3_600_000;
    expect(endOf(rotated.record, A)).toBe(endMs);
    expect(endOf(rotated.record, B)).toBeUndefined();
    for (const [atMs, sha256, works] of [
      [endMs - 1, A, true],
      [endMs, A, false],
      [endMs - 1, B, true],
      [endMs, B, true],
    ] as const)
      expect(callerOf(rotated.record, sha256, atMs) !== undefined).toBe(works);
    expect(rotated.dropped).toEqual([]);
  });

  it('without an overlap ends the present secret at once', () => {
    const { record, dropped } = rotateKey(created.record, B, 0, NOW_MS);
    expect(callerOf(record, A, NOW_MS)).toBeUndefined();
    expect(dropped.map(({ sha256 }) => sha256)).toEqual([A]);
  });

  it('during a rotation ends the oldest secret: there are never more than two', () => {
    const { record, dropped } = rotateKey(rotated.record, C, 3_600, NOW_MS + 1);
    expect(record.secrets.map(({ sha256 }) => sha256)).toEqual([C, B]);
    expect(dropped.map(({ sha256 }) => sha256)).toEqual([A]);
    expect(callerOf(record, A, NOW_MS + 1)).toBeUndefined();
  });
});

describe('what is stored', () => {
  it('holds hashes and an id, and leads from one to the other', () => {
    const { puts, deletes } = entriesOf(created, NOW_MS);
    expect(puts.map(({ key }) => key)).toEqual([`key:v1:${A}`, `key-id:v2:${ID}`]);
    expect(readPointer(JSON.parse(puts[0]?.value ?? ''))).toBe(ID);
    expect(readKeyRecord(JSON.parse(puts[1]?.value ?? ''), ID)).toEqual(created.record);
    expect(deletes).toEqual([]);
  });

  it('goes by itself: the way to a secret at its end, but not within what KV takes; a revoked record after 90 days', () => {
    const expirations = (change: Parameters<typeof entriesOf>[0]) => entriesOf(change, NOW_MS).puts.map(({ expiration }) => expiration);
    expect(expirations(rotateKey(created.record, B, 3_600, NOW_MS))).toEqual([undefined, NOW_MS / 1000 + 3_600, undefined]);
    expect(expirations(rotateKey(created.record, B, 10, NOW_MS))).toEqual([undefined, NOW_MS / 1000 + 90, undefined]);
    expect(expirations(revokeKey(created.record, NOW_MS))).toEqual([NOW_MS / 1000 + 7_776_000]);
    expect(entriesOf(revokeKey(created.record, NOW_MS), NOW_MS).deletes).toEqual([`key:v1:${A}`]);
  });

  it('written back from an old copy brings no revoked secret back', () => {
    const store = new Map<string, string>();
    const write = (change: Parameters<typeof entriesOf>[0]) => {
      const { puts, deletes } = entriesOf(change, NOW_MS);
      for (const { key, value } of puts) store.set(key, value);
      for (const key of deletes) store.delete(key);
    };
    write(created);
    const old = created.record;
    write(revokeKey(old, NOW_MS));
    write({ record: { ...old, name: 'changed' }, added: [], dropped: [] });
    expect(store.has(`key:v1:${A}`)).toBe(false);
  });

  it.each<[string, (record: KeyRecord) => unknown]>([
    ['nothing', () => null],
    ['another id', (record) => ({ ...record, id: `key_${'1'.repeat(24)}` })],
    ['no version', (record) => ({ ...record, version: 0 })],
    ['no secret', (record) => ({ ...record, secrets: [] })],
    ['three secrets', (record) => ({ ...record, secrets: [A, B, C].map((sha256) => ({ sha256, createdAtMs: 1 })) })],
    ['a secret that is no hash', (record) => ({ ...record, secrets: [{ sha256: 'vgn_secret', createdAtMs: 1 }] })],
    ['an unknown scope', (record) => ({ ...record, scopes: ['root'] })],
    ['a tenant with a separator', (record) => ({ ...record, tenant: 'a/../b' })],
    ['an unknown field', (record) => ({ ...record, isAdmin: true })],
    ['an unknown limit', (record) => ({ ...record, limits: { perDay: 1 } })],
    ['a negative limit', (record) => ({ ...record, limits: { usdDay: -1 } })],
  ])('with %s is no record', (_, change) => {
    expect(readKeyRecord(change(created.record), ID)).toBeUndefined();
  });

  it('is read without a throw, whatever it is', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => readKeyRecord(value, ID) === undefined && readPointer(value) === undefined));
  });

  it('knows every scope there is', () => {
    expect(readKeyRecord({ ...created.record, scopes: [...SCOPES] }, ID)?.scopes).toEqual(['describe', 'estimate', 'images', 'jobs', 'messages', 'admin']);
  });
});
