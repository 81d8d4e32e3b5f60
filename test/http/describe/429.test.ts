import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';
import { withoutWaiting } from '../../support/waiting.ts';

const PNG = fixture('png-gray8.png');

describe('POST /v1/describe when the Claude API limits the rate', () => {
  const waitedMs = withoutWaiting();
  beforeEach(emptyStorage);

  it('waits as long as the API asks, three times in all, then passes the wait on', async () => {
    const service = startService();
    await service.fail({ kind: 'rate_limit', retry_after_seconds: 4, times: 3 });
    const response = await service.upload('/v1/describe', PNG, 'image/png');
    expect(response.headers.get('retry-after')).toBe('4');
    const problem = await expectProblem(response, 'rate_limited');
    expect(problem).toMatchObject({ billed: false, retryable: true, detail: expect.stringMatching(/limits this deployment's rate/) });
    expect(waitedMs).toEqual([4_000, 4_000]);
    expect((await service.calls()).length).toBe(3);
    expect(await storedNames()).toEqual([]);
  });

  it('succeeds when the limit passes meanwhile, with one billed call', async () => {
    const service = startService();
    await service.fail({ kind: 'rate_limit', retry_after_seconds: 1, times: 2 });
    expect((await service.upload('/v1/describe', PNG, 'image/png')).status).toBe(200);
    expect((await service.simulate('bill')).total.calls).toBe(1);
    expect((await service.calls()).length).toBe(3);
  });

  it.each([
    [10, 3],
    [11, 1],
  ])('a wait of %i s leads to %i calls: longer ones are left to the caller', async (seconds, calls) => {
    const service = startService();
    await service.fail({ kind: 'rate_limit', retry_after_seconds: seconds, times: 3 });
    const response = await service.upload('/v1/describe', PNG, 'image/png');
    expect(response.headers.get('retry-after')).toBe(String(seconds));
    expect((await expectProblem(response, 'rate_limited')).retryable).toBe(true);
    expect((await service.calls()).length).toBe(calls);
  });

  it('a spend limit does not heal by waiting, and says so', async () => {
    const service = startService();
    await service.fail('spend_cap');
    const response = await service.upload('/v1/describe', PNG, 'image/png');
    expect(response.headers.has('retry-after')).toBe(false);
    const problem = await expectProblem(response, 'rate_limited');
    expect(problem).toMatchObject({ billed: false, retryable: false, detail: expect.stringMatching(/spend limit does not heal by retrying/) });
    expect((await service.calls()).length).toBe(1);
    expect(waitedMs).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });
});
