import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngPicture } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { type ServiceOptions, startService, UMBRELLA_KEY } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';
import { withoutWaiting } from '../../support/waiting.ts';

const PNG = fixture('png-rgb8.png');
const image = { base64: PNG.toBase64() };

/** How many of the answers have each status. */
async function statuses(responses: readonly Response[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const response of responses) {
    const { cache } = (await response.clone().json()) as any;
    counts[cache.status] = (counts[cache.status] ?? 0) + 1;
  }
  return counts;
}

/** A service whose Claude answers only when so many requests, each once in a flight, have joined. */
function gatheringService(joins: number, options: ServiceOptions = {}) {
  const service = startService({
    ...options,
    wire: async (request, next) => {
      await vi.waitUntil(() => service.work.joins >= joins, { interval: 1, timeout: 10_000 });
      return next(request);
    },
  });
  return service;
}

const many = <T>(count: number, make: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, make));

describe('identical requests to POST /v1/describe at once', () => {
  withoutWaiting();
  beforeEach(emptyStorage);

  it('200 of them make one call, and all are answered', async () => {
    const service = gatheringService(200);
    const answers = await many(200, () => service.upload('/v1/describe', PNG, 'image/png'));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 200 }, () => 200));
    expect((await service.simulate('bill')).total.calls).toBe(1);
    expect(await statuses(answers)).toEqual({ miss: 1, joined: 199 });
    expect(new Set(answers.map((answer) => answer.headers.get('x-request-id'))).size).toBe(200);
  });

  it('a follower pays nothing, has an id and facts of its own, and is told', async () => {
    const service = gatheringService(2);
    const [first, second] = await Promise.all([
      service.upload('/v1/describe', PNG, 'image/png'),
      service.post('/v1/describe', { image: { ...image, media_type: 'image/jpeg' }, metadata: { mine: 1 } }),
    ]);
    const follower = [first, second].find((response) => response?.headers.get('cache-status')?.includes('collapsed'));
    expect(follower?.headers.get('cache-status')).toBe('Vignette; fwd=uri-miss; collapsed');
    const bodies = (await Promise.all([first, second].map((response) => response?.json()))) as any[];
    const led = bodies.find((body) => body.cache.status === 'miss');
    const joined = bodies.find((body) => body.cache.status === 'joined');
    expect(led.usage.input_tokens).toBeGreaterThan(0);
    expect(joined.usage).toEqual({ ...led.usage, input_tokens: 0, output_tokens: 0, cost_usd: 0, drift_tokens: null });
    expect(joined.cache).toEqual({ status: 'joined', age_seconds: 0, saved_usd: led.usage.cost_usd });
    expect(joined.descriptions).toEqual(led.descriptions);
    expect(joined.images).toEqual(led.images);
    expect(joined.id).not.toBe(led.id);
    const [corrected] = bodies.filter((body) => body.metadata?.mine === 1);
    expect(corrected.warnings.map(({ code }: any) => code)).toContain('media_type_corrected');
  });

  it('the same pixels in other files make one call, too', async () => {
    // Six for the files, and one for the pixels of each file.
    const service = gatheringService(9);
    const files = await Promise.all([1, 2, 3].map((comment) => pngPicture(1569, 100, { comment: `number ${comment}` })));
    const answers = await Promise.all([...files, ...files].map((file) => service.upload('/v1/describe', file, 'image/png')));
    expect(await statuses(answers)).toEqual({ miss: 1, joined: 5 });
    expect((await service.simulate('bill')).total.calls).toBe(1);
    // From now on each of the files is known by its own bytes.
    const again = await Promise.all(files.map((file) => service.upload('/v1/describe?cache=only', file, 'image/png')));
    expect(await statuses(again)).toEqual({ hit: 3 });
  });

  it('requests that ask for a fresh answer share one, but take none that was there before', async () => {
    const service = startService();
    await service.post('/v1/describe', { image });
    const answers = await Promise.all([1, 2, 3].map(() => service.post('/v1/describe', { image, cache: 'refresh' })));
    expect(await statuses(answers)).toEqual({ refresh: 1, joined: 2 });
    expect((await service.calls()).length).toBe(2);
  });

  it('what differs, or wants no cache, is asked for itself', async () => {
    const service = startService();
    const answers = await Promise.all([
      service.post('/v1/describe', { image }),
      service.post('/v1/describe', { image }, { authorization: `Bearer ${UMBRELLA_KEY}` }),
      service.post('/v1/describe', { image, max_length: 99 }),
      service.post('/v1/describe', { image, cache: 'bypass' }),
      service.post('/v1/describe', { image, cache: 'bypass' }),
    ]);
    expect(await statuses(answers)).toEqual({ miss: 3, bypass: 2 });
    expect((await service.calls()).length).toBe(5);
  });

  it('an answer is there at once for those who come after, although KV has not heard of it yet', async () => {
    const { kvCache } = await import('../../../src/adapter/kv-cache.ts');
    const { bindings } = await import('../../support/storage.ts');
    const kv = kvCache(bindings.DESCRIPTIONS, () => undefined);
    const service = startService({ ports: { cache: { ...kv, get: async () => undefined } } });
    await service.post('/v1/describe', { image });
    const response = await service.post('/v1/describe', { image });
    expect(response.headers.get('cache-status')).toMatch(/^Vignette; hit; ttl=/);
    expect((await service.calls()).length).toBe(1);
  });

  it.each([
    ['refusal', 'model_refused', { billed: true }, { billed: false }],
    ['thinking_only', 'model_truncated', { billed: true, param: 'max_tokens' }, { billed: false, param: 'max_tokens' }],
    ['timeout', 'upstream_timeout', { billed: true, retryable: true }, { billed: false, retryable: true }],
    ['spend_cap', 'rate_limited', { billed: false, retryable: false }, { billed: false, retryable: false }],
    ['invalid_json', 'upstream_error', { billed: true }, { billed: false }],
  ])('a call that ends in %s ends so for all, and is not repeated', async (fault, code, own, others) => {
    const service = gatheringService(20);
    await service.fail(fault);
    const problems = await many(20, async () => expectProblem(await service.post('/v1/describe', { image }), code));
    expect((await service.calls()).length).toBe(1);
    expect(problems.filter(({ billed }) => billed)).toHaveLength(own.billed ? 1 : 0);
    for (const problem of problems) expect(problem).toMatchObject(problem.billed ? own : others);
  });

  it('a fault of the pictures is said in the words of each request', async () => {
    const service = startService();
    const broken = fixture('png-orientation-6-big-endian.png').slice(0, -60);
    const problems = await Promise.all(
      [
        service.upload('/v1/describe', broken, 'image/png'),
        service.post('/v1/describe', { image: { base64: broken.toBase64() } }),
        service.post('/v1/describe', { images: [{ base64: broken.toBase64() }] }),
      ].map(async (response) => expectProblem(await response, 'image_undecodable')),
    );
    expect(problems.map(({ param }) => param).toSorted()).toEqual(['body', 'image.base64', 'images.0.base64']);
    expect(await service.calls()).toEqual([]);
  });

  it('an unexpected failure before the call is that of one request: the next one asks', async () => {
    const picture = await pngPicture(1569, 100);
    let lookUps = 0;
    // The look-up after the first five is that of the leader for its pixels.
    const get = async () => {
      lookUps += 1;
      if (lookUps === 6) throw new TypeError('a fault of ours');
      return undefined;
    };
    const service = startService({ ports: { cache: { get, put: async () => true, delete: async () => undefined } } });
    const answers = await many(5, () => service.upload('/v1/describe', picture, 'image/png'));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 500]);
    expect((await service.calls()).length).toBe(1);
  });

  it('an unexpected failure after the call is that of all: another call would be billed again', async () => {
    let calls = 0;
    const createMessage = async () => {
      calls += 1;
      throw new TypeError('a fault of ours');
    };
    const service = startService({ ports: { model: { createMessage } } });
    const problems = await many(5, async () => expectProblem(await service.upload('/v1/describe', PNG, 'image/png'), 'internal'));
    expect(problems.map(({ billed }) => billed).toSorted()).toEqual([false, false, false, false, true]);
    expect(calls).toBe(1);
  });
});
