import { beforeEach, describe, expect, it } from 'vitest';
import type { Ports } from '../../../src/port/ports.ts';
import { pngPicture } from '../../support/picture.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { bindings, cachedNames, emptyStorage, storedNames, storedText } from '../../support/storage.ts';

// Of each test its own, since the indexes of pictures outlive it.
let PNG: Uint8Array<ArrayBuffer>;
let LARGE: Uint8Array<ArrayBuffer>;
const NOTHING = { images: 0, answers: 0, addresses: 0, files: 0, near_duplicates: 0, idempotent_answers: 0 };

describe('DELETE /v1/images/{image_id}', () => {
  beforeEach(async () => {
    await emptyStorage();
    PNG = await pngPicture(64, 32, { comment: crypto.randomUUID() });
    LARGE = await pngPicture(1_569, 20, { comment: crypto.randomUUID() });
  });

  async function remove(service: ReturnType<typeof startService>, imageId: string, headers: Record<string, string> = {}) {
    const response = await service.send(`/v1/images/${imageId}`, { method: 'DELETE', headers });
    return { status: response.status, body: (await response.json()) as any };
  }

  it('removes the image and everything made from it, says how much, and leaves all else', async () => {
    const service = startService({ origin: () => new Response(LARGE, { headers: { etag: '"1"' } }) });
    const { image_id } = (await (await service.upload('/v1/images', LARGE)).json()) as any;
    await service.post('/v1/describe', { image: { image_id } });
    await service.post('/v1/describe', { image: { url: 'https://a.example.com/a.png' }, fields: ['caption'] });
    await service.post('/v1/describe', { images: [{ base64: PNG.toBase64() }, { image_id }] });
    await service.upload('/v1/describe', PNG);
    expect(await cachedNames()).toHaveLength(7);
    // Three answers, each under the hash of the file and under that of the bytes that were sent.
    expect(await remove(service, image_id)).toEqual({
      status: 200,
      body: { type: 'image_deleted', image_id, removed: { ...NOTHING, images: 1, answers: 6, addresses: 1 } },
    });
    expect(await storedNames()).toEqual(await cachedNames());
    expect(await cachedNames()).toHaveLength(1);
    expect((await service.send(`/v1/images/${image_id}`)).status).toBe(404);
    expect(((await (await service.upload('/v1/describe', PNG)).json()) as any).cache.status).toBe('hit');
    expect(((await (await service.upload('/v1/describe', LARGE)).json()) as any).cache.status).toBe('miss');
  });

  it('leaves no key, row or object that names the picture', async () => {
    const service = startService({ origin: () => new Response(LARGE, { headers: { 'cache-control': 'max-age=600' } }) });
    const { image_id } = (await (await service.upload('/v1/images', LARGE)).json()) as any;
    const { images } = (await (await service.post('/v1/describe', { image: { url: 'https://a.example.com/a.png' } })).json()) as any;
    expect(images[0].sent.sha256).not.toBe(image_id.slice('sha256:'.length));
    const before = await storedText();
    expect(before).toContain(image_id.slice('sha256:'.length));
    await remove(service, image_id);
    expect(await storedNames()).toEqual([]);
    expect(await storedText()).not.toContain(image_id.slice('sha256:'.length));
  });

  it('removes the answers of an image that was never stored', async () => {
    const service = startService();
    const { images } = (await (await service.upload('/v1/describe', PNG)).json()) as any;
    expect(await remove(service, images[0].image_id)).toMatchObject({ status: 200, body: { removed: { ...NOTHING, answers: 1 } } });
    expect(await storedNames()).toEqual([]);
    expect((await remove(service, images[0].image_id)).status).toBe(404);
  });

  it('touches nothing of another tenant', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    await service.post('/v1/describe', { image: { image_id } });
    const before = await storedNames();
    expect((await remove(service, image_id, { 'x-api-key': UMBRELLA_KEY })).status).toBe(404);
    expect(await storedNames()).toEqual(before);
  });

  it('takes back the answers that its tenant shared, and leaves those of others', async () => {
    const service = startService();
    const shared = { image: { base64: PNG.toBase64() }, scope: 'public' };
    const { images } = (await (await service.post('/v1/describe', shared)).json()) as any;
    const umbrella = { 'x-api-key': UMBRELLA_KEY };
    expect(((await (await service.post('/v1/describe', shared, umbrella)).json()) as any).cache.status).toBe('hit');
    // It has only read.
    expect((await remove(service, images[0].image_id, umbrella)).status).toBe(404);
    expect(await cachedNames()).toHaveLength(1);
    expect((await remove(service, images[0].image_id)).body.removed.answers).toBe(1);
    expect(await cachedNames()).toEqual([]);
  });

  it('refuses what a request writes that began before it', async () => {
    let release = (): void => undefined;
    const isAsked = Promise.withResolvers<void>();
    const service = startService({
      wire: async (request, next) => {
        isAsked.resolve();
        await new Promise<void>((resolve) => (release = resolve));
        return next(request);
      },
    });
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    const describing = service.post('/v1/describe', { image: { image_id } });
    await isAsked.promise;
    await remove(service, image_id);
    release();
    // It gets its answer, of which nothing stays.
    expect((await describing).status).toBe(200);
    expect(await storedNames()).toEqual([]);
    expect(await storedText()).not.toContain(image_id.slice('sha256:'.length));
  });

  it('has what was written while it ran taken back by the writer', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    let isDeleted = false;
    const { kvCache } = await import('../../../src/adapter/kv-cache.ts');
    const cache: Ports['cache'] = {
      ...kvCache(bindings.DESCRIPTIONS, () => undefined),
      // The deletion comes after the noting and before the writing.
      put: async (key, entry, ttlSeconds) => {
        isDeleted = (await remove(service, image_id)).status === 200;
        await bindings.DESCRIPTIONS.put(key, JSON.stringify(entry), { expirationTtl: ttlSeconds });
        return true;
      },
    };
    const slow = startService({ ports: { cache } });
    expect((await slow.post('/v1/describe', { image: { image_id } })).status).toBe(200);
    expect(isDeleted).toBe(true);
    expect(await storedNames()).toEqual([]);
  });

  it('goes on where it stopped when a store fails', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    await service.post('/v1/describe', { image: { image_id } });
    const { kvCache } = await import('../../../src/adapter/kv-cache.ts');
    const broken = { ...kvCache(bindings.DESCRIPTIONS, () => undefined), delete: () => Promise.reject(new Error('KV is down')) };
    expect((await remove(startService({ ports: { cache: broken } }), image_id)).status).toBe(500);
    expect(await cachedNames()).toHaveLength(1);
    expect((await remove(service, image_id)).body.removed.answers).toBe(1);
    expect(await storedNames()).toEqual([]);
  });

  it('keeps nothing that the index does not take, and still answers', async () => {
    const refusing: Ports['index'] = {
      open: async () => ({ generation: -1, wasDeleted: true }),
      note: async () => false,
      settle: async () => false,
      findFile: async () => undefined,
      drop: async () => undefined,
      begin: () => Promise.reject(new Error('down')),
      finish: () => Promise.reject(new Error('down')),
    };
    const service = startService({ ports: { index: refusing }, origin: () => new Response(PNG, { headers: { etag: '"1"' } }) });
    expect((await service.post('/v1/describe', { image: { url: 'https://a.example.com/a.png' } })).status).toBe(200);
    expect((await service.upload('/v1/images', PNG)).status).toBe(503);
    expect(await storedNames()).toEqual([]);
  });
});
