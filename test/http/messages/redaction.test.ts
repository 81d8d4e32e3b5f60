/** An upstream that repeats what it was sent: of a gateway in the operator's hands nobody knows what its errors say. */
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyStorage } from '../../support/storage.ts';
import { QUESTION, startRelay } from './relay.ts';

const KEY = 'sk-ant-api03-operator';
const TOKEN = 'token/of+the=gateway';
const environment = { ANTHROPIC_API_KEY: KEY, AI_GATEWAY_TOKEN: TOKEN };
const EVENTS = { 'content-type': 'text/event-stream' };

const everything = (request: Request) => JSON.stringify([...request.headers]);
/** A gateway whose answer is made of all headers that it was sent. */
const gateway = (answer: (sent: string) => Response) => startRelay({ environment, wire: async (request) => answer(everything(request)) });
const errorOf = (message: string) => ({ type: 'error', error: { type: 'api_error', message }, request_id: 'req_1' });

describe('a gateway that repeats the headers that it was sent', () => {
  beforeEach(emptyStorage);

  it.each([
    ['x-api-key', '2023-06-01', `["x-api-key","[redacted]"]`],
    ['authorization', '2026-10-21', `["authorization","Bearer [redacted]"]`],
  ])('in an error shows callers all of them but the credentials: %s', async (_, version, expected) => {
    for (const status of [400, 404, 429, 500, 529]) {
      const service = gateway((sent) => Response.json(errorOf(sent), { status }));
      for (const path of ['/v1/messages', '/v1/messages/count_tokens']) {
        const response = await service.post(
          path,
          { model: 'claude-haiku-5-5', messages: [{ role: 'user', content: [QUESTION] }] },
          { 'anthropic-version': version },
        );
        expect(response.status).toBe(status);
        const { error } = (await response.json()) as any;
        expect(error.message).toContain(expected);
        expect(error.message).toContain('["cf-aig-authorization","Bearer [redacted]"]');
        expect(error.message).toContain(`["anthropic-version","${version}"]`);
        expect(error.message).not.toMatch(/operator|gateway"/);
      }
    }
  });

  it.each([
    ['name and type', (sent: string) => `event: error\ndata: ${JSON.stringify(errorOf(sent))}\n\n`],
    ['a name alone', (sent: string) => `event: error\ndata: gateway says ${sent}\n\n`],
  ])('in the error of a stream, too, with %s', async (_, event) => {
    const start = 'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}\n\n';
    for (const cache of ['bypass', 'default']) {
      const service = gateway((sent) => new Response(start + event(sent), { headers: EVENTS }));
      const text = await (await service.ask([QUESTION], { stream: true }, { 'x-vignette-cache': cache })).text();
      expect(text.startsWith(start)).toBe(true);
      expect(text.split('[redacted]')).toHaveLength(3);
      expect(text).not.toContain(KEY);
      expect(text).not.toContain(TOKEN);
    }
  });

  it('in headers of its answer shows callers none of the credentials', async () => {
    const headers = { 'cf-aig-authorization': `Bearer ${TOKEN}`, 'cf-aig-step': `0 ${TOKEN}`, 'request-id': KEY };
    const response = await gateway(() => Response.json({ type: 'message' }, { headers })).ask([QUESTION]);
    expect(response.status).toBe(200);
    expect(response.headers.has('cf-aig-authorization')).toBe(false);
    expect(response.headers.get('cf-aig-step')).toBe('0 [redacted]');
    expect(response.headers.get('request-id')).toBe('[redacted]');
  });

  it('in an answer that is no error is not touched: what Claude writes is his caller’s', async () => {
    const text = `sk-ant-api03-example, Bearer 0123456789abcdef, ${TOKEN}`;
    const body = `{ "type": "message", "content": [{"type": "text", "text": "${text}"}] }`;
    expect(await (await gateway(() => new Response(body)).ask([QUESTION])).text()).toBe(body);
    const stream = `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"an error: ${text}"}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n`;
    expect(await (await gateway(() => new Response(stream, { headers: EVENTS })).ask([QUESTION], { stream: true })).text()).toBe(stream);
  });
});
