import { beforeEach, describe, expect, it, vi } from 'vitest';
import { logLine } from '../../src/log.ts';
import { FIXTURES, fixture } from '../support/fixture.ts';
import { ACME_KEY, startService } from '../support/service.ts';
import { emptyStorage } from '../support/storage.ts';
import { withoutWaiting } from '../support/waiting.ts';

const CANARY = 'canary-5f0c2a';
const image = { base64: fixture('png-orientation-6-big-endian.png').toBase64() };

describe('the log', () => {
  withoutWaiting();
  beforeEach(emptyStorage);

  it('has one line a request: who asked for what, what came of it, how long it took and what it cost', async () => {
    const service = startService();
    await service.upload('/v1/describe', fixture('png-rgb8.png'));
    await service.upload('/v1/describe', fixture('png-rgb8.png'));
    const [call] = await service.calls();
    const ids = {
      event: 'request',
      request_id: expect.stringMatching(/^req_[0-9a-f]{32}$/),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
    };
    const both = {
      ...ids,
      level: 'info',
      method: 'POST',
      route: '/v1/describe',
      status: 200,
      tenant: 'acme',
      key: 'acme',
      model: 'claude-haiku-5-5',
      images: 1,
    };
    expect(service.logs.map((entry) => JSON.parse(logLine(entry)))).toEqual([
      {
        ...both,
        cache: 'miss',
        input_tokens: call.usage.input_tokens,
        output_tokens: call.usage.output_tokens,
        cost_usd: expect.any(Number),
        upstream_request_id: call.request_id,
        duration_ms: 0,
        overhead_ms: 0,
        stages_ms: { body: 0, load: 0, cache: 0, flight: 0, transcode: 0, model: 0 },
      },
      {
        ...both,
        cache: 'hit',
        input_tokens: 0,
        output_tokens: 0,
        cost_usd: 0,
        saved_usd: expect.any(Number),
        duration_ms: 0,
        overhead_ms: 0,
        stages_ms: { body: 0, load: 0, cache: 0 },
      },
    ]);
  });

  it.each([
    ['a key that is none', '/v1/models', { headers: { authorization: 'Bearer nothing' } }, 401, 'unauthorized', '/v1/models', 'info'],
    ['an id that is none', '/v1/images/x', {}, 404, 'not_found', '/v1/images/:imageId', 'info'],
    ['no route', '/nothing/here', {}, 404, 'not_found', '/*', 'info'],
    [
      'a body that is none',
      '/v1/describe',
      { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
      400,
      'invalid_request',
      '/v1/describe',
      'info',
    ],
  ])('names the route that was meant and the fault: %s', async (_, path, init, status, code, route, level) => {
    const service = startService();
    await service.send(path, init);
    expect(service.logs).toMatchObject([{ event: 'request', status, code, route, level }]);
  });

  it('names the model of a request that Claude failed, as an error', async () => {
    const service = startService();
    await service.fail('internal');
    await service.post('/v1/describe', { image, model: 'claude-haiku-5-5' });
    expect(service.logs).toMatchObject([
      { event: 'fault', level: 'error', code: 'upstream_error' },
      { event: 'request', level: 'error', status: 502, code: 'upstream_error', model: 'claude-haiku-5-5', images: 1 },
    ]);
  });

  it('holds no keys, prompts, pictures, addresses, file names or answers, whatever goes wrong', async () => {
    const names = ['log', 'info', 'warn', 'error', 'debug'] as const;
    const spies = names.map((name) => vi.spyOn(console, name).mockImplementation(() => undefined));
    const service = startService({
      origin: (request) => {
        if (request.url.includes('broken')) throw new Error(`${CANARY} connection to ${request.url}`);
        return new Response(`<html>${CANARY}`, { status: request.url.includes('missing') ? 404 : 200 });
      },
    });
    const all = { image, prompt: CANARY, system: CANARY, context: { a: CANARY }, metadata: { b: CANARY }, max_tokens: 3_000 };
    for (const fault of ['latency', 'refusal', 'internal', 'html', 'reset', 'malformed_body', 'invalid_json', 'spend_cap', 'timeout']) {
      await service.fail(fault);
      await service.post('/v1/describe', { ...all, cache: 'refresh' });
    }
    await service.post(`/v1/describe?token=${CANARY}`, all);
    await service.upload(`/v1/describe?prompt=${CANARY}&${CANARY}=1`, fixture('png-rgb8.png'));
    await service.upload('/v1/describe', fixture('png-rgb8.png'), `text/${CANARY}`);
    await service.post('/v1/describe', { image: { base64: btoa(`<html>${CANARY}`) } });
    for (const path of ['broken', 'missing', 'page'])
      await service.post('/v1/describe', { image: { url: `https://a.example.com/${path}?signature=${CANARY}` } });
    await service.post('/v1/images', { url: `https://${CANARY}:x@a.example.com/` });
    await service.send(`/v1/models?key=${CANARY}`, { headers: { authorization: `Bearer ${CANARY}` } });
    await service.send('/v1/describe', { method: 'POST', body: `{"${CANARY}": `, headers: { 'content-type': 'application/json' } });

    const lines = JSON.stringify([service.logs, spies.map((spy) => spy.mock.calls)]);
    for (const spy of spies) spy.mockRestore();
    expect(service.logs.length).toBeGreaterThan(18);
    expect(lines).not.toContain(CANARY);
    expect(lines).not.toContain(ACME_KEY);
    expect(lines).not.toContain('sk-ant');
    expect(lines).not.toContain('Simulated');
    expect(lines).not.toContain('example.com');
    for (const name of FIXTURES) expect(lines).not.toContain(fixture(name).toBase64().slice(20, 84));
  });
});
