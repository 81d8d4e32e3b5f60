/** Which answers are kept: by one rule, whatever the route and the form. */
import { beforeEach, describe, expect, it } from 'vitest';
import { pngPicture } from '../../support/picture.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';
import { startRelay } from './relay.ts';

const CACHE = { 'x-vignette-cache': 'default' };
const PNG = await pngPicture(64, 32);
const TEXT = JSON.stringify({ descriptions: [{ language: 'en', alt_text: 'A boat.' }] });
const WHOLE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  content: [{ type: 'text', text: TEXT }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 5 },
};

function eventsOf({ content, stop_reason, ...frame }: Record<string, any>): string {
  const events = [
    { type: 'message_start', message: { ...frame, content: typeof content === 'string' ? content : [], stop_reason: null } },
    ...(Array.isArray(content) ? content : []).flatMap((content_block: unknown, index: number) => [
      { type: 'content_block_start', index, content_block },
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: frame['usage']?.output_tokens } },
    { type: 'message_stop' },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

function provider(message: Record<string, unknown>, status = 200) {
  return startRelay({
    wire: async (request) => {
      const { stream } = (await request.json()) as { stream?: boolean };
      return stream === true
        ? new Response(eventsOf(message), { status, headers: { 'content-type': 'text/event-stream' } })
        : Response.json(message, { status });
    },
  });
}

const JUNK: readonly (readonly [string, Record<string, unknown>, number])[] = [
  ['no reason to stop', { ...WHOLE, stop_reason: null }, 200],
  ['a call of a tool', { ...WHOLE, stop_reason: 'tool_use' }, 200],
  ['a pause', { ...WHOLE, stop_reason: 'pause_turn' }, 200],
  ['a reason that came later', { ...WHOLE, stop_reason: 'later' }, 200],
  ['no content', { ...WHOLE, content: [] }, 200],
  ['only thinking', { ...WHOLE, content: [{ type: 'thinking', thinking: 'Hm.', signature: 's' }] }, 200],
  ['text that is none', { ...WHOLE, content: [{ type: 'text', text: null }] }, 200],
  ['only spaces', { ...WHOLE, content: [{ type: 'text', text: ' \n\u00a0\u200b' }] }, 200],
  ['content as a string', { ...WHOLE, content: TEXT }, 200],
  ['no usage', { ...WHOLE, usage: undefined }, 200],
  ['the role of a user', { ...WHOLE, role: 'user' }, 200],
  ['another model', { ...WHOLE, model: 'claude-opus-5-5' }, 200],
  ['another status', WHOLE, 201],
  ['a container', { ...WHOLE, container: { id: 'container_1' } }, 200],
];

describe('an answer with a flaw is not kept', () => {
  beforeEach(emptyStorage);

  it.each(JUNK)('by /v1/messages, whole or streamed: %s', async (_, message, status) => {
    for (const stream of [false, true]) {
      const service = provider(message, status);
      for (let call = 1; call <= 2; call++) {
        await (await service.ask(`${stream}`, { stream }, CACHE)).text();
        expect(service.outgoing).toHaveLength(call);
      }
    }
    expect((await storedNames()).filter((name) => name.startsWith('message:'))).toEqual([]);
  });

  it.each(JUNK)('by /v1/describe: %s', async (_, message, status) => {
    const service = provider(message, status);
    for (let call = 1; call <= 2; call++) {
      await (await service.upload('/v1/describe', PNG, 'image/png')).text();
      expect(service.outgoing).toHaveLength(call);
    }
    expect((await storedNames()).filter((name) => name.startsWith('description:'))).toEqual([]);
  });

  it('by /v1/describe of another model, which is told and booked at its price', async () => {
    const response = await provider({ ...WHOLE, model: 'claude-opus-5-5' }).upload('/v1/describe', PNG, 'image/png');
    const answer = (await response.json()) as any;
    expect(answer).toMatchObject({
      descriptions: [{ alt_text: 'A boat.' }],
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'another_model' })]),
    });
    // 10 tokens in and 5 out, at US$ 4 and 20 a million.
    expect(answer.usage.cost_usd).toBeCloseTo(0.00014, 12);
  });
});

describe('a whole answer is kept', () => {
  beforeEach(emptyStorage);

  it.each(['claude-haiku-5-5', 'claude-haiku-5-5-20260901'])('of %s, on both routes and in both forms', async (model) => {
    for (const stream of [false, true]) {
      const service = provider({ ...WHOLE, model });
      await service.ask(`${model} ${stream}`, { stream }, CACHE);
      expect((await service.ask(`${model} ${stream}`, {}, CACHE)).headers.get('cache-status')).toMatch(/hit/);
    }
    const service = provider({ ...WHOLE, model });
    const body = { image: { base64: PNG.toBase64() }, context: { page_title: model } };
    await service.post('/v1/describe', body);
    expect(((await (await service.post('/v1/describe', body)).json()) as any).cache.status).toBe('hit');
  });

  it('not for another workspace or profile', async () => {
    const service = provider(WHOLE);
    for (const headers of [{}, { 'anthropic-workspace-id': 'w' }, { 'anthropic-user-profile-id': 'p' }]) await service.ask('x', {}, { ...CACHE, ...headers });
    expect(service.outgoing).toHaveLength(3);
  });
});
