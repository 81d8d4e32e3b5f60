import { beforeEach, describe, expect, it } from 'vitest';
import { UMBRELLA_KEY, problemOf, startService } from '../../support/service.ts';
import { emptyStorage, storedText } from '../../support/storage.ts';
import { blotches } from '../../support/blotch.ts';
import { pngPicture } from '../../support/picture.ts';

describe('near-duplicates', () => {
  beforeEach(emptyStorage);

  // One question a test, so that no test finds pictures of another.
  let question = 0;
  beforeEach(() => {
    question += 1;
  });

  function ask(service: ReturnType<typeof startService>, picture: Uint8Array<ArrayBuffer>, more: object = {}, headers: Record<string, string> = {}) {
    const body = { image: { base64: picture.toBase64() }, context: { test: `${question}` }, near_duplicate: { max_distance: 6 }, ...more };
    return service.post('/v1/describe', body, headers);
  }
  const cacheOf = async (response: Response) => ((await response.json()) as any).cache;

  it('are answered from one another where the request allows it, with the distance', async () => {
    const service = startService();
    const first = (await (await ask(service, await blotches(0))).json()) as any;
    expect(first.cache.status).toBe('miss');
    const near = (await (await ask(service, await blotches(1))).json()) as any;
    expect(near.cache).toMatchObject({ status: 'hit', near_duplicate: { image_id: first.images[0].image_id } });
    expect(near.cache.near_duplicate.distance).toBeLessThanOrEqual(6);
    expect(near.descriptions).toEqual(first.descriptions);
    // This very picture was never sent.
    expect(near.images[0].image_id).not.toBe(first.images[0].image_id);
    expect(near.images[0].sent.sha256).toBeNull();
    expect((await service.calls()).length).toBe(1);
  });

  it('are not looked for unless asked, and what was found is not kept for the one that found it', async () => {
    const service = startService();
    await ask(service, await blotches(0));
    await ask(service, await blotches(1));
    expect((await cacheOf(await ask(service, await blotches(1), { near_duplicate: undefined }))).status).toBe('miss');
  });

  it('are told from other pictures, other questions and other tenants', async () => {
    const service = startService();
    await ask(service, await blotches(0));
    expect((await cacheOf(await ask(service, await blotches(0, 3)))).status).toBe('miss');
    expect((await cacheOf(await ask(service, await blotches(1), { fields: ['caption'] }))).status).toBe('miss');
    expect((await cacheOf(await ask(service, await blotches(1), {}, { 'x-api-key': UMBRELLA_KEY }))).status).toBe('miss');
  });

  it('go with the picture that is deleted', async () => {
    const service = startService();
    const { images } = (await (await ask(service, await blotches(0))).json()) as any;
    const deleted = (await (await service.send(`/v1/images/${images[0].image_id}`, { method: 'DELETE' })).json()) as any;
    expect(deleted.removed.near_duplicates).toBeGreaterThan(0);
    expect((await cacheOf(await ask(service, await blotches(1)))).status).toBe('miss');
    expect(await storedText()).not.toContain(images[0].image_id.slice('sha256:'.length));
  });

  it('are none where the picture has too little structure', async () => {
    const service = startService();
    const plain = (comment: string) => pngPicture(64, 64, { comment, light: () => 200 });
    expect((await cacheOf(await ask(service, await plain('one')))).status).toBe('miss');
    expect((await cacheOf(await ask(service, await plain('two')))).status).toBe('miss');
  });

  it.each<[string, object]>([
    ['several pictures', { image: undefined, images: [{ base64: 'AAAA' }, { base64: 'AAAA' }] }],
    ['pictures of other tenants', { scope: 'public' }],
    ['a prompt, which may ask for what is small', { prompt: 'Which words?' }],
    ['a distance above the bound', { near_duplicate: { max_distance: 13 } }],
  ])('are refused for %s', async (_, more) => {
    const service = startService();
    const problem = await problemOf(await ask(service, await blotches(0), more));
    expect(problem).toMatchObject({ code: 'invalid_request', param: expect.stringMatching(/^near_duplicate/) });
  });

  it('are taken for a prompt that says that it does not matter', async () => {
    const service = startService();
    const more = { prompt: 'Which colours?', near_duplicate: { max_distance: 6, include_prompts: true } };
    await ask(service, await blotches(0), more);
    expect((await cacheOf(await ask(service, await blotches(1), more))).near_duplicate).toBeDefined();
  });
});
