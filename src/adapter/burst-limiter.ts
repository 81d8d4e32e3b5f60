/** Cloudflare's rate-limit binding, which counts in each place for itself. Without one nothing is shed. */
import type { BurstLimiter } from '../port/burst.ts';

export function burstLimiter(binding: RateLimit | undefined, report: (event: string, error: unknown) => void): BurstLimiter {
  return {
    async allows(subject) {
      try {
        return binding === undefined || (await binding.limit({ key: subject })).success;
      } catch (error) {
        report('burst_limit_failed', error);
        return true;
      }
    },
  };
}
