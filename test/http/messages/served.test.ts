/** The API may let another model answer than the one that was asked: it is booked at its own price, and a list of models holds for it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '../../support/key.ts';
import { emptyStorage } from '../../support/storage.ts';
import { errorOf, startRelay } from './relay.ts';

/** A provider that answers with this Message, as JSON or as events. */
function provider(message: Record<string, unknown>) {
  const whole = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text: 'Yes.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    ...message,
  };
  return startRelay({
    wire: async (request) => {
      const { stream } = (await request.json()) as { stream?: boolean };
      if (stream !== true) return Response.json(whole);
      const { content: _content, stop_reason, usage, ...frame } = whole as any;
      const { output_tokens, iterations, ...input } = usage;
      const events = [
        { type: 'message_start', message: { ...frame, content: [], stop_reason: null, usage: { ...input, output_tokens: 1 } } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Yes.' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens, iterations } },
        { type: 'message_stop' },
      ];
      const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
      return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
}

async function rowOf(service: ReturnType<typeof startRelay>, response: Response, header: Record<string, string> = {}): Promise<any> {
  return (await service.send(`/v1/usage/${response.headers.get('x-request-id')}`, { headers: header })).json();
}

describe.each([false, true])('what an answer is booked at (stream: %s)', (stream) => {
  beforeEach(emptyStorage);

  it.each([
    // haiku 5.5 asked, US$ 0.1 and 0.5 a million tokens; opus 5.5 answers at 4 and 20.
    ['the price of the model that answered', { model: 'claude-opus-5-5', usage: { input_tokens: 1000, output_tokens: 100 } }, 0.006, 'claude-opus-5-5'],
    [
      'the price that was asked, whatever the date',
      { model: 'claude-haiku-5-5-20260901', usage: { input_tokens: 1000, output_tokens: 100 } },
      0.00015,
      'claude-haiku-5-5',
    ],
    [
      'each turn at its own price, where the API lists them',
      {
        model: 'claude-opus-5-5',
        usage: {
          input_tokens: 1000,
          output_tokens: 100,
          iterations: [
            { type: 'message', model: 'claude-haiku-5-5', input_tokens: 1000, output_tokens: 10 },
            { type: 'fallback_message', model: 'claude-opus-5-5', input_tokens: 1000, output_tokens: 100 },
          ],
        },
      },
      0.006 + 0.000105,
      'claude-opus-5-5',
    ],
    [
      'also turns that the sums leave out',
      {
        model: 'claude-haiku-5-5',
        usage: {
          input_tokens: 1000,
          output_tokens: 100,
          iterations: [{ type: 'advisor_message', model: 'claude-fable-5', input_tokens: 500, output_tokens: 10 }],
        },
      },
      0.00015 + 0.0055,
      'claude-haiku-5-5',
    ],
    [
      'the sums, where the list has less',
      { model: 'claude-haiku-5-5', usage: { input_tokens: 1000, output_tokens: 100, iterations: [{ type: 'message', input_tokens: 1, output_tokens: 1 }] } },
      0.00015,
      'claude-haiku-5-5',
    ],
  ])('is %s', async (_, message, usd, model) => {
    const service = provider(message);
    const response = await service.ask('x', { stream });
    expect(response.status).toBe(200);
    const row = await rowOf(service, response);
    expect(row).toMatchObject({ model, cost_basis: 'billed' });
    expect(row.cost_usd).toBeCloseTo(usd, 12);
  });

  it('is what was set aside, as an assumption, where that price is not known', async () => {
    const service = provider({ model: 'claude-nova-9', usage: { input_tokens: 1000, output_tokens: 100 } });
    const row = await rowOf(service, await service.ask('x', { stream, max_tokens: 1_000_000 }));
    expect(row).toMatchObject({ model: 'claude-nova-9', cost_basis: 'assumed', input_tokens: 1000 });
    expect(row.cost_usd).toBeGreaterThan(0.5);
  });

  it('a model that is not on the key’s list is booked, and its answer is not given out', async () => {
    const { header } = await makeKey({ models: ['claude-haiku-5-5'] });
    const service = provider({ model: 'claude-opus-5-5', usage: { input_tokens: 1000, output_tokens: 100 } });
    const response = await service.ask('x', { stream, max_tokens: 100 }, header);
    if (stream) {
      const text = await response.text();
      expect(text).not.toContain('Yes.');
      expect(text).toMatch(/"type":"permission_error".*claude-opus-5-5/);
    } else {
      expect(response.status).toBe(403);
      expect((await errorOf(response)).details).toMatchObject({ error_code: 'forbidden', param: 'model', billed: true });
    }
    const row = await rowOf(service, response, header);
    expect(row).toMatchObject({ model: 'claude-opus-5-5', input_tokens: 1000, output_tokens: 100 });
    expect(row.cost_usd).toBeCloseTo(0.006, 12);
  });

  it.each(['claude-haiku-5-5', 'claude-haiku-5-5-20260901', 'us.anthropic.claude-haiku-5-5-20260901-v1:0'])(
    '%s is one model with the one on the list',
    async (model) => {
      const { header } = await makeKey({ models: ['claude-haiku-5-5'] });
      const response = await provider({ model, usage: { input_tokens: 1, output_tokens: 1 } }).ask('x', { stream }, header);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('Yes.');
    },
  );
});
