import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FIXTURES, fixture } from '../support/fixture.ts';
import { ACME_KEY, startService } from '../support/service.ts';
import { emptyStorage } from '../support/storage.ts';
import { withoutWaiting } from '../support/waiting.ts';

const CANARY = 'canary-5f0c2a';
const image = { base64: fixture('png-orientation-6-big-endian.png').toBase64() };

describe('the log', () => {
  withoutWaiting();
  beforeEach(emptyStorage);

  it('has one line a request, of fields that are known to be harmless', async () => {
    const service = startService();
    await service.upload('/v1/describe', fixture('png-rgb8.png'));
    await service.send('/v1/models', { headers: { authorization: '' } });
    await service.send('/nothing');
    expect(service.logs).toEqual([
      { event: 'request', request_id: expect.stringMatching(/^req_/), method: 'POST', route: '/v1/describe', status: 200, tenant: 'acme', duration_ms: 0 },
      {
        event: 'request',
        request_id: expect.stringMatching(/^req_/),
        method: 'GET',
        route: expect.any(String),
        status: 401,
        tenant: undefined,
        duration_ms: 0,
      },
      {
        event: 'request',
        request_id: expect.stringMatching(/^req_/),
        method: 'GET',
        route: expect.any(String),
        status: 404,
        tenant: undefined,
        duration_ms: 0,
      },
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
