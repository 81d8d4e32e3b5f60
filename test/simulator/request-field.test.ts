import { describe, expect, it } from 'vitest';
import { Client, errorOf, MODEL, request } from './client.ts';

const TURN = [{ role: 'user', content: 'Hello' }];
const TOOL = { name: 'note', description: 'Takes a note.', input_schema: { type: 'object', properties: {} } };

describe('fields', () => {
  it.each([
    ['no model', { max_tokens: 1, messages: TURN }, 'model: Field required'],
    ['no max_tokens', { model: MODEL, messages: TURN }, 'max_tokens: Field required'],
    ['no messages', { model: MODEL, max_tokens: 1 }, 'messages: Field required'],
    ['max_tokens 0', request('x', { max_tokens: 0 }), 'max_tokens: Input should be greater than or equal to 1'],
    ['a fraction of a token', request('x', { max_tokens: 1.5 }), 'max_tokens: Input should be a valid integer'],
    ['empty messages', request('x', { messages: [] }), 'messages: at least one message is required'],
    ['empty content', request([]), 'messages.0: all messages must have non-empty content'],
    ['empty text', request([{ type: 'text', text: '' }]), 'messages: text content blocks must be non-empty'],
    ['an unknown role', request('x', { messages: [{ role: 'system', content: 'x' }] }), "messages.0.role: Input should be 'user' or 'assistant'"],
    ['the assistant first', request('x', { messages: [{ role: 'assistant', content: 'x' }] }), 'first message must use the "user" role'],
    ['an unknown block', request([{ type: 'video' }]), "messages.0.content.0: Input tag 'video'"],
    ['an unknown source', request([{ type: 'image', source: { type: 'path' } }]), "messages.0.content.0.image.source: Input tag 'path'"],
    ['an unknown field', request('x', { detail: 'high' }), 'detail: Extra inputs are not permitted'],
    ['a stream that is no boolean', request('x', { stream: 'yes' }), 'stream: Input should be a valid boolean'],
    ['tool_choice without tools', request('x', { tool_choice: { type: 'auto' } }), 'tool_choice: may only be specified while providing tools'],
  ])('%s is refused by name', async (_, body, message) => {
    const error = await errorOf(await new Client().post('/v1/messages', body));
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect(error.message).toContain(message);
  });

  it('an unknown model is not found', async () => {
    const error = await errorOf(await new Client().ask('x', { model: 'claude-nobody-9' }));
    expect(error).toEqual({ status: 404, type: 'not_found_error', message: 'model: claude-nobody-9' });
  });

  it('a date suffix names the same model, and the answer repeats the name', async () => {
    const response = await new Client().ask('x', { model: 'claude-haiku-4-5-20251001' });
    expect(await response.json()).toMatchObject({ model: 'claude-haiku-4-5-20251001' });
  });

  it('a body that is not JSON is refused', async () => {
    const { app } = new Client();
    const headers = { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' };
    const response = await app.request('/v1/messages', { method: 'POST', headers, body: '{' });
    expect((await errorOf(response)).message).toMatch(/^The request body is not valid JSON/);
  });

  it('betas may bring fields of their own', async () => {
    const response = await new Client().ask('x', { mcp_servers: [] }, { 'anthropic-beta': 'mcp-client-2025-11-20' });
    expect(response.status).toBe(200);
  });
});

describe('forced tools', () => {
  it.each(['claude-sonnet-5-5', 'claude-opus-5-5'])('%s refuses them', async (model) => {
    const fields = { model, tools: [TOOL], tool_choice: { type: 'tool', name: 'note' } };
    expect((await errorOf(await new Client().ask('x', fields))).message).toMatch(/^tool_choice: forced tool use/);
  });

  it('another model calls the tool with an input that follows its schema', async () => {
    const schema = { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] };
    const fields = {
      tools: [{ ...TOOL, input_schema: schema }],
      tool_choice: { type: 'tool', name: 'note' },
    };
    expect(await (await new Client().ask('x', fields)).json()).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', name: 'note', input: { count: 1 } }],
    });
  });
});

describe('protocol', () => {
  const body = JSON.stringify(request('Hello'));
  const call = (headers: Record<string, string>): Promise<Response> =>
    Promise.resolve(new Client({ apiKeys: ['good'] }).app.request('/v1/messages', { method: 'POST', headers, body }));

  it.each([
    ['x-api-key', { 'x-api-key': 'good' }],
    ['Bearer', { authorization: 'Bearer good' }],
  ])('%s is taken with either version', async (_, key) => {
    for (const version of ['2023-06-01', '2026-10-21']) {
      expect((await call({ ...key, 'anthropic-version': version })).status).toBe(200);
    }
  });

  it.each([
    [{}, 'x-api-key header is required'],
    [{ 'x-api-key': 'bad' }, 'invalid x-api-key'],
    [{ authorization: 'Bearer bad' }, 'invalid bearer token'],
    [{ authorization: 'Basic good' }, 'x-api-key header is required'],
  ])('without a good key nothing is answered: %j', async (key, message) => {
    const error = await errorOf(await call({ ...key, 'anthropic-version': '2023-06-01' }));
    expect(error).toEqual({ status: 401, type: 'authentication_error', message });
  });

  it('a version is required, and must exist', async () => {
    expect((await errorOf(await call({ 'x-api-key': 'good' }))).message).toBe('anthropic-version: header is required');
    const unknown = await errorOf(await call({ 'x-api-key': 'good', 'anthropic-version': '2025-01-01' }));
    expect(unknown).toMatchObject({
      status: 400,
      message: 'anthropic-version: "2025-01-01" is not a valid version',
    });
  });

  it.each(['temperature', 'top_p', 'top_k'])('%s is retired with version 2026-10-21', async (field) => {
    const client = new Client();
    expect((await client.ask('x', { [field]: 1 })).status).toBe(200);
    const retired = await client.ask('x', { [field]: 1 }, { 'anthropic-version': '2026-10-21' });
    expect((await errorOf(retired)).message).toBe(`${field}: not supported with anthropic-version 2026-10-21`);
  });

  it('answers and errors carry a request id and rate-limit headers', async () => {
    for (const headers of [{ 'x-api-key': 'good', 'anthropic-version': '2023-06-01' }, {}]) {
      const response = await call(headers);
      expect(response.headers.get('request-id')).toMatch(/^req_sim_[0-9a-f]{24}$/);
      expect(response.headers.get('anthropic-ratelimit-requests-limit')).toBe('4000');
    }
  });

  it('unknown routes are not found, in the envelope', async () => {
    expect(await errorOf(await new Client().post('/v1/complete', {}))).toMatchObject({
      status: 404,
      type: 'not_found_error',
    });
  });
});
