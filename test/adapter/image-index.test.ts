import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { imageIndexClient } from '../../src/adapter/image-index/client.ts';
import { fileRowEndMs, WRITE_MS_MAX } from '../../src/core/keep/derived.ts';
import { bindings } from '../support/storage.ts';

const index = imageIndexClient(bindings.IMAGE_INDEX, () => undefined);
const DAY_MS = 86_400_000;

/** A picture of its own. */
function picture() {
  const sha256 = crypto.randomUUID().replaceAll('-', '').repeat(2);
  const item = { kind: 'answer', name: `description:v2:acme:${sha256}` } as const;
  const stub = bindings.IMAGE_INDEX.get(bindings.IMAGE_INDEX.idFromName(`acme:${sha256}`));
  return { sha256, item, stub, stored: () => runInDurableObject(stub, (_, { storage }) => [...storage.kv.list()].map(([key]) => key)) };
}

describe('the index of a picture', () => {
  it('lists what was noted, and whether it was written', async () => {
    const { sha256, item } = picture();
    const { generation } = await index.open('acme', sha256, [item], Date.now() + DAY_MS);
    expect((await index.begin('umbrella', sha256)).rows).toEqual([]);
    expect(await index.settle('acme', sha256, generation, [item])).toBe(true);
    const { rows } = await index.begin('acme', sha256);
    expect(rows).toMatchObject([{ ...item, isWritten: true, isPending: false }]);
  });

  it('is told more without a look at what it has, which may be thousands of answers, and sweeps with the first that ends', async () => {
    const { sha256, stub } = picture();
    const [laterMs, soonerMs] = [Date.now() + 2 * DAY_MS, Date.now() + DAY_MS];
    const items = Array.from({ length: 3 }, (_, number) => ({ kind: 'answer', name: `description:v2:acme:${number}` }) as const);
    const { generation } = await index.open('acme', sha256, items.slice(0, 1), laterMs);
    await runInDurableObject(stub, async (object, { storage }) => {
      const list = vi.spyOn(storage.kv, 'list');
      expect(await object.note(generation, items.slice(1, 2), soonerMs)).toBe(true);
      expect(await object.note(generation, items.slice(2), laterMs)).toBe(true);
      expect(object.settle(generation, items)).toBe(true);
      expect(list).not.toHaveBeenCalled();
      // So the spy sees what there is to see.
      expect(object.findFile('group', Date.now())).toBeUndefined();
      expect(list).toHaveBeenCalledOnce();
      expect(await storage.getAlarm()).toBe(soonerMs);
      list.mockRestore();
    });
  });

  it('stores nothing for a picture about which nothing is noted', async () => {
    const { sha256, stored } = picture();
    expect(await index.open('acme', sha256, [], undefined)).toEqual({ generation: 0, wasDeleted: false });
    expect(await stored()).toEqual([]);
  });

  it('refuses whoever began before a deletion, and takes whoever begins after it', async () => {
    const { sha256, item } = picture();
    const { generation: before } = await index.open('acme', sha256, [], undefined);
    const { generation } = await index.begin('acme', sha256);
    expect(await index.note('acme', sha256, before, [item], undefined)).toBe(false);
    expect(await index.settle('acme', sha256, before, [item])).toBe(false);
    await index.finish('acme', sha256, generation);
    const { generation: after } = await index.open('acme', sha256, [], undefined);
    expect(await index.note('acme', sha256, after, [item], undefined)).toBe(true);
    expect((await index.begin('acme', sha256)).rows).toHaveLength(1);
  });

  it('keeps its list until a deletion has ended, so that one that failed can go on', async () => {
    const { sha256, item } = picture();
    const { generation: opened } = await index.open('acme', sha256, [item], Date.now() + DAY_MS);
    await index.settle('acme', sha256, opened, [item]);
    expect((await index.begin('acme', sha256)).rows).toHaveLength(1);
    const { generation, rows } = await index.begin('acme', sha256);
    expect(rows).toHaveLength(1);
    await index.finish('acme', sha256, generation);
    expect((await index.begin('acme', sha256)).rows).toEqual([]);
  });

  it('sweeps what a writer left behind who died between writing and asking', async () => {
    const { sha256, item, stub } = picture();
    await index.open('acme', sha256, [item], Date.now() + DAY_MS);
    const { generation } = await index.begin('acme', sha256);
    await index.finish('acme', sha256, generation);
    await bindings.DESCRIPTIONS.put(item.name, 'written late');
    await runInDurableObject(stub, (_, { storage }) => {
      for (const [key, row] of storage.kv.list<{ notedAtMs: number }>({ prefix: 'row:' }))
        storage.kv.put(key, { ...row, notedAtMs: Date.now() - WRITE_MS_MAX });
    });
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await bindings.DESCRIPTIONS.get(item.name)).toBeNull();
    expect((await index.begin('acme', sha256)).rows).toEqual([]);
  });

  it('ends a deletion that was broken off', async () => {
    const { sha256, item, stub, stored } = picture();
    const { generation } = await index.open('acme', sha256, [item], Date.now() + DAY_MS);
    await index.settle('acme', sha256, generation, [item]);
    await bindings.DESCRIPTIONS.put(item.name, 'words');
    await index.begin('acme', sha256);
    await runInDurableObject(stub, (_, { storage }) => storage.kv.put('deletedAtMs', Date.now() - WRITE_MS_MAX));
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await bindings.DESCRIPTIONS.get(item.name)).toBeNull();
    expect(await stored()).not.toContain(`row:answer:${item.name}`);
  });

  it('tries again what it cannot remove, and removes the rest', async () => {
    const { sha256, item, stub, stored } = picture();
    const broken = { kind: 'image', name: '' } as const;
    const { generation } = await index.open('acme', sha256, [broken, item], Date.now() - 1);
    await index.settle('acme', sha256, generation, [broken, item]);
    vi.spyOn(bindings.IMAGES, 'delete').mockRejectedValue(new Error('R2 is down'));
    await runDurableObjectAlarm(stub);
    vi.restoreAllMocks();
    expect(await stored()).toEqual(['row:image:']);
    expect(await runInDurableObject(stub, async (_, { storage }) => (await storage.getAlarm()) ?? 0)).toBeGreaterThan(Date.now());
  });

  it('refuses a writer whose row is gone', async () => {
    const { sha256, item } = picture();
    const { generation } = await index.open('acme', sha256, [item], Date.now() + DAY_MS);
    await index.drop('acme', sha256, [item.name]);
    expect(await index.settle('acme', sha256, generation, [item])).toBe(false);
  });

  it('gives the file of a group that lives long enough, by the id that it got', async () => {
    const { sha256 } = picture();
    const file = { kind: 'file', name: 'group/upload' } as const;
    const nowMs = Date.now();
    const { generation } = await index.open('acme', sha256, [file], fileRowEndMs(nowMs, DAY_MS));
    expect(await index.findFile('acme', sha256, 'group', nowMs)).toBeUndefined();
    await index.settle('acme', sha256, generation, [{ ...file, reference: 'file_1' }]);
    expect(await index.findFile('acme', sha256, 'group', nowMs + DAY_MS - 1)).toMatchObject({ reference: 'file_1' });
    expect(await index.findFile('acme', sha256, 'group', nowMs + DAY_MS)).toBeUndefined();
    expect(await index.findFile('acme', sha256, 'grou', nowMs)).toBeUndefined();
    await index.drop('acme', sha256, ['file_1']);
    expect(await index.findFile('acme', sha256, 'group', nowMs)).toBeUndefined();
  });

  it('says for an hour that a picture was deleted', async () => {
    const { sha256 } = picture();
    await index.begin('acme', sha256);
    expect(await index.open('acme', sha256, [], undefined)).toEqual({ generation: 1, wasDeleted: true });
  });

  it('removes an original when its time is over, and then itself', async () => {
    const { sha256, stub, stored } = picture();
    const name = `image/v2/acme/${sha256}`;
    await bindings.IMAGES.put(name, 'x');
    const { generation } = await index.open('acme', sha256, [{ kind: 'image', name }], Date.now() - 1);
    await index.settle('acme', sha256, generation, [{ kind: 'image', name }]);
    await runDurableObjectAlarm(stub);
    expect(await bindings.IMAGES.head(name)).toBeNull();
    expect(await stored()).toEqual([]);
  });

  it('that cannot be reached refuses writers, and says so to the operator', async () => {
    const events: string[] = [];
    const broken = { idFromName: () => undefined, get: () => ({}) } as unknown as typeof bindings.IMAGE_INDEX;
    const unreachable = imageIndexClient(broken, (event) => events.push(event));
    expect(await unreachable.open('acme', 'x', [], undefined)).toEqual({ generation: -1, wasDeleted: true });
    expect(await unreachable.note('acme', 'x', 0, [], undefined)).toBe(false);
    expect(await unreachable.settle('acme', 'x', 0, [])).toBe(false);
    await expect(unreachable.begin('acme', 'x')).rejects.toThrow();
    expect(events).toEqual(['image_index_failed', 'image_index_failed', 'image_index_failed']);
  });
});
