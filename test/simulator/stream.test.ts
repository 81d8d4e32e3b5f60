import { describe, expect, it } from 'vitest';
import { Client, request } from './client.ts';

interface Event {
  readonly type: string;
  readonly index?: number;
  readonly delta?: Record<string, unknown>;
  readonly usage?: Record<string, unknown>;
  readonly message?: Record<string, unknown>;
  readonly error?: Record<string, unknown>;
}

/** Parses server-sent events by the WHATWG rules that the API uses: one event name, one data line. */
function parseEvents(text: string): Event[] {
  return text
    .split('\n\n')
    .filter((part) => part !== '')
    .map((part) => {
      const [, name, data] = /^event: (\S+)\ndata: (.*)$/.exec(part) ?? [];
      const event = JSON.parse(data ?? 'null') as Event;
      expect(event.type).toBe(name);
      return event;
    });
}

async function stream(client: Client, fields: Record<string, unknown> = {}): Promise<Response> {
  const response = await client.ask('Hello', { stream: true, ...fields });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  return response;
}

describe('streams', () => {
  it('bring the same answer as JSON, in the order of the API', async () => {
    const client = new Client();
    const message: { content: { text: string }[]; usage: { input_tokens: number; output_tokens: number } } = await (await client.ask('Hello')).json();
    const events = parseEvents(await (await stream(client)).text());
    const types = events.map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['message_start', 'content_block_start', 'ping']);
    expect(types.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
    expect(new Set(types.slice(3, -3))).toEqual(new Set(['content_block_delta']));
    const text = events.map(({ delta }) => delta?.['text'] ?? '').join('');
    expect(text).toBe(message.content[0]?.text);
    expect(events.at(0)?.message).toMatchObject({ content: [], stop_reason: null });
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: message.usage.input_tokens, output_tokens: message.usage.output_tokens },
    });
  });

  it('bring tool input as partial JSON', async () => {
    const tools = [{ name: 'note', input_schema: { type: 'object', properties: { language: { type: 'string' } } } }];
    const response = await stream(new Client(), { tools, tool_choice: { type: 'any' } });
    const events = parseEvents(await response.text());
    const json = events.map(({ delta }) => delta?.['partial_json'] ?? '').join('');
    expect(JSON.parse(json)).toEqual({ language: 'en' });
    expect(events.at(-2)?.delta).toMatchObject({ stop_reason: 'tool_use' });
  });

  it('bring thinking and its signature before the text', async () => {
    const client = new Client();
    await client.fault('thinking_first');
    const events = parseEvents(await (await stream(client)).text());
    const kinds = events.filter(({ type }) => type === 'content_block_delta').map(({ delta }) => delta?.['type']);
    expect([...new Set(kinds)]).toEqual(['thinking_delta', 'signature_delta', 'text_delta']);
  });

  it('end early and cleanly when truncated', async () => {
    const client = new Client();
    await client.fault({ kind: 'truncated', after_events: 5 });
    const events = parseEvents(await (await stream(client)).text());
    expect(events).toHaveLength(5);
    expect(events.at(-1)?.type).toBe('content_block_delta');
  });

  it('bring an error event when that is asked for', async () => {
    const client = new Client();
    await client.fault({ kind: 'stream_error', after_events: 2 });
    const events = parseEvents(await (await stream(client)).text());
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
  });

  it('end in the middle of an event when that is asked for', async () => {
    const whole = await (await stream(new Client())).text();
    const client = new Client();
    await client.fault({ kind: 'truncated', after_events: 4, cuts_event: true });
    const text = await (await stream(client)).text();
    expect(text.split('\n\n')).toHaveLength(5);
    expect(text.split('\n\n').at(-1)).toMatch(/^event: content_block_delta\n?/);
    expect(whole).toContain(text.split('\n\n')[4]);
  });

  it.each([1, 7, 100_000])('come in pieces of %i bytes, the same bytes', async (size) => {
    const client = new Client();
    const mask = (text: string): string => text.replace(/msg_sim_[0-9a-f]+/g, '');
    const whole = mask(await (await stream(client)).text());
    await client.fault({ kind: 'latency', chunk_bytes: size });
    const decoder = new TextDecoder();
    const sizes: number[] = [];
    let text = '';
    for await (const piece of (await stream(client)).body ?? []) {
      sizes.push(piece.length);
      text += decoder.decode(piece, { stream: true });
    }
    expect(sizes.slice(0, -1).every((length) => length === size)).toBe(true);
    expect(mask(text)).toBe(whole);
  });

  it('fall silent for ten minutes when stalled', async () => {
    const waits: number[] = [];
    const client = new Client({ sleep: async (ms) => void waits.push(ms) });
    await client.fault({ kind: 'stall', after_events: 2 });
    expect(parseEvents(await (await stream(client)).text())).toHaveLength(2);
    expect(waits).toEqual([600_000]);
  });

  it('break when the connection is reset, after what had been sent', async () => {
    const client = new Client();
    await client.fault({ kind: 'reset', after_events: 2 });
    const reader = (await stream(client)).body?.getReader();
    await reader?.read();
    await reader?.read();
    await expect(reader?.read()).rejects.toThrow('simulated connection reset');
    expect((await client.bill()).total['calls']).toBe(1);
  });

  it('wait between events for as long as asked', async () => {
    const waits: number[] = [];
    const client = new Client({ sleep: async (ms) => void waits.push(ms) });
    await client.fault({ kind: 'latency', latency_ms: 1_000, event_delay_ms: 50 });
    const events = parseEvents(await (await stream(client)).text());
    // One pause before each event but the first, and one before the end.
    expect(waits).toEqual([1_000, ...Array<number>(events.length).fill(50)]);
  });

  it('remember that the client went away', async () => {
    const client = new Client();
    const reader = (await stream(client)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect((await client.records())[0]).toMatchObject({ is_cancelled: true, stream: true });
  });

  it('errors before the first event are plain JSON', async () => {
    const response = await new Client().post('/v1/messages', request('x', { stream: true, max_tokens: 0 }));
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/json');
  });
});
