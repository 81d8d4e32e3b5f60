/** Who asks: what a valid API key stands for. */

/** What a key may do; a route needs one of them. */
export const SCOPES = ['describe', 'estimate', 'images', 'jobs', 'messages', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What may be kept of a caller's pictures and answers, from nothing to the original; each step includes those before it. */
export const STORE_MODES = ['none', 'hash', 'result', 'image'] as const;
export type StoreMode = (typeof STORE_MODES)[number];

/** Bounds of spending and pace; an absent one does not bind. */
export interface CallerLimits {
  /** US$ a calendar day and month, UTC. */
  readonly usdDay?: number;
  readonly usdMonth?: number;
  readonly imageTokensDay?: number;
  readonly imageTokensMonth?: number;
  readonly requestsMinute?: number;
  readonly imageTokensMinute?: number;
}

export interface Caller {
  /** Whose images, answers, files and costs these are; tenants never meet. `^[A-Za-z0-9_-]{1,64}$` */
  readonly tenant: string;
  /** Id of the key, not the key: safe to log and to show. */
  readonly key: string;
  readonly scopes: readonly Scope[];
  /** Models that may be asked for; absent: all. */
  readonly models?: readonly string[];
  /** Bounds of this key. */
  readonly limits: CallerLimits;
  /** Bounds of all keys of the tenant together. */
  readonly tenantLimits: CallerLimits;
  readonly store: StoreMode;
  /** Days after which everything that was stored is gone; absent: as configured. */
  readonly retentionDays?: number;
}

/** The caller behind a key of `VIGNETTE_API_KEYS`: everything but administration, without bounds. */
export function configuredCaller(name: string): Caller {
  return { tenant: name, key: name, scopes: SCOPES.filter((scope) => scope !== 'admin'), limits: {}, tenantLimits: {}, store: 'image' };
}
