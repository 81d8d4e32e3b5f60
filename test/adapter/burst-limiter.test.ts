import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { burstLimiter } from '../../src/adapter/burst-limiter.ts';

describe('the burst limiter', () => {
  it('sheds a flood of one subject, and of no other, by the platform’s own binding', async () => {
    const limiter = burstLimiter((env as unknown as { readonly NETWORK_BURSTS: RateLimit }).NETWORK_BURSTS, () => undefined);
    const answers = await Promise.all(Array.from({ length: 200 }, () => limiter.allows('203.0.113.9')));
    // Sixty a period; a period may end in between.
    const passed = answers.filter((isAllowed) => isAllowed).length;
    expect(passed).toBeGreaterThanOrEqual(60);
    expect(passed).toBeLessThanOrEqual(120);
    expect(await limiter.allows('203.0.113.10')).toBe(true);
  });

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
