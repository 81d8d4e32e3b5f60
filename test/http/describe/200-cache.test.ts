import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngPicture } from '../../support/picture.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { bindings, cachedNames, emptyStorage, storedNames } from '../../support/storage.ts';

const PNG = fixture('png-rgb8.png');
const image = { base64: PNG.toBase64() };

async function statusOf(response: Response): Promise<string> {
  return ((await response.json()) as any).cache.status;
}

describe('the cache of POST /v1/describe', () => {
  beforeEach(emptyStorage);

  it('answers the same image again without a call and without decoding', async () => {
    const service = startService();
    const bytes = fixture('jpeg-orientation-3-big-endian.jpg');
    const first = (await (await service.upload('/v1/describe', bytes)).json()) as any;
    expect(service.work.transcodes).toBe(1);
    service.advance(90_000);
    const response = await service.upload('/v1/describe', bytes);
    const again = (await response.json()) as any;
    expect(again).toEqual({
      ...first,
      id: again.id,
      usage: { ...first.usage, input_tokens: 0, output_tokens: 0, cost_usd: 0, drift_tokens: null },
      cache: { status: 'hit', age_seconds: 90, saved_usd: first.usage.cost_usd },
    });
    expect(again.id).not.toBe(first.id);
    expect(response.headers.get('cache-status')).toBe('Vignette; hit; ttl=2591910');
    expect(response.headers.has('x-upstream-request-id')).toBe(false);
    expect((await service.calls()).length).toBe(1);
    expect(service.work.transcodes).toBe(1);
  });

  it('warns of the file at hand, not of the one that made the answer', async () => {
    const service = startService();
    const codes = async (type: string) => {
      const body = (await (await service.upload('/v1/describe', PNG, type)).json()) as any;
      return [body.cache.status, body.warnings.map((warning: any) => warning.code).includes('media_type_corrected')];
    };
    expect(await codes('image/jpeg')).toEqual(['miss', true]);
    expect(await codes('image/png')).toEqual(['hit', false]);
    expect(await codes('image/jpeg')).toEqual(['hit', true]);
  });

  it('keeps nothing of a request with cache-control: no-store', async () => {
    const service = startService();
    const response = await service.post('/v1/describe', { image }, { 'cache-control': 'no-store' });
    expect(await statusOf(response)).toBe('miss');
    expect(response.headers.get('cache-status')).toBe('Vignette; fwd=uri-miss');
    expect(await statusOf(await service.post('/v1/describe', { image }))).toBe('miss');
    expect((await service.calls()).length).toBe(2);
  });

  it.each<[string, object, Record<string, string>, string, string]>([
    ['"cache": "refresh"', { cache: 'refresh' }, {}, 'refresh', 'Vignette; fwd=request; stored'],
    ['"cache": "bypass"', { cache: 'bypass' }, {}, 'bypass', 'Vignette; fwd=bypass'],
    ['"cache": "only"', { cache: 'only' }, {}, 'hit', 'Vignette; hit; ttl=2592000'],
    ['"cache": "default"', { cache: 'default' }, {}, 'hit', 'Vignette; hit; ttl=2592000'],
    ['cache-control: no-cache, which clients send on their own', {}, { 'cache-control': 'no-cache' }, 'hit', 'Vignette; hit; ttl=2592000'],
    ['cache-control: no-store, which forbids to keep and not to read', {}, { 'cache-control': 'max-age=0, No-Store' }, 'hit', 'Vignette; hit; ttl=2592000'],
    ['cache-control: only-if-cached', {}, { 'cache-control': 'only-if-cached' }, 'hit', 'Vignette; hit; ttl=2592000'],
    ['both, where the body wins', { cache: 'bypass' }, { 'cache-control': 'no-cache' }, 'bypass', 'Vignette; fwd=bypass'],
  ])('keeps to %s for an image that is known', async (_, request, headers, status, header) => {
    const service = startService();
    await service.post('/v1/describe', { image });
    const response = await service.post('/v1/describe', { image, ...request }, headers);
    expect(response.headers.get('cache-status')).toBe(header);
    expect(await statusOf(response)).toBe(status);
    expect((await service.calls()).length).toBe(status === 'hit' ? 1 : 2);
  });

  it('stores a refreshed answer in place of the old one', async () => {
    const service = startService();
    await service.post('/v1/describe', { image });
    service.advance(60_000);
    await service.post('/v1/describe', { image, cache: 'refresh' });
    const hit = (await (await service.post('/v1/describe', { image })).json()) as any;
    expect(hit.cache).toMatchObject({ status: 'hit', age_seconds: 0 });
    expect(await cachedNames()).toHaveLength(1);
  });

  it('stores nothing of a request that bypasses it', async () => {
    const service = startService();
    await service.post('/v1/describe', { image, cache: 'bypass' });
    expect(await storedNames()).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ['the byte order of the metadata', 'png-orientation-6-big-endian.png', 'png-orientation-6-little-endian.png', 'image/png'],
    ['the container', 'png-orientation-6-big-endian.png', 'webp-orientation-6-little-endian-vp8l.webp', 'image/webp'],
  ])('knows the same pixels in other clothes: %s', async (_, one, other, type) => {
    const service = startService();
    const first = (await (await service.upload('/v1/describe', fixture(one), 'image/png')).json()) as any;
    const twin = (await (await service.upload('/v1/describe', fixture(other), type)).json()) as any;
    expect(twin.images[0].image_id).not.toBe(first.images[0].image_id);
    expect(twin.images[0].sent).toEqual(first.images[0].sent);
    expect(twin.cache.status).toBe('hit');
    expect((await service.calls()).length).toBe(1);
    expect(service.work.transcodes).toBe(2);
    // From now on the twin's own bytes are known, too.
    expect(await statusOf(await service.upload('/v1/describe', fixture(other), type))).toBe('hit');
    expect(service.work.transcodes).toBe(2);
  });

  it('knows the same pixels with other metadata after resizing, even when only cached answers are wanted', async () => {
    const service = startService();
    await service.upload('/v1/describe', await pngPicture(1569, 100), 'image/png');
    const response = await service.upload('/v1/describe?cache=only', await pngPicture(1569, 100, { comment: 'taken on a Monday' }), 'image/png');
    expect(await statusOf(response)).toBe('hit');
  });

  it('never shares an entry between tenants', async () => {
    const service = startService();
    await service.post('/v1/describe', { image });
    const other = await service.post('/v1/describe', { image }, { authorization: `Bearer ${UMBRELLA_KEY}` });
    expect(await statusOf(other)).toBe('miss');
    expect((await service.calls()).length).toBe(2);
    expect(await cachedNames()).toHaveLength(2);
  });

  it.each<[string, object]>([
    ['another prompt', { prompt: 'Which colours?' }],
    ['another system prompt', { system: 'Be brief.' }],
    ['another model', { model: 'claude-opus-5-5' }],
    ['other fields', { fields: ['caption'] }],
    ['another order of fields', { fields: ['caption', 'alt_text'] }],
    ['another language', { languages: ['de'] }],
    ['another length', { max_length: 99 }],
    ['another context', { context: { page_title: 'x' } }],
    ['more detail', { detail: 'high' }],
    ['other max_tokens', { max_tokens: 1025 }],
  ])('keeps another entry for %s', async (_, request) => {
    const service = startService();
    await service.post('/v1/describe', { image });
    expect(await statusOf(await service.post('/v1/describe', { image, ...request }))).toBe('miss');
  });

  it.each<[string, (name: string, value: string) => string]>([
    ['that is not JSON', () => '{"key":'],
    ['that is no object', () => '[]'],
    ['of another shape', (_, value) => JSON.stringify({ ...JSON.parse(value), stopReason: 7 })],
    ['with a field too many', (_, value) => JSON.stringify({ ...JSON.parse(value), extra: true })],
    ['written for another key', (_, value) => JSON.stringify({ ...JSON.parse(value), key: `description:v2:acme:${'0'.repeat(64)}` })],
  ])('treats a stored value %s as a miss and heals it', async (_, spoil) => {
    const service = startService();
    await service.post('/v1/describe', { image });
    const [name = ''] = await cachedNames();
    const value = (await bindings.DESCRIPTIONS.get(name)) ?? '';
    await bindings.DESCRIPTIONS.put(name, spoil(name, value));
    service.forgetFlights();
    expect(await statusOf(await service.post('/v1/describe', { image }))).toBe('miss');
    expect(await statusOf(await service.post('/v1/describe', { image }))).toBe('hit');
  });

  it('holds the answer for the configured time, under hashes alone', async () => {
    const service = startService({ environment: { CACHE_TTL_SECONDS: '3600' } });
    await service.post('/v1/describe', { image, prompt: 'a canary in the prompt' });
    const { keys } = await bindings.DESCRIPTIONS.list();
    const nowSeconds = Date.now() / 1000;
    for (const { name, expiration } of keys) {
      expect(name).toMatch(/^description:v2:acme:[0-9a-f]{64}$/);
      expect(Math.abs((expiration ?? 0) - nowSeconds - 3600)).toBeLessThan(120);
    }
    expect(keys).toHaveLength(1);
  });

  it.each(['get', 'put'] as const)('answers although the store fails to %s', async (operation) => {
    const { kvCache } = await import('../../../src/adapter/kv-cache.ts');
    const events: string[] = [];
    const broken = new Proxy(bindings.DESCRIPTIONS, {
      get: (target, name) => (name === operation ? () => Promise.reject(new Error('KV is down')) : Reflect.get(target, name).bind(target)),
    });
    const service = startService({ ports: { cache: kvCache(broken, (event) => events.push(event)) } });
    const response = await service.post('/v1/describe', { image });
    expect(response.status).toBe(200);
    expect(await statusOf(response)).toBe('miss');
    expect(events).toContain(operation === 'get' ? 'cache_read_failed' : 'cache_write_failed');
  });
});
