/**
 * Rows that nobody waits for, gathered for a moment and sent together: a cached answer costs a push to a list, and its account
 * one call a second however many there are.
 */
import type { LedgerRow } from '../../core/budget/ledger-row.ts';

/** Rows sent at once: some 200 kB. */
const ROWS_MAX = 500;
/** A request that has promised to send and was ended before it could is given up after so many times the wait. */
const PATIENCE = 5;

export interface GatheredRow {
  readonly row: LedgerRow;
  /** Otherwise the tenant's account has it already. */
  readonly isForTenant: boolean;
}

export interface Gathering {
  /**
   * Takes a row. One caller at a time waits and then sends for all, in its own request: a promise shared with others would die with it.
   * The others get nothing to keep alive, since that has its cost.
   */
  add(row: GatheredRow): Promise<void> | undefined;
  /** Sends what there is now. */
  flush(): Promise<void>;
}

/** The gathering of an isolate, sent `waitMs` after the first row (0: at once); `send` gets at most `ROWS_MAX` rows and never rejects. */
export function createGathering(waitMs: number, send: (rows: readonly GatheredRow[]) => Promise<void>): Gathering {
  let rows: GatheredRow[] = [];
  let sendsAtMs: number | undefined;

  const flush = async (): Promise<void> => {
    sendsAtMs = undefined;
    const taken = rows;
    rows = [];
    for (let start = 0; start < taken.length; start += ROWS_MAX) await send(taken.slice(start, start + ROWS_MAX));
  };

  return {
    flush,
    add(row) {
      rows.push(row);
      const nowMs = Date.now();
      if (rows.length >= ROWS_MAX) return flush();
      if (sendsAtMs !== undefined && nowMs <= sendsAtMs + PATIENCE * waitMs) return undefined;
      sendsAtMs = nowMs + waitMs;
      return waitMs > 0 ? scheduler.wait(waitMs).then(flush) : flush();
    },
  };
}
