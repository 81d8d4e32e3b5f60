import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngPicture } from '../../support/picture.ts';
import { ACME_KEY, type ServiceOptions } from '../../support/service.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';
import { EventReader } from '../../../src/core/json/sse.ts';
import { MessageFold, streamOf } from '../../../src/core/relay/message-fold.ts';
import { SHARED_CHARACTERS_MAX } from '../../../src/core/cache/shared-answer.ts';
import { imageBlock, QUESTION, startRelay } from './relay.ts';

const CACHED = { 'x-vignette-cache': 'default' };
const CONTENT = [imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg'), QUESTION];
const COLLAPSED = 'Vignette; fwd=uri-miss; collapsed';

/** A service whose Claude answers only when so many requests have joined. */
function gatheringRelay(joins: number, options: ServiceOptions = {}) {
  const service = startRelay({
    ...options,
    wire: async (request, next) => {
      await vi.waitUntil(() => service.work.joins >= joins, { interval: 1, timeout: 10_000 });
      return options.wire === undefined ? next(request) : options.wire(request, next);
    },
  });
  return service;
}

/** The Message of an answer in either form. */
async function messageOf(response: Response): Promise<any> {
  if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) return response.json();
  const fold = new MessageFold(true);
  for (const event of new EventReader().push(new Uint8Array(await response.arrayBuffer())).events) fold.add(event);
  return fold.message();
}

const many = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, index) => make(index)));
const joinedOf = (answers: readonly Response[]) => answers.filter((answer) => answer.headers.get('cache-status') === COLLAPSED);
const messageKeys = async () => (await bindings.DESCRIPTIONS.list({ prefix: 'message:v1:' })).keys;
const body = (more: Record<string, unknown>) => ({ model: 'claude-haiku-5-5', max_tokens: 256, messages: [{ role: 'user', content: CONTENT }], ...more });

describe('identical requests to POST /v1/messages at once, with the cache on', () => {
  beforeEach(emptyStorage);

  it.each([
    ['a stream', 0],
    ['in one piece', 1],
  ])('50 of them, streams and others, make one call, and all have the same Message: the first is %s', async (_, odd) => {
    const service = gatheringRelay(50, { environment: { BUDGET_USD_DAY: '100' } });
    const answers = await many(50, (index) => service.ask(CONTENT, { stream: index % 2 === odd }, CACHED));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(answers.map((answer) => answer.headers.get('content-type')?.startsWith('text/event-stream'))).toEqual(
      Array.from({ length: 50 }, (__, index) => index % 2 === odd),
    );
    const messages = await Promise.all(answers.map(messageOf));
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
    for (const message of messages) expect(message).toMatchObject({ content: messages[0].content, usage: messages[0].usage, stop_reason: 'end_turn' });
    expect(joinedOf(answers)).toHaveLength(49);
    expect(service.outgoing).toHaveLength(1);
    const { total } = await service.simulate('bill');
    expect(total.calls).toBe(1);
    // Charged once, whatever the number of those who had it.
    const usage = (await (await service.send('/v1/usage')).json()) as any;
    expect(usage.total).toMatchObject({ requests: 50, joined: 49, calls: 1, cost_usd: expect.closeTo(total.cost_usd, 7) });
  });

  it('the same pixels in other files make one call, too', async () => {
    const service = gatheringRelay(3);
    const files = await Promise.all([1, 2, 3].map((comment) => pngPicture(1, 3000, { comment: `number ${comment}` })));
    const answers = await Promise.all(files.map((file) => service.ask([imageBlock(file, 'image/png'), QUESTION], {}, CACHED)));
    expect(joinedOf(answers)).toHaveLength(2);
    expect(service.outgoing).toHaveLength(1);
  });

  it('"refresh" shares a call, but takes nothing from before; without the cache each asks for itself', async () => {
    const service = startRelay();
    await service.ask(CONTENT, {}, CACHED);
    const fresh = await many(3, () => service.ask(CONTENT, {}, { 'x-vignette-cache': 'refresh' }));
    expect(joinedOf(fresh)).toHaveLength(2);
    expect(service.outgoing).toHaveLength(2);
    await many(2, () => service.ask(CONTENT));
    expect(service.outgoing).toHaveLength(4);
  });

  it('an answer is there at once for those who come after, although KV has not heard of it yet', async () => {
    const service = startRelay({ ports: { messages: { get: async () => undefined, put: async () => true } } });
    await service.ask(CONTENT, { stream: true }, CACHED);
    expect((await service.ask(CONTENT, {}, CACHED)).headers.get('cache-status')).toMatch(/^Vignette; hit; ttl=/);
    expect(service.outgoing).toHaveLength(1);
  });

  it.each([false, true])('goes on when the caller who leads leaves in the middle of a stream: followers in streams: %s', async (stream) => {
    let upstream: ReadableStreamDefaultController<Uint8Array> | undefined;
    const say = (data: Record<string, unknown> & { type: string }) =>
      upstream?.enqueue(new TextEncoder().encode(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`));
    const source = new ReadableStream<Uint8Array>({ start: (controller) => void (upstream = controller) });
    const service = startRelay({ wire: async () => new Response(source, { headers: { 'content-type': 'text/event-stream' } }) });
    const { response, settled } = await service.open('/v1/messages', body({ stream: true }), CACHED);
    say({
      type: 'message_start',
      message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-haiku-5-5', content: [], usage: { input_tokens: 3, output_tokens: 1 } },
    });
    const reader = response.body?.getReader();
    await reader?.read();
    const following = many(5, () => service.ask(CONTENT, { stream }, CACHED));
    await vi.waitUntil(() => service.work.joins >= 6, { interval: 1 });
    await reader?.cancel();
    say({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
    say({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Yes.' } });
    say({ type: 'content_block_stop', index: 0 });
    say({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } });
    say({ type: 'message_stop' });
    upstream?.close();
    const answers = await following;
    await settled;
    expect(joinedOf(answers)).toHaveLength(5);
    for (const message of await Promise.all(answers.map(messageOf))) expect(message).toMatchObject({ id: 'msg_1', content: [{ text: 'Yes.' }] });
    expect(service.outgoing).toHaveLength(1);
    // By the file, and by what was sent.
    expect(await messageKeys()).toHaveLength(2);
  });

  it('a leader who reads nothing of his stream keeps nobody waiting', async () => {
    const service = startRelay();
    const { response, settled } = await service.open('/v1/messages', body({ stream: true }), CACHED);
    const follower = await service.ask(CONTENT, {}, CACHED);
    expect(follower.headers.get('cache-status')).toMatch(/collapsed|hit/);
    expect((await messageOf(response)).id).toBe((await messageOf(follower)).id);
    await settled;
    expect(service.outgoing).toHaveLength(1);
  });

  it('one who left before Claude was asked is replaced', async () => {
    const caller = new AbortController();
    let turns = 0;
    const service = startRelay({
      wrap: (ports) => ({
        ...ports,
        flights: {
          ...ports.flights,
          join: async (key, options) => {
            const turn = await ports.flights.join(key, options);
            turns += 1;
            if (turns === 1) caller.abort();
            return turn;
          },
        },
      }),
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...CACHED }, body: JSON.stringify(body({})) };
    const [left, ...others] = await Promise.all([
      service.send('/v1/messages', { ...init, signal: caller.signal }),
      ...Array.from({ length: 3 }, () => service.ask(CONTENT, {}, CACHED)),
    ]);
    expect(left?.status).not.toBe(200);
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(service.outgoing).toHaveLength(1);
  });

  it.each(['refusal', 'max_tokens'])('a whole answer that is never cached is for those who wait, and for nobody later: %s', async (kind) => {
    for (const stream of [false, true]) {
      await emptyStorage();
      const service = gatheringRelay(10);
      await service.fail(kind);
      const answers = await many(10, (index) => service.ask(CONTENT, { stream: index % 2 === 0 ? stream : !stream }, CACHED));
      for (const message of await Promise.all(answers.map(messageOf))) expect(message.stop_reason).toBe(kind);
      expect(service.outgoing).toHaveLength(1);
      expect(await messageKeys()).toEqual([]);
      const later = await service.ask(CONTENT, {}, CACHED);
      expect(later.headers.get('cache-status')).toBe('Vignette; fwd=uri-miss');
      expect(await messageOf(later)).toMatchObject({ stop_reason: 'end_turn' });
    }
  });

  it.each([
    ['rate_limit', 429],
    ['overloaded', 529],
    ['internal', 500],
    ['timeout', 504],
    ['html', 502],
    ['malformed_body', 502],
  ])('an error of the API is that of all who wait, and of nobody later: %s', async (kind, status) => {
    const service = gatheringRelay(10);
    await service.fail(kind);
    const answers = await many(10, (index) => service.ask(CONTENT, { stream: index % 2 === 0 }, CACHED));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => status));
    const types = await Promise.all(answers.map(async (answer) => ((await answer.json()) as any).error.type));
    expect(new Set(types).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.headers.get('retry-after'))).size).toBe(1);
    expect(service.outgoing).toHaveLength(1);
    expect((await service.ask(CONTENT, {}, CACHED)).status).toBe(200);
  });

  it.each(['reset', 'truncated', 'stream_error'])('a stream that ends badly is an error for all who wait, and is not asked for again: %s', async (kind) => {
    const service = gatheringRelay(10);
    await service.fail({ kind, after_events: 4 });
    const answers = await many(10, () => service.ask(CONTENT, { stream: true }, CACHED));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 502)]);
    expect(service.outgoing).toHaveLength(1);
    expect(await messageKeys()).toEqual([]);
  });

  it.each([false, true])(
    'a call of a tool is that of all who wait, in the form that they asked for, and of nobody later: the first is a stream: %s',
    async (isStream) => {
      const call = { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'the é', ids: [1, 2] } };
      const message = {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'claude-haiku-5-5',
        content: [call],
        stop_reason: 'tool_use',
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      };
      const streamed = { headers: { 'content-type': 'text/event-stream' } };
      const wire = async () => (isStream ? new Response(streamOf(message), streamed) : Response.json(message));
      const service = gatheringRelay(4, { wire });
      const answers = await many(4, (index) => service.ask(CONTENT, { stream: (index % 2 === 0) === isStream }, CACHED));
      expect(joinedOf(answers)).toHaveLength(3);
      for (const answer of answers) expect(await messageOf(answer)).toEqual(message);
      expect(service.outgoing).toHaveLength(1);
      expect(await messageKeys()).toEqual([]);
      expect((await service.ask(CONTENT, { stream: isStream }, CACHED)).headers.get('cache-status')).toBe('Vignette; fwd=uri-miss');
      expect(service.outgoing).toHaveLength(2);
    },
  );

  it('without the cache everybody gets a call of a tool of his own', async () => {
    let calls = 0;
    const message = () => ({ type: 'message', content: [{ type: 'tool_use', id: `toolu_${++calls}`, name: 'n', input: {} }], stop_reason: 'tool_use' });
    const service = startRelay({ wire: async () => Response.json(message()) });
    const answers = await Promise.all((await many(3, () => service.ask(CONTENT))).map(messageOf));
    expect(new Set(answers.map(({ content }) => content[0].id)).size).toBe(3);
  });

  it.each([
    ['a tool of the provider', [{ type: 'server_tool_use', id: 't', name: 'web_search', input: {} }]],
    ['more characters than are shared', [{ type: 'text', text: 'x'.repeat(SHARED_CHARACTERS_MAX) }]],
  ])('an answer with %s is for its caller alone: everybody asks', async (_, content) => {
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-5-5',
      content,
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    const service = gatheringRelay(3, { wire: async () => Response.json(message) });
    const answers = await many(3, () => service.ask(CONTENT, {}, CACHED));
    for (const answer of answers) expect(await messageOf(answer)).toEqual(message);
    expect(service.outgoing).toHaveLength(3);
  });

  it('an error for a key of the caller’s own is his alone: the next one asks', async () => {
    const error = { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' }, request_id: 'req_1' };
    const service = gatheringRelay(3, {
      environment: { CALLER_ANTHROPIC_KEYS: 'on' },
      wire: async (request, next) => (request.headers.get('x-api-key')?.endsWith('wrong-key') === true ? Response.json(error, { status: 401 }) : next(request)),
    });
    const answers = await Promise.all([
      service.ask(CONTENT, {}, { ...CACHED, 'x-vignette-key': ACME_KEY, 'x-api-key': 'sk-ant-wrong-key' }),
      service.ask(CONTENT, {}, CACHED),
      service.ask(CONTENT, {}, CACHED),
    ]);
    expect(answers.slice(1).map(({ status }) => status)).toEqual([200, 200]);
    expect(service.outgoing.filter(({ headers }) => headers.get('x-api-key')?.endsWith('wrong-key') !== true)).toHaveLength(1);
  });
});
