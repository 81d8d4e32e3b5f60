import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';
import { withoutWaiting } from '../../support/waiting.ts';

const PNG = fixture('png-gray8.png');

describe('POST /v1/describe when the Claude API does not answer in time', () => {
  const waitedMs = withoutWaiting();
  beforeEach(emptyStorage);

  it('a timeout at the API may have been billed, so it is not repeated', async () => {
    const service = startService();
    await service.fail('timeout');
    const problem = await expectProblem(await service.upload('/v1/describe', PNG, 'image/png'), 'upstream_timeout');
    expect(problem).toMatchObject({ billed: true, retryable: true, detail: expect.stringMatching(/timed out.*may have been billed/) });
    expect((await service.calls()).length).toBe(1);
    expect(waitedMs).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  /** A service whose Claude answers when it is told to; the caller leaves while it is asked. */
  function slowService(caller: AbortController) {
    const answer = Promise.withResolvers<void>();
    const seen = { isAborted: false };
    const service = startService({
      wire: (request, next) =>
        new Promise((resolve, reject) => {
          request.signal.addEventListener('abort', () => {
            seen.isAborted = true;
            reject(request.signal.reason as Error);
          });
          void answer.promise.then(async () => resolve(await next(new Request(request, { signal: null }))));
          caller.abort();
        }),
    });
    const ask = (query = '') =>
      service.send(`/v1/describe${query}`, { method: 'POST', headers: { 'content-type': 'image/png' }, body: PNG, signal: caller.signal });
    return { service, seen, ask, answer: () => answer.resolve() };
  }

  it('a caller who leaves ends a call that nobody else can use', async () => {
    const { ask, seen } = slowService(new AbortController());
    const problem = await expectProblem(await ask('?cache=bypass'), 'upstream_timeout');
    expect(problem).toMatchObject({ billed: true, retryable: true });
    expect(seen.isAborted).toBe(true);
    expect(await storedNames()).toEqual([]);
  });

  it('a caller who leaves does not end a call whose answer will be kept', async () => {
    const { service, ask, seen, answer } = slowService(new AbortController());
    const response = ask();
    answer();
    expect((await response).status).toBe(200);
    expect(seen.isAborted).toBe(false);
    const repeat = (await (await service.upload('/v1/describe', PNG, 'image/png')).json()) as any;
    expect(repeat.cache.status).toBe('hit');
    expect((await service.calls()).length).toBe(1);
  });
});
