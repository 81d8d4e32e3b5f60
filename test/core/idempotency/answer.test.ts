import { describe, expect, it } from 'vitest';
import { isFinal, keptHeaders } from '../../../src/core/idempotency/answer.ts';

describe('an answer', () => {
  it.each([
    [200, false, false, true],
    [201, false, false, true],
    [400, false, false, true],
    [404, false, false, true],
    [413, false, false, true],
    [422, false, false, true],
    // The server of the image may be back by then.
    [422, false, true, false],
    [402, false, false, false],
    [408, false, false, false],
    [409, false, false, false],
    [425, false, false, false],
    [429, false, false, false],
    [500, false, true, false],
    [503, false, true, false],
    [502, false, false, false],
    // Whatever was billed.
    [422, true, false, true],
    [502, true, true, true],
    [504, true, true, true],
  ])('of status %i, billed %s, retryable %s, is for good: %s', (status, isBilled, isRetryable, final) => {
    expect(isFinal({ status, isBilled, isRetryable })).toBe(final);
  });

  it('keeps the headers that are its own', () => {
    const headers = new Headers({
      'content-type': 'application/json',
      location: '/v1/images/x',
      'x-vignette-plan': '{}',
      'x-request-id': 'req_1',
      'server-timing': 'total;dur=1',
      ratelimit: '"day";r=1',
      'set-cookie': 'a=b',
    });
    expect(keptHeaders(headers)).toEqual({ 'content-type': 'application/json', location: '/v1/images/x', 'x-vignette-plan': '{}' });
  });
});
