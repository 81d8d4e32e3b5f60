import { beforeEach, describe, expect, it, vi } from 'vitest';
import { kvCache } from '../../src/adapter/kv-cache.ts';
import { memoryLedger } from '../../src/isolate/memory-ledger.ts';
import { r2ImageStore } from '../../src/adapter/r2-image-store.ts';
import { sha256 } from '../../src/adapter/read-hashed.ts';
import type { CacheEntry } from '../../src/core/cache/entry.ts';
import { imageKey } from '../../src/core/cache/key.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { fixture } from '../support/fixture.ts';
import { hexHash } from '../support/hash.ts';
import { bindings, emptyStorage, storedNames } from '../support/storage.ts';
import { withoutWaiting } from '../support/waiting.ts';

const A = 'a'.repeat(64);
const KEY = `description:v2:acme:${'1'.repeat(64)}`;

function entry(key: string): CacheEntry {
  return { key, createdAtSeconds: 1, descriptions: [{ language: 'en', alt_text: 'x' }], stopReason: 'end_turn', sent: [], warnings: [] };
}

describe('the KV cache', () => {
  beforeEach(emptyStorage);
  const cache = kvCache(bindings.DESCRIPTIONS, () => undefined);

  it('gives what was put, under its own key alone, until it is deleted', async () => {
    expect(await cache.put(KEY, entry(KEY), 3_600)).toBe(true);
    expect(await cache.get(KEY)).toEqual(entry(KEY));
    expect(await cache.get(KEY.replace('1', '2'))).toBeUndefined();
    await cache.delete(KEY);
    expect(await storedNames()).toEqual([]);
  });

  it.each(['get', 'put'] as const)('a store that fails to %s is reported, not thrown', async (operation) => {
    const report = vi.fn();
    const broken = { [operation]: () => Promise.reject(new Error('down')) } as unknown as KVNamespace;
    const failing = kvCache(broken, report);
    const outcome = operation === 'get' ? await failing.get(KEY) : await failing.put(KEY, entry(KEY), 3_600);
    expect(outcome).toBe(operation === 'get' ? undefined : false);
    expect(report).toHaveBeenCalledExactlyOnceWith(`cache_${operation === 'get' ? 'read' : 'write'}_failed`, expect.any(Error));
  });
});

describe('the R2 image store', () => {
  beforeEach(emptyStorage);
  const store = r2ImageStore(bindings.IMAGES);
  const bytes = fixture('jpeg-orientation-6-big-endian.jpg');

  it('keeps a file with its facts, and gives it whole or in part', async () => {
    const image = { bytes, sha256: await hexHash(bytes) };
    const id = `sha256:${image.sha256}`;
    expect(await store.put('acme', image, inspectImage(bytes))).toEqual({ isNew: true });
    expect(await store.put('acme', image, inspectImage(bytes))).toEqual({ isNew: false });
    expect(await store.head('acme', id)).toMatchObject({ imageId: id, info: inspectImage(bytes) });
    expect(await store.read('acme', id)).toEqual(image);
    expect(await new Response(await store.open('acme', id, { offset: 10, length: 5 })).bytes()).toEqual(bytes.slice(10, 15));
    await store.delete(imageKey('acme', image.sha256));
    expect(await storedNames()).toEqual([]);
  });

  it('gives nothing of another tenant or of nobody', async () => {
    const image = { bytes, sha256: await hexHash(bytes) };
    await store.put('acme', image, inspectImage(bytes));
    for (const id of [`sha256:${image.sha256}`, `sha256:../acme/${image.sha256}`]) {
      expect(await store.head('umbrella', id)).toBeUndefined();
      expect(await store.read('umbrella', id)).toBeUndefined();
      expect(await store.open('umbrella', id)).toBeUndefined();
    }
  });

  it('refuses bytes that do not have the hash they are stored under', async () => {
    await expect(store.put('acme', { bytes, sha256: A }, inspectImage(bytes))).rejects.toThrow();
    expect(await storedNames()).toEqual([]);
  });
});

describe('sha256', () => {
  it('is that of FIPS 180-4, of bytes and of text as UTF-8', async () => {
    expect(await sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(await sha256(Uint8Array.of(0x61, 0x62, 0x63))).toBe(await sha256('abc'));
    expect(await sha256('ä')).toBe(await hexHash(Uint8Array.of(0xc3, 0xa4)));
  });
});

describe('the memory ledger', () => {
  const waitedMs = withoutWaiting();

  it.each([
    [99, true],
    [100, true],
    [101, false],
  ])('of 100 bytes with others in it has room for %i in all: %s', async (total, hasRoom) => {
    const ledger = memoryLedger(100);
    await ledger.reserve(40);
    const mine = await ledger.reserve(0);
    const grow = () => mine.grow(total - 40);
    if (hasRoom) expect(grow).not.toThrow();
    else expect(grow).toThrowError(expect.objectContaining({ code: 'overloaded', retryAfterSeconds: 2 }));
  });

  it('lets a request that is alone go on: its own limits were checked before', async () => {
    const alone = await memoryLedger(100).reserve(500);
    expect(() => alone.grow(-500)).not.toThrow();
  });

  it('gives back what was taken, once, whatever grew and shrank meanwhile', async () => {
    const ledger = memoryLedger(100);
    const other = await ledger.reserve(1);
    const mine = await ledger.reserve(10);
    mine.grow(50);
    mine.grow(-20);
    mine.release();
    mine.release();
    expect(() => other.grow(99)).not.toThrow();
    expect(() => other.grow(1)).toThrow();
    expect(ledger.peakBytes()).toBe(100);
  });

  it('waits for room, and no longer than five seconds', async () => {
    const ledger = memoryLedger(100);
    const other = await ledger.reserve(90);
    await expect(ledger.reserve(20)).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 2 });
    expect(waitedMs.reduce((sum, ms) => sum + ms, 0)).toBe(5_000);
    const waiting = ledger.reserve(20);
    other.release();
    (await waiting).release();
  });
});
