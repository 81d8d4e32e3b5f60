import { describe, expect, it } from 'vitest';
import { Client, errorOf, type Message } from './client.ts';

const SCHEMA = { type: 'object', properties: { alt_text: { type: 'string' } }, additionalProperties: false };
const STRUCTURED = { output_config: { format: { type: 'json_schema', schema: SCHEMA } } };

describe('faults in place of an answer', () => {
  it.each([
    ['rate_limit', 429, 'rate_limit_error', '1'],
    ['spend_cap', 429, 'rate_limit_error', null],
    ['overloaded', 529, 'overloaded_error', null],
    ['internal', 500, 'api_error', null],
    ['unavailable', 503, 'api_error', null],
    ['timeout', 504, 'timeout_error', null],
  ])('%s answers %i %s once, unbilled', async (kind, status, type, retryAfter) => {
    const client = new Client();
    await client.fault(kind);
    const response = await client.ask('Hello');
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(await errorOf(response)).toMatchObject({ status, type });
    expect((await client.bill()).total['calls']).toBe(0);
    expect((await client.ask('Hello')).status).toBe(200);
  });

  it.each(['rate_limit', 'overloaded', 'unavailable', 'internal'])('%s brings the retry-after that was asked for', async (kind) => {
    const client = new Client();
    await client.fault({ kind, retry_after_seconds: 7 });
    const { headers } = await client.ask('Hello');
    expect([headers.get('retry-after'), headers.get('anthropic-ratelimit-requests-remaining')]).toEqual(['7', '0']);
  });

  it.each([
    ['spend_cap', 'false'],
    ['rate_limit', 'true'],
    ['overloaded', 'true'],
    ['internal', 'true'],
  ])('%s says x-should-retry: %s', async (kind, expected) => {
    const client = new Client();
    await client.fault(kind);
    expect((await client.ask('Hello')).headers.get('x-should-retry')).toBe(expected);
    expect((await client.ask('Hello', { max_tokens: 0 })).headers.get('x-should-retry')).toBe('false');
  });

  it.each([200, 403, 502])('a page of HTML may come with status %i', async (status) => {
    const client = new Client();
    await client.fault({ kind: 'html', status });
    const response = await client.ask('Hello');
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining('<!doctype html>')]);
  });

  it('a page of HTML and broken JSON come as they would from a proxy', async () => {
    const client = new Client();
    await client.fault('html', 'malformed_body');
    const html = await client.ask('Hello');
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    const broken = await client.ask('Hello');
    expect(broken.status).toBe(200);
    await expect(broken.json()).rejects.toThrow(SyntaxError);
  });

  it('a hanging request waits ten minutes, and latency as long as asked', async () => {
    const waits: number[] = [];
    const client = new Client({ sleep: async (ms) => void waits.push(ms) });
    await client.fault('hang', { kind: 'overloaded', latency_ms: 250 });
    expect((await client.ask('Hello')).status).toBe(504);
    expect((await client.ask('Hello')).status).toBe(529);
    expect(waits).toEqual([600_000, 250]);
  });
});

describe('faults of a billed answer', () => {
  it.each([
    ['refusal', 'refusal', []],
    ['empty', 'end_turn', []],
    ['thinking_only', 'max_tokens', ['thinking']],
    ['thinking_first', 'end_turn', ['thinking', 'text']],
    ['max_tokens', 'max_tokens', ['text']],
  ])('%s ends with %s and blocks %j', async (kind, stopReason, types) => {
    const client = new Client();
    await client.fault(kind);
    const message: Message = await (await client.ask('Hello')).json();
    expect(message.stop_reason).toBe(stopReason);
    expect(message.content.map(({ type }) => type)).toEqual(types);
    expect(message.stop_details === null).toBe(kind !== 'refusal');
    expect((await client.bill()).total['calls']).toBe(1);
  });

  it('structured output can fail to parse, or break its schema', async () => {
    const client = new Client();
    await client.fault('invalid_json', 'wrong_schema');
    const broken: Message = await (await client.ask('Hello', STRUCTURED)).json();
    expect(() => JSON.parse(broken.content[0]?.text ?? '')).toThrow(SyntaxError);
    const wrong: Message = await (await client.ask('Hello', STRUCTURED)).json();
    expect(JSON.parse(wrong.content[0]?.text ?? '')).not.toHaveProperty('alt_text');
  });

  it('usage can leave the formula', async () => {
    const client = new Client();
    await client.fault('wrong_usage');
    const wrong: Message = await (await client.ask('Hello')).json();
    const right: Message = await (await client.ask('Hello')).json();
    expect(wrong.usage.input_tokens).toBe(right.usage.input_tokens + 1_000);
  });

  it.each(['reset', 'truncated'])('%s gives half a body', async (kind) => {
    const client = new Client();
    await client.fault(kind);
    await expect((await client.ask('Hello')).json()).rejects.toThrow();
    expect((await client.bill()).total['calls']).toBe(1);
  });
});

describe('the queue', () => {
  it('a fault applies as many times as asked, to its route, in order', async () => {
    const client = new Client();
    await client.fault({ kind: 'overloaded', times: 2 }, { kind: 'internal', route: 'models' }, 'unavailable');
    const statuses: number[] = [];
    for (const path of ['ask', 'models', 'ask', 'models', 'ask', 'ask']) {
      const response = path === 'ask' ? await client.ask('Hello') : await client.get('/v1/models');
      statuses.push(response.status);
    }
    expect(statuses).toEqual([529, 500, 529, 200, 503, 200]);
  });

  it('a header faults the request that carries it', async () => {
    const client = new Client();
    const fault = '{"kind": "rate_limit", "retry_after_seconds": 30}';
    const response = await client.ask('Hello', {}, { 'x-simulator-fault': fault });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30']);
    expect((await client.ask('Hello', {}, { 'x-simulator-fault': 'overloaded' })).status).toBe(529);
  });

  it.each([
    [{ kind: 'earthquake' }, 'faults.0.kind: Input should be one of latency'],
    [{ kind: 'latency', times: 0 }, 'faults.0.times: Input should be between 1 and 1000'],
    [{ kind: 'latency', latency_ms: 600_001 }, 'delays should be at most 600000 ms'],
    [{ kind: 'latency', delay: 1 }, 'faults.0.delay: Extra inputs are not permitted'],
  ])('%j is refused', async (fault, message) => {
    const response = await new Client().post('/simulator/faults', { faults: [fault] });
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain(message);
  });

  it('reset forgets faults, requests, files and the bill', async () => {
    const client = new Client();
    await client.ask('Hello');
    await client.fault('overloaded');
    await client.post('/simulator/reset', {});
    expect(await client.records()).toEqual([]);
    expect((await client.bill()).total['calls']).toBe(0);
    expect((await client.ask('Hello')).status).toBe(200);
  });

  it('records stop at two hundred and elide base64', async () => {
    const client = new Client();
    for (let count = 0; count < 201; count++) await client.ask([{ type: 'text', text: `number ${count}` }]);
    const records = await client.records();
    expect(records).toHaveLength(200);
    expect(JSON.stringify(records[0])).toContain('number 1"');
  });
});
