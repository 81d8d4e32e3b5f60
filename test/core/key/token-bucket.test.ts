import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BucketState, type BucketTake, giveBack, refill, takeTokens } from '../../../src/core/key/token-bucket.ts';

const START_MS = 1_790_000_000_000;

function take(policy: Partial<BucketTake>, state: BucketState | undefined, nowMs: number) {
  const wanted = { bucket: 'b', quota: 10, windowSeconds: 60, cost: 1, ...policy };
  const { isTaken, states, buckets } = takeTokens([wanted], [state], nowMs);
  return { isTaken, state: states[0], status: buckets[0] };
}

describe('a token bucket', () => {
  it('is full at first, and gives as many as its quota at once', () => {
    let state: BucketState | undefined;
    for (let count = 1; count <= 10; count++) {
      const taken = take({}, state, START_MS);
      expect(taken).toMatchObject({ isTaken: true, status: { remaining: 10 - count } });
      state = taken.state;
    }
    expect(take({}, state, START_MS)).toMatchObject({ isTaken: false, status: { remaining: 0, waitMs: 6_000, fullAfterMs: 60_000 } });
  });

  it.each([
    [5_999, false],
    [6_000, true],
    [6_001, true],
  ])('of ten a minute has the next one after six seconds: %i ms, %s', (elapsedMs, isTaken) => {
    const empty = take({ cost: 10 }, undefined, START_MS).state;
    expect(take({}, empty, START_MS + elapsedMs).isTaken).toBe(isTaken);
  });

  it('refills in fractions that are never lost: 7 in a minute, asked every millisecond, are exactly 7', () => {
    let state = take({ quota: 7, cost: 7 }, undefined, START_MS).state;
    let taken = 0;
    for (let ms = 1; ms <= 60_000; ms++) {
      const result = take({ quota: 7 }, state, START_MS + ms);
      if (result.isTaken) taken += 1;
      state = result.state;
    }
    expect(taken).toBe(7);
    expect(state?.shares).toBe(0);
  });

  it('never holds more than its quota', () => {
    const state = take({}, undefined, START_MS).state;
    expect(take({ cost: 0 }, state, START_MS + 1e12).status).toMatchObject({ remaining: 10, fullAfterMs: 0 });
  });

  it('gains nothing by a clock that goes back and forth', () => {
    let state = take({ cost: 10 }, undefined, START_MS).state;
    for (const nowMs of [START_MS - 60_000, START_MS, START_MS - 1, START_MS]) {
      const result = take({}, state, nowMs);
      expect(result.isTaken).toBe(false);
      state = result.state;
    }
    expect(take({}, state, START_MS + 6_000).isTaken).toBe(true);
  });

  it('says that a cost above its quota can never be met', () => {
    expect(take({ cost: 11 }, undefined, START_MS)).toMatchObject({ isTaken: false, status: { remaining: 10, waitMs: undefined } });
    expect(take({ cost: 10 }, undefined, START_MS).isTaken).toBe(true);
  });

  it('that was made smaller holds no more than its new quota', () => {
    const state = take({ quota: 100 }, undefined, START_MS).state;
    expect(take({ quota: 10, cost: 0 }, state, START_MS).status?.remaining).toBe(10);
  });

  it('takes back what was not used, up to its quota', () => {
    const policy = { quota: 10, windowSeconds: 60 };
    const state = refill(policy, take({ cost: 3 }, undefined, START_MS).state, START_MS);
    expect(take({ cost: 0 }, giveBack(policy, state, 2), START_MS).status?.remaining).toBe(9);
    expect(take({ cost: 0 }, giveBack(policy, state, 20), START_MS).status?.remaining).toBe(10);
  });

  it('among others is left alone when one of them refuses', () => {
    const takes = [
      { bucket: 'a', quota: 10, windowSeconds: 60, cost: 4 },
      { bucket: 'b', quota: 3, windowSeconds: 60, cost: 4 },
    ];
    const { isTaken, buckets } = takeTokens(takes, [undefined, undefined], START_MS);
    expect(isTaken).toBe(false);
    expect(buckets.map(({ bucket, remaining, waitMs }) => [bucket, remaining, waitMs])).toEqual([
      ['a', 10, 0],
      ['b', 3, undefined],
    ]);
  });

  const steps = fc.array(fc.record({ elapsedMs: fc.integer({ min: -90_000, max: 90_000 }), cost: fc.integer({ min: 0, max: 30 }) }), { maxLength: 200 });
  const policies = fc.record({ quota: fc.integer({ min: 1, max: 1_000_000 }), windowSeconds: fc.constantFrom(1, 10, 60, 3_600) });

  it('never gives more than its quota and what flowed in, in any span of time, however its clock runs', () => {
    fc.assert(
      fc.property(policies, steps, ({ quota, windowSeconds }, list) => {
        let state: BucketState | undefined;
        let nowMs = START_MS;
        let latestMs = -Infinity;
        const given: { readonly atMs: number; readonly tokens: number }[] = [];
        for (const { elapsedMs, cost } of list) {
          nowMs += elapsedMs;
          const result = take({ quota, windowSeconds, cost }, state, nowMs);
          if (result.isTaken) {
            state = result.state;
            latestMs = Math.max(latestMs, nowMs);
            given.push({ atMs: latestMs, tokens: cost });
          }
        }
        for (const [from, { atMs: fromMs }] of given.entries()) {
          let tokens = 0;
          for (const { atMs, tokens: more } of given.slice(from)) {
            tokens += more;
            // In whole numbers: tokens · window ≤ (quota · window) + quota · elapsed.
            expect(tokens * windowSeconds * 1000).toBeLessThanOrEqual(quota * windowSeconds * 1000 + quota * (atMs - fromMs));
          }
        }
      }),
    );
  });

  it('keeps its word: what it said to wait for is there then, and not a millisecond before', () => {
    fc.assert(
      fc.property(policies, steps, ({ quota, windowSeconds }, list) => {
        let state: BucketState | undefined;
        let nowMs = START_MS;
        for (const { elapsedMs, cost } of list) {
          nowMs += Math.abs(elapsedMs);
          const result = take({ quota, windowSeconds, cost }, state, nowMs);
          if (result.isTaken) state = result.state;
          else if (result.status?.waitMs !== undefined) {
            expect(take({ quota, windowSeconds, cost }, state, nowMs + result.status.waitMs).isTaken).toBe(true);
            expect(take({ quota, windowSeconds, cost }, state, nowMs + result.status.waitMs - 1).isTaken).toBe(false);
          }
        }
      }),
    );
  });

  it('counts in whole numbers at the largest limits', () => {
    const { state } = take({ quota: 1_000_000_000, cost: 1 }, undefined, START_MS);
    expect(state?.shares).toBe(1_000_000_000 * 60_000 - 60_000);
    expect(Number.isSafeInteger(state?.shares)).toBe(true);
  });
});
