/** Things that the provider keeps are reached by name, with the key that all tenants share: a name passes only for the tenant that made it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyStorage } from '../../support/storage.ts';
import { UMBRELLA_KEY } from '../../support/service.ts';
import { errorOf, startRelay } from './relay.ts';

const UMBRELLA = { 'x-api-key': UMBRELLA_KEY };
const RESULT = {
  type: 'bash_code_execution_tool_result',
  tool_use_id: 's',
  content: { type: 'bash_code_execution_result', content: [{ type: 'bash_code_execution_output', file_id: 'file_made' }] },
};
const MESSAGE = {
  id: 'msg_made',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  content: [RESULT, { type: 'mcp_tool_result', tool_use_id: 'm', content: [{ type: 'text', file_id: 'file_foreign' }] }, { type: 'text', text: 'Done.' }],
  container: { id: 'container_made', expires_at: '2026-12-01T00:00:00Z' },
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

function eventsOf({ content, container, stop_reason, ...frame }: typeof MESSAGE): string {
  const events = [
    { type: 'message_start', message: { ...frame, content: [], stop_reason: null } },
    ...content.flatMap((content_block, index) => [
      { type: 'content_block_start', index, content_block },
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason, container }, usage: { output_tokens: 1 } },
    { type: 'message_stop' },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

function startStateful() {
  return startRelay({
    wire: async (request) => {
      const { stream } = (await request.json()) as { stream?: boolean };
      return stream === true ? new Response(eventsOf(MESSAGE), { headers: { 'content-type': 'text/event-stream' } }) : Response.json(MESSAGE);
    },
  });
}

const upload = (id: string) => ({ messages: [{ role: 'user', content: [{ type: 'container_upload', file_id: id }] }] });

describe('names of things at the provider', () => {
  beforeEach(emptyStorage);

  it.each([
    ['container', { container: 'container_other' }],
    ['container.id', { container: { id: 'container_other' } }],
    ['container.skills.0.skill_id', { container: { skills: [{ type: 'custom', skill_id: 'skill_other' }] } }],
    ['diagnostics.previous_message_id', { diagnostics: { previous_message_id: 'msg_other' } }],
    ['messages.0.content.0', upload('file_other')],
    ['messages.0.content.0', { messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'file', file_id: 'file_other' } }] }] }],
    ['messages.0.content.0.content', { messages: [{ role: 'assistant', content: [{ ...RESULT, content: { ...RESULT.content, type: 'next' } }] }] }],
    ['', { resources: [{ anything: { file_id: 'file_other' } }] }],
  ])('are refused where this tenant did not make them: %s', async (param, more) => {
    const service = startStateful();
    const response = await service.ask('x', more);
    expect(response.status).toBe(400);
    const { message, details } = await errorOf(response);
    expect(message).toMatch(/was not made through this service with a key of this tenant/);
    expect(details).toMatchObject({ error_code: 'invalid_request', ...(param === '' ? {} : { param: expect.stringContaining(param) }), billed: false });
    expect(service.outgoing).toEqual([]);
  });

  it.each([false, true])('pass for the tenant whose answer made them, and for nobody else (stream: %s)', async (stream) => {
    const service = startStateful();
    expect((await service.ask('x', { stream, diagnostics: { previous_message_id: null } })).status).toBe(200);
    const named = [
      { container: 'container_made' },
      { container: { id: 'container_made', skills: [{ type: 'anthropic', skill_id: 'pptx' }] } },
      { diagnostics: { previous_message_id: 'msg_made' } },
      upload('file_made'),
    ];
    for (const more of named) {
      expect((await service.ask('x', more)).status).toBe(200);
      expect((await service.ask('x', more, UMBRELLA)).status).toBe(400);
    }
    // What a server of the caller's own says about files makes none of them his.
    expect((await service.ask('x', upload('file_foreign'))).status).toBe(400);
  });

  it('a message is remembered only where it will be named', async () => {
    const service = startStateful();
    await service.ask('x');
    expect((await service.ask('x', { diagnostics: { previous_message_id: 'msg_made' } })).status).toBe(400);
  });

  it('pass unasked with a key of the caller’s own', async () => {
    const service = startRelay({ environment: { CALLER_ANTHROPIC_KEYS: 'on' }, wire: async () => Response.json(MESSAGE) });
    const own = { 'x-vignette-key': UMBRELLA_KEY, 'x-api-key': 'sk-ant-api03-callers-own-key' };
    expect((await service.ask('x', { container: 'container_other' }, own)).status).toBe(200);
    // And what it made is not to be had with the key of the deployment.
    expect((await service.ask('x', { container: 'container_made' }, UMBRELLA)).status).toBe(400);
  });
});

describe('a conversation that the provider would hold', () => {
  it.each([{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_1' }, 'x'])(
    'is refused with the code that its clients know: %j',
    async (thread) => {
      const service = startStateful();
      for (const headers of [{}, { 'x-vignette-max-cost-usd': '100' }]) {
        const response = await service.ask('x', { thread }, headers);
        expect(response.status).toBe(400);
        const { type, details } = await errorOf(response);
        expect({ type, details }).toMatchObject({
          type: 'invalid_request_error',
          details: { error_code: 'thread_unsupported_request', unsupported: ['thread'], param: 'thread', billed: false },
        });
      }
      expect(service.outgoing).toEqual([]);
    },
  );
});
