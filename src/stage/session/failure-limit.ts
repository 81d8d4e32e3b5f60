/** How often a network may come without a valid key before it has to wait. */
import { NETWORKS_MAX, UNKNOWN_KEYS_QUOTA, UNKNOWN_KEYS_WINDOW_SECONDS } from '../../core/key/limit.ts';
import { type BucketState, giveBack, takeTokens } from '../../core/key/token-bucket.ts';
import { Fault } from '../../core/fault.ts';
import type { Ports } from '../../port/ports.ts';
import { ExpiringMap } from './expiring-map.ts';

const WINDOW_MS = UNKNOWN_KEYS_WINDOW_SECONDS * 1000;
const POLICY = { bucket: '', quota: UNKNOWN_KEYS_QUOTA, windowSeconds: UNKNOWN_KEYS_WINDOW_SECONDS, cost: 1 };

/**
 * Counts in this isolate, and by the rate-limit binding in this place where one is bound. An isolate forgets a network when its
 * bucket would be full again, or when too many others have come since.
 */
export function failureLimit({ bursts, clock }: Pick<Ports, 'bursts' | 'clock'>) {
  const networks = new ExpiringMap<BucketState>(NETWORKS_MAX);
  return {
    /** Counts one. @throws rate_limited */
    async count(network: string): Promise<void> {
      const nowMs = clock.nowMs();
      const { isTaken, states, buckets } = takeTokens([POLICY], [networks.get(network, nowMs)], nowMs);
      if (!isTaken) throw tooMany(Math.ceil((buckets[0]?.waitMs ?? WINDOW_MS) / 1000));
      if (states[0] !== undefined) networks.set(network, states[0], nowMs + WINDOW_MS);
      if (!(await bursts.network.allows(network))) throw tooMany(UNKNOWN_KEYS_WINDOW_SECONDS);
    },

    /** Takes the last one back: the key was right. */
    forgive(network: string): void {
      const nowMs = clock.nowMs();
      const state = networks.get(network, nowMs);
      if (state !== undefined) networks.set(network, giveBack(POLICY, state, 1), nowMs + WINDOW_MS);
    },
  };
}

function tooMany(retryAfterSeconds: number): Fault {
  return new Fault('rate_limited', `Too many requests without a valid API key came from this network. Wait ${retryAfterSeconds} s, and check the key.`, {
    param: 'authorization',
    retryAfterSeconds,
  });
}
