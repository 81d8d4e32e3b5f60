import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { problemOf, startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const PNG = fixture('png-rgb8.png');
const image = { base64: PNG.toBase64() };

describe('the age of an answer', () => {
  beforeEach(emptyStorage);

  /** A service with one answer of an age. */
  async function startAged(seconds: number) {
    const service = startService();
    await service.post('/v1/describe', { image });
    service.advance(seconds * 1000);
    service.forgetFlights();
    const ask = async (body: object) => {
      const response = await service.post('/v1/describe', { image, ...body });
      const { cache } = (await response.json()) as any;
      return { status: cache.status, age: cache.age_seconds, header: response.headers.get('cache-status') };
    };
    return { service, ask };
  }

  it.each([
    [99, 'miss'],
    [100, 'hit'],
    [101, 'hit'],
  ])('of 100 s with max_age_seconds %i: %s', async (maxAge, status) => {
    const { ask } = await startAged(100);
    expect((await ask({ max_age_seconds: maxAge })).status).toBe(status);
  });

  it('that is too high is as good as none for "only"', async () => {
    const { service } = await startAged(100);
    const response = await service.post('/v1/describe', { image, cache: 'only', max_age_seconds: 60 });
    expect(await problemOf(response)).toMatchObject({ code: 'not_found', param: 'cache' });
  });

  it('that is too high is answered at once, and renewed after the response, with stale_while_revalidate', async () => {
    const { service, ask } = await startAged(100);
    const stale = await ask({ cache: 'stale_while_revalidate', max_age_seconds: 60 });
    expect(stale).toEqual({ status: 'hit', age: 100, header: 'Vignette; hit; ttl=-40' });
    expect((await service.calls()).length).toBe(2);
    expect(await ask({ cache: 'stale_while_revalidate', max_age_seconds: 60 })).toMatchObject({ status: 'hit', age: 0 });
    expect((await service.calls()).length).toBe(2);
  });

  it('costs what its renewal costs, though the answer before it was free', async () => {
    const { service, ask } = await startAged(100);
    await ask({ cache: 'stale_while_revalidate', max_age_seconds: 60 });
    const usage = (await (await service.send('/v1/usage?group_by=')).json()) as any;
    expect(usage.total).toMatchObject({ calls: (await service.simulate('bill')).total.calls });
    expect(usage.total.calls).toBe(2);
  });

  it('that is right is not renewed with stale_while_revalidate, and what is not there is asked for', async () => {
    const { service, ask } = await startAged(60);
    expect(await ask({ cache: 'stale_while_revalidate', max_age_seconds: 60 })).toMatchObject({ status: 'hit', age: 60 });
    expect((await service.calls()).length).toBe(1);
    expect((await ask({ cache: 'stale_while_revalidate', max_age_seconds: 60, fields: ['caption'] })).status).toBe('miss');
  });

  it('stays as it is when it cannot be renewed, and no memory is lost by it', async () => {
    const { service, ask } = await startAged(100);
    await service.fail('refusal');
    expect((await ask({ cache: 'stale_while_revalidate', max_age_seconds: 60 })).status).toBe('hit');
    expect((await ask({ cache: 'only' })).age).toBe(100);
    const alone = await service.ledger.reserve(1);
    alone.grow(112 * 1024 * 1024 - 1);
    alone.release();
  });

  it('of uploads is renewed from the bytes that were sent', async () => {
    const { service } = await startAged(100);
    const response = await service.upload('/v1/describe?cache=stale_while_revalidate&max_age_seconds=60', PNG, 'image/png');
    expect(((await response.json()) as any).cache.status).toBe('hit');
    expect((await service.calls()).length).toBe(2);
  });
});
