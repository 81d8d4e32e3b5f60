import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '../../support/key.ts';
import { startService } from '../../support/service.ts';
import { bindings, emptyStorage, storedNames } from '../../support/storage.ts';
import { hexHash } from '../../support/hash.ts';

describe('POST /v1/admin/keys', () => {
  beforeEach(emptyStorage);

  it('creates a key that works at once, and shows its secret this once', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const service = startService();
    const response = await service.post('/v1/admin/keys', { tenant: 'shop', name: 'Alt texts', limits: { requests_per_minute: 60 } }, admin.header);
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const key = (await response.json()) as any;
    expect(response.headers.get('location')).toBe(`/v1/admin/keys/${key.id}`);
    expect(key).toEqual({
      type: 'api_key',
      id: expect.stringMatching(/^key_[0-9a-f]{24}$/),
      secret: expect.stringMatching(/^vgn_[0-9a-f]{48}$/),
      name: 'Alt texts',
      tenant: 'shop',
      scopes: ['describe', 'estimate', 'images', 'jobs', 'messages'],
      models: null,
      limits: { requests_per_minute: 60 },
      tenant_limits: {},
      store: 'image',
      retention_days: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      expires_at: null,
      revoked_at: null,
      secrets: [{ created_at: key.created_at, ends_at: null }],
    });
    expect((await service.send('/v1/models', { headers: { 'x-api-key': key.secret } })).status).toBe(200);
    const shown = await (await service.send(`/v1/admin/keys/${key.id}`, { headers: admin.header })).json();
    expect(shown).not.toHaveProperty('secret');
    expect({ ...(shown as object), secret: key.secret }).toEqual(key);
  });

  it('keeps the SHA-256 of the secret, and the secret nowhere: not in KV, not in the log', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const service = startService();
    const { id, secret } = (await (await service.post('/v1/admin/keys', { tenant: 'shop' }, admin.header)).json()) as any;
    const names = await storedNames();
    expect(names).toContain(`key:v1:${await hexHash(new TextEncoder().encode(secret))}`);
    expect(names).toContain(`key-id:v2:${id}`);
    for (const name of names) expect(`${name} ${await bindings.DESCRIPTIONS.get(name)}`).not.toContain(secret.slice(4, 44));
    expect(JSON.stringify(service.logs)).not.toContain(secret.slice(4, 44));
    expect(service.logs).toContainEqual({ event: 'key_created', request_id: expect.stringMatching(/^req_/), key: id, tenant: 'shop', by: admin.id });
  });

  it('gives every key another secret and id', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const service = startService();
    const keys = await Promise.all(
      Array.from({ length: 20 }, async () => (await (await service.post('/v1/admin/keys', { tenant: 'shop' }, admin.header)).json()) as any),
    );
    expect(new Set(keys.flatMap(({ id, secret }) => [id, secret])).size).toBe(40);
  });
});
