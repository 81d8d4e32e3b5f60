/** The accounts, over RPC: one object a tenant, and one for the deployment. */
import { DEPLOYMENT_ACCOUNT } from '../../core/budget/account.ts';
import { sumRows } from '../../core/budget/counter.ts';
import type { LedgerRow } from '../../core/budget/ledger-row.ts';
import { Fault } from '../../core/fault.ts';
import type { Accounts } from '../../port/account.ts';
import { dataPointOf } from './chart.ts';
import { createGathering } from './gathering.ts';
import type { Account } from './object.ts';

/** Rows of requests that came to no call. */
const ROW_ATTEMPTS_MAX = 3;
/**
 * Bills, and what is to be given back: it binds until its time is over. Tried for 21 s, while the platform lets work after a
 * response run for 30.
 */
const MONEY_ATTEMPTS_MAX = 5;
const BACKOFF_MS = 250;
/** An account that cannot be asked is no reason to spend unasked. */
const RETRY_AFTER_SECONDS = 2;

export interface AccountsOptions {
  /** How long rows that nobody waits for are gathered. */
  readonly gatherMs: number;
  /** Told of rows, releases and points that were lost; never of what is in them. */
  readonly report: (event: string, error: unknown) => void;
  /** Where each row becomes a point for charts, where there is one. */
  readonly chart?: AnalyticsEngineDataset | undefined;
}

export function durableAccounts(namespace: DurableObjectNamespace<Account>, { gatherMs, report, chart }: AccountsOptions): Accounts {
  const account = (name: string) => namespace.get(namespace.idFromName(name));

  /** Repeats what fails, where that does no harm. Never rejects. */
  const tell = async (attemptsMax: number, work: () => Promise<void>, lost = 'ledger_lost'): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt >= attemptsMax) return report(lost, error);
        await scheduler.wait(BACKOFF_MS * 4 ** (attempt - 1));
      }
    }
  };

  /** A point that is refused must not cost the row. */
  const draw = (row: LedgerRow): void => {
    try {
      chart?.writeDataPoint(dataPointOf(row));
    } catch (error) {
      report('chart_lost', error);
    }
  };

  // Rows of a tenant are known by their id. The deployment has sums only, so it is told once.
  const gathering = createGathering(gatherMs, async (rows) => {
    const byTenant = Map.groupBy(
      rows.filter(({ isForTenant }) => isForTenant).map(({ row }) => row),
      ({ tenant }) => tenant,
    );
    await Promise.all([
      ...[...byTenant].map(([tenant, own]) => tell(ROW_ATTEMPTS_MAX, async () => account(tenant).record(own))),
      tell(1, async () => account(DEPLOYMENT_ACCOUNT).add(sumRows(rows.map(({ row }) => ofDeployment(row))))),
    ]);
  });

  return {
    async reserve(name, reservation) {
      const asked = name === DEPLOYMENT_ACCOUNT ? { ...reservation, row: ofDeployment(reservation.row) } : reservation;
      try {
        const answer = await account(name).reserve(asked);
        if (answer === 'released') throw new Error('given up before it came');
        return answer;
      } catch (cause) {
        throw new Fault('overloaded', `The budget could not be asked just now, so nothing was sent to Claude. Try again in ${RETRY_AFTER_SECONDS} s.`, {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
          cause,
        });
      }
    },
    release: (name, requestId, untilMs) => tell(MONEY_ATTEMPTS_MAX, async () => account(name).release(requestId, untilMs), 'release_lost'),
    async settle(row, { isCapped }) {
      draw(row);
      const toTenant = tell(MONEY_ATTEMPTS_MAX, async () => account(row.tenant).settle(row, { keepsRow: true }));
      const toDeployment = isCapped
        ? tell(MONEY_ATTEMPTS_MAX, async () => account(DEPLOYMENT_ACCOUNT).settle(ofDeployment(row), { keepsRow: false }))
        : gathering.add({ row, isForTenant: false });
      await Promise.all([toTenant, toDeployment]);
    },
    record(row) {
      draw(row);
      return gathering.add({ row, isForTenant: true });
    },
    flush: () => gathering.flush(),
    usage: async (name, request) => account(name).usage(request),
    find: async (name, requestId) => account(name).find(requestId),
    take: async (tenant, takes, nowMs) => account(tenant).take(takes, nowMs),
    totals: async (nowMs) => account(DEPLOYMENT_ACCOUNT).totals(nowMs),
    spenders: async (nowMs) => account(DEPLOYMENT_ACCOUNT).spenders(nowMs),
  };
}

/** In the account of the deployment a tenant is what a key is in a tenant's. */
function ofDeployment(row: LedgerRow): LedgerRow {
  return { ...row, key: row.tenant };
}
