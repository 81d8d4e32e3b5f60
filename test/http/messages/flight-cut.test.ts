/** A call in a flight whose caller has left goes on for a while; then it is cut, and the next one in line asks. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FINISH_MS } from '../../../src/stage/relay/lifetime.ts';
import { emptyStorage } from '../../support/storage.ts';
import { QUESTION, startRelay } from './relay.ts';

const CACHED = { 'x-vignette-cache': 'default' };
const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  content: [{ type: 'text', text: 'Yes.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 3, output_tokens: 2 },
};
const START = `event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null } })}\n\n`;

/** An upstream whose first call never ends: it has begun a stream, a body in one piece, or nothing yet. */
function startHanging(kind: 'stream' | 'body' | 'nothing') {
  const first: { signal?: AbortSignal } = {};
  const service = startRelay({
    wire: async ({ signal }) => {
      if (first.signal !== undefined) return Response.json(MESSAGE);
      first.signal = signal;
      if (kind === 'nothing') return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
      const body = new ReadableStream({
        type: 'bytes',
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode(kind === 'stream' ? START : '{"type":'));
          signal.addEventListener('abort', () => controller.error(signal.reason), { once: true });
        },
      });
      return new Response(body, { headers: { 'content-type': kind === 'stream' ? 'text/event-stream' : 'application/json' } });
    },
  });
  return { service, first };
}

describe('a call in a flight whose caller has left', () => {
  const ends: (() => void)[] = [];
  beforeEach(async () => {
    await emptyStorage();
    ends.length = 0;
    const { setTimeout: real } = globalThis;
    // Time is in the test's hands, where it is that of such a call.
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms?: number) => (ms === FINISH_MS ? ends.push(run) : real(run, ms))) as never);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(['stream', 'body', 'nothing'] as const)('is cut when its time is over, and the next one leads: the first had %s', async (kind) => {
    const { service, first } = startHanging(kind);
    const caller = new AbortController();
    const body = { model: 'claude-haiku-5-5', max_tokens: 256, messages: [{ role: 'user', content: [QUESTION] }], stream: kind === 'stream' };
    const headers = { 'content-type': 'application/json', ...CACHED };
    const leading = service.send('/v1/messages', { method: 'POST', headers, body: JSON.stringify(body), signal: caller.signal });
    await vi.waitUntil(() => first.signal !== undefined, { interval: 1 });
    const following = [false, true].map((stream) => service.ask([QUESTION], { stream }, CACHED));
    await vi.waitUntil(() => service.work.joins === 3, { interval: 1 });

    caller.abort();
    await vi.waitUntil(() => ends.length > 0, { interval: 1 });
    expect(first.signal?.aborted).toBe(false);
    expect(service.outgoing).toHaveLength(1);
    for (const end of ends) end();
    expect(first.signal?.aborted).toBe(true);

    const answers = await Promise.all(following);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    for (const answer of answers) expect(await answer.text()).toContain('Yes.');
    expect(service.outgoing).toHaveLength(2);
    // Nobody reads it, but the log does not call it a fault of ours.
    expect((await leading).status).toBe(kind === 'stream' ? 200 : 504);
    const later = await service.ask([QUESTION], {}, CACHED);
    expect(later.headers.get('cache-status')).toMatch(/^Vignette; hit/);
  });

  it.each(['stream', 'body'] as const)('that breaks off by itself is not repeated: it may have been billed (%s)', async (kind) => {
    let breakOff = (): void => undefined;
    const service = startRelay({
      wire: async () => {
        const body = new ReadableStream({
          type: 'bytes',
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode(kind === 'stream' ? START : '{"type":'));
            breakOff = () => controller.error(new Error('reset'));
          },
        });
        return new Response(body, { headers: { 'content-type': kind === 'stream' ? 'text/event-stream' : 'application/json' } });
      },
    });
    const caller = new AbortController();
    const body = { model: 'claude-haiku-5-5', max_tokens: 256, messages: [{ role: 'user', content: [QUESTION] }], stream: kind === 'stream' };
    const headers = { 'content-type': 'application/json', ...CACHED };
    const leading = service.send('/v1/messages', { method: 'POST', headers, body: JSON.stringify(body), signal: caller.signal });
    await vi.waitUntil(() => service.outgoing.length === 1, { interval: 1 });
    const following = service.ask([QUESTION], {}, CACHED);
    await vi.waitUntil(() => service.work.joins === 2, { interval: 1 });
    caller.abort();
    await vi.waitUntil(() => ends.length > 0, { interval: 1 });
    breakOff();
    expect((await following).status).toBe(502);
    await leading;
    expect(service.outgoing).toHaveLength(1);
  });
});
