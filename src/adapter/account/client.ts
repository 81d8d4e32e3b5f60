/** The accounts, over RPC: one object a tenant, and one for the deployment. */
import { DEPLOYMENT_ACCOUNT, type RecordOptions } from '../../core/budget/account.ts';
import type { LedgerRow } from '../../core/budget/ledger-row.ts';
import { Fault } from '../../core/fault.ts';
import type { Accounts } from '../../port/account.ts';
import { dataPointOf } from './chart.ts';
import { createGathering } from './gathering.ts';
import type { Account } from './object.ts';

const ATTEMPTS_MAX = 3;
const BACKOFF_MS = 250;
/** An account that cannot be asked is no reason to spend unasked. */
const RETRY_AFTER_SECONDS = 2;

export interface AccountsOptions {
  /** How long rows that nobody waits for are gathered. */
  readonly gatherMs: number;
  /** Told of rows that were lost; never of what is in them. */
  readonly report: (event: string, error: unknown) => void;
  /** Where each row becomes a point for charts, where there is one. */
  readonly chart?: AnalyticsEngineDataset | undefined;
}

export function durableAccounts(namespace: DurableObjectNamespace<Account>, { gatherMs, report, chart }: AccountsOptions): Accounts {
  const account = (name: string) => namespace.get(namespace.idFromName(name));

  const record = async (name: string, rows: readonly LedgerRow[], options: RecordOptions, attemptsMax: number): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await account(name).record(rows, options);
      } catch (error) {
        if (attempt >= attemptsMax) return report('ledger_lost', error);
        await scheduler.wait(BACKOFF_MS * 4 ** (attempt - 1));
      }
    }
  };

  // Rows of a tenant are known by their id, so telling them again does no harm. The deployment keeps sums only, so it is told once.
  const gathering = createGathering(gatherMs, async (rows) => {
    const byTenant = Map.groupBy(rows, ({ row }) => row.tenant);
    await Promise.all([
      ...[...byTenant].map(([tenant, of]) => {
        const own = of.filter(({ isForTenant }) => isForTenant).map(({ row }) => row);
        return own.length === 0 ? undefined : record(tenant, own, { keepsRows: true, needsReservation: false }, ATTEMPTS_MAX);
      }),
      record(
        DEPLOYMENT_ACCOUNT,
        rows.map(({ row }) => ofDeployment(row)),
        { keepsRows: false, needsReservation: false },
        1,
      ),
    ]);
  });

  return {
    async reserve(name, reservation) {
      const asked = name === DEPLOYMENT_ACCOUNT ? { ...reservation, row: ofDeployment(reservation.row) } : reservation;
      try {
        return await account(name).reserve(asked);
      } catch (cause) {
        throw new Fault('overloaded', `The budget could not be asked just now, so nothing was sent to Claude. Try again in ${RETRY_AFTER_SECONDS} s.`, {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
          cause,
        });
      }
    },
    async settle(row, { isCapped }) {
      chart?.writeDataPoint(dataPointOf(row));
      const toTenant = record(row.tenant, [row], { keepsRows: true, needsReservation: false }, ATTEMPTS_MAX);
      const toDeployment = isCapped
        ? record(DEPLOYMENT_ACCOUNT, [ofDeployment(row)], { keepsRows: false, needsReservation: true }, ATTEMPTS_MAX)
        : gathering.add({ row, isForTenant: false });
      await Promise.all([toTenant, toDeployment]);
    },
    record(row) {
      chart?.writeDataPoint(dataPointOf(row));
      return gathering.add({ row, isForTenant: true });
    },
    flush: () => gathering.flush(),
    usage: async (name, request) => account(name).usage(request),
    find: async (name, requestId) => account(name).find(requestId),
    take: async (tenant, takes, nowMs) => account(tenant).take(takes, nowMs),
    totals: async (nowMs) => account(DEPLOYMENT_ACCOUNT).totals(nowMs),
  };
}

/** In the account of the deployment a tenant is what a key is in a tenant's. */
function ofDeployment(row: LedgerRow): LedgerRow {
  return { ...row, key: row.tenant };
}
