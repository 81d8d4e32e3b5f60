import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '../../support/key.ts';
import { writeCursor } from '../../../src/core/key/cursor.ts';
import { keyStore } from '../../../src/adapter/key-store/client.ts';
import type { KeyRegisterObject } from '../../../src/adapter/key-store/object.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { bindings, emptyStorage, storedNames } from '../../support/storage.ts';

const UNKNOWN_ID = `key_${'0'.repeat(24)}`;

describe('/v1/admin/keys', () => {
  beforeEach(emptyStorage);

  it.each<[string, string, unknown, string, string]>([
    ['a key without a tenant', 'POST ', { name: 'x' }, 'invalid_request', 'tenant'],
    ['a key with an unknown field', 'POST ', { tenant: 'shop', role: 'admin' }, 'invalid_request', 'role'],
    ['a key that has expired already', 'POST ', { tenant: 'shop', expires_at: '2020-01-01T00:00:00Z' }, 'invalid_request', 'expires_at'],
    ['a list', 'POST ', [], 'invalid_request', 'body'],
    ['a change of the tenant', 'PATCH /ID', { tenant: 'blog' }, 'invalid_request', 'tenant'],
    ['an overlap of a year', 'POST /ID/rotate', { overlap_seconds: 31_536_000 }, 'invalid_request', 'overlap_seconds'],
    ['an unknown id', `PATCH /${UNKNOWN_ID}`, {}, 'not_found', 'id'],
    ['an unknown id', `POST /${UNKNOWN_ID}/rotate`, {}, 'not_found', 'id'],
    ['what is no id', 'PATCH /..%2Fkey', {}, 'not_found', 'id'],
  ])('refuses %s: %s', async (_, at, body, code, param) => {
    const admin = await makeKey({ scopes: ['admin'] });
    const before = await storedNames();
    const service = startService();
    const [method = '', path = ''] = at.replace('ID', at.includes('key_') ? 'ID' : admin.id).split(' ');
    const response = await service.send(`/v1/admin/keys${path}`, {
      method,
      headers: { ...admin.header, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect((await expectProblem(response, code)).param).toBe(param);
    expect(await storedNames()).toEqual(before);
  });

  it.each(['GET', 'DELETE'])('%s of an unknown id is a 404', async (method) => {
    const { header } = await makeKey({ scopes: ['admin'] });
    for (const id of [UNKNOWN_ID, 'key_', '%00', 'a'.repeat(600)])
      await expectProblem(await startService().send(`/v1/admin/keys/${id}`, { method, headers: header }), 'not_found');
  });

  it.each(['limit=0', 'limit=101', 'limit=-1', 'limit=1.5', 'limit=many', 'limit='])('refuses %s', async (query) => {
    const { header } = await makeKey({ scopes: ['admin'] });
    expect((await expectProblem(await startService().send(`/v1/admin/keys?${query}`, { headers: header }), 'invalid_request')).param).toBe('limit');
  });

  it.each<[string, string, RegExp]>([
    ['limt=5', 'limt', /no parameter "limt" here; there are limit, cursor\./],
    ['limit=5&limit=6', 'limit', /more than once/],
    ['limit=0', 'limit', /^"limit" is 0; it must be from 1 to 100\.$/],
    ['limit=many', 'limit', /^"limit" must be a number from 1 to 100, not "many"\.$/],
    ['cursor=zzz', 'cursor', /none that was given here/],
    ['cursor=00000000', 'cursor', /none that was given here/],
  ])('says what is wrong with %s', async (query, param, words) => {
    const { header } = await makeKey({ scopes: ['admin'] });
    const problem = await expectProblem(await startService().send(`/v1/admin/keys?${query}`, { headers: header }), 'invalid_request');
    expect(problem.param).toBe(param);
    expect(problem.detail).toMatch(words);
  });

  it.each(['limit=1', 'limit=100', 'cursor='])('takes %s', async (query) => {
    const { header } = await makeKey({ scopes: ['admin'] });
    expect((await startService().send(`/v1/admin/keys?${query}`, { headers: header })).status).toBe(200);
  });

  it('refuses a cursor that the store no longer knows', async () => {
    const { header } = await makeKey({ scopes: ['admin'] });
    const list = async () => {
      throw new Error('KV GET failed: 400 Invalid cursor');
    };
    const namespace = new Proxy(bindings.DESCRIPTIONS, { get: (target, name) => (name === 'list' ? list : Reflect.get(target, name).bind(target)) });
    const service = startService({ ports: { keys: keyStore(namespace, bindings.KEY_REGISTER) } });
    expect((await expectProblem(await service.send(`/v1/admin/keys?cursor=${writeCursor('x')}`, { headers: header }), 'invalid_request')).param).toBe('cursor');
    await expectProblem(await service.send('/v1/admin/keys', { headers: header }), 'internal');
  });

  it.each([
    ['KV refuses the change', async () => 'unavailable'],
    ['the register of the key cannot be asked', () => Promise.reject(new Error('Network connection lost.'))],
  ])('says so when %s', async (_, change) => {
    const { id, header } = await makeKey({ scopes: ['admin'] });
    const register = { idFromName: () => ({}), get: () => ({ change }) } as unknown as DurableObjectNamespace<KeyRegisterObject>;
    const service = startService({ ports: { keys: keyStore(bindings.DESCRIPTIONS, register) } });
    const response = await service.send(`/v1/admin/keys/${id}`, { method: 'PATCH', headers: { ...header, 'content-type': 'application/json' }, body: '{}' });
    expect(response.headers.get('retry-after')).toBe('2');
    expect((await expectProblem(response, 'overloaded')).retryable).toBe(true);
  });

  it('says that the tenant of a key stays, and what to do', async () => {
    const { id, header } = await makeKey({ scopes: ['admin'] });
    const response = await startService().send(`/v1/admin/keys/${id}`, {
      method: 'PATCH',
      headers: { ...header, 'content-type': 'application/json' },
      body: '{"tenant": "zz"}',
    });
    expect((await expectProblem(response, 'invalid_request')).detail).toMatch(/"tenant" of a key cannot be changed.*Create another key/);
  });

  it('takes JSON alone, and says so', async () => {
    const { id, header } = await makeKey({ scopes: ['admin'] });
    const form = new FormData();
    form.set('name', 'x');
    const bodies: readonly [BodyInit, Record<string, string>][] = [
      [form, {}],
      ['name=x', { 'content-type': 'application/x-www-form-urlencoded' }],
      [new Blob(['{"name": "x"}']), {}],
    ];
    for (const [path, method] of [
      [`/v1/admin/keys/${id}`, 'PATCH'],
      ['/v1/admin/keys', 'POST'],
      ['/v1/admin/purge', 'POST'],
    ] as const)
      for (const [body, headers] of bodies) {
        const response = await startService().send(path, { method, headers: { ...header, ...headers }, body });
        const { detail } = await expectProblem(response, 'unsupported_media_type');
        expect(detail).toContain('Use application/json.');
        expect(detail).not.toContain('multipart/form-data or');
      }
  });

  it('takes no picture for a key', async () => {
    const { header } = await makeKey({ scopes: ['admin'] });
    const response = await startService().send('/v1/admin/keys?tenant=shop', {
      method: 'POST',
      headers: { ...header, 'content-type': 'image/png' },
      body: 'x',
    });
    await expectProblem(response, 'unsupported_media_type');
  });
});
