import { describe, expect, it } from 'vitest';
import { bedrockProvider } from '../../../src/adapter/upstream/bedrock.ts';
import { chunk, frame } from './event-stream.ts';
import { expectedAuthorization } from './signature-v4.ts';
import { callOf, openOn, streamOf } from './wire.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const SIGNED = { PROVIDER: 'bedrock', AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: SECRET };
const WITH_KEY = { PROVIDER: 'bedrock', AWS_REGION: 'us-east-1', AWS_BEARER_TOKEN_BEDROCK: 'bedrock-key' };
const MODEL = 'global.anthropic.claude-sonnet-5-5-v1:0';
const REST = '"seed":12345678901234567890,"messages":[{"role":"user","content":"H\\u00e9 é"}]';
const BODY = `{"model":"${MODEL}","max_tokens":10,${REST}}`;

const open = (environment: Record<string, string>, answer?: (request: Request) => Response | Promise<Response>) =>
  openOn(environment, answer, { bedrock: bedrockProvider });

describe('Amazon Bedrock', () => {
  it('gets the model in the path, the version in the body, and the rest as it came', async () => {
    const { upstream, sent } = open(WITH_KEY);
    await upstream.send(callOf(BODY));
    expect(sent[0]?.url).toBe('https://bedrock-runtime.us-east-1.amazonaws.com/model/global.anthropic.claude-sonnet-5-5-v1%3A0/invoke');
    expect(sent[0]?.text).toBe(`{"anthropic_version":"bedrock-2023-05-31","max_tokens":10,${REST}}`);
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer bedrock-key');
    expect(sent[0]?.headers.has('anthropic-version')).toBe(false);
  });

  it('streams by another path, not by a member of the body', async () => {
    const { upstream, sent } = open(WITH_KEY);
    await upstream.send(callOf(BODY.replace('"max', '"stream":true,"max')));
    expect(sent[0]?.url.endsWith('/invoke-with-response-stream')).toBe(true);
    expect(sent[0]?.text).toBe(`{"anthropic_version":"bedrock-2023-05-31","max_tokens":10,${REST}}`);
  });

  it('gets later versions and betas in the body, and leaves those of the body alone', async () => {
    const { upstream, sent } = open(WITH_KEY);
    const headers = new Headers({ 'anthropic-version': '2026-10-21', 'anthropic-beta': 'one, two' });
    await upstream.send(callOf({ model: 'm' }, { headers }));
    expect(JSON.parse(sent[0]?.text ?? '')).toEqual({ anthropic_version: '2026-10-21', anthropic_beta: ['one', 'two'] });
    await upstream.send(callOf({ model: 'm', anthropic_version: 'own', anthropic_beta: ['own'] }, { headers }));
    expect(sent[1]?.text).toBe('{"anthropic_version":"own","anthropic_beta":["own"]}');
  });

  it('gets its own id of a model', async () => {
    const { upstream, sent } = open({ ...WITH_KEY, PROVIDER_MODELS: '{"claude-x":"arn:aws:bedrock:eu::profile/x"}' });
    await upstream.send(callOf({ model: 'claude-x' }));
    expect(new URL(sent[0]?.url ?? '').pathname).toBe('/model/arn%3Aaws%3Abedrock%3Aeu%3A%3Aprofile%2Fx/invoke');
  });

  it.each([
    ['bytes', {}],
    ['a stream', { body: streamOf(new TextEncoder().encode(BODY)), bodyBytes: new TextEncoder().encode(BODY).length }],
  ])('gets a signature over the very body, from %s', async (_, rest) => {
    const { upstream, sent } = open(SIGNED);
    await upstream.send(callOf(BODY, { ...rest, headers: new Headers({ 'content-type': 'application/json', 'x-trace': 'unsigned' }) }));
    const [request] = sent;
    if (request === undefined) throw new Error('nothing was sent');
    expect(request.headers.get('authorization')).toBe(await expectedAuthorization(request, 'AKIDEXAMPLE', SECRET, 'eu-central-1'));
    expect(request.headers.get('authorization')).toMatch(/SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date,/);
    expect(JSON.stringify([...request.headers])).not.toContain(SECRET);
  });

  it('gets the token of temporary keys, signed', async () => {
    const { upstream, sent } = open({ ...SIGNED, AWS_SESSION_TOKEN: 'session' });
    await upstream.send(callOf(BODY));
    const [request] = sent;
    if (request === undefined) throw new Error('nothing was sent');
    expect(request.headers.get('x-amz-security-token')).toBe('session');
    expect(request.headers.get('authorization')).toContain('x-amz-security-token');
    expect(request.headers.get('authorization')).toBe(await expectedAuthorization(request, 'AKIDEXAMPLE', SECRET, 'eu-central-1'));
  });

  it('takes base64 alone, of 5 MB, in bodies of 20 MB', () => {
    expect(open(WITH_KEY).upstream.limits).toEqual({
      sources: ['base64'],
      base64CharactersMax: 5_242_880,
      bodyBytesMax: 20_971_520,
      supportsOversizedGuard: false,
    });
    expect(open(WITH_KEY).files).toBeUndefined();
  });

  it('counts no tokens, and says so without a call', async () => {
    const { upstream, sent } = open(WITH_KEY);
    await expect(upstream.send(callOf(BODY, { path: 'messages/count_tokens' }))).rejects.toMatchObject({ code: 'not_found' });
    expect(sent).toEqual([]);
  });
});

describe('a stream of Bedrock', () => {
  const type = { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': 'aws-1' };
  const START = { type: 'message_start', message: { id: 'msg_1' } };
  const DELTA = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'zwei\nZeilen' } };

  it('becomes server-sent events, however its frames are cut', async () => {
    const bytes = new Uint8Array(await new Blob([chunk(START), chunk(DELTA), chunk({ type: 'message_stop' })]).arrayBuffer());
    const response = await open(WITH_KEY, () => new Response(streamOf(bytes), { headers: type })).upstream.send(callOf(BODY));
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('request-id')).toBe('aws-1');
    expect(await response.text()).toBe(
      [START, DELTA, { type: 'message_stop' }].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
    );
  });

  it('is handed on event by event, and given up with its reader', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    let signal: AbortSignal | undefined;
    const { upstream } = open(WITH_KEY, (request) => {
      ({ signal } = request);
      return new Response(readable, { headers: type });
    });
    const reader = (await upstream.send(callOf(BODY))).body?.getReader();
    void writer.write(chunk(START));
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('message_start');
    expect(signal?.aborted).toBe(false);
    await reader?.cancel();
    expect(signal?.aborted).toBe(true);
  });

  it('ends in an error event where Bedrock throws one', async () => {
    const thrown = frame(
      { ':exception-type': 'throttlingException', ':content-type': 'application/json', ':message-type': 'exception' },
      '{"message":"Too many"}',
    );
    const bytes = new Uint8Array(await new Blob([chunk(START), thrown]).arrayBuffer());
    const text = await (await open(WITH_KEY, () => new Response(bytes, { headers: type })).upstream.send(callOf(BODY))).text();
    expect(text.split('\n\n').at(-2)).toBe('event: error\ndata: {"type":"error","error":{"type":"throttlingException","message":"Too many"}}');
  });
});

describe('an error of Bedrock', () => {
  it.each([
    [400, 'invalid_request_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [408, 'timeout_error'],
    [424, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [503, 'overloaded_error'],
  ])('of status %i has the envelope of the Anthropic API, as %s', async (status, type) => {
    const headers = { 'x-amzn-requestid': 'aws-2', 'x-amzn-errortype': 'SomeException', 'retry-after': '3' };
    const response = await open(WITH_KEY, () => Response.json({ message: 'in words' }, { status, headers })).upstream.send(callOf(BODY));
    expect([response.status, response.headers.get('retry-after'), response.headers.get('request-id')]).toEqual([status, '3', 'aws-2']);
    expect(await response.json()).toEqual({ type: 'error', error: { type, message: 'in words' }, request_id: 'aws-2' });
  });

  it.each(['<html>', '', 'x'.repeat(70_000)])('that is no JSON has it too', async (text) => {
    const response = await open(WITH_KEY, () => new Response(text, { status: 502 })).upstream.send(callOf(BODY));
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'api_error', message: 'The provider answered with status 502.' } });
  });

  it('that has the envelope already stays as it is', async () => {
    const envelope = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const response = await open(WITH_KEY, () => Response.json(envelope, { status: 529 })).upstream.send(callOf(BODY));
    expect(await response.json()).toEqual(envelope);
  });
});
