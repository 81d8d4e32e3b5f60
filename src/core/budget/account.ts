/** What an account is told and asked: plain data, as it travels to the object that keeps it. */
import type { CallerLimits } from '../key/caller.ts';
import type { Amount } from './budget.ts';
import type { LedgerRow } from './ledger-row.ts';
import type { Period } from './period.ts';
import type { UsageQuery } from './usage.ts';

/** Name of the account that all tenants share: caps of the deployment, sums for metrics. No tenant can have it. */
export const DEPLOYMENT_ACCOUNT = '$deployment';

export interface BudgetReservation {
  /** The call at its most: what it comes to when its holder is never heard of again. */
  readonly row: LedgerRow;
  readonly keyLimits: CallerLimits;
  /** Of all keys of the account together. */
  readonly accountLimits: CallerLimits;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

export interface SettleOptions {
  /**
   * Whether the row stays to be looked up and is known by its id when it comes again. Otherwise it only counts, and only
   * where something was set aside for it.
   */
  readonly keepsRow: boolean;
}

export interface UsageRequest {
  readonly query: UsageQuery;
  /** Whose budgets are shown beside those of the account. */
  readonly key: string;
  readonly keyLimits: CallerLimits;
  readonly accountLimits: CallerLimits;
  readonly nowMs: number;
}

/** What a tenant has spent in the day and in the month that a moment falls in, as the deployment knows it. */
export interface Spender {
  readonly tenant: string;
  readonly spent: Readonly<Record<Period, Amount>>;
}
