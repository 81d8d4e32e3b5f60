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

  it('a caller who leaves ends the call', async () => {
    const caller = new AbortController();
    let isAborted = false;
    const service = startService({
      wire: (request) =>
        new Promise((_, reject) => {
          request.signal.addEventListener('abort', () => {
            isAborted = true;
            reject(request.signal.reason as Error);
          });
          caller.abort();
        }),
    });
    const response = await service.send('/v1/describe', { method: 'POST', headers: { 'content-type': 'image/png' }, body: PNG, signal: caller.signal });
    const problem = await expectProblem(response, 'upstream_timeout');
    expect(problem).toMatchObject({ billed: true, retryable: true });
    expect(isAborted).toBe(true);
    expect(await storedNames()).toEqual([]);
  });
});
