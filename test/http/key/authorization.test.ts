import { beforeEach, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../src/contract/openapi/document.ts';
import { SCOPES } from '../../../src/core/key/caller.ts';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { expectProblem } from '../../support/problem.ts';
import { ACME_KEY, startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const IMAGE_ID = `sha256:${'0'.repeat(64)}`;
const KEY_ID = `key_${'0'.repeat(24)}`;
/** Every route with what it needs, written out here and not read from the code. */
const ROUTES: readonly [string, string, string | undefined][] = [
  ['POST', '/v1/describe', 'describe'],
  ['POST', '/v1/estimate', 'estimate'],
  ['POST', '/v1/images', 'images'],
  ['GET', `/v1/images/${IMAGE_ID}`, 'images'],
  ['HEAD', `/v1/images/${IMAGE_ID}`, 'images'],
  ['DELETE', `/v1/images/${IMAGE_ID}`, 'images'],
  ['GET', `/v1/images/${IMAGE_ID}/sent`, 'images'],
  ['POST', '/v1/files', 'messages'],
  ['GET', '/v1/files', 'messages'],
  ['GET', '/v1/files/file_0', 'messages'],
  ['DELETE', '/v1/files/file_0', 'messages'],
  ['POST', '/v1/messages', 'messages'],
  ['POST', '/v1/messages/count_tokens', 'messages'],
  ['GET', '/v1/models', undefined],
  ['GET', '/v1/usage', undefined],
  ['GET', `/v1/usage/req_${'0'.repeat(32)}`, undefined],
  ['GET', '/v1/admin/keys', 'admin'],
  ['POST', '/v1/admin/keys', 'admin'],
  ['GET', `/v1/admin/keys/${KEY_ID}`, 'admin'],
  ['PATCH', `/v1/admin/keys/${KEY_ID}`, 'admin'],
  ['DELETE', `/v1/admin/keys/${KEY_ID}`, 'admin'],
  ['POST', `/v1/admin/keys/${KEY_ID}/rotate`, 'admin'],
  ['GET', '/v1/admin/anything', 'admin'],
];

/** Code and words of a refusal, in Anthropic's envelope where its API is spoken. */
async function refusalOf(response: Response, path: string): Promise<{ readonly code: string; readonly detail: string }> {
  if (!/^\/v1\/(messages|files)/.test(path)) return expectProblem(response, 'forbidden');
  const { error } = (await response.json()) as any;
  expect(error.type).toBe('permission_error');
  return { code: error.details.error_code, detail: error.message };
}

describe('a scope', () => {
  beforeEach(emptyStorage);

  it.each(ROUTES)('%s %s needs "%s" and no other', async (method, path, needed) => {
    const service = startService();
    for (const scope of SCOPES) {
      const { header } = await makeKey({ scopes: [scope] });
      const before = await storedNames();
      const body = method === 'POST' || method === 'PATCH' ? '{}' : null;
      const response = await service.send(path, { method, body, headers: { ...header, 'content-type': 'application/json' } });
      if (needed === undefined || scope === needed) {
        expect([200, 400, 404], `${scope} ${response.status}`).toContain(response.status);
      } else {
        expect(response.status, scope).toBe(403);
        if (method !== 'HEAD') expect(await refusalOf(response, path)).toMatchObject({ code: 'forbidden', detail: expect.stringContaining(`"${needed}"`) });
        expect(await storedNames()).toEqual(before);
      }
    }
  });

  it('is asked for by every route that is documented', async () => {
    const document = openApiDocument();
    const parts = new Set(ROUTES.map(([, path]) => path.split('/')[2]));
    const others = Object.keys(document.paths).filter((path) => path.startsWith('/v1/') && !parts.has(path.split('/')[2] ?? ''));
    expect(others).toEqual([]);
  });

  it.each(['/v1/nothing', '/v1/toString', '/v1/__proto__', '/v1/'])('%s is not there, with every scope', async (path) => {
    const { header } = await makeKey({ scopes: [...SCOPES] });
    await expectProblem(await startService().send(path, { headers: header }), 'not_found');
  });

  it.each(ROUTES.filter(([, , scope]) => scope === 'admin'))('%s %s is not for keys of the configuration', async (method, path) => {
    await expectProblem(await startService().send(path, { method, headers: { 'x-api-key': ACME_KEY } }), 'forbidden');
  });

  it('cannot be stepped around by another way to write the path', async () => {
    const { header } = await makeKey({ scopes: ['estimate'] });
    const service = startService();
    for (const path of [
      '/v1/describe/',
      '/v1//describe',
      '/v1/%64escribe',
      '/v1/Describe',
      '/v1/x/../describe',
      '/v1/describe;x',
      '/V1/describe',
      '/v1/admin/../describe',
    ]) {
      const response = await service.send(path, { method: 'POST', body: fixture('png-rgb8.png'), headers: { ...header, 'content-type': 'image/png' } });
      expect([401, 403, 404], path).toContain(response.status);
    }
    expect(await service.calls()).toEqual([]);
  });
});

describe('a list of models', () => {
  beforeEach(emptyStorage);
  const png = fixture('png-rgb8.png').toBase64();

  it('lets those through that stand in it', async () => {
    const { header } = await makeKey({ models: ['claude-haiku-5-5', 'claude-opus-5'] });
    const service = startService();
    for (const model of ['claude-haiku-5-5', 'claude-opus-5', undefined])
      expect((await service.post('/v1/describe', { image: { base64: png }, model }, header)).status).toBe(200);
  });

  it.each(['/v1/describe', '/v1/estimate'])('%s refuses another, before anything is fetched or billed', async (path) => {
    const { header } = await makeKey({ models: ['claude-opus-5'] });
    const service = startService();
    for (const model of ['claude-haiku-5-5', 'claude-opus-5-5', 'us.anthropic.claude-opus-5', undefined]) {
      const problem = await expectProblem(await service.post(path, { image: { url: 'https://origin.test/a.png' }, model }, header), 'forbidden');
      expect(problem).toMatchObject({ param: 'model', detail: expect.stringContaining('claude-opus-5') });
    }
    expect(service.fetched).toEqual([]);
    expect(await service.calls()).toEqual([]);
  });

  it('is what an estimate for all models, and the list of models, are cut to', async () => {
    const { header } = await makeKey({ models: ['claude-opus-5', 'claude-not-listed-9'] });
    const service = startService();
    const estimate = (await (await service.post('/v1/estimate', { image: { base64: png }, model: '*' }, header)).json()) as any;
    expect(estimate.estimates.map(({ model }: any) => model)).toEqual(['claude-opus-5']);
    const models = (await (await service.send('/v1/models', { headers: header })).json()) as any;
    expect(models.data.map(({ id }: any) => id)).toEqual(['claude-opus-5']);
  });
});

describe('two tenants', () => {
  beforeEach(emptyStorage);

  it('never see each other’s pictures and answers; two keys of one tenant do', async () => {
    const [shop, twin, blog] = await Promise.all([makeKey({ tenant: 'shop' }), makeKey({ tenant: 'shop' }), makeKey({ tenant: 'blog' })]);
    const service = startService();
    const png = fixture('png-rgb8.png');
    const stored = await service.send('/v1/images', { method: 'POST', body: png, headers: { ...shop.header, 'content-type': 'image/png' } });
    const { image_id: id } = (await stored.json()) as { image_id: string };
    const status = async (header: Record<string, string>, method = 'GET') => (await service.send(`/v1/images/${id}`, { method, headers: header })).status;
    expect(await status(twin.header)).toBe(200);
    expect(await status(blog.header)).toBe(404);
    expect(await status(blog.header, 'DELETE')).toBe(404);
    expect((await service.send(`/v1/images/${id}/sent`, { headers: blog.header })).status).toBe(404);
    expect((await service.post('/v1/describe', { image: { image_id: id } }, blog.header)).status).toBe(404);
    expect(await status({ 'x-api-key': ACME_KEY })).toBe(404);

    const describe = async (header: Record<string, string>) =>
      ((await (await service.post('/v1/describe', { image: { base64: png.toBase64() } }, header)).json()) as any).cache.status;
    expect([await describe(shop.header), await describe(twin.header), await describe(blog.header), await describe(blog.header)]).toEqual([
      'miss',
      'hit',
      'miss',
      'hit',
    ]);
    expect((await service.calls()).length).toBe(2);
    expect(await status(shop.header)).toBe(200);
  });

  it('share what is stored with the name of the same tenant in the configuration', async () => {
    const { header } = await makeKey({ tenant: 'acme' });
    const service = startService();
    const stored = await service.send('/v1/images', {
      method: 'POST',
      body: fixture('png-rgb8.png'),
      headers: { 'x-api-key': ACME_KEY, 'content-type': 'image/png' },
    });
    const { image_id: id } = (await stored.json()) as { image_id: string };
    expect((await service.send(`/v1/images/${id}`, { headers: header })).status).toBe(200);
  });
});
