import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Idempotency } from '../../../src/adapter/idempotency/object.ts';
import { KEEP_MS, LEASE_MS } from '../../../src/core/idempotency/answer.ts';
import { fixture } from '../../support/fixture.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';
import { withoutWaiting } from '../../support/waiting.ts';

const PNG = fixture('png-rgb8.png');
const OTHER = fixture('png-gray8.png');
const image = { base64: PNG.toBase64() };
const namespace = (env as unknown as { IDEMPOTENCY: DurableObjectNamespace<Idempotency> }).IDEMPOTENCY;

let key = '';
const withKey = (headers: Record<string, string> = {}) => ({ 'idempotency-key': key, ...headers });
const stub = () => namespace.get(namespace.idFromName(`v1:acme:acme ${key}`));
const stored = () => runInDurableObject(stub(), (_, state) => [...state.storage.kv.list()].map(([name]) => name));

/** Every describe asks Claude, so that the bill counts how often one was carried out. */
const uncached = { image, cache: 'bypass' };
const message = { model: 'claude-haiku-5-5', max_tokens: 100, messages: [{ role: 'user', content: 'Good morning' }] };

describe('a request with an Idempotency-Key', () => {
  withoutWaiting();
  beforeEach(async () => {
    key = crypto.randomUUID();
    await emptyStorage();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each<[string, string, object]>([
    ['a describe', '/v1/describe', uncached],
    ['a Messages request', '/v1/messages', message],
    ['a Messages request with a stream', '/v1/messages', { ...message, stream: true }],
  ])('%s is carried out once, and answered the same each time', async (_, path, body) => {
    const service = startService();
    const first = await service.post(path, body, withKey());
    const text = await first.text();
    expect(first.status).toBe(200);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    await vi.waitUntil(async () => (await service.post(path, body, withKey())).status === 200);
    const again = await service.post(path, body, withKey({ 'user-agent': 'another' }));
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(again.headers.get('cache-status')).toBe(first.headers.get('cache-status'));
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(await again.text()).toBe(text);
    expect((await service.simulate('bill')).total.calls).toBe(1);
  });

  it('stores an image once, and says where each time', async () => {
    const service = startService();
    const send = () => service.send('/v1/images', { method: 'POST', headers: withKey({ 'content-type': 'image/png' }), body: PNG });
    const first = await send();
    const { image_id, is_new } = (await first.json()) as any;
    expect([first.status, is_new]).toEqual([201, true]);
    await bindings.IMAGES.delete((await bindings.IMAGES.list()).objects.map(({ key }) => key));
    const again = await send();
    expect(again.status).toBe(201);
    expect(await again.json()).toMatchObject({ image_id, is_new: true });
    expect(again.headers.get('location')).toBe(`/v1/images/${image_id}`);
    expect((await bindings.IMAGES.list()).objects).toEqual([]);
  });

  it('knows a form again although its boundary is another one', async () => {
    const service = startService();
    const send = async (bytes: BufferSource, boundaryless: object = {}) => {
      const form = new FormData();
      form.set('image', new Blob([bytes], { type: 'image/png' }), 'a.png');
      form.set('cache', 'bypass');
      for (const [name, value] of Object.entries(boundaryless)) form.set(name, String(value));
      return service.send('/v1/describe', { method: 'POST', headers: withKey(), body: form });
    };
    expect((await send(PNG)).status).toBe(200);
    expect((await send(PNG)).headers.get('idempotent-replayed')).toBe('true');
    expect((await send(OTHER)).status).toBe(422);
    expect((await send(PNG, { prompt: 'What?' })).status).toBe(422);
    expect((await service.calls()).length).toBe(1);
  });

  it.each<[string, (service: ReturnType<typeof startService>) => Promise<Response>]>([
    ['another body', (service) => service.post('/v1/describe', { ...uncached, prompt: 'What?' }, withKey())],
    ['another route', (service) => service.post('/v1/images', uncached, withKey())],
    ['another form of answer', (service) => service.post('/v1/describe', uncached, withKey({ accept: 'text/plain' }))],
    ['another use of the cache', (service) => service.post('/v1/describe', uncached, withKey({ 'cache-control': 'no-cache' }))],
    ['another address', (service) => service.send('/v1/describe?prompt=x', { method: 'POST', headers: withKey({ 'content-type': 'image/png' }), body: PNG })],
  ])('is refused with %s', async (_, other) => {
    const service = startService();
    await service.post('/v1/describe', uncached, withKey());
    const response = await other(service);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'idempotency_mismatch', param: 'idempotency-key', retryable: false, billed: false });
    expect((await service.calls()).length).toBe(1);
  });

  it('is another one with the key of another tenant, and quotes make no difference', async () => {
    const service = startService();
    await service.post('/v1/describe', uncached, withKey());
    const theirs = await service.post('/v1/describe', uncached, withKey({ authorization: `Bearer ${UMBRELLA_KEY}` }));
    expect(theirs.headers.get('idempotent-replayed')).toBeNull();
    expect((await service.post('/v1/describe', uncached, { 'idempotency-key': `"${key}"` })).headers.get('idempotent-replayed')).toBe('true');
    expect((await service.calls()).length).toBe(2);
  });

  it('is told to come back while the first is at work', async () => {
    const answer = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const service = startService({
      wire: async (request, next) => {
        asked.resolve();
        await answer.promise;
        return next(request);
      },
    });
    const first = service.post('/v1/describe', uncached, withKey());
    await asked.promise;
    const second = await service.post('/v1/describe', uncached, withKey());
    expect(second.status).toBe(409);
    expect(second.headers.get('retry-after')).toBe('2');
    const problem = (await second.json()) as any;
    expect(problem).toMatchObject({ code: 'idempotency_conflict', retryable: true, billed: false, detail: expect.stringContaining('still at work') });
    expect(problem.title).not.toMatch(/kept|gone|deleted/);
    answer.resolve();
    expect((await first).status).toBe(200);
    expect((await service.post('/v1/describe', uncached, withKey())).headers.get('idempotent-replayed')).toBe('true');
  });

  it('is carried out to its end when its client leaves', async () => {
    const caller = new AbortController();
    const service = startService({
      wire: (request, next) => {
        caller.abort();
        return next(request);
      },
    });
    const init = { method: 'POST', headers: withKey({ 'content-type': 'application/json' }), body: JSON.stringify(uncached) };
    await service.send('/v1/describe', { ...init, signal: caller.signal });
    const again = await service.send('/v1/describe', init);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect((await service.calls()).length).toBe(1);
  });

  it('keeps no answer that the request itself forbids to keep, and says so to its repeat', async () => {
    const service = startService();
    const first = await service.post('/v1/describe', { ...uncached, store: 'none' }, withKey());
    const { descriptions } = (await first.json()) as any;
    const known = await runInDurableObject(stub(), (_, state) => state.storage.kv.get<any>('known'));
    expect(first.status).toBe(200);
    expect(descriptions).toHaveLength(1);
    expect(known).toMatchObject({ state: 'done', answer: { status: 200 } });
    expect(known.answer.body).toBeUndefined();
    const again = await service.post('/v1/describe', { ...uncached, store: 'none' }, withKey());
    expect(again.status).toBe(409);
    const problem = (await again.json()) as any;
    expect(problem).toMatchObject({ code: 'idempotency_conflict', retryable: false, detail: expect.stringContaining('that answer is not kept') });
    expect(problem.title).not.toMatch(/running|at work/);
    expect((await service.calls()).length).toBe(1);
  });

  it.each([
    ['overloaded', 503],
    ['spend_cap', 429],
  ])('may try again after %s, which was not billed', async (fault, status) => {
    const service = startService();
    await service.fail({ kind: fault, times: fault === 'overloaded' ? 3 : 1 });
    expect((await service.post('/v1/describe', uncached, withKey())).status).toBe(status);
    expect(await stored()).toEqual([]);
    const again = await service.post('/v1/describe', uncached, withKey());
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, null]);
  });

  it.each([
    ['timeout', 504, 'upstream_timeout'],
    ['invalid_json', 502, 'upstream_error'],
    ['internal', 502, 'upstream_error'],
    ['refusal', 422, 'model_refused'],
  ])('gets the same error after %s, which was or may have been billed', async (fault, status, code) => {
    const service = startService();
    await service.fail(fault);
    for (const replayed of [null, 'true']) {
      const response = await service.post('/v1/describe', uncached, withKey());
      expect([response.status, response.headers.get('idempotent-replayed')]).toEqual([status, replayed]);
      expect(await response.json()).toMatchObject({ code, billed: true });
    }
    expect((await service.calls()).length).toBe(1);
  });

  it('gets the same error for what is wrong with it', async () => {
    const service = startService();
    for (const replayed of [null, 'true']) {
      const response = await service.post('/v1/describe', { image, fields: ['poem'] }, withKey());
      expect([response.status, response.headers.get('idempotent-replayed')]).toEqual([400, replayed]);
    }
  });

  it.each([
    ['/v1/describe', 'invalid_request'],
    ['/v1/messages', undefined],
  ])('is refused with a key that is none, in the words of %s', async (path, code) => {
    const service = startService();
    const response = await service.post(path, path === '/v1/messages' ? message : uncached, { 'idempotency-key': 'two words' });
    expect(response.status).toBe(400);
    const body = (await response.json()) as any;
    expect(body.code).toBe(code);
    if (path === '/v1/messages') expect(body).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    expect(await service.calls()).toEqual([]);
  });

  it('speaks as Anthropic does under /v1/messages', async () => {
    const service = startService();
    await service.post('/v1/messages', message, withKey());
    const response = await service.post('/v1/messages', { ...message, max_tokens: 99 }, withKey());
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error', details: { error_code: 'idempotency_mismatch' } } });
  });

  it('means nothing where nothing is spent or stored', async () => {
    const service = startService();
    for (let time = 0; time < 2; time++) {
      const response = await service.post('/v1/estimate', { image }, withKey());
      expect([response.status, response.headers.get('idempotent-replayed')]).toEqual([200, null]);
    }
    expect((await service.send('/v1/models', { headers: { 'idempotency-key': 'two words' } })).status).toBe(200);
  });

  it('is known for a day, then nothing of it is stored', async () => {
    let nowMs = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
    const service = startService();
    await service.post('/v1/describe', uncached, withKey());
    nowMs += KEEP_MS - 1;
    await runDurableObjectAlarm(stub());
    expect((await service.post('/v1/describe', uncached, withKey())).headers.get('idempotent-replayed')).toBe('true');
    nowMs += 1;
    expect(await runDurableObjectAlarm(stub())).toBe(true);
    expect(await stored()).toEqual([]);
    expect((await service.post('/v1/describe', uncached, withKey())).headers.get('idempotent-replayed')).toBeNull();
  });

  it('may be tried again when the first has died', async () => {
    let nowMs = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
    const begun = (await stub().begin('f')) as any;
    expect(await stub().begin('f')).toMatchObject({ state: 'running' });
    // Its line breaks with its request; a silent one is given up in time.
    nowMs += LEASE_MS - 1;
    expect(await stub().begin('f')).toMatchObject({ state: 'running' });
    nowMs += 1;
    const next = (await stub().begin('f')) as any;
    expect(next.state).toBe('run');
    // The late one has nothing to say any more.
    await stub().finish(begun.token, { status: 200, headers: {} });
    expect(await stub().begin('f')).toMatchObject({ state: 'running' });
    next[Symbol.dispose]();
    await vi.waitUntil(async () => (await stored()).length === 0);
    begun[Symbol.dispose]();
  });
});
