import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

describe('GET /v1/usage', () => {
  beforeEach(emptyStorage);

  it.each([
    ['from=yesterday', 'from', /must be a day such as/],
    ['to=2026-02-30', 'to', /must be a day such as/],
    ['from=2026-11-22&to=2026-11-21', 'to', /before/],
    ['from=2025-01-01&to=2026-02-04', undefined, undefined],
    ['from=2025-01-01&to=2026-02-05', 'from', /400 days/],
    ['group_by=day,tenant', 'group_by', /takes day, key, model/],
    ['since=2026-11-21', 'since', /no parameter "since" here; there are from, to, group_by, tenant/],
    ['from=2026-11-21&from=2026-11-20', 'from', /more than once/],
  ])('with %s blames %s', async (query, param, text) => {
    const response = await startService().send(`/v1/usage?${query}`);
    if (param === undefined) expect(response.status).toBe(200);
    else expect(await expectProblem(response, 'invalid_request')).toMatchObject({ param, detail: expect.stringMatching(text ?? /./) });
  });

  it('of another tenant is for administrators', async () => {
    const service = startService();
    expect((await service.send('/v1/usage?tenant=acme')).status).toBe(200);
    expect((await expectProblem(await service.send('/v1/usage?tenant=umbrella'), 'forbidden')).detail).toMatch(/admin/);
    await expectProblem(await service.send('/v1/usage/req_0123456789abcdef0123456789abcdef?tenant=umbrella'), 'forbidden');
    await expectProblem(await service.send('/v1/usage?tenant=$deployment'), 'forbidden');
  });

  it('has no row of another tenant, nor of a request that never was', async () => {
    const service = startService();
    const answer = await service.upload('/v1/describe', fixture('png-gray8.png'), 'image/png');
    const path = `/v1/usage/${answer.headers.get('x-request-id')}`;
    expect((await service.send(path)).status).toBe(200);
    await expectProblem(await service.send(path, { headers: { authorization: `Bearer ${UMBRELLA_KEY}` } }), 'not_found');
    await expectProblem(await service.send('/v1/usage/req_0123456789abcdef0123456789abcdef'), 'not_found');
    await expectProblem(await service.send('/v1/usage/anything'), 'not_found');
    const problem = await expectProblem(await service.send(`${path}?tennant=umbrella`), 'invalid_request');
    expect(problem).toMatchObject({ param: 'tennant', detail: expect.stringContaining('there is tenant.') });
  });
});
