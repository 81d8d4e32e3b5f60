import { beforeEach, describe, expect, it } from 'vitest';
import { ACME_KEY } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';
import { errorOf, QUESTION, startRelay } from './relay.ts';

const OWN_KEY = 'sk-ant-api03-caller-0123456789';

describe('whoever may not', () => {
  beforeEach(emptyStorage);

  it('has no key gets 401 authentication_error, whatever the route', async () => {
    const service = startRelay();
    for (const path of ['/v1/messages', '/v1/messages/count_tokens', '/v1/messages/batches']) {
      const response = await service.sendText('{}', { 'x-api-key': 'sk-ant-api03-stranger' }, path);
      expect(response.status).toBe(401);
      expect((await errorOf(response)).type).toBe('authentication_error');
    }
    expect(service.outgoing).toEqual([]);
  });

  it('asks for a route that is not there gets 404 not_found_error', async () => {
    const service = startRelay();
    for (const response of [await service.send('/v1/messages/batches', { method: 'POST', body: '{}' }), await service.send('/v1/messages')]) {
      expect(response.status).toBe(404);
      expect((await errorOf(response)).type).toBe('not_found_error');
    }
  });

  it('sends more than UPLOAD_BYTES_MAX gets 413 request_too_large', async () => {
    const service = startRelay({ environment: { UPLOAD_BYTES_MAX: '100' } });
    const response = await service.ask([{ type: 'text', text: 'x'.repeat(200) }]);
    expect(response.status).toBe(413);
    expect((await errorOf(response)).type).toBe('request_too_large');
  });
});

describe("a caller's own key of Anthropic", () => {
  beforeEach(emptyStorage);
  const body = JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 16, messages: [{ role: 'user', content: [QUESTION] }] });

  it.each([
    ['x-api-key', { 'x-api-key': OWN_KEY, 'anthropic-version': '2023-06-01' }],
    ['authorization', { authorization: `Bearer ${OWN_KEY}` }],
  ])('goes out in %s, as it came, where the operator allows it', async (name, headers) => {
    const service = startRelay({ environment: { CALLER_ANTHROPIC_KEYS: 'on' } });
    const response = await service.sendText(body, { 'x-vignette-key': ACME_KEY, ...headers });
    expect(response.status).toBe(200);
    const [sent] = service.outgoing;
    expect(sent?.headers.get(name)).toContain(OWN_KEY);
    expect([sent?.headers.get('x-api-key'), sent?.headers.get('authorization')].filter((value) => value !== null)).toHaveLength(1);
    expect(JSON.stringify([...(sent?.headers ?? [])])).not.toContain(ACME_KEY);
    expect(JSON.stringify(service.logs)).not.toContain('sk-ant-');
  });

  it('is refused with 403 where the operator does not', async () => {
    const service = startRelay();
    const response = await service.sendText(body, { 'x-vignette-key': ACME_KEY, 'x-api-key': OWN_KEY });
    expect(response.status).toBe(403);
    expect((await errorOf(response)).type).toBe('permission_error');
    expect(service.outgoing).toEqual([]);
  });

  it('does not let anybody in by itself', async () => {
    const service = startRelay({ environment: { CALLER_ANTHROPIC_KEYS: 'on' } });
    expect((await service.sendText(body, { 'x-api-key': OWN_KEY })).status).toBe(401);
    expect((await service.sendText(body, { 'x-vignette-key': 'wrong-key-0123456789abcdef', 'x-api-key': OWN_KEY })).status).toBe(401);
    expect((await service.sendText(body, { 'x-vignette-key': ACME_KEY, 'x-api-key': 'not-a-key-of-anthropic' })).status).toBe(401);
    expect(service.outgoing).toEqual([]);
  });

  it.each(['Basic c2stYW50', `Bearer ${OWN_KEY} ${OWN_KEY}`, OWN_KEY])(
    'is never replaced by that of the service: %s is no bearer token',
    async (authorization) => {
      const service = startRelay({ environment: { CALLER_ANTHROPIC_KEYS: 'on' } });
      expect((await service.sendText(body, { 'x-vignette-key': ACME_KEY, authorization })).status).toBe(401);
      expect(service.outgoing).toEqual([]);
    },
  );

  it('may name files of its own workspace', async () => {
    const service = startRelay({ environment: { CALLER_ANTHROPIC_KEYS: 'on' }, wire: async () => Response.json({ type: 'message' }) });
    const content = [
      { type: 'image', source: { type: 'file', file_id: 'file_mine' } },
      { type: 'document', source: { type: 'file', file_id: 'file_mine' } },
    ];
    const text = JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 16, messages: [{ role: 'user', content }] });
    expect((await service.sendText(text, { 'x-vignette-key': ACME_KEY, 'x-api-key': OWN_KEY })).status).toBe(200);
    expect(service.outgoing.map((sent) => sent.text)).toEqual([text]);
  });

  it('is not needed beside x-vignette-key', async () => {
    const service = startRelay();
    // The helper adds a key of its own only where none of the usual headers is there.
    const response = await service.sendText(body, { 'x-vignette-key': ACME_KEY, authorization: '' });
    expect(response.status).toBe(200);
    expect(service.outgoing[0]?.headers.get('authorization')).toBe('Bearer sk-ant-test');
  });
});

describe('headers', () => {
  beforeEach(emptyStorage);

  it('pass where they are the API’s, and stay where they are not', async () => {
    const service = startRelay({
      wire: async () =>
        Response.json(
          { type: 'message' },
          {
            headers: {
              'request-id': 'req_upstream', 'retry-after': '7', 'anthropic-ratelimit-tokens-remaining': '5', 'x-should-retry': 'false', 'cf-aig-step': '0',
              'set-cookie': 'a=b', 'anthropic-organization-id': 'org_secret', server: 'cloudflare', 'x-other': 'y',
            },
          },
        ),
    }); // prettier-ignore
    const response = await service.ask([QUESTION], {}, {
      'anthropic-beta': 'files-api-2025-04-14,other', 'anthropic-unknown': 'x', 'cf-aig-skip-cache': 'true', 'cf-aig-cache-ttl': '60', 'cf-aig-authorization': 'Bearer theirs', 'cf-aig-cache-key': 'shared',
      'cf-aig-custom-cost': '{"total_cost":0}', 'cf-aig-request-timeout': '1', 'cf-aig-max-attempts': '5', 'cf-aig-of-tomorrow': 'x', 'cf-aig-metadata': '{"a":1}',
      cookie: 'a=b', 'x-forwarded-for': '10.0.0.1', 'x-stainless-lang': 'js', connection: 'keep-alive', 'user-agent': 'Anthropic/JS',
    }); // prettier-ignore
    const sent = Object.fromEntries(service.outgoing[0]?.headers ?? []);
    expect(sent).toMatchObject({
      'anthropic-beta': 'files-api-2025-04-14,other',
      'anthropic-unknown': 'x',
      'cf-aig-skip-cache': 'true',
      'cf-aig-metadata': '{"a":1}',
      'anthropic-version': '2026-10-21',
      'content-type': 'application/json',
    });
    for (const name of [
      'cookie',
      'x-forwarded-for',
      'x-stainless-lang',
      'connection',
      'cf-aig-authorization',
      'cf-aig-cache-key',
      'cf-aig-cache-ttl',
      'cf-aig-custom-cost',
      'cf-aig-request-timeout',
      'cf-aig-max-attempts',
      'cf-aig-of-tomorrow',
      'x-vignette-key',
      'user-agent',
    ])
      expect(sent).not.toHaveProperty(name);
    const back = Object.fromEntries(response.headers);
    expect(back).toMatchObject({
      'request-id': 'req_upstream',
      'retry-after': '7',
      'anthropic-ratelimit-tokens-remaining': '5',
      'x-should-retry': 'false',
      'cf-aig-step': '0',
    });
    for (const name of ['set-cookie', 'anthropic-organization-id', 'server', 'x-other']) expect(back).not.toHaveProperty(name);
  });

  it('and the mark of beta calls in the address passes', async () => {
    const service = startRelay();
    await service.post('/v1/messages?beta=true&other=1', { model: 'claude-haiku-5-5', max_tokens: 16, messages: [{ role: 'user', content: 'Hi' }] });
    expect(service.outgoing[0]?.url.search).toBe('?beta=true');
  });
});
