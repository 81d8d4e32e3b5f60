import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '../../support/key.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

describe('DELETE /v1/admin/keys/{id}', () => {
  beforeEach(emptyStorage);

  it('revokes for good: at once where the key is new, within half a minute where it is remembered', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const key = await makeKey();
    const busy = startService();
    const status = async (service: ReturnType<typeof startService>) => (await service.send('/v1/models', { headers: key.header })).status;
    expect(await status(busy)).toBe(200);
    const response = await busy.send(`/v1/admin/keys/${key.id}`, { method: 'DELETE', headers: admin.header });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(await status(startService())).toBe(401);
    busy.advance(29_999);
    expect(await status(busy)).toBe(200);
    busy.advance(1);
    expect(await status(busy)).toBe(401);
  });

  it('may be repeated, and leaves a record to look at', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const key = await makeKey();
    const service = startService();
    const revoke = () => service.send(`/v1/admin/keys/${key.id}`, { method: 'DELETE', headers: admin.header });
    const shown = async () => (await (await service.send(`/v1/admin/keys/${key.id}`, { headers: admin.header })).json()) as any;
    expect((await revoke()).status).toBe(204);
    const { revoked_at: revokedAt } = await shown();
    expect(revokedAt).toMatch(/^\d{4}-/);
    service.advance(5_000);
    expect((await revoke()).status).toBe(204);
    expect((await shown()).revoked_at).toBe(revokedAt);
    expect((await storedNames()).filter((name) => name.startsWith('key:v1:')).length).toBe(1);
  });

  it('is not undone by a change or a rotation', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const key = await makeKey();
    const service = startService();
    await service.send(`/v1/admin/keys/${key.id}`, { method: 'DELETE', headers: admin.header });
    const json = { ...admin.header, 'content-type': 'application/json' };
    await expectProblem(await service.send(`/v1/admin/keys/${key.id}`, { method: 'PATCH', headers: json, body: '{"name":"x"}' }), 'invalid_request');
    await expectProblem(await service.send(`/v1/admin/keys/${key.id}/rotate`, { method: 'POST', headers: json, body: '{}' }), 'invalid_request');
    expect((await service.send('/v1/models', { headers: key.header })).status).toBe(401);
  });
});
