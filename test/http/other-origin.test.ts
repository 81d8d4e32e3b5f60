/** Pages of other origins: a browser there can neither read an answer nor ask for what a form cannot send. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../support/fixture.ts';
import { startService } from '../support/service.ts';
import { emptyStorage, storedNames } from '../support/storage.ts';

const ORIGIN = 'https://evil.test';
const PATHS = ['/v1/describe', '/v1/estimate', '/v1/images', '/v1/files', '/v1/messages', '/v1/usage', '/v1/models', '/v1/admin/keys', '/metrics', '/healthz'];
const image = { base64: fixture('png-gray8.png').toBase64() };

const allowances = (response: Response) => [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('a page of another origin', () => {
  beforeEach(emptyStorage);

  it.each(PATHS)('may not ask beforehand, and not read: %s', async (path) => {
    const service = startService();
    const preflight = { origin: ORIGIN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key, content-type' };
    for (const [method, headers] of [['OPTIONS', preflight] as const, ['GET', { origin: ORIGIN }] as const, ['POST', { origin: ORIGIN }] as const]) {
      const response = await service.send(path, { method, headers });
      expect(allowances(response), method).toEqual([]);
      if (method === 'OPTIONS') expect(response.status).toBeGreaterThanOrEqual(400);
    }
  });

  it('gets no answer that it could read when the request is right, either', async () => {
    const response = await startService().post('/v1/describe', { image }, { origin: ORIGIN });
    expect(response.status).toBe(200);
    expect(allowances(response)).toEqual([]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'text/plain; application/json'])('cannot send JSON as a form does: %s', async (type) => {
    const service = startService();
    for (const path of ['/v1/describe', '/v1/messages', '/v1/images']) {
      const response = await service.send(path, { method: 'POST', headers: { origin: ORIGIN, 'content-type': type }, body: JSON.stringify({ image }) });
      expect([400, 415], path).toContain(response.status);
    }
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });
});

describe('a method', () => {
  beforeEach(emptyStorage);

  it('is that of the request, whatever headers, query or form say', async () => {
    const service = startService();
    const png = fixture('png-gray8.png');
    const { image_id: id }: any = await (await service.upload('/v1/images', png, 'image/png')).json();
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override'])
      expect((await service.send(`/v1/images/${id}?_method=DELETE`, { headers: { [name]: 'DELETE' } })).status).toBe(200);
    expect(await (await service.send(`/v1/images/${id}`)).bytes()).toEqual(png);
  });
});
