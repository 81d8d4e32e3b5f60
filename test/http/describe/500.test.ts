import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

describe('a fault of ours in POST /v1/describe', () => {
  beforeEach(emptyStorage);

  it('shows its request id and nothing of what went wrong', async () => {
    const codec = { transcode: () => Promise.reject(new RangeError('canary in the message')), thumbnail: () => undefined, canConvert: false };
    const service = startService({ ports: { codec } });
    const response = await service.upload('/v1/describe', fixture('jpeg-orientation-2-big-endian.jpg'));
    const problem = await expectProblem(response, 'internal');
    expect(problem.detail).toBe(`Something went wrong on our side. Quote request ${problem.request_id} when you report it.`);
    expect(problem).toMatchObject({ param: null, retryable: true, billed: false });
    const [fault] = service.logs.filter((entry) => entry.event === 'fault');
    expect(fault).toMatchObject({ request_id: problem.request_id, code: 'internal', cause: 'RangeError' });
    expect(JSON.stringify(service.logs)).not.toContain('canary');
    expect(await storedNames()).toEqual([]);
  });
});
