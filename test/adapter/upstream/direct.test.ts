import { describe, expect, it } from 'vitest';
import { callOf, openOn, streamOf } from './wire.ts';

const KEY = { ANTHROPIC_API_KEY: 'sk-ant-test' };
const GATEWAY = { ...KEY, ANTHROPIC_BASE_URL: 'https://gateway.ai.cloudflare.com/v1/account/gateway/anthropic/' };
/** Spaces, an unknown field, an escape and a number beyond a double: what parsing and writing again would change. */
const BODY = '{ "model":"claude-x", "unknown": [1, {"a":"\\u00e9"}], "seed": 12345678901234567890 , "messages":[] }';

describe('the Anthropic API', () => {
  it('gets the very bytes of the body, with their length', async () => {
    const { upstream, sent } = openOn(KEY);
    await upstream.send(callOf(BODY));
    expect(sent[0]).toMatchObject({ url: 'https://api.anthropic.com/v1/messages', method: 'POST', text: BODY });
  });

  it('gets a streamed body with its exact length', async () => {
    const bytes = new TextEncoder().encode(BODY);
    const { upstream, sent } = openOn(KEY);
    await upstream.send(callOf(BODY, { body: streamOf(bytes), bodyBytes: bytes.length, path: 'messages/count_tokens' }));
    expect(sent[0]).toMatchObject({ url: 'https://api.anthropic.com/v1/messages/count_tokens', text: BODY });
    const short = callOf(BODY, { body: streamOf(bytes), bodyBytes: bytes.length + 1 });
    await expect(upstream.send(short)).rejects.toMatchObject({ code: 'upstream_error' });
  });

  it.each([
    ['2023-06-01', 'x-api-key', 'sk-ant-test', 'authorization'],
    ['2026-10-21', 'authorization', 'Bearer sk-ant-test', 'x-api-key'],
    ['2027-01-01', 'authorization', 'Bearer sk-ant-test', 'x-api-key'],
  ])('of version %s gets the key as %s alone', async (version, name, value, other) => {
    const { upstream, sent } = openOn(KEY);
    await upstream.send(callOf(BODY, { headers: new Headers({ 'anthropic-version': version, [other]: 'of somebody else' }) }));
    expect(sent[0]?.headers.get(name)).toBe(value);
    expect(sent[0]?.headers.has(other)).toBe(false);
    expect(sent[0]?.headers.get('anthropic-version')).toBe(version);
  });

  it.each([
    ['x-api-key', 'x-api-key', 'sk-ant-caller'],
    ['bearer', 'authorization', 'Bearer sk-ant-caller'],
  ] as const)("sees a caller's own %s in place of the deployment's", async (kind, name, value) => {
    const { upstream, sent } = openOn(KEY);
    await upstream.send(callOf(BODY, { credential: { kind, value: 'sk-ant-caller' } }));
    expect(sent[0]?.headers.get(name)).toBe(value);
    expect(JSON.stringify([...(sent[0]?.headers ?? [])])).not.toContain('sk-ant-test');
  });

  it('never sees headers of a gateway', async () => {
    const { upstream, sent } = openOn(KEY);
    await upstream.send(callOf(BODY, { headers: new Headers({ 'cf-aig-metadata': '{}', 'cf-aig-authorization': 'Bearer x' }) }));
    expect(Array.from(sent[0]?.headers.keys() ?? []).filter((name) => name.startsWith('cf-aig-'))).toEqual([]);
  });

  it('changes the model alone where it has another id', async () => {
    const { upstream, sent } = openOn({ ...KEY, PROVIDER_MODELS: '{"claude-x":"claude-y"}' });
    await upstream.send(callOf(BODY));
    expect(sent[0]?.text).toBe('{"model":"claude-y","unknown": [1, {"a":"\\u00e9"}],"seed": 12345678901234567890,"messages":[]}');
    await upstream.send(callOf(BODY.replace('claude-x', 'toString')));
    expect(sent[1]?.text).toContain('"toString"');
  });

  it.each([200, 400, 429, 500, 529])('gives an answer of status %i as it is', async (status) => {
    const headers = { 'retry-after': '7', 'request-id': 'req_1' };
    const response = await openOn(KEY, () => new Response('raw <text>', { status, headers })).upstream.send(callOf(BODY));
    expect([response.status, response.headers.get('retry-after'), response.headers.get('request-id'), await response.text()]).toEqual([
      status,
      '7',
      'req_1',
      'raw <text>',
    ]);
  });

  it('gives a stream before it has ended', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const response = await openOn(KEY, () => new Response(readable)).upstream.send(callOf(BODY));
    const reader = response.body?.getReader();
    void writer.write(new TextEncoder().encode('event: ping\n\n'));
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('event: ping\n\n');
    await reader?.cancel();
  });
});

describe('a failing wire', () => {
  it.each([
    ['connect ECONNREFUSED: connection refused', false],
    ['getaddrinfo ENOTFOUND api.example.com', false],
    ['Network connection lost.', true],
    ['read ECONNRESET', true],
  ])('is upstream_error: "%s" may have been billed: %s', async (message, billed) => {
    const { upstream } = openOn(KEY, () => {
      throw new TypeError(message);
    });
    await expect(upstream.send(callOf(BODY))).rejects.toMatchObject({ code: 'upstream_error', billed });
  });

  it('is upstream_timeout for a caller who has left or whose time is over', async () => {
    const { upstream } = openOn(KEY);
    await expect(upstream.send(callOf(BODY, { signal: AbortSignal.abort() }))).rejects.toMatchObject({ code: 'upstream_timeout', billed: true });
  });

  it('that points elsewhere is not followed', async () => {
    const { upstream, sent } = openOn(KEY, () => new Response(null, { status: 307, headers: { location: 'http://elsewhere.test/' } }));
    await expect(upstream.send(callOf(BODY))).rejects.toMatchObject({ code: 'upstream_error', retryable: false });
    expect(sent).toHaveLength(1);
  });
});

describe('AI Gateway', () => {
  it('gets its headers from the caller, and is told to keep no payloads', async () => {
    const { upstream, sent } = openOn(GATEWAY);
    await upstream.send(callOf(BODY, { headers: new Headers({ 'cf-aig-metadata': '{"a":1}' }) }));
    expect(sent[0]?.url).toBe('https://gateway.ai.cloudflare.com/v1/account/gateway/anthropic/v1/messages');
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toMatchObject({ 'cf-aig-metadata': '{"a":1}', 'cf-aig-collect-log-payload': 'false' });
    expect(sent[0]?.headers.has('cf-aig-authorization')).toBe(false);
  });

  it('keeps payloads where the operator or the caller says so', async () => {
    const byOperator = openOn({ ...GATEWAY, AI_GATEWAY_PAYLOAD_LOG: 'on' });
    await byOperator.upstream.send(callOf(BODY));
    expect(byOperator.sent[0]?.headers.has('cf-aig-collect-log-payload')).toBe(false);
    const byCaller = openOn(GATEWAY);
    await byCaller.upstream.send(callOf(BODY, { headers: new Headers({ 'cf-aig-collect-log-payload': 'true' }) }));
    expect(byCaller.sent[0]?.headers.get('cf-aig-collect-log-payload')).toBe('true');
  });

  it("gets the deployment's token, whatever the caller sends", async () => {
    const { upstream, sent } = openOn({ ...GATEWAY, AI_GATEWAY_TOKEN: 'gateway-token' });
    await upstream.send(callOf(BODY, { headers: new Headers({ 'cf-aig-authorization': 'Bearer mine' }) }));
    expect(sent[0]?.headers.get('cf-aig-authorization')).toBe('Bearer gateway-token');
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer sk-ant-test');
  });
});
