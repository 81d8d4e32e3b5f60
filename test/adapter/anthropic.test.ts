import { describe, expect, it, vi } from 'vitest';
import { anthropicClient } from '../../src/adapter/anthropic.ts';
import { openProvider } from '../../src/adapter/upstream/provider.ts';
import { readConfig } from '../../src/config.ts';
import type { MessageRequest } from '../../src/core/message/request.ts';
import type { Fault } from '../../src/error.ts';
import { withoutWaiting } from '../support/waiting.ts';

const REQUEST: MessageRequest = {
  model: 'claude-haiku-5-5',
  max_tokens: 100,
  system: 'Describe.',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'What?' }] }],
};
const MESSAGE = {
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  content: [{ type: 'text', text: 'A red square' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 5, output_tokens: 3 },
};

function clientOf(fetch: typeof globalThis.fetch) {
  const { provider } = readConfig({ ANTHROPIC_API_KEY: 'sk-ant-test', ANTHROPIC_BASE_URL: 'http://claude.test/base' });
  return anthropicClient(openProvider(provider, {}, fetch).upstream);
}

/** Makes one call against answers that are given out in order, the last one again and again. */
async function call(...answers: readonly (() => Response)[]) {
  const asked: Request[] = [];
  const client = clientOf(async (input, init) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(new Request(input as string, init as RequestInit));
    return answer === undefined ? Response.json(MESSAGE) : answer();
  });
  const result = await client.createMessage(REQUEST, { signal: new AbortController().signal }).catch((error: unknown) => error as Fault);
  return { result, asked };
}

function failure(status: number, message = 'words', headers: Record<string, string> = {}): () => Response {
  return () => Response.json({ type: 'error', error: { type: 'some_error', message } }, { status, headers });
}

describe('the client of the Messages API', () => {
  const waitedMs = withoutWaiting();

  it('sends the request as it is, once, with the key and a version', async () => {
    const { result, asked } = await call(() => Response.json(MESSAGE, { headers: { 'request-id': 'req_1' } }));
    expect(result).toEqual({ message: MESSAGE, upstreamRequestId: 'req_1' });
    expect(asked.length).toBe(1);
    expect(asked[0]?.url).toBe('http://claude.test/base/v1/messages');
    expect(await asked[0]?.json()).toEqual(REQUEST);
    expect(asked[0]?.headers.get('anthropic-version')).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect([asked[0]?.headers.get('x-api-key'), asked[0]?.headers.get('authorization')].join()).toContain('sk-ant-test');
  });

  it.each([429, 503, 529])('repeats after a %i that names a time, which cannot have been billed', async (status) => {
    const { result, asked } = await call(failure(status, '', { 'retry-after': '2' }), () => Response.json(MESSAGE));
    expect(result).toMatchObject({ message: MESSAGE });
    expect(asked.length).toBe(2);
    expect(waitedMs).toEqual([2_000]);
  });

  it.each([400, 401, 403, 404, 408, 409, 413, 422, 500, 502, 504, 520])('never repeats after a %i', async (status) => {
    const { result, asked } = await call(failure(status, '', { 'retry-after': '1', 'x-should-retry': 'true' }));
    expect(result).toHaveProperty('code');
    expect(asked.length).toBe(1);
    expect(waitedMs).toEqual([]);
  });

  it.each<[number, string, string, boolean | undefined, boolean]>([
    [400, 'messages.0.content.0.image.source.base64: image dimensions exceed max allowed size: 8000 pixels', 'image_too_large', undefined, false],
    [400, 'image exceeds 10 MB maximum', 'image_too_large', undefined, false],
    [400, 'Could not process image', 'image_undecodable', undefined, false],
    [400, 'image cannot be empty', 'image_undecodable', undefined, false],
    [400, "This URL is disallowed by the website's robots.txt file.", 'image_unfetchable', false, false],
    [400, 'Unable to download the file. Please verify the URL and try again.', 'image_unfetchable', false, false],
    [400, 'something else', 'upstream_error', false, false],
    [401, 'invalid x-api-key', 'upstream_error', false, false],
    [403, 'not from here', 'upstream_error', false, false],
    [404, 'model: x', 'invalid_request', undefined, false],
    [413, 'Request exceeds the maximum size', 'image_too_large', undefined, false],
    [429, 'your usage', 'rate_limited', false, false],
    // It had the whole request: whether it was billed nobody says.
    [500, 'x', 'upstream_error', undefined, true],
    [504, 'x', 'upstream_timeout', undefined, true],
    [524, 'x', 'upstream_timeout', undefined, true],
  ])('%i "%s" is %s', async (status, message, code, retryable, billed) => {
    const { result } = await call(failure(status, message));
    expect(result).toMatchObject({ code, retryable, billed });
    if (message.length > 2) expect((result as Fault).message).not.toContain(message);
  });

  it.each(['2147483648', '-1', '1.5', 'soon', ''])('a retry-after "%s" that is no count of seconds is none', async (text) => {
    const { result } = await call(failure(429, 'x', { 'retry-after': text }));
    expect(result).toMatchObject({ code: 'rate_limited', retryAfterSeconds: undefined, retryable: false });
  });

  it('is not started for a caller who has left', async () => {
    const client = clientOf(async () => Response.json(MESSAGE));
    await expect(client.createMessage(REQUEST, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'upstream_timeout' });
  });

  it('whose caller leaves before a repeat ends as the first call did, which was not billed', async () => {
    const caller = new AbortController();
    vi.stubGlobal('scheduler', {
      wait: async (_: number, { signal }: { signal: AbortSignal }) => {
        caller.abort();
        signal.throwIfAborted();
      },
    });
    const client = clientOf(async () => failure(529)());
    await expect(client.createMessage(REQUEST, { signal: caller.signal })).rejects.toMatchObject({ code: 'overloaded', billed: false });
  });
});
