/** The rate limits of a caller as buckets, and how they are told in headers (draft-ietf-httpapi-ratelimit-headers-10). */
import type { Caller, CallerLimits } from './caller.ts';
import type { BucketPolicy, BucketStatus, BucketTake } from './token-bucket.ts';

export type RateUnit = 'requests' | 'image-tokens';

export interface RateLimit extends BucketPolicy {
  /** What it counts. */
  readonly unit: RateUnit;
  /** Its name in headers and messages. */
  readonly name: string;
  /** Under which the account keeps it. */
  readonly bucket: string;
}

const WINDOW_SECONDS = 60;

/** Those of the key, then those of all keys of the tenant; empty when nothing binds. */
export function rateLimitsOf({ key, limits, tenantLimits }: Caller): readonly RateLimit[] {
  return [...limitsFrom(limits, '', `key:${key}:`), ...limitsFrom(tenantLimits, 'tenant-', 'tenant:')];
}

/** What is to be taken of each limit for an amount of one unit; the others are only looked at. */
export function takesFor(limits: readonly RateLimit[], unit: RateUnit, amount: number): readonly BucketTake[] {
  return limits.map(({ bucket, quota, windowSeconds, unit: own }) => ({ bucket, quota, windowSeconds, cost: own === unit ? amount : 0 }));
}

/** `RateLimit-Policy`: what holds, whatever has been used. */
export function policyHeader(limits: readonly RateLimit[]): string {
  return limits.map(({ name, quota, windowSeconds }) => `"${name}";q=${quota};w=${windowSeconds}`).join(', ');
}

/** `RateLimit`: how many are left, and in how many seconds all are back. */
export function stateHeader(limits: readonly RateLimit[], statuses: readonly BucketStatus[]): string {
  return limits
    .flatMap(({ name, bucket }) => {
      const status = statuses.find((known) => known.bucket === bucket);
      return status === undefined ? [] : [`"${name}";r=${status.remaining};t=${Math.ceil(status.fullAfterMs / 1000)}`];
    })
    .join(', ');
}

function limitsFrom({ requestsMinute, imageTokensMinute }: CallerLimits, prefix: string, bucketPrefix: string): readonly RateLimit[] {
  const limit = (unit: RateUnit, quota: number | undefined): readonly RateLimit[] =>
    quota === undefined ? [] : [{ unit, name: prefix + unit, bucket: bucketPrefix + unit, quota, windowSeconds: WINDOW_SECONDS }];
  return [...limit('requests', requestsMinute), ...limit('image-tokens', imageTokensMinute)];
}
