import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '../../support/key.ts';
import { pngPicture } from '../../support/picture.ts';
import { problemOf, startService } from '../../support/service.ts';
import { bindings, emptyStorage, storedNames, storedText } from '../../support/storage.ts';

// Of no other test, so that its hash can be looked for in everything that is stored.
const PNG = await pngPicture(64, 32, { comment: crypto.randomUUID() });
const ANSWER = `a canary in the answer: ${crypto.randomUUID()}`;
const url = 'https://a.example.com/a.png';

function start() {
  return startService({
    origin: () => new Response(PNG, { headers: { 'cache-control': 'max-age=600' } }),
    ports: {
      model: {
        createMessage: async () => ({
          message: {
            type: 'message' as const,
            role: 'assistant' as const,
            model: 'claude-haiku-5-5',
            content: [{ type: 'text', text: JSON.stringify({ descriptions: [{ language: 'en', alt_text: ANSWER }] }) }],
            stop_reason: 'end_turn',
            usage: { input_tokens: 10, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
          },
          upstreamRequestId: undefined,
        }),
      },
    },
  });
}

describe('what is kept', () => {
  beforeEach(emptyStorage);

  async function storedFor(store: 'none' | 'hash' | 'result' | 'image', request: object = {}) {
    const { header } = await makeKey({ tenant: 'shop', store });
    const keyNames = await storedNames();
    const service = start();
    const response = await service.post('/v1/describe', { image: { url }, ...request }, header);
    const { images } = (await response.json()) as any;
    const names = (await storedNames()).filter((name) => !keyNames.includes(name));
    return {
      service,
      header,
      response,
      hash: images[0].image_id.slice('sha256:'.length) as string,
      kinds: names.map((name) => name.split(/[:/]/)[0]).toSorted(),
    };
  }

  it('is nothing at all under "none": neither hash, address nor answer, in KV, R2 or an object', async () => {
    const { service, header, response, hash, kinds } = await storedFor('none');
    expect(response.headers.get('cache-status')).toBe('Vignette; fwd=uri-miss');
    expect(kinds).toEqual([]);
    const text = await storedText();
    expect(text).not.toContain(hash);
    expect(text).not.toContain(ANSWER);
    expect(((await (await service.post('/v1/describe', { image: { url } }, header)).json()) as any).cache.status).toBe('miss');
  });

  it('is hashes alone under "hash"', async () => {
    const { hash, kinds } = await storedFor('hash');
    expect(kinds).toEqual(['alias']);
    const text = await storedText();
    expect(text).toContain(hash);
    expect(text).not.toContain(ANSWER);
  });

  it.each(['result', 'image'] as const)('is the answer as well under "%s"', async (store) => {
    const { kinds, response } = await storedFor(store);
    expect(kinds).toEqual(['alias', 'description']);
    expect(response.headers.get('cache-status')).toBe('Vignette; fwd=uri-miss; stored');
    expect(await storedText()).toContain(ANSWER);
  });

  it.each([
    ['image', 'none', []],
    ['image', 'hash', ['alias']],
    ['result', 'hash', ['alias']],
    ['result', 'result', ['alias', 'description']],
  ] as const)('of a key with "%s" is "%s" where the request says so', async (allowed, asked, expected) => {
    expect((await storedFor(allowed, { store: asked })).kinds).toEqual(expected);
  });

  it.each([
    ['none', 'hash'],
    ['none', 'image'],
    ['hash', 'result'],
    ['result', 'image'],
  ] as const)('of a key with "%s" is never "%s"', async (allowed, asked) => {
    const { header } = await makeKey({ tenant: 'shop', store: allowed });
    const service = start();
    const problem = await problemOf(await service.post('/v1/describe', { image: { url }, store: asked }, header));
    expect(problem).toMatchObject({ code: 'forbidden', param: 'store', detail: expect.stringContaining(`"${allowed}"`) });
    expect(service.fetched).toEqual([]);
  });

  it.each(['none', 'hash', 'result'] as const)('is never an image under "%s"', async (store) => {
    const { header } = await makeKey({ tenant: 'shop', scopes: ['images'], store });
    const before = await storedNames();
    const response = await start().send('/v1/images', { method: 'POST', headers: { ...header, 'content-type': 'image/png' }, body: PNG });
    expect(await problemOf(response)).toMatchObject({ code: 'forbidden', detail: expect.stringContaining(`"${store}"`) });
    expect(await storedNames()).toEqual(before);
  });

  it('ends with the retention of the key, when that is shorter than the cache would keep it', async () => {
    const { header } = await makeKey({ tenant: 'shop', store: 'image', retention_days: 2 });
    const response = await start().post('/v1/describe', { image: { url } }, header);
    expect(response.headers.get('cache-status')).toBe('Vignette; fwd=uri-miss; stored');
    const { keys } = await bindings.DESCRIPTIONS.list();
    const mine = keys.filter(({ name }) => /^(description|alias):/.test(name));
    expect(mine).toHaveLength(2);
    for (const { expiration } of mine) expect(Math.abs((expiration ?? 0) - Date.now() / 1000 - 2 * 86_400)).toBeLessThan(120);
  });
});
