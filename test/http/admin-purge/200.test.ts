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

  it('forgets the answers that were made before a time, described and relayed, and no addresses', async () => {
    const { service, purge } = await start();
    await service.post('/v1/describe', { image: { url: 'https://a.example.com/a.png' } });
    const message = {
      model: 'claude-haiku-5-5',
      max_tokens: 500,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image.base64 } },
            { type: 'text', text: 'What is it?' },
          ],
        },
      ],
    };
    await service.post('/v1/messages', message, { 'x-vignette-cache': 'default' });
    const made = (await bindings.DESCRIPTIONS.list<{ createdAtSeconds: number }>()).keys.filter(({ name }) => /^(description|message):/.test(name));
    expect([...new Set(made.map(({ name }) => name.split(':')[0]))]).toEqual(['description', 'message']);
    const firstSeconds = Math.min(...made.map(({ metadata }) => metadata?.createdAtSeconds ?? Number.NaN));
    const lastSeconds = Math.max(...made.map(({ metadata }) => metadata?.createdAtSeconds ?? Number.NaN));
    const before = (seconds: number) => ({ tenant: 'acme', created_before: new Date(seconds * 1000).toISOString() });
    // Stored before their age was: older than anything.
    for (const [digit, metadata] of [{ promptVersion: 1 }, { createdAtSeconds: 'x' }].entries())
      await bindings.DESCRIPTIONS.put(`description:v2:acme:${String(digit).repeat(64)}`, '{}', { metadata });
    await bindings.DESCRIPTIONS.put(`message:v1:acme:${'0'.repeat(64)}`, '{}');

    async function purgeAll(body: object): Promise<number> {
      let answers = 0;
      let cursor: string | null = null;
      for (let page = 0; page < 5; page++) {
        const said: any = await purge({ ...body, ...(cursor === null ? {} : { cursor }) });
        expect(said.removed.addresses).toBe(0);
        answers += said.removed.answers;
        cursor = said.cursor;
        if (cursor === null) break;
      }
      return answers;
    }
    expect(await purgeAll(before(firstSeconds))).toBe(3);
    expect(await purgeAll(before(lastSeconds + 1))).toBe(made.length);
    expect((await storedNames()).filter((name) => /^(alias|description|message):/.test(name)).map((name) => name.split(':')[0])).toEqual(['alias']);
  });

  it.each<[string, object, string]>([
    ['nobody', {}, 'tenant'],
    ['a tenant and everybody', { tenant: 'acme', scope: 'public' }, 'tenant'],
    ['a name that is none', { tenant: '@public' }, 'tenant'],
    ['no time', { tenant: 'acme', created_before: '2027-01-31' }, 'created_before'],
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
