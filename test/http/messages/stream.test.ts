import { beforeEach, describe, expect, it } from 'vitest';
import { emptyStorage } from '../../support/storage.ts';
import { QUESTION, startRelay } from './relay.ts';

/** Events of a stream: name and data. */
async function eventsOf(response: Response): Promise<{ event: string; data: any }[]> {
  const text = await response.text();
  expect(text.endsWith('\n\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n\n')
    .map((block) => {
      const [event = '', data = ''] = block.split('\n');
      return { event: event.replace('event: ', ''), data: JSON.parse(data.replace('data: ', '')) };
    });
}

/** A provider whose stream is in the test's hands. */
function controlled() {
  const cancelled: unknown[] = [];
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
    cancel: (reason) => {
      cancelled.push(reason);
    },
  });
  return {
    cancelled,
    wire: async () => new Response(stream, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_upstream' } }),
    say: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    end: () => controller?.close(),
    breakOff: () => controller?.error(new Error('reset')),
  };
}

const START = 'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}\n\n';
const STOP = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';

describe('a stream', () => {
  beforeEach(emptyStorage);

  it('comes through as it is, event by event', async () => {
    const service = startRelay();
    const response = await service.ask([QUESTION], { stream: true });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = await eventsOf(response);
    expect(events.every(({ event, data }) => event === data.type)).toBe(true);
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['message_start', 'ping', 'content_block_delta', 'message_delta']));
    expect(events.at(-1)?.event).toBe('message_stop');
  });

  it('is not gathered: an event is there before the next one exists', async () => {
    const upstream = controlled();
    const response = await startUnwaited(upstream, {});
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    upstream.say(START.slice(0, 20));
    upstream.say(START.slice(20) + 'event: pi');
    expect(await reader?.read()).toEqual({ done: false, value: START });
    upstream.say('ng\r\ndata: {"type": "ping"}\r\n\r\n');
    expect((await reader?.read())?.value).toBe('event: ping\r\ndata: {"type": "ping"}\r\n\r\n');
    upstream.say(STOP);
    upstream.end();
    expect((await reader?.read())?.value).toBe(STOP);
    expect((await reader?.read())?.done).toBe(true);
  });

  it.each(['end', 'breakOff'] as const)('that breaks off (%s) ends with an error event, and without the half before it', async (way) => {
    const upstream = controlled();
    const response = await startUnwaited(upstream, {});
    upstream.say(START);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(START);
    upstream.say('event: content_block_delta\ndata: {"type":"content_bl');
    upstream[way]();
    const last = (await reader?.read())?.value ?? '';
    expect(last).toMatch(/^event: error\ndata: \{.*\}\n\n$/);
    expect(JSON.parse(last.split('\n')[1]?.slice(6) ?? '')).toMatchObject({
      type: 'error',
      error: { type: 'api_error', message: expect.stringContaining('broke off') },
    });
    expect((await reader?.read())?.done).toBe(true);
  });

  it.each(['reset', 'truncated'])('of the simulated API that is %s does, too', async (kind) => {
    const service = startRelay();
    await service.fail({ kind, after_events: 4 });
    const events = await eventsOf(await service.ask([QUESTION], { stream: true }));
    expect(events.at(0)?.event).toBe('message_start');
    expect(events.at(-1)).toMatchObject({ event: 'error', data: { error: { type: 'api_error' } } });
    expect(events.filter(({ event }) => event === 'error')).toHaveLength(1);
  });

  it('in which the API itself says an error is passed on, with no error of ours', async () => {
    const service = startRelay();
    await service.fail({ kind: 'stream_error', after_events: 2 });
    const events = await eventsOf(await service.ask([QUESTION], { stream: true }));
    expect(events.filter(({ event }) => event === 'error')).toEqual([
      { event: 'error', data: expect.objectContaining({ error: { type: 'overloaded_error', message: 'Overloaded' } }) },
    ]);
  });

  it('whose reader leaves is cancelled upstream', async () => {
    const upstream = controlled();
    const response = await startUnwaited(upstream, {});
    upstream.say(START);
    await response.body?.cancel();
    await expect.poll(() => upstream.cancelled.length).toBe(1);
  });

  it('whose reader leaves is read to its end where that was asked, and fills the cache', async () => {
    const upstream = controlled();
    const service = startRelay({ wire: upstream.wire });
    const headers = { 'x-vignette-on-disconnect': 'finish', 'x-vignette-cache': 'default' };
    const { response, settled } = await service.open('/v1/messages', body({ stream: true }), headers);
    upstream.say('event: ping\ndata: {"type":"ping"}\n\n');
    await response.body?.cancel();
    const delta = (data: object) => `event: x\ndata: ${JSON.stringify(data)}\n\n`;
    upstream.say(
      delta({
        type: 'message_start',
        message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-haiku-5-5', content: [], usage: { input_tokens: 3, output_tokens: 1 } },
      }),
    );
    upstream.say(delta({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }));
    upstream.say(delta({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Yes.' } }));
    upstream.say(delta({ type: 'content_block_stop', index: 0 }));
    upstream.say(delta({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } }));
    upstream.say(STOP);
    upstream.end();
    await settled;
    expect(upstream.cancelled).toEqual([]);
    const hit = await service.send('/v1/messages', {
      method: 'POST',
      body: JSON.stringify(body({})),
      headers: { 'content-type': 'application/json', ...headers },
    });
    expect(hit.headers.get('cache-status')).toMatch(/^Vignette; hit/);
    expect(await hit.json()).toMatchObject({ id: 'msg_1', content: [{ type: 'text', text: 'Yes.' }], usage: { input_tokens: 3, output_tokens: 2 } });
  });

  it.each([
    ['cancel', 'bypass', true],
    ['cancel', 'default', false],
    ['finish', 'default', false],
  ])('or an answer in one piece, whose caller leaves before it has begun: %s, cache %s', async (mode, cache, isAborted) => {
    let upstreamSignal: AbortSignal | undefined;
    const caller = new AbortController();
    const answer = Promise.withResolvers<Response>();
    const service = startRelay({
      wire: (request) => {
        upstreamSignal = request.signal;
        caller.abort();
        return answer.promise;
      },
    });
    const headers = { 'content-type': 'application/json', 'x-vignette-on-disconnect': mode, 'x-vignette-cache': cache };
    const response = service.send('/v1/messages', { method: 'POST', body: JSON.stringify(body({})), headers, signal: caller.signal });
    await expect.poll(() => caller.signal.aborted && upstreamSignal !== undefined).toBe(true);
    expect(upstreamSignal?.aborted).toBe(isAborted);
    // As a fetch does.
    if (isAborted) answer.reject(upstreamSignal?.reason);
    else
      answer.resolve(
        Response.json({
          type: 'message',
          role: 'assistant',
          model: 'claude-haiku-5-5',
          content: [{ type: 'text', text: 'Yes.' }],
          stop_reason: 'end_turn',
          usage: { input_tokens: 1, output_tokens: 1 },
        }),
      );
    await response;
    const again = await service.send('/v1/messages', { method: 'POST', body: JSON.stringify(body({})), headers: { ...headers, 'x-vignette-cache': 'only' } });
    expect(again.status).toBe(isAborted ? 404 : 200);
  });

  it('has its tokens and its cost in the log, at its end', async () => {
    const service = startRelay();
    const response = await service.ask([QUESTION], { stream: true });
    await response.text();
    const { total } = await service.simulate('bill');
    const line = service.logs.find(({ event }) => event === 'request');
    expect(line).toMatchObject({
      status: 200,
      input_tokens: total.input_tokens,
      output_tokens: total.output_tokens,
      cost_usd: expect.closeTo(total.cost_usd, 7),
    });
  });
});

function body(more: Record<string, unknown>) {
  return { model: 'claude-haiku-5-5', max_tokens: 256, messages: [{ role: 'user', content: [QUESTION] }], ...more };
}

async function startUnwaited(upstream: ReturnType<typeof controlled>, headers: Record<string, string>): Promise<Response> {
  const { response } = await startRelay({ wire: upstream.wire }).open('/v1/messages', body({ stream: true }), headers);
  expect(response.headers.get('request-id')).toBe('req_upstream');
  return response;
}
