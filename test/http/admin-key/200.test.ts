import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '../../support/key.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

describe('GET /v1/admin/keys', () => {
  beforeEach(emptyStorage);

  it('lists the keys of all tenants page by page, the oldest first, without secrets', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const made = [admin];
    for (const tenant of ['shop', 'blog', 'shop', 'wiki']) made.push(await makeKey({ tenant }));
    const service = startService();
    const pages: any[] = [];
    let cursor: string | null = '';
    while (cursor !== null && pages.length < 9) {
      const page: any = await (await service.send(`/v1/admin/keys?limit=2&cursor=${encodeURIComponent(cursor)}`, { headers: admin.header })).json();
      pages.push(page.data);
      cursor = page.next_cursor;
    }
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    const listed = pages.flat();
    expect(listed.map(({ id }) => id)).toEqual(made.map(({ id }) => id).toSorted());
    expect(listed.map(({ tenant }) => tenant).toSorted()).toEqual(['blog', 'ops', 'shop', 'shop', 'wiki']);
    for (const { secret } of made) expect(JSON.stringify(pages)).not.toContain(secret.slice(4));
    expect(JSON.stringify(pages)).not.toMatch(/sha256|[0-9a-f]{64}/);
  });

  it('takes HEAD, and names its methods to others', async () => {
    const { header } = await makeKey({ scopes: ['admin'] });
    const service = startService();
    expect((await service.send('/v1/admin/keys', { method: 'HEAD', headers: header })).status).toBe(200);
    const refused = await service.send('/v1/admin/keys', { method: 'PUT', headers: header });
    expect(refused.headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await expectProblem(refused, 'not_found')).detail).toBe('PUT is not possible here; GET, HEAD and POST are.');
  });
});

describe('PATCH /v1/admin/keys/{id}', () => {
  beforeEach(emptyStorage);

  it('changes what is named, within half a minute where the key is in use', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const key = await makeKey({ models: ['claude-opus-5'], retention_days: 3 });
    const service = startService();
    const status = async () => (await service.post('/v1/estimate', {}, key.header)).status;
    expect(await status()).toBe(400);
    const change = { name: 'Renamed', scopes: ['describe'], models: null, limits: { usd_per_day: 2 } };
    const response = await service.send(`/v1/admin/keys/${key.id}`, {
      method: 'PATCH',
      headers: { ...admin.header, 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
    expect(response.status).toBe(200);
    const changed = await response.json();
    expect(changed).toMatchObject({ ...change, id: key.id, tenant: 'shop', retention_days: 3 });
    expect(changed).not.toHaveProperty('secret');
    expect(await status()).toBe(400);
    service.advance(30_000);
    expect(await status()).toBe(403);
  });
});

describe('POST /v1/admin/keys/{id}/rotate', () => {
  beforeEach(emptyStorage);

  it('gives a second secret; both work during the overlap, then the new one alone', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const key = await makeKey();
    const service = startService();
    const rotated = (await (await service.post(`/v1/admin/keys/${key.id}/rotate`, { overlap_seconds: 60 }, admin.header)).json()) as any;
    expect(rotated).toMatchObject({ id: key.id, secret: expect.stringMatching(/^vgn_/), secrets: [{ ends_at: null }, { ends_at: expect.any(String) }] });
    const status = async (secret: string) => (await service.send('/v1/models', { headers: { 'x-api-key': secret } })).status;
    expect([await status(key.secret), await status(rotated.secret)]).toEqual([200, 200]);
    service.advance(60_000);
    expect([await status(key.secret), await status(rotated.secret)]).toEqual([401, 200]);
  });

  it('takes no body for the default, a day', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const key = await makeKey();
    const response = await startService().send(`/v1/admin/keys/${key.id}/rotate`, { method: 'POST', headers: admin.header });
    expect(response.status).toBe(200);
    const { secrets } = (await response.json()) as any;
    expect(Date.parse(secrets[1].ends_at) - Date.parse(secrets[0].created_at)).toBe(86_400_000);
  });

  it.each<[string, Record<string, string>]>([
    ['nor a type', {}],
    ['but with the type of JSON', { 'content-type': 'application/json' }],
    ['but with a length of 0 and the type of a form', { 'content-length': '0', 'content-type': 'application/x-www-form-urlencoded' }],
  ])('takes a stream without a byte as no body, without a length %s', async (_, headers) => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const key = await makeKey();
    const body = new Blob([]).stream();
    const response = await startService().send(`/v1/admin/keys/${key.id}/rotate`, { method: 'POST', headers: { ...admin.header, ...headers }, body });
    expect(response.status).toBe(200);
  });

  it('without an overlap ends the former secret within half a minute, and leaves nothing that leads to it', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const key = await makeKey();
    const service = startService();
    const status = async (secret: string) => (await service.send('/v1/models', { headers: { 'x-api-key': secret } })).status;
    expect(await status(key.secret)).toBe(200);
    const rotated = (await (await service.post(`/v1/admin/keys/${key.id}/rotate`, { overlap_seconds: 0 }, admin.header)).json()) as any;
    service.advance(30_000);
    expect([await status(key.secret), await status(rotated.secret)]).toEqual([401, 200]);
    expect((await storedNames()).filter((name) => name.startsWith('key:v1:')).length).toBe(2);
  });
});
