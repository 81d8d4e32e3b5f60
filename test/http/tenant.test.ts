/**
 * One tenant who tries to see, infer or spend what is another's, by everything that a request can hold. Pictures and answers:
 * `key/authorization.test.ts`; usage: `usage/fault.test.ts`; scopes: `describe/200-scope.test.ts`.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../support/fixture.ts';
import { form } from '../support/form.ts';
import { makeKey } from '../support/key.ts';
import { ACME_KEY, startService, UMBRELLA_KEY } from '../support/service.ts';
import { cachedNames, emptyStorage } from '../support/storage.ts';

const PNG = fixture('png-rgb8.png');
const image = { base64: PNG.toBase64() };
const ACME = { 'x-api-key': ACME_KEY };
const UMBRELLA = { 'x-api-key': UMBRELLA_KEY };

describe('tenants whose names begin alike', () => {
  beforeEach(emptyStorage);
  const NAMES = ['shop', 'shop-1', 'shop_1', 'SHOP', 'sho', 'public', 'description'];

  it('have answers, images and files of their own, and are purged alone', async () => {
    const service = startService();
    const keys = await Promise.all(NAMES.map(async (tenant) => (await makeKey({ tenant })).header));
    for (const header of keys) {
      expect(await (await service.post('/v1/describe', { image }, header)).json()).toMatchObject({ cache: { status: 'miss' } });
      const stored = await service.send('/v1/images', { method: 'POST', body: PNG, headers: { ...header, 'content-type': 'image/png' } });
      expect(await stored.json()).toMatchObject({ is_new: true });
      await service.send('/v1/files', { ...form(fixture('jpeg-baseline-444.jpg')), headers: header });
    }
    const lists: any[] = await Promise.all(keys.map(async (headers) => (await service.send('/v1/files', { headers })).json()));
    expect(lists.map(({ data }) => data.length)).toEqual(NAMES.map(() => 1));
    expect(new Set(lists.map(({ data }) => data[0].id)).size).toBe(NAMES.length);
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    expect((await service.post('/v1/admin/purge', { tenant: 'shop' }, admin.header)).status).toBe(200);
    expect((await cachedNames()).map((name) => name.split(':')[2]).toSorted()).toEqual(NAMES.filter((name) => name !== 'shop').toSorted());
  });

  it.each(['a:b', 'a/b', '../b', 'a b', '@public', '$deployment', 'a\u0000', 'а', 'a\n', '', 'a'.repeat(65)])('cannot be called %j', async (tenant) => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    expect((await startService().post('/v1/admin/keys', { tenant }, admin.header)).status).toBe(400);
  });
});

describe('what another tenant did', () => {
  beforeEach(emptyStorage);

  it('does not show in the cache, and its call under way is not joined', async () => {
    const service = startService();
    const [one, other] = await Promise.all([ACME, UMBRELLA].map((header) => service.post('/v1/describe', { image }, header)));
    for (const answer of [one, other]) expect(await answer?.json()).toMatchObject({ cache: { status: 'miss' } });
    expect((await service.post('/v1/describe', { image, cache: 'only' }, (await makeKey({ tenant: 'third' })).header)).status).toBe(404);
    expect(await service.calls()).toHaveLength(2);
  });

  it('does not show under its Idempotency-Key: neither the answer, nor that there is one, nor that it is at work', async () => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    let calls = 0;
    const service = startService({
      wire: async (request, next) => {
        calls += 1;
        if (calls > 1) return next(request);
        asked.resolve();
        await released.promise;
        return next(request);
      },
    });
    const twin = await makeKey({ tenant: 'acme' });
    const send = (header: Record<string, string>, prompt: string) =>
      service.post('/v1/describe', { image, prompt, cache: 'bypass' }, { ...header, 'idempotency-key': 'order-1' });
    const first = send(ACME, 'What is it?');
    await asked.promise;
    for (const header of [UMBRELLA, twin.header]) expect((await send(header, 'Another question?')).status).toBe(200);
    released.resolve();
    expect((await first).status).toBe(200);
    expect(calls).toBe(3);
  });

  it('does not show in pages of its files: a page of another leads to one’s own or nowhere', async () => {
    const service = startService();
    for (let count = 0; count < 3; count++) await service.send('/v1/files', { ...form(fixture('jpeg-baseline-444.jpg')), headers: ACME });
    const own: any = await (await service.send('/v1/files', { ...form(PNG, {}, 'mine.png', 'image/png'), headers: UMBRELLA })).json();
    const first: any = await (await service.send('/v1/files?limit=1', { headers: ACME })).json();
    expect(first.next_page).toEqual(expect.any(String));
    const response = await service.send(`/v1/files?page=${encodeURIComponent(first.next_page)}`, { headers: UMBRELLA });
    expect([200, 400]).toContain(response.status);
    const { data = [] } = (await response.json()) as any;
    for (const { id } of data) expect(id).toBe(own.id);
    const named: any = await (await service.send(`/v1/files?ids=${first.first_id}&ids[]=${own.id}`, { headers: UMBRELLA })).json();
    expect(named.data.map(({ id }: any) => id)).toEqual([own.id]);
  });
});

describe('a file of another tenant', () => {
  beforeEach(emptyStorage);

  const source = (id: string) => ({ type: 'file', file_id: id });
  /** Documents and containers take no file of anybody: there is nothing to own. */
  const BLOCKS: readonly (readonly [string, number, (id: string) => object])[] = [
    ['an image', 404, (id) => ({ type: 'image', source: source(id) })],
    ['a document', 400, (id) => ({ type: 'document', source: source(id) })],
    ['a file for a container', 400, (id) => ({ type: 'container_upload', file_id: id })],
    ['an image in a tool result', 404, (id) => ({ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'image', source: source(id) }] })],
    ['an image in a document', 404, (id) => ({ type: 'document', source: { type: 'content', content: [{ type: 'image', source: source(id) }] } })],
  ];

  it.each(BLOCKS)('is not sent as %s, however its name is spelled', async (_, status, block) => {
    const reached: string[] = [];
    const service = startService({
      wire: (request, next) => {
        reached.push(new URL(request.url).pathname);
        return next(request);
      },
    });
    const { id }: any = await (await service.send('/v1/files', { ...form(fixture('jpeg-baseline-444.jpg')), headers: ACME })).json();
    reached.length = 0;
    const plain = JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 64, messages: [{ role: 'user', content: [block(id)] }] });
    const spellings = [
      plain,
      plain.replaceAll('"file_id"', String.raw`"file\u005fid"`),
      plain.replaceAll(`"${id}"`, JSON.stringify(id).replace('file_', String.raw`\u0066ile_`)),
      plain.replaceAll('"source"', String.raw`"sourc\u0065"`).replaceAll('"type":"file"', String.raw`"type":"f\u0069le"`),
    ];
    for (const path of ['/v1/messages', '/v1/messages/count_tokens'])
      for (const body of spellings) {
        const response = await service.send(path, { method: 'POST', headers: { ...UMBRELLA, 'content-type': 'application/json' }, body });
        expect(response.status, `${path} ${body}`).toBe(status);
      }
    expect(reached).toEqual([]);
  });
});

describe('the tenant of a request', () => {
  beforeEach(emptyStorage);

  it.each<[string, Record<string, string>, string]>([
    ['headers that name another', { ...UMBRELLA, 'x-tenant': 'acme', 'x-vignette-tenant': 'acme', 'x-forwarded-user': 'acme', tenant: 'acme' }, 'umbrella'],
    ['a cookie', { ...UMBRELLA, cookie: `x-api-key=${ACME_KEY}; tenant=acme` }, 'umbrella'],
    ['two keys: the bearer', { authorization: `Bearer ${UMBRELLA_KEY}`, 'x-api-key': ACME_KEY }, 'umbrella'],
    ['two keys: that of this service', { 'x-vignette-key': UMBRELLA_KEY, 'x-api-key': ACME_KEY }, 'umbrella'],
  ])('is that of its key alone: %s', async (_, headers, tenant) => {
    const service = startService();
    expect((await service.post('/v1/describe', { image, metadata: { tenant: 'acme' } }, headers)).status).toBe(200);
    expect((await cachedNames()).map((name) => name.split(':')[2])).toEqual([tenant]);
  });

  it.each<[string, Record<string, string>]>([
    ['two in one header', { 'x-api-key': `${UMBRELLA_KEY}, ${ACME_KEY}` }],
    ['two bearers', { authorization: `Bearer ${UMBRELLA_KEY}, Bearer ${ACME_KEY}` }],
    ['the hash of a key', { 'x-api-key': 'a'.repeat(64) }],
    ['the id of a key', { 'x-api-key': 'acme' }],
    ['a wrong one before a right one', { 'x-vignette-key': 'wrong', 'x-api-key': ACME_KEY }],
  ])('is none, with 401: %s', async (_, headers) => {
    const service = startService();
    expect((await service.post('/v1/describe', { image }, headers)).status).toBe(401);
    expect(await service.calls()).toEqual([]);
  });
});
