import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { problemOf, startService, UMBRELLA_KEY } from '../../support/service.ts';
import { bindings, cachedNames, emptyStorage, storedNames } from '../../support/storage.ts';

const PNG = fixture('png-rgb8.png');
const image = { base64: PNG.toBase64() };

describe('POST /v1/admin/purge', () => {
  beforeEach(emptyStorage);

  async function start() {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const service = startService({ origin: () => new Response(PNG, { headers: { etag: '"1"' } }) });
    const purge = async (body: object) => (await service.post('/v1/admin/purge', body, admin.header)).json() as Promise<any>;
    return { service, purge };
  }

  it('forgets the answers and addresses of a tenant, and neither its images nor anything of others', async () => {
    const { service, purge } = await start();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    await service.post('/v1/describe', { image: { url: 'https://a.example.com/a.png' } });
    await service.post('/v1/describe', { image, fields: ['caption'] });
    await service.post('/v1/describe', { image, scope: 'public', fields: ['description'] });
    await service.post('/v1/describe', { image }, { 'x-api-key': UMBRELLA_KEY });
    const total = { answers: 0, addresses: 0 };
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: any = await purge({ tenant: 'acme', ...(cursor === null ? {} : { cursor }) });
      total.answers += page.removed.answers;
      total.addresses += page.removed.addresses;
      expect(page.is_complete).toBe(page.cursor === null);
      cursor = page.cursor;
      pages += 1;
    } while (cursor !== null && pages < 9);
    expect(total).toEqual({ answers: 2, addresses: 1 });
    const left = await storedNames();
    expect(left.filter((name) => name.startsWith('description:v2:umbrella:'))).toHaveLength(1);
    expect(left.filter((name) => name.startsWith('description:v2:@public:'))).toHaveLength(1);
    expect(left.some((name) => name.includes('v2:acme:') || name.startsWith('alias:'))).toBe(false);
    expect((await service.send(`/v1/images/${image_id}`)).status).toBe(200);
    // Neither does what was kept of a flight answer any more.
    expect(((await (await service.post('/v1/describe', { image, fields: ['caption'] })).json()) as any).cache.status).toBe('miss');
  });

  it('forgets what tenants share', async () => {
    const { service, purge } = await start();
    await service.post('/v1/describe', { image, scope: 'public' });
    expect(await purge({ scope: 'public' })).toEqual({ type: 'purge', removed: { answers: 1, addresses: 0 }, is_complete: true, cursor: null });
    expect(await cachedNames()).toEqual([]);
  });

  it('forgets the answers to one version of the prompts', async () => {
    const { service, purge } = await start();
    await service.post('/v1/describe', { image });
    const old = `description:v2:acme:${'0'.repeat(64)}`;
    await bindings.DESCRIPTIONS.put(old, '{}', { metadata: { promptVersion: 999 } });
    await bindings.DESCRIPTIONS.put(`description:v2:acme:${'1'.repeat(64)}`, '{}', { metadata: { promptVersion: 'x' } });
    expect(await purge({ tenant: 'acme', prompt_version: 999 })).toMatchObject({ removed: { answers: 1, addresses: 0 }, is_complete: true });
    expect(await cachedNames()).not.toContain(old);
    expect(await cachedNames()).toHaveLength(2);
  });

  it.each<[string, object, string]>([
    ['nobody', {}, 'tenant'],
    ['a tenant and everybody', { tenant: 'acme', scope: 'public' }, 'tenant'],
    ['a name that is none', { tenant: '@public' }, 'tenant'],
    ['no version', { tenant: 'acme', prompt_version: 0 }, 'prompt_version'],
    ['a cursor that leads nowhere', { tenant: 'acme', cursor: '7:x' }, 'cursor'],
    ['no cursor', { tenant: 'acme', cursor: 'x' }, 'cursor'],
    ['something else', { tenant: 'acme', images: true }, 'images'],
  ])('is refused for %s', async (_, body, param) => {
    const { service } = await start();
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    expect(await problemOf(await service.post('/v1/admin/purge', body, admin.header))).toMatchObject({ code: 'invalid_request', param });
  });

  it('needs the scope "admin"', async () => {
    const { service } = await start();
    expect((await service.post('/v1/admin/purge', { tenant: 'acme' })).status).toBe(403);
  });
});
