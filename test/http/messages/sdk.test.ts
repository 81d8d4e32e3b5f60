/** Anthropic's TypeScript client, as it is installed and as it is newest, against the service: loops of tools, and threads. */
import Installed from '@anthropic-ai/sdk';
import Newest from 'anthropic-sdk-newest';
import { describe, expect, it } from 'vitest';
import { ACME_KEY } from '../../support/service.ts';
import { startRelay } from './relay.ts';

const ASK = { model: 'claude-haiku-4-5', max_tokens: 256 } as const;

/** A provider that calls the tool once, and answers when it has its result. */
function startLoop() {
  const service = startRelay({
    wire: async (request) => {
      const { messages, tools } = (await request.json()) as any;
      const results = messages.at(-1).content;
      const isCalled = Array.isArray(results) && results[0]?.type === 'tool_result';
      const call = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Oslo' } };
      return Response.json({
        id: `msg_${messages.length}`,
        type: 'message',
        role: 'assistant',
        model: ASK.model,
        content: tools === undefined || isCalled ? [{ type: 'text', text: `Turn ${messages.length}.` }] : [call],
        stop_reason: tools === undefined || isCalled ? 'end_turn' : 'tool_use',
        stop_sequence: null,
        usage: { input_tokens: 10, output_tokens: 5 },
      });
    },
  });
  const fetch = async (input: any, init: any) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    return service.send(pathname + search, { method: 'POST', headers: request.headers, body: await request.text() });
  };
  return { service, options: { apiKey: ACME_KEY, baseURL: 'https://vignette.test', maxRetries: 0, fetch } };
}

const WEATHER = {
  name: 'weather',
  description: 'The weather in a city.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
  parse: (input: unknown) => input,
  run: async () => 'Snow.',
};

describe.each([
  ['installed', Installed],
  ['newest', Newest as unknown as typeof Installed],
])('the %s client', (_, Anthropic) => {
  it.each([{}, { 'x-vignette-max-cost-usd': '1' }])(
    'runs a loop of tools, with the whole conversation in every turn (%j)',
    async (headers: Record<string, string>) => {
      const { service, options } = startLoop();
      const client = new Anthropic({ ...options, defaultHeaders: headers });
      const runner = client.beta.messages.toolRunner({ ...ASK, messages: [{ role: 'user', content: 'Weather?' }], tools: [WEATHER as any] });
      const last = await runner.runUntilDone();
      expect(last.content).toMatchObject([{ type: 'text', text: 'Turn 3.' }]);
      expect(service.outgoing.map(({ body }) => body.messages.length)).toEqual([1, 3]);
      for (const { body } of service.outgoing) expect(body).not.toHaveProperty('thread');
    },
  );

  it('goes on without a thread where it may', async () => {
    const { service, options } = startLoop();
    const client = new Anthropic(options);
    const thread = client.beta.messages.thread({ ...ASK, unsupportedRequestBehavior: 'continue_unthreaded' });
    await thread.send({ role: 'user', content: 'One' });
    const second = await thread.send({ role: 'user', content: 'Two' });
    expect(second.content).toMatchObject([{ type: 'text', text: 'Turn 3.' }]);
    expect(service.outgoing.map(({ body }) => body.messages.length)).toEqual([1, 3]);
  });

  it('says so where it may not', async () => {
    const { service, options } = startLoop();
    const thread = new Anthropic(options).beta.messages.thread(ASK);
    await expect(thread.send({ role: 'user', content: 'One' })).rejects.toMatchObject({
      status: 400,
      error: { error: { details: { error_code: 'thread_unsupported_request' } } },
    });
    expect(service.outgoing).toEqual([]);
  });
});
