/**
 * Token buckets, exact: `quota` tokens at most, refilled evenly over the window. What a bucket holds is counted in
 * shares, of which a token has as many as its window has milliseconds: a millisecond then adds exactly `quota` of them,
 * every sum is a whole number, and in any span of time no more is taken than the quota and what flowed in.
 */

/** A bound of pace: `quota` in `windowSeconds`. Quota times milliseconds stays below 2^53. */
export interface BucketPolicy {
  readonly quota: number;
  readonly windowSeconds: number;
}

/** What is stored of a bucket. */
export interface BucketState {
  /** Tokens times milliseconds of the window. */
  readonly shares: number;
  /** The latest time seen, in milliseconds since 1970: a clock that goes back adds nothing. */
  readonly atMs: number;
}

/** What is wanted of one bucket; a cost of 0 only looks. */
export interface BucketTake extends BucketPolicy {
  /** Its name, also under which it is stored. */
  readonly bucket: string;
  readonly cost: number;
}

/** How a bucket stands. */
export interface BucketStatus {
  readonly bucket: string;
  /** Whole tokens left. */
  readonly remaining: number;
  /** Milliseconds until it is full. */
  readonly fullAfterMs: number;
  /** Milliseconds until the cost can be met: 0 now, `undefined` never, since it is above the quota. */
  readonly waitMs: number | undefined;
}

export interface TakeResult {
  /** Whether all were taken from; else none was. */
  readonly isTaken: boolean;
  readonly buckets: readonly BucketStatus[];
}

/** A bucket at a later time; one that was never seen is full. */
export function refill({ quota, windowSeconds }: BucketPolicy, state: BucketState | undefined, nowMs: number): BucketState {
  const fullShares = quota * windowSeconds * 1000;
  if (state === undefined) return { shares: fullShares, atMs: nowMs };
  const elapsedMs = Math.min(Math.max(0, nowMs - state.atMs), windowSeconds * 1000);
  return { shares: Math.min(fullShares, state.shares + elapsedMs * quota), atMs: Math.max(state.atMs, nowMs) };
}

/** Takes from all buckets or from none. `states` are in the order of `takes`; so are those that come back, to be stored when taken. */
export function takeTokens(
  takes: readonly BucketTake[],
  states: readonly (BucketState | undefined)[],
  nowMs: number,
): TakeResult & { readonly states: readonly BucketState[] } {
  const filled = takes.map((take, index) => ({ take, state: refill(take, states[index], nowMs) }));
  const isTaken = filled.every(({ take, state }) => state.shares >= costShares(take));
  const after = filled.map(({ take, state }) => ({ take, state: isTaken ? { ...state, shares: state.shares - costShares(take) } : state }));
  return {
    isTaken,
    states: after.map(({ state }) => state),
    buckets: after.map(({ take, state }) => statusOf(take, state, isTaken)),
  };
}

/** Gives tokens back, up to the quota: for a take that turned out not to count. */
export function giveBack(policy: BucketPolicy, state: BucketState, tokens: number): BucketState {
  const { windowSeconds, quota } = policy;
  return { ...state, shares: Math.min(quota * windowSeconds * 1000, state.shares + tokens * windowSeconds * 1000) };
}

function statusOf(take: BucketTake, { shares }: BucketState, isTaken: boolean): BucketStatus {
  const { bucket, quota, windowSeconds, cost } = take;
  const windowMs = windowSeconds * 1000;
  const lacking = isTaken ? 0 : Math.max(0, costShares(take) - shares);
  return {
    bucket,
    remaining: Math.floor(shares / windowMs),
    fullAfterMs: Math.ceil((quota * windowMs - shares) / quota),
    waitMs: cost > quota ? undefined : Math.ceil(lacking / quota),
  };
}

function costShares({ cost, windowSeconds }: BucketTake): number {
  return cost * windowSeconds * 1000;
}
