import { beforeEach, describe, expect, it } from 'vitest';
import type { Accounts } from '../../../src/port/account.ts';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const PNG = { image: { base64: fixture('png-rgb8.png').toBase64() } };

describe('a key beyond its rate limit', () => {
  beforeEach(emptyStorage);

  it('gets 429 with the seconds to wait and both headers, and is let in again then', async () => {
    const { header } = await makeKey({ tenant: 'pace-a', limits: { requests_per_minute: 3 } });
    const service = startService();
    const send = () => service.send('/v1/models', { headers: header });
    for (let count = 0; count < 3; count++) expect((await send()).status).toBe(200);
    const response = await send();
    expect(response.headers.get('retry-after')).toBe('20');
    expect(response.headers.get('ratelimit-policy')).toBe('"requests";q=3;w=60');
    expect(response.headers.get('ratelimit')).toBe('"requests";r=0;t=60');
    const problem = await expectProblem(response, 'rate_limited');
    expect(problem).toMatchObject({ retryable: true, billed: false, detail: expect.stringMatching(/3 requests in 60 s .*Wait 20 s/) });
    service.advance(19_999);
    expect((await send()).status).toBe(429);
    service.advance(1);
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(429);
  });

  it('of one request is told so in the singular', async () => {
    const { header } = await makeKey({ tenant: 'pace-one', limits: { requests_per_minute: 1 } });
    const service = startService();
    const send = () => service.send('/v1/models', { headers: header });
    await send();
    expect((await expectProblem(await send(), 'rate_limited')).detail).toMatch(/^The limit is 1 request in 60 s/);
  });

  it('in 50 requests at once passes with exactly its quota', async () => {
    const { header } = await makeKey({ tenant: 'pace-b', limits: { requests_per_minute: 20 } });
    const service = startService();
    const answers = await Promise.all(Array.from({ length: 50 }, () => service.send('/v1/models', { headers: header })));
    expect(answers.filter(({ status }) => status === 200).length).toBe(20);
    expect(answers.filter(({ status }) => status === 429).length).toBe(30);
  });

  it('is counted in one place, whichever isolate it comes to, with either secret', async () => {
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    const key = await makeKey({ tenant: 'pace-c', limits: { requests_per_minute: 2 } });
    const [here, there] = [startService({ accounts: 'shared' }), startService({ accounts: 'shared' })];
    const { secret } = (await (await here.post(`/v1/admin/keys/${key.id}/rotate`, {}, admin.header)).json()) as { secret: string };
    expect((await here.send('/v1/models', { headers: key.header })).status).toBe(200);
    expect((await there.send('/v1/models', { headers: { 'x-api-key': secret } })).status).toBe(200);
    expect((await there.send('/v1/models', { headers: key.header })).status).toBe(429);
    expect((await here.send('/v1/models', { headers: { 'x-api-key': secret } })).status).toBe(429);
  });

  it('is held by the limit of its tenant as well, and takes nothing from its own then', async () => {
    const limits = { limits: { requests_per_minute: 10 }, tenant_limits: { requests_per_minute: 1 } };
    const [one, other] = await Promise.all([makeKey({ tenant: 'pace-d', ...limits }), makeKey({ tenant: 'pace-d', ...limits })]);
    const service = startService();
    expect((await service.send('/v1/models', { headers: one.header })).status).toBe(200);
    const response = await service.send('/v1/models', { headers: other.header });
    expect(response.headers.get('retry-after')).toBe('60');
    expect(response.headers.get('ratelimit')).toBe('"requests";r=10;t=0, "tenant-requests";r=0;t=60');
    await expectProblem(response, 'rate_limited');
  });

  it('for image tokens asks Claude nothing and stores nothing', async () => {
    const free = await makeKey({ tenant: 'pace-e' });
    const service = startService();
    const { images } = (await (await service.post('/v1/describe', PNG, free.header)).json()) as any;
    const tokens = images[0].sent.image_tokens as number;
    const { header } = await makeKey({ tenant: 'pace-f', limits: { image_tokens_per_minute: tokens * 2 - 1 } });
    expect((await service.post('/v1/describe', PNG, header)).status).toBe(200);
    const before = await storedNames();
    const response = await service.post('/v1/describe', { ...PNG, prompt: 'Something else?' }, header);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(response.headers.get('ratelimit')).toContain(`"image-tokens";r=${tokens - 1};t=`);
    await expectProblem(response, 'rate_limited');
    expect((await service.calls()).length).toBe(2);
    expect(await storedNames()).toEqual(before);
    // What is known already is answered all the same.
    expect((await service.post('/v1/describe', PNG, header)).status).toBe(200);
  });

  it('for a picture that needs more than a whole minute’s image tokens is told so, and not to wait', async () => {
    const { header } = await makeKey({ tenant: 'pace-g', limits: { image_tokens_per_minute: 1 } });
    const response = await startService().post('/v1/describe', PNG, header);
    expect(response.headers.has('retry-after')).toBe(false);
    expect(await expectProblem(response, 'rate_limited')).toMatchObject({ retryable: false, detail: expect.stringMatching(/can never pass/) });
  });

  it('is shed by the platform first, in a flood', async () => {
    const { header, id } = await makeKey({ tenant: 'pace-h', limits: { requests_per_minute: 100 } });
    const asked: string[] = [];
    const key = { allows: async (subject: string) => asked.push(subject) <= 1 };
    const service = startService({ ports: { bursts: { network: { allows: async () => true }, key } } });
    expect((await service.send('/v1/models', { headers: header })).status).toBe(200);
    const response = await service.send('/v1/models', { headers: header });
    expect(response.headers.get('retry-after')).toBe('10');
    expect(response.headers.get('ratelimit-policy')).toBe('"requests";q=100;w=60');
    await expectProblem(response, 'rate_limited');
    expect(asked).toEqual([id, id]);
  });

  it('is refused for now, not let through, when its account cannot be reached', async () => {
    const { header } = await makeKey({ tenant: 'pace-i', limits: { requests_per_minute: 100 } });
    const service = startService({
      ports: {
        accounts: {
          take: async () => {
            throw new Error('Durable Object is overloaded.');
          },
        } as unknown as Accounts,
      },
    });
    const response = await service.send('/v1/models', { headers: header });
    expect(response.headers.get('retry-after')).toBe('1');
    await expectProblem(response, 'overloaded');
  });
});
