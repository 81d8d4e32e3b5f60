import { beforeEach, describe, expect, it } from 'vitest';
import type { RpcAnswer } from '../../src/rpc/entrance.ts';
import { fixture } from '../support/fixture.ts';
import { makeKey } from '../support/key.ts';
import { pngPicture } from '../support/picture.ts';
import { ACME_KEY, startService } from '../support/service.ts';
import { bindings, emptyStorage, storedNames } from '../support/storage.ts';

const picture = () => new Uint8Array(fixture('png-rgb8.png'));

function bodyOf(answer: RpcAnswer): any {
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.body;
}

function problemOf(answer: RpcAnswer) {
  if (answer.ok) throw new Error('no problem');
  return answer.problem;
}

describe('another Worker of the account', () => {
  beforeEach(emptyStorage);

  it('is answered as over HTTP, from the same cache, and billed once', async () => {
    const service = startService();
    const first = bodyOf(await service.call((vignette) => vignette.describe(ACME_KEY, { fields: ['alt_text'] }, [picture()])));
    expect(first).toMatchObject({ type: 'description', cache: { status: 'miss' } });
    const second = (await (await service.upload('/v1/describe', picture(), 'image/png')).json()) as any;
    expect(second.cache.status).toBe('hit');
    expect(second.descriptions).toEqual(first.descriptions);
    expect(await service.calls()).toHaveLength(1);
    expect(service.logs.filter(({ event }) => event === 'request').map(({ method, route, status }) => [method, route, status])).toEqual([
      ['RPC', 'rpc/describe', 200],
      ['POST', '/v1/describe', 200],
    ]);
  });

  it('stores, estimates and deletes', async () => {
    const service = startService();
    // Of its own: the index of a deleted image stays for other tests to meet.
    const own = await pngPicture(40, 30, { comment: 'to be deleted over a binding' });
    const stored = bodyOf(await service.call((vignette) => vignette.storeImage(ACME_KEY, own)));
    expect(await storedNames()).toHaveLength(1);
    const estimate = bodyOf(await service.call((vignette) => vignette.estimate(ACME_KEY, { image: { image_id: stored.image_id } })));
    expect(estimate.estimates[0].image_tokens).toBeGreaterThan(0);
    const deleted = bodyOf(await service.call((vignette) => vignette.deleteImage(ACME_KEY, stored.image_id)));
    expect(deleted.removed.images).toBe(1);
    expect(await storedNames()).toHaveLength(0);
    expect(await service.calls()).toHaveLength(0);
  });

  it('needs a key, and the scope of what it asks for', async () => {
    const service = startService();
    const stranger = problemOf(await service.call((vignette) => vignette.describe('wrong', {}, [picture()])));
    expect(stranger).toMatchObject({ code: 'unauthorized', status: 401 });
    const { secret } = await makeKey({ scopes: ['estimate'] });
    const refused = problemOf(await service.call((vignette) => vignette.describe(secret, {}, [picture()])));
    expect(refused).toMatchObject({ code: 'forbidden', status: 403 });
    expect(await service.calls()).toHaveLength(0);
  });

  it('is held to the pace and the budget of its key, and stands in the ledger', async () => {
    const service = startService();
    const { secret, header } = await makeKey({ tenant: 'bound', limits: { requests_per_minute: 2, usd_per_day: 0.0000001 } });
    const ask = () => service.call((vignette) => vignette.describe(secret, {}, [picture()]));
    expect(problemOf(await ask()).code).toBe('budget_exceeded');
    expect(problemOf(await ask()).code).toBe('budget_exceeded');
    expect(problemOf(await ask()).code).toBe('rate_limited');
    service.advance(60_000);
    const usage = (await (await service.send('/v1/usage', { headers: header })).json()) as any;
    expect(usage.total).toMatchObject({ requests: 3, failures: 3, calls: 0 });
  });

  it('keeps nothing where its key keeps nothing', async () => {
    const service = startService();
    const { secret } = await makeKey({ store: 'none' });
    bodyOf(await service.call((vignette) => vignette.describe(secret, {}, [picture()])));
    expect((await bindings.DESCRIPTIONS.list({ prefix: 'description:' })).keys).toEqual([]);
    const refused = problemOf(await service.call((vignette) => vignette.describe(secret, { store: 'image' }, [picture()])));
    expect(refused).toMatchObject({ code: 'forbidden', param: 'store' });
  });

  it('gets the problem of a body that is not one', async () => {
    const service = startService();
    expect(problemOf(await service.call((vignette) => vignette.describe(ACME_KEY, { fields: ['colour'] }, [picture()])))).toMatchObject({
      code: 'invalid_request',
      status: 400,
    });
  });
});
