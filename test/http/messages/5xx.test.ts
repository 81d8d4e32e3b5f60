import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { emptyStorage } from '../../support/storage.ts';
import { errorOf, imageBlock, QUESTION, startRelay } from './relay.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('a fault of the provider', () => {
  beforeEach(emptyStorage);

  it.each([
    ['rate_limit', 429, 'rate_limit_error'],
    ['spend_cap', 429, 'rate_limit_error'],
    ['overloaded', 529, 'overloaded_error'],
    ['internal', 500, 'api_error'],
    ['unavailable', 503, 'api_error'],
    ['timeout', 504, 'timeout_error'],
  ])("%s comes back as the API's own: %i %s", async (kind, status, type) => {
    for (const stream of [false, true]) {
      const service = startRelay();
      await service.fail(kind === 'rate_limit' ? { kind, retry_after_seconds: 17 } : kind);
      const response = await service.ask([QUESTION], { stream });
      expect(response.status).toBe(status);
      expect(response.headers.get('retry-after')).toBe(kind === 'rate_limit' ? '17' : null);
      const { type: found, details } = await errorOf(response);
      expect([found, details]).toEqual([type, undefined]);
      // Anthropic's clients have a retry policy of their own.
      expect(service.outgoing).toHaveLength(1);
    }
  });

  it.each([
    ['a page of a proxy', new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } }), 502, 'api_error'],
    ['a page under a good status', new Response('<h1>Hello</h1>', { headers: { 'content-type': 'text/html' } }), 502, 'api_error'],
    ['a page under 429', new Response('slow down', { status: 429, headers: { 'retry-after': '9' } }), 429, 'rate_limit_error'],
    ['a page under 503', new Response('busy', { status: 503, headers: { 'retry-after': '9' } }), 529, 'overloaded_error'],
    ['a page under 504', new Response('late', { status: 504 }), 504, 'timeout_error'],
    ['a page under 404', new Response('where?', { status: 404 }), 502, 'api_error'],
    ['half an answer', new Response('{"type":"message","content":[', { headers: JSON_TYPE }), 502, 'api_error'],
    ['nothing', new Response(null, { headers: JSON_TYPE }), 502, 'api_error'],
    ['a list', new Response('[]', { headers: JSON_TYPE }), 502, 'api_error'],
  ])('%s ends in the envelope', async (_, answer, status, type) => {
    const service = startRelay({ wire: async () => answer });
    const response = await service.ask([QUESTION]);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('retry-after')).toBe(answer.headers.get('retry-after'));
    const error = await errorOf(response);
    expect(error.type).toBe(type);
    expect(error.message).not.toContain('<');
  });

  it('an answer passes as JSON or events, whatever its sender calls it, and its id in the characters of one', async () => {
    const message = {
      type: 'message',
      model: 'claude-haiku-5-5',
      content: [{ type: 'text', text: '<script>x</script>' }],
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    const headers = { 'content-type': 'text/html', 'request-id': 'req_1"><script> 2' };
    const json = await startRelay({ wire: async () => Response.json(message, { headers }) }).ask([QUESTION]);
    expect([json.status, json.headers.get('content-type'), json.headers.get('request-id')]).toEqual([200, 'application/json', 'req_1script2']);
    const odd = { ...headers, 'content-type': 'Text/Event-Stream; x="<b>"', 'request-id': '"' };
    const stream = await startRelay({ wire: async () => new Response('data: {"type":"ping"}\n\n', { headers: odd }) }).ask([QUESTION], { stream: true });
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.headers.get('request-id')).toBe(stream.headers.get('x-request-id'));
  });

  it.each(['reset', 'truncated'])('that breaks an answer off (%s) ends in 502, never in half of it', async (kind) => {
    const service = startRelay();
    await service.fail(kind);
    const response = await service.ask([QUESTION]);
    expect(response.status).toBe(502);
    expect((await errorOf(response)).type).toBe('api_error');
  });

  it('that is no connection at all ends in 502', async () => {
    const service = startRelay({ wire: () => Promise.reject(new Error('connection refused')) });
    const response = await service.ask([imageBlock(fixture('png-rgb8.png'), 'image/png')]);
    expect(response.status).toBe(502);
    expect((await errorOf(response)).message).toContain('could not be reached');
  });

  it.each([401, 403])('%i for the key of this deployment is not said to be the caller’s', async (status) => {
    const refusal = { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' }, request_id: 'req_1' };
    const service = startRelay({ wire: async () => Response.json(refusal, { status }) });
    const response = await service.ask([QUESTION]);
    expect(response.status).toBe(502);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect((await errorOf(response)).message).toContain('ANTHROPIC_API_KEY');
  });

  it('of ours shows its id and nothing else', async () => {
    const service = startRelay({ ports: { sha256: () => Promise.reject(new Error('secret detail')) } });
    const response = await service.ask([QUESTION], {}, { 'x-vignette-cache': 'default' });
    expect(response.status).toBe(500);
    const { type, message } = await errorOf(response);
    expect(type).toBe('api_error');
    expect(message).not.toContain('secret detail');
  });

  it('of memory is 529 with the time to wait', async () => {
    const service = startRelay();
    const held = await service.ledger.reserve(112 * 1024 * 1024);
    const response = await service.ask([imageBlock(fixture('png-rgb8.png'), 'image/png')]);
    held.release();
    expect(response.status).toBe(529);
    expect(response.headers.get('retry-after')).toBe('2');
    expect((await errorOf(response)).type).toBe('overloaded_error');
  });
});
