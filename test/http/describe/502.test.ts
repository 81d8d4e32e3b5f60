import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';
import { withoutWaiting } from '../../support/waiting.ts';

const image = { base64: fixture('png-gray8.png').toBase64() };
const usage = { input_tokens: 5, output_tokens: 5 };

/** The first attempt may have been billed, so there must be no second one. */
const FRAME = { type: 'message', role: 'assistant', model: 'claude-haiku-5-5' };

describe('POST /v1/describe when the Claude API fails', () => {
  const waitedMs = withoutWaiting();
  beforeEach(emptyStorage);

  it.each<[string, boolean, RegExp]>([
    ['internal', true, /failed with status 500 \(upstream request req_sim_\w+\)\. The call may have been billed\. Try again/],
    ['html', true, /failed with status 502/],
    ['malformed_body', true, /not an answer/],
    ['reset', true, /not an answer/],
    ['truncated', true, /not an answer/],
    ['empty', true, /holds no text/],
    ['invalid_json', true, /not JSON/],
    ['wrong_schema', true, /no "descriptions"/],
  ])('%s ends in a 502, billed: %s, without a second call', async (fault, billed, detail) => {
    const service = startService();
    await service.fail(fault);
    const problem = await expectProblem(await service.post('/v1/describe', { image }), 'upstream_error');
    expect(problem).toMatchObject({ billed, retryable: true, param: null });
    expect(problem.detail).toMatch(detail);
    expect((await service.calls()).length).toBe(1);
    expect(waitedMs).toEqual([]);
    expect(await storedNames()).toEqual([]);
    expect((await service.post('/v1/describe', { image })).status).toBe(200);
  });

  it.each<[string, unknown, RegExp]>([
    ['is an empty object', {}, /not an answer/],
    ['is null', null, /not an answer/],
    ['is a list', [], /not an answer/],
    ['has content that is no list', { content: 'A red square', stop_reason: 'end_turn', usage }, /not an answer/],
    ['has no usage', { content: [{ type: 'text', text: '{}' }], stop_reason: 'end_turn' }, /not an answer/],
    [
      'lacks a language',
      { content: [{ type: 'text', text: '{"descriptions":[{"language":"de","alt_text":"x"}]}' }], stop_reason: 'end_turn', usage },
      /lacks the language "en"/,
    ],
    [
      'has a list of other things',
      { content: [{ type: 'text', text: '{"descriptions":[7,null,[]]}' }], stop_reason: 'end_turn', usage },
      /lacks the language "en"/,
    ],
    [
      'has an empty field',
      { content: [{ type: 'text', text: '{"descriptions":[{"language":"en","alt_text":"  "}]}' }], stop_reason: 'end_turn', usage },
      /"alt_text" is missing or empty/,
    ],
    [
      'has a field of another type',
      { content: [{ type: 'text', text: '{"descriptions":[{"language":"en","alt_text":["x"]}]}' }], stop_reason: 'end_turn', usage },
      /"alt_text" is missing or empty/,
    ],
    ['is JSON that is null', { content: [{ type: 'text', text: 'null' }], stop_reason: 'end_turn', usage }, /no "descriptions"/],
  ])('an answer that %s is a 502 and not cached', async (_, message, detail) => {
    const service = startService({
      wire: async () => Response.json(typeof message === 'object' && message !== null && !Array.isArray(message) ? { ...FRAME, ...message } : message),
    });
    const problem = await expectProblem(await service.post('/v1/describe', { image }), 'upstream_error');
    expect(problem).toMatchObject({ billed: true, retryable: true });
    expect(problem.detail).toMatch(detail);
    expect(await storedNames()).toEqual([]);
  });

  it('a web page with status 200 is a 502', async () => {
    const service = startService({ wire: async () => new Response('<html>Welcome</html>', { headers: { 'content-type': 'text/html' } }) });
    const problem = await expectProblem(await service.post('/v1/describe', { image }), 'upstream_error');
    expect(problem.detail).toMatch(/not an answer/);
  });

  it.each<[number, RegExp]>([
    [401, /refused this deployment's key or region \(401\).*operator.*ANTHROPIC_API_KEY/],
    [403, /refused this deployment's key or region \(403\)/],
    [400, /refused the request as invalid/],
  ])('status %i is for the operator, and not to be repeated', async (status, detail) => {
    const service = startService({
      wire: async () =>
        Response.json(
          { type: 'error', error: { type: 'x', message: 'secret words of the upstream' } },
          { status, headers: { 'request-id': 'req_up<stream>' } },
        ),
    });
    const problem = await expectProblem(await service.post('/v1/describe', { image }), 'upstream_error');
    expect(problem).toMatchObject({ billed: false, retryable: false });
    expect(problem.detail).toMatch(detail);
    expect(problem.detail).toContain('(upstream request req_upstream)');
    expect(JSON.stringify(problem)).not.toContain('secret words');
  });

  it('a connection that fails is tried three times, further apart each time', async () => {
    let attempts = 0;
    const service = startService({
      wire: async () => {
        attempts += 1;
        throw new TypeError('connection refused at 10.1.2.3');
      },
    });
    const problem = await expectProblem(await service.post('/v1/describe', { image }), 'upstream_error');
    expect(problem).toMatchObject({ billed: false, retryable: true, detail: expect.stringMatching(/could not be reached.*Try again/) });
    expect(problem.detail).not.toContain('10.1.2.3');
    expect(attempts).toBe(3);
    expect(waitedMs).toHaveLength(2);
    expect(waitedMs[0]).toBeGreaterThanOrEqual(500);
    expect(waitedMs[0]).toBeLessThan(750);
    expect(waitedMs[1]).toBeGreaterThanOrEqual(1_000);
    expect(waitedMs[1]).toBeLessThan(1_500);
  });

  it.each(['Network connection lost.', 'read ECONNRESET'])('a connection that breaks while the answer is made is not tried again: %s', async (message) => {
    let attempts = 0;
    const service = startService({
      wire: async (request, next) => {
        attempts += 1;
        await next(request);
        throw new Error(message);
      },
    });
    const problem = await expectProblem(await service.post('/v1/describe', { image }), 'upstream_error');
    expect(problem).toMatchObject({ billed: true, retryable: true, detail: expect.stringMatching(/may have been billed/) });
    expect(attempts).toBe(1);
    expect((await service.simulate('bill')).total.calls).toBe(1);
  });

  it('a connection that fails once is made good', async () => {
    let attempts = 0;
    const service = startService({
      wire: async (request, next) => {
        attempts += 1;
        if (attempts === 1) throw new TypeError('connection refused');
        return next(request);
      },
    });
    expect((await service.post('/v1/describe', { image })).status).toBe(200);
    expect((await service.simulate('bill')).total.calls).toBe(1);
  });
});
