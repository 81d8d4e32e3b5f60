/** How fast a caller may go: requests when they come in, image tokens before Claude is asked. */
import { Fault } from '../../core/fault.ts';
import type { Caller } from '../../core/key/caller.ts';
import { policyHeader, type RateLimit, rateLimitsOf, type RateUnit, stateHeader, takesFor } from '../../core/key/rate.ts';
import type { BucketStatus, TakeResult } from '../../core/key/token-bucket.ts';
import type { Ports } from '../../port/ports.ts';

export interface Pace {
  /**
   * Counts an amount against every limit of its unit, in the tenant's account. Without such a limit nothing is called.
   * @throws rate_limited, with the seconds to wait; overloaded, when the account cannot be reached
   */
  take(unit: RateUnit, amount: number): Promise<void>;
  /** `ratelimit-policy`, and once something was counted `ratelimit`. */
  headers(): Readonly<Record<string, string>>;
}

/** The pace of a caller, or `undefined` when nothing limits it. */
export function createPace(caller: Caller, { accounts, clock }: Pick<Ports, 'accounts' | 'clock'>): Pace | undefined {
  const limits = rateLimitsOf(caller);
  if (limits.length === 0) return undefined;
  let statuses: readonly BucketStatus[] = [];
  return {
    async take(unit, amount) {
      if (amount === 0 || !limits.some((limit) => limit.unit === unit)) return;
      const result = await reach(() => accounts.take(caller.tenant, takesFor(limits, unit, amount), clock.nowMs()));
      statuses = result.buckets;
      if (!result.isTaken) throw tooFast(unit, amount, limits, statuses);
    },
    headers: () => ({
      'ratelimit-policy': policyHeader(limits),
      ...(statuses.length === 0 ? {} : { ratelimit: stateHeader(limits, statuses) }),
    }),
  };
}

/** Letting requests through uncounted would lift the limit just when a flood has brought the account down. */
async function reach(take: () => Promise<TakeResult>): Promise<TakeResult> {
  try {
    return await take();
  } catch (cause) {
    throw new Fault('overloaded', 'The rate limit of this key could not be read. Try again in a moment.', { retryAfterSeconds: 1, cause });
  }
}

function tooFast(unit: RateUnit, amount: number, limits: readonly RateLimit[], statuses: readonly BucketStatus[]): Fault {
  const word = unit === 'requests' ? 'request' : 'image token';
  const words = (count: number) => `${count} ${word}${count === 1 ? '' : 's'}`;
  const waits = limits.flatMap((limit) => {
    const status = statuses.find(({ bucket }) => bucket === limit.bucket);
    return limit.unit !== unit || status === undefined || status.waitMs === 0 ? [] : [{ limit, status, waitMs: status.waitMs ?? Infinity }];
  });
  const [longest] = waits.toSorted((one, other) => other.waitMs - one.waitMs);
  if (longest === undefined) return new Fault('rate_limited', `Too many ${word}s.`, { retryAfterSeconds: 1 });
  const { limit, status, waitMs } = longest;
  const bound = `${words(limit.quota)} in ${limit.windowSeconds} s ("${limit.name}")`;
  if (waitMs === Infinity) {
    const message = `This request needs ${words(amount)}; the limit is ${bound}, so that it can never pass. Send fewer or smaller images, or have the limit raised.`;
    return new Fault('rate_limited', message, { retryable: false });
  }
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return new Fault('rate_limited', `The limit is ${bound}; ${status.remaining} left, ${amount} needed. Wait ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
  });
}
