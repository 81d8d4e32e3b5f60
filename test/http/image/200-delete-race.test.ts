/** A deletion beside requests that are at work on the same picture: whatever comes when, nothing of it stays. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { kvCache } from '../../../src/adapter/kv-cache.ts';
import { r2ImageStore } from '../../../src/adapter/r2-image-store.ts';
import { WRITE_MS_MAX } from '../../../src/core/keep/derived.ts';
import type { Ports } from '../../../src/port/ports.ts';
import { blotches } from '../../support/blotch.ts';
import { bindings, cachedNames, emptyAll } from '../../support/storage.ts';
import { startDeletion } from './deletion.ts';

const NOTHING = { hash: false, word: false };

/** A wire that stops the first request to a path, before or after it is answered, until it is let go. */
function gate(path: string, when: 'before' | 'after' = 'before') {
  const reached = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const wire = async (request: Request, next: (request: Request) => Promise<Response>): Promise<Response> => {
    const isHere = request.method === 'POST' && new URL(request.url).pathname === path;
    const response = isHere && when === 'after' ? await next(request) : undefined;
    if (isHere) {
      reached.resolve();
      await open.promise;
    }
    return response ?? next(request);
  };
  return { wire, reached: reached.promise, open: open.resolve };
}

describe('DELETE /v1/images/{image_id}, while the picture', () => {
  beforeEach(emptyAll);

  it.each(['before', 'after'] as const)('is uploaded, %s the Files API has it', async (when) => {
    const { wire, reached, open } = gate('/v1/files', when);
    const { service, image, remove, traces, files } = await startDeletion({ wire });
    const describing = service.post('/v1/describe', { image, source: 'file' });
    await reached;
    await remove();
    open();
    const response = await describing;
    expect([response.status, await response.json()]).toEqual([503, expect.objectContaining({ code: 'overloaded', billed: false })]);
    expect(await files()).toEqual([]);
    expect(await traces()).toMatchObject({ word: false });
    expect((await service.simulate('bill')).total.calls).toBe(0);
  });

  it('is uploaded by its caller', async () => {
    const { wire, reached, open } = gate('/v1/files', 'after');
    const { service, picture, remove, files } = await startDeletion({ wire });
    const body = new FormData();
    body.set('file', new File([picture], 'a.png', { type: 'image/png' }));
    const uploading = service.send('/v1/files', { method: 'POST', body });
    await reached;
    await remove();
    open();
    expect((await uploading).status).toBe(529);
    expect(await files()).toEqual([]);
    expect((await bindings.DESCRIPTIONS.list()).keys).toEqual([]);
  });

  it('was uploaded, and the answer of the Files API with its id was lost', async () => {
    let isLost = true;
    const { service, image, remove, files } = await startDeletion({
      wire: async (request, next) => {
        const response = await next(request);
        if (!isLost || request.method !== 'POST') return response;
        throw new Error('Network connection lost.');
      },
    });
    expect((await service.post('/v1/describe', { image, source: 'file' })).status).toBe(502);
    expect(await files()).toHaveLength(1);
    isLost = false;
    await remove();
    expect(await files()).toEqual([]);
  });

  it('was uploaded by a request that died: the index removes the file, found by its name', async () => {
    const { wire, reached, open } = gate('/v1/files', 'after');
    const { service, image, sha256, files } = await startDeletion({ wire });
    const describing = service.post('/v1/describe', { image, source: 'file' });
    await reached;
    const stub = bindings.IMAGE_INDEX.get(bindings.IMAGE_INDEX.idFromName(`acme:${sha256}`));
    const names = await runInDurableObject(stub, (_, { storage }) => {
      const rows = [...storage.kv.list<{ kind: string; name: string; notedAtMs: number }>({ prefix: 'row:file:' })];
      for (const [key, row] of rows) storage.kv.put(key, { ...row, notedAtMs: Date.now() - WRITE_MS_MAX });
      return rows.map(([, { name }]) => name.split('/')[1]);
    });
    const held = await files();
    expect(held).toEqual([expect.objectContaining({ filename: names[0] })]);
    // The object asks the Files API by itself; here it stands in for the simulator's.
    const asked: string[] = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      asked.push(`${init?.method} ${new URL(String(input)).pathname}`);
      return Response.json({ data: held, next_page: null });
    });
    await runDurableObjectAlarm(stub);
    vi.restoreAllMocks();
    expect(asked).toEqual(['GET /v1/files', `DELETE /v1/files/${held[0]?.id}`]);
    expect(await runInDurableObject(stub, (_, { storage }) => [...storage.kv.list({ prefix: 'row:file:' })])).toEqual([]);
    // Should it live after all, it has nothing to say any more, and takes the file back itself.
    open();
    expect((await describing).status).toBe(503);
    expect(await files()).toEqual([]);
  });

  it.each([
    ['a describe', '/v1/describe', {}],
    ['a Messages request', '/v1/messages', {}],
    ['a stream', '/v1/messages', { stream: true }],
  ])('is answered about under a key, in %s', async (_, path, more) => {
    const { wire, reached, open } = gate('/v1/messages');
    const { service, image, picture, remove, traces } = await startDeletion({ wire });
    const source = { type: 'base64', media_type: 'image/png', data: picture.toBase64() };
    const messages = { model: 'claude-haiku-5-5', max_tokens: 100, messages: [{ role: 'user', content: [{ type: 'image', source }] }] };
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const send = () => service.post(path, path === '/v1/describe' ? { image } : { ...messages, ...more }, headers);
    const first = send();
    await reached;
    await remove();
    open();
    expect((await first).status).toBe(200);
    const again = await send();
    expect(again.status).toBe(409);
    expect(again.headers.get('retry-after')).toBeNull();
    expect((await service.calls()).length).toBe(1);
    expect(await traces()).toMatchObject({ word: false });
  });

  it('is described by one who waits: what is kept of the flight goes as well', async () => {
    const { wire, reached, open } = gate('/v1/messages');
    const { service, image, remove, traces } = await startDeletion({ wire });
    const describing = service.post('/v1/describe', { image });
    await reached;
    await remove();
    open();
    expect((await describing).status).toBe(200);
    expect(await traces()).toMatchObject({ word: false });
    expect(((await (await service.post('/v1/describe', { image })).json()) as any).cache.status).toBe('miss');
  });

  it('is read from the store by a request that began after the deletion', async () => {
    let between = async (): Promise<unknown> => undefined;
    const store = r2ImageStore(bindings.IMAGES);
    const images: Ports['images'] = {
      ...store,
      delete: async (...parameters) => {
        await between();
        return store.delete(...parameters);
      },
    };
    const { service, picture, sha256, remove, traces } = await startDeletion({ ports: { images } });
    await service.upload('/v1/images', picture, 'image/png');
    between = async () => {
      between = async () => undefined;
      const described = await service.post('/v1/describe', { image: { image_id: `sha256:${sha256}` } }, { 'idempotency-key': crypto.randomUUID() });
      expect(described.status).toBe(200);
      expect(await traces()).toMatchObject({ word: true });
    };
    expect((await remove()).status).toBe(200);
    expect(await traces()).toEqual(NOTHING);
  });

  it('is stored anew', async () => {
    let between = async (): Promise<unknown> => undefined;
    const cache = kvCache(bindings.DESCRIPTIONS, () => undefined);
    const deletion = await startDeletion({
      ports: {
        cache: {
          ...cache,
          delete: async (key) => {
            await between();
            return cache.delete(key);
          },
        },
      },
    });
    const { service, image, picture, remove, traces } = deletion;
    await service.post('/v1/describe', { image });
    between = async () => {
      between = async () => undefined;
      expect((await service.upload('/v1/images', picture, 'image/png')).status).toBe(201);
    };
    expect((await remove()).status).toBe(200);
    expect(await traces()).toEqual(NOTHING);
  });

  it('is still in a KV that lags behind: nothing is made of the old answer that lasts', async () => {
    const { service, image, remove, traces } = await startDeletion();
    await service.post('/v1/describe', { image });
    const lagging = await Promise.all((await cachedNames()).map(async (name) => [name, (await bindings.DESCRIPTIONS.get(name)) ?? ''] as const));
    await remove();
    for (const [name, value] of lagging) await bindings.DESCRIPTIONS.put(name, value);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const hit = await service.post('/v1/describe', { image }, headers);
    expect(((await hit.json()) as any).cache.status).toBe('hit');
    for (const [name] of lagging) await bindings.DESCRIPTIONS.delete(name);
    expect((await service.post('/v1/describe', { image }, headers)).status).toBe(409);
    expect(await traces()).toMatchObject({ word: false });
  });

  it('answers for another one that looks like it: what was answered about that one goes, too', async () => {
    const { service, image, remove, traces } = await startDeletion({ picture: await blotches(0) });
    const asked = { near_duplicate: { max_distance: 6 } };
    await service.post('/v1/describe', { image, ...asked });
    const other = { base64: (await blotches(1)).toBase64() };
    const found = await service.post('/v1/describe', { image: other, ...asked }, { 'idempotency-key': crypto.randomUUID() });
    expect(((await found.json()) as any).cache.near_duplicate).toBeDefined();
    expect(((await (await remove()).json()) as any).removed.idempotent_answers).toBe(1);
    expect(await traces()).toEqual(NOTHING);
  });
});
