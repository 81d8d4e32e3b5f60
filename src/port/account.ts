/** The port to what is counted for a tenant in one place, exactly, wherever its requests come in. */
import type { BudgetReservation, Spender, UsageRequest } from '../core/budget/account.ts';
import type { Refusal } from '../core/budget/budget.ts';
import type { LedgerRow } from '../core/budget/ledger-row.ts';
import type { Totals, UsageReport } from '../core/budget/usage.ts';
import type { BucketTake, TakeResult } from '../core/key/token-bucket.ts';

/** Money and image tokens: what each tenant may spend and has spent, and a line for each request. */
export interface Accounts {
  /**
   * Sets aside the most that a call may use, in the account of a tenant or of the deployment; gives what stands in the way.
   * @throws overloaded when the account cannot be asked
   */
  reserve(account: string, reservation: BudgetReservation): Promise<Refusal | undefined>;
  /**
   * Gives back what was set aside for a request that will make no call, whether its `reserve` has come, comes later or is lost;
   * one that comes later sets nothing aside. `untilMs`: when the reservation would have ended. Never rejects.
   */
  release(account: string, requestId: string, untilMs: number): Promise<void>;
  /**
   * Writes the row of a call, which gives back what was set aside for it. Never rejects. `isCapped`: the deployment's account has
   * set something aside, too.
   */
  settle(row: LedgerRow, options: { readonly isCapped: boolean }): Promise<void>;
  /** Writes the row of a request without a call, together with others, some time soon: a promise to be kept alive, that never rejects, or nothing where another request sends it. */
  record(row: LedgerRow): Promise<void> | undefined;
  /** Writes at once what `record` has gathered. */
  flush(): Promise<void>;
  /** Sums and budgets of an account; `too-many` when they make more than `USAGE_GROUPS_MAX` groups. */
  usage(account: string, request: UsageRequest): Promise<UsageReport | 'too-many'>;
  /** The row of a request, while it is kept. */
  find(account: string, requestId: string): Promise<LedgerRow | undefined>;
  /** Takes from all rate limits' buckets of a tenant or from none. */
  take(tenant: string, takes: readonly BucketTake[], nowMs: number): Promise<TakeResult>;
  /** Sums over all tenants since the deployment exists, by tenant (as `key`) and model, and how requests ended: for metrics. */
  totals(nowMs: number): Promise<Totals>;
  /** The tenants that have spent most this month, at most `SPENDERS_MAX`, the first of them first: for metrics. */
  spenders(nowMs: number): Promise<readonly Spender[]>;
}
