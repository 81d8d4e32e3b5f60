/**
 * The Durable Object of an account: the money and image tokens of a tenant, or of the whole deployment. One object handles one
 * call after the other and its methods never wait, so a judgement and what follows from it cannot be interleaved.
 * Rules stand in `core/budget`, the tables in `table.ts`.
 */
import { DurableObject } from 'cloudflare:workers';
import type { BudgetReservation, SettleOptions, Spender, UsageRequest } from '../../core/budget/account.ts';
import { type Amount, type Bound, boundsOf, type BudgetState, judge, type Refusal, stateOf } from '../../core/budget/budget.ts';
import { countersOf, outcomesOf, sumRows, type UsageDelta } from '../../core/budget/counter.ts';
import type { LedgerRow } from '../../core/budget/ledger-row.ts';
import { PRUNE_EVERY_MS, SPENDERS_MAX, USAGE_DAYS, USAGE_GROUPS_MAX } from '../../core/budget/limit.ts';
import { dayOf, type Period, PERIODS, periodOf, periodWith } from '../../core/budget/period.ts';
import type { Totals, UsageReport } from '../../core/budget/usage.ts';
import { BUCKET_IDLE_MS } from '../../core/key/limit.ts';
import type { BucketTake, TakeResult } from '../../core/key/token-bucket.ts';
import { createBucketTable, pruneBuckets, takeFromBuckets } from './bucket.ts';
import { addOutcomes, createOutcomeTable, sumOutcomes } from './outcome.ts';
import * as table from './table.ts';

const DAY_MS = 86_400_000;
const NOTHING: Amount = { nanoUsd: 0, imageTokens: 0 };

export class Account extends DurableObject {
  readonly #sql: SqlStorage;
  #isPruningScheduled = false;

  constructor(state: DurableObjectState, environment: unknown) {
    super(state, environment as never);
    this.#sql = state.storage.sql;
    table.createTables(this.#sql);
    createBucketTable(this.#sql);
    createOutcomeTable(this.#sql);
  }

  /**
   * Sets aside the most that a call may use, unless a bound stands in the way. `row` is what becomes of it when its
   * holder is never heard of again. Asking twice for one request sets aside once. `released`: nothing
   * is set aside, since the request was given up before this came.
   */
  reserve({ row, keyLimits, accountLimits, expiresAtMs }: BudgetReservation): Refusal | 'released' | undefined {
    return this.#atomically(() => {
      if (table.hasReservation(this.#sql, row.requestId)) return undefined;
      if (table.isReleased(this.#sql, row.requestId)) return 'released';
      const bounds = [...boundsOf('key', keyLimits), ...boundsOf('account', accountLimits)];
      const needed = amountOf(row);
      const judged = () => judge(this.#states(bounds, row.key, row.atMs), needed);
      let refusal = judged();
      // What stands in the way may be set aside for a call that nobody makes any more.
      if (refusal?.isTransient === true && this.#expire(row.atMs) > 0) refusal = judged();
      if (refusal !== undefined) return refusal;
      table.insertReservation(this.#sql, row, expiresAtMs);
      this.#addSpending(row, NOTHING, needed);
      return undefined;
    });
  }

  /** Gives back what was set aside for a request, and refuses what would still be set aside for it until `untilMs` (since 1970). */
  release(requestId: string, untilMs: number): void {
    this.#atomically(() => {
      this.#giveBack(requestId);
      table.insertRelease(this.#sql, requestId, untilMs);
    });
  }

  /**
   * Takes down what became of a call, and gives back what was set aside for it. A row that is known already is left
   * alone, unless it was only assumed: so a late report corrects, and a repeated one does nothing.
   */
  settle(row: LedgerRow, { keepsRow }: SettleOptions): void {
    this.#atomically(() => {
      const reserved = this.#giveBack(row.requestId);
      const known = table.readLedger(this.#sql, row.requestId);
      if (known !== undefined && known.basis !== 'assumed') return;
      if (known === undefined && reserved === undefined && !keepsRow) return;
      if (known !== undefined) this.#book(known, -1);
      this.#book(row, 1);
      if (keepsRow) table.writeLedger(this.#sql, row);
      else table.deleteLedger(this.#sql, row.requestId);
    });
  }

  /** Takes down requests that came to no call; those that are known already are left out. */
  record(rows: readonly LedgerRow[]): void {
    this.#atomically(() => {
      for (const delta of sumRows(table.insertLedger(this.#sql, rows))) {
        table.addUsage(this.#sql, delta, delta.counters, 1);
        addOutcomes(this.#sql, delta.outcomes, 1);
      }
    });
  }

  /** Adds to the sums and the spending what has no rows here. */
  add(deltas: readonly UsageDelta[]): void {
    this.#atomically(() => {
      for (const delta of deltas) {
        table.addUsage(this.#sql, delta, delta.counters, 1);
        addOutcomes(this.#sql, delta.outcomes, 1);
        if (delta.counters.calls === 0) continue;
        for (const key of [delta.key, table.ALL_KEYS]) {
          for (const period of PERIODS) table.addSpending(this.#sql, key, periodWith(period, delta.day), { spent: delta.spent, reserved: NOTHING });
        }
      }
    });
  }

  usage({ query, key, keyLimits, accountLimits, nowMs }: UsageRequest): UsageReport | 'too-many' {
    return this.#atomically(() => {
      this.#expire(nowMs);
      const sums = table.sumUsage(this.#sql, query, USAGE_GROUPS_MAX);
      if (sums.length > USAGE_GROUPS_MAX) return 'too-many';
      const [whole] = table.sumUsage(this.#sql, { ...query, groupBy: [] }, 1);
      if (whole === undefined) throw new Error('a sum without groups has one row');
      const bounds = [...boundsOf('key', keyLimits), ...boundsOf('account', accountLimits)];
      return { sums, total: whole.counters, budgets: this.#states(bounds, key, nowMs) };
    });
  }

  /** The row of a request, while it is kept. */
  find(requestId: string): LedgerRow | undefined {
    return table.readLedger(this.#sql, requestId);
  }

  /** Sums since the account exists, by key and model, and how requests ended; they only grow, but for the correction of an assumed cost. */
  totals(nowMs: number): Totals {
    return this.#atomically(() => {
      this.#expire(nowMs);
      return { sums: table.sumEver(this.#sql), outcomes: sumOutcomes(this.#sql) };
    });
  }

  /** Of the deployment: the tenants that have spent most in the month of `nowMs`, those whose calls have no price by image tokens. */
  spenders(nowMs: number): readonly Spender[] {
    return this.#atomically(() => {
      this.#expire(nowMs);
      return table.topKeys(this.#sql, periodOf('month', nowMs), SPENDERS_MAX).map((tenant): Spender => {
        const spentIn = (period: Period): Amount => table.readSpending(this.#sql, tenant, periodOf(period, nowMs)).spent;
        return { tenant, spent: { day: spentIn('day'), month: spentIn('month') } };
      });
    });
  }

  /** Takes from all buckets or from none. */
  take(takes: readonly BucketTake[], nowMs: number): TakeResult {
    return this.#atomically(() => takeFromBuckets(this.#sql, takes, nowMs));
  }

  override async alarm(): Promise<void> {
    const nowMs = Date.now();
    this.ctx.storage.transactionSync(() => {
      this.#expire(nowMs);
      table.prune(this.#sql, nowMs, dayOf(nowMs - USAGE_DAYS * DAY_MS));
      pruneBuckets(this.#sql, nowMs - BUCKET_IDLE_MS);
    });
    await this.ctx.storage.setAlarm(nowMs + PRUNE_EVERY_MS);
  }

  /** Reservations whose time is over count as spent, at their maximum, until a late report says better. Gives how many there were. */
  #expire(nowMs: number): number {
    const expired = table.expiredReservations(this.#sql, nowMs);
    for (const requestId of expired) {
      const row = this.#giveBack(requestId);
      // A request whose row is known already came to no call, only its release was lost.
      if (row === undefined || table.readLedger(this.#sql, requestId) !== undefined) continue;
      this.#book(row, 1);
      table.writeLedger(this.#sql, row);
    }
    return expired.length;
  }

  /** Ends a reservation; gives the row that it would have ended as, or `undefined` when there is none. */
  #giveBack(requestId: string): LedgerRow | undefined {
    const row = table.takeReservation(this.#sql, requestId);
    if (row !== undefined) this.#addSpending(row, NOTHING, negative(amountOf(row)));
    return row;
  }

  #book(row: LedgerRow, sign: 1 | -1): void {
    table.addUsage(this.#sql, { day: dayOf(row.atMs), key: row.key, model: row.model }, countersOf(row), sign);
    addOutcomes(this.#sql, outcomesOf([row]), sign);
    if (row.basis === 'free') return;
    this.#addSpending(row, sign === 1 ? amountOf(row) : negative(amountOf(row)), NOTHING);
  }

  #addSpending(row: LedgerRow, spent: Amount, reserved: Amount): void {
    for (const key of [row.key, table.ALL_KEYS]) {
      for (const period of PERIODS) table.addSpending(this.#sql, key, periodOf(period, row.atMs), { spent, reserved });
    }
  }

  #states(bounds: readonly Bound[], key: string, nowMs: number): readonly BudgetState[] {
    return bounds.map((bound) => {
      const subject = bound.subject === 'key' ? key : table.ALL_KEYS;
      return stateOf(bound, table.readSpending(this.#sql, subject, periodOf(bound.period, nowMs)), nowMs);
    });
  }

  /** All or nothing; the first time, rounds of pruning begin. */
  #atomically<T>(work: () => T): T {
    if (!this.#isPruningScheduled) {
      this.#isPruningScheduled = true;
      this.ctx.waitUntil(this.#schedulePruning());
    }
    return this.ctx.storage.transactionSync(work);
  }

  async #schedulePruning(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + PRUNE_EVERY_MS);
  }
}

function amountOf(row: LedgerRow): Amount {
  return { nanoUsd: row.nanoUsd ?? 0, imageTokens: row.imageTokens };
}

function negative({ nanoUsd, imageTokens }: Amount): Amount {
  return { nanoUsd: 0 - nanoUsd, imageTokens: 0 - imageTokens };
}
