/**
 * What goes wrong upstream ends in Anthropic's own client as it would without us: the same class of error, the same
 * status, `retry-after` kept; never a short answer that looks whole.
 */
import Anthropic from '@anthropic-ai/sdk';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, lendRig, type Rig, TARGETS } from './support/rig.ts';
import { MODEL } from './support/shape.ts';

const HELLO = { model: MODEL, max_tokens: 512, messages: [{ role: 'user' as const, content: 'Hello' }] };

/** Errors instead of an answer: the fault, the client's class, the status, the headers that must come through. */
const REFUSALS = [
  [{ kind: 'rate_limit', retry_after_seconds: 7 }, Anthropic.RateLimitError, 429, 'rate_limit_error', { 'retry-after': '7', 'x-should-retry': 'true' }],
  ['spend_cap', Anthropic.RateLimitError, 429, 'rate_limit_error', { 'retry-after': null, 'x-should-retry': 'false' }],
  [{ kind: 'overloaded', retry_after_seconds: 9 }, Anthropic.InternalServerError, 529, 'overloaded_error', { 'retry-after': '9' }],
  ['overloaded', Anthropic.InternalServerError, 529, 'overloaded_error', { 'retry-after': null }],
  ['internal', Anthropic.InternalServerError, 500, 'api_error', { 'x-should-retry': 'true' }],
  ['unavailable', Anthropic.InternalServerError, 503, 'api_error', {}],
  ['timeout', Anthropic.InternalServerError, 504, 'timeout_error', {}],
] as const;

let rig: Rig;
beforeAll(async () => {
  rig = await lendRig();
});

describe.each(TARGETS)('through %s', (name) => {
  let client: Anthropic;
  beforeAll(() => {
    client = connect(rig[name]);
  });
  beforeEach(() => rig.reset());

  describe.each(['create', 'stream'] as const)('%s', (way) => {
    const ask = (over = client): Promise<Anthropic.Message> => (way === 'create' ? over.messages.create(HELLO) : over.messages.stream(HELLO).finalMessage());

    it.each(REFUSALS)('%j is the error that the API makes of it', async (fault, kind, status, type, headers) => {
      await rig.fault(fault);
      const error = await failureOf(ask());
      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ status, type, requestID: expect.stringMatching(/^req_/) });
      for (const [header, value] of Object.entries(headers)) expect(error.headers?.get(header), header).toBe(value);
      expect(await rig.calls()).toBe(0);
    });

    it('a limit that lifts at once is retried by the client, as often as it was told to', async () => {
      await rig.fault({ kind: 'rate_limit', retry_after_seconds: 0 }, { kind: 'overloaded', retry_after_seconds: 0 });
      expect((await ask(connect(rig[name], 2))).stop_reason).toBe('end_turn');
      expect((await rig.seen()).map(({ status }) => status)).toEqual([429, 529, 200]);
    });

    it('a page of HTML in place of an answer is an error', async () => {
      await rig.fault({ kind: 'html', status: 502 });
      expect(await failureOf(ask())).toMatchObject({ status: 502 });
    });

    it.runIf(name === 'vignette')('a page of HTML that says 200 is an error, too', async () => {
      await rig.fault({ kind: 'html', status: 200 });
      expect(await failureOf(ask())).toMatchObject({ status: 502, type: 'api_error' });
    });

    it('an answer that is slow arrives whole', async () => {
      const whole = await ask();
      await rig.fault({ kind: 'latency', latency_ms: 700, event_delay_ms: 60 });
      expect((await ask()).content).toEqual(whole.content);
    });

    it.each(['reset', 'truncated'])('%s in the middle of the answer is an error', async (kind) => {
      await rig.fault({ kind, after_events: 5 });
      await expect(ask()).rejects.toThrow();
    });

    it('an upstream that answers and then breaks spoils nothing after it', async () => {
      await rig.fault({ kind: 'reset', after_events: 1 });
      await expect(ask()).rejects.toThrow();
      expect((await ask()).stop_reason).toBe('end_turn');
    });
  });

  it('a stream that is cut inside an event is an error', async () => {
    await rig.fault({ kind: 'truncated', after_events: 4, cuts_event: true });
    await expect(client.messages.stream(HELLO).finalMessage()).rejects.toThrow();
  });

  it.each([1, 5, 333])('a stream in pieces of %i bytes arrives whole', async (size) => {
    const whole = await client.messages.create(HELLO);
    await rig.fault({ kind: 'latency', chunk_bytes: size });
    expect((await client.messages.stream(HELLO).finalMessage()).content).toEqual(whole.content);
  });

  it('an error in the middle of a stream is the error of that event', async () => {
    await rig.fault({ kind: 'stream_error', after_events: 4 });
    expect(await failureOf(client.messages.stream(HELLO).finalMessage())).toMatchObject({ error: { error: { type: 'overloaded_error' } } });
  });

  it('what had arrived before a break was handed on', async () => {
    await rig.fault({ kind: 'reset', after_events: 6 });
    const stream = client.messages.stream(HELLO);
    let text = '';
    stream.on('text', (delta) => (text += delta));
    await expect(stream.finalMessage()).rejects.toThrow();
    expect(text).toMatch(/^Simulated description/);
  });
});

async function failureOf(work: Promise<unknown>): Promise<InstanceType<typeof Anthropic.APIError>> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Anthropic.APIError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
