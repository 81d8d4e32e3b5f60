import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../support/fixture.ts';
import { expectProblem } from '../support/problem.ts';
import { ACME_KEY, startService, UMBRELLA_KEY } from '../support/service.ts';
import { emptyStorage, storedNames } from '../support/storage.ts';

const IMAGE_ID = `sha256:${'0'.repeat(64)}`;
const ROUTES: readonly [string, string][] = [
  ['POST', '/v1/describe'],
  ['POST', '/v1/estimate'],
  ['POST', '/v1/images'],
  ['GET', `/v1/images/${IMAGE_ID}`],
  ['HEAD', `/v1/images/${IMAGE_ID}`],
  ['DELETE', `/v1/images/${IMAGE_ID}`],
  ['GET', `/v1/images/${IMAGE_ID}/sent`],
  ['GET', '/v1/models'],
  ['GET', '/v1/does-not-exist'],
  ['POST', '/v1'],
];

/** Without the parts of a problem that differ from request to request. */
async function bodyWithoutId(response: Response): Promise<unknown> {
  return { ...(await expectProblem(response, 'unauthorized')), request_id: null };
}

describe('authentication', () => {
  beforeEach(emptyStorage);

  it.each(ROUTES)('%s %s answers 401 without a key', async (method, path) => {
    const service = startService();
    const body = method === 'POST' ? fixture('png-gray8.png') : null;
    const response = await service.send(path, { method, body, headers: { authorization: '', 'content-type': 'image/png' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="vignette"');
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  const wrong: readonly [string, Record<string, string>][] = [
    ['no key', { authorization: '' }],
    ['a wrong key', { authorization: 'Bearer key-of-acme-0123456789abcdee' }],
    ['the beginning of a key', { authorization: `Bearer ${ACME_KEY.slice(0, -1)}` }],
    ['a key and more', { authorization: `Bearer ${ACME_KEY}0` }],
    ['a key in other case', { authorization: `Bearer ${ACME_KEY.toUpperCase()}` }],
    ['the name with the key', { authorization: `Bearer acme:${ACME_KEY}` }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['a key without a scheme', { authorization: ACME_KEY }],
    ['another scheme', { authorization: `Basic ${btoa(`acme:${ACME_KEY}`)}` }],
    ['an empty x-api-key', { 'x-api-key': '' }],
    ['a wrong x-api-key', { 'x-api-key': 'key-of-nobody' }],
    ['an overlong key', { authorization: `Bearer ${'a'.repeat(4_096)}` }],
    ['an overlong x-api-key', { 'x-api-key': ACME_KEY.padEnd(513, '0') }],
    ['a wrong bearer beside a wrong x-api-key', { authorization: 'Bearer key-of-nobody', 'x-api-key': 'key-of-none' }],
  ];

  it.each([
    ['x-api-key beside a foreign bearer', { authorization: 'Bearer token-of-another-service', 'x-api-key': ACME_KEY }],
    ['bearer beside a foreign x-api-key', { authorization: `Bearer ${ACME_KEY}`, 'x-api-key': 'sk-ant-of-somebody' }],
  ])('a right %s is taken', async (_, headers) => {
    const service = startService();
    expect((await service.send('/v1/models', { headers })).status).toBe(200);
  });

  it.each(wrong)('%s gets the same words as any other', async (_, headers) => {
    const service = startService();
    const expected = await bodyWithoutId(await service.send('/v1/models', { headers: { authorization: '' } }));
    const response = await service.send('/v1/models', { headers });
    expect(await bodyWithoutId(response)).toEqual(expected);
    expect(expected).toMatchObject({
      param: 'authorization',
      retryable: false,
      billed: false,
      detail: expect.stringMatching(/Send "Authorization: Bearer KEY"/),
    });
  });

  it.each<[string, Record<string, string>]>([
    ['authorization: Bearer', { authorization: `Bearer ${ACME_KEY}` }],
    ['authorization: bearer', { authorization: `bearer   ${ACME_KEY} ` }],
    ['x-api-key', { 'x-api-key': ACME_KEY }],
    ['the second key', { 'x-api-key': UMBRELLA_KEY }],
    ['x-api-key beside another scheme', { authorization: 'Basic abc', 'x-api-key': ACME_KEY }],
  ])('a key in %s is let in', async (_, headers) => {
    expect((await startService().send('/v1/models', { headers })).status).toBe(200);
  });

  it.each(ROUTES)('%s %s answers 401 to everybody while no key is configured', async (method, path) => {
    const service = startService({ environment: { VIGNETTE_API_KEYS: '' } });
    for (const headers of [{ authorization: `Bearer ${ACME_KEY}` }, { authorization: 'Bearer ' }, { 'x-api-key': '' }]) {
      expect((await service.send(path, { method, headers })).status).toBe(401);
    }
  });

  it.each(['/healthz', '/docs/error'])('%s needs no key', async (path) => {
    expect((await startService().send(path, { headers: { authorization: '' } })).status).toBe(200);
  });
});
