import { describe, expect, it } from 'vitest';
import { burstLimiter } from '../../src/adapter/burst-limiter.ts';

describe('the burst limiter', () => {
  it('says what the binding says of this subject', async () => {
    const binding: RateLimit = { limit: async ({ key }) => ({ success: key === 'a' }) };
    const limiter = burstLimiter(binding, () => undefined);
    expect([await limiter.allows('a'), await limiter.allows('b')]).toEqual([true, false]);
  });

  it('lets everything through where none is bound, and where the binding fails, which is reported', async () => {
    expect(await burstLimiter(undefined, () => undefined).allows('a')).toBe(true);
    const events: string[] = [];
    const broken: RateLimit = { limit: () => Promise.reject(new Error('unreachable')) };
    expect(await burstLimiter(broken, (event) => events.push(event)).allows('a')).toBe(true);
    expect(events).toEqual(['burst_limit_failed']);
  });
});
