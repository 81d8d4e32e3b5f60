/** A caller of `spend` over real accounts. */
import { env } from 'cloudflare:workers';
import { durableAccounts } from '../../../src/adapter/account/client.ts';
import type { Account } from '../../../src/adapter/account/object.ts';
import { readConfig } from '../../../src/config.ts';
import type { BudgetReservation } from '../../../src/core/budget/account.ts';
import type { LedgerRow } from '../../../src/core/budget/ledger-row.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { CallerLimits } from '../../../src/core/key/caller.ts';
import { findModel } from '../../../src/core/vision/model.ts';
import type { Ports } from '../../../src/port/ports.ts';
import type { Context } from '../../../src/stage/session/context.ts';
import type { Quote } from '../../../src/stage/money/quote.ts';

export const NOW_MS = Date.parse('2026-11-21T10:00:00Z');
/** 1,000 in and 100 out on it: US$ 0.002 + 0.001 at the most. */
export const QUOTE: Quote = {
  model: findModel('claude-sonnet-5-5'),
  inputTokensMax: 1_000,
  imageTokensMax: 500,
  outputTokensMax: 100,
  estimatedInputTokens: 640,
  cacheStatus: 'miss',
  saving: { usd: 'Ask for less', image_tokens: 'Ask for less' },
};
/** US$ 0.0014 */
export const USAGE = { inputTokens: 650, outputTokens: 10, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 };

/** A request of a caller with limits, over real accounts that no other test uses. */
export function start({
  limits = {},
  tenantLimits = {},
  environment = {},
  lose = () => undefined,
}: {
  limits?: CallerLimits;
  tenantLimits?: CallerLimits;
  environment?: Record<string, string>;
  /** Whether the connection is lost before or after the object has reserved; by the name of the account. */
  lose?: (account: string) => 'before' | 'after' | undefined;
} = {}) {
  const { ACCOUNTS } = env as unknown as { readonly ACCOUNTS: DurableObjectNamespace<Account> };
  const run = crypto.randomUUID();
  const asked: string[] = [];
  const namespace = {
    idFromName: (name: string) => Object.assign(ACCOUNTS.idFromName(`${run}:${name}`), { account: name }),
    get: (id: DurableObjectId & { account: string }) => {
      asked.push(String(id));
      const stub = ACCOUNTS.get(id);
      const lost = lose(id.account);
      if (lost === undefined) return stub;
      const reserve = async (reservation: BudgetReservation) => {
        if (lost === 'after') await stub.reserve(reservation);
        throw new Error('Network connection lost.');
      };
      return new Proxy(stub, { get: (target, name) => (name === 'reserve' ? reserve : Reflect.get(target, name)) });
    },
  } as unknown as DurableObjectNamespace<Account>;
  const lost: string[] = [];
  const accounts = durableAccounts(namespace, { gatherMs: 0, report: (event) => lost.push(event) });
  const work: Promise<unknown>[] = [];
  const context = (requestId: string): Context => ({
    pace: undefined,
    ports: { accounts, clock: { nowMs: () => NOW_MS } } as unknown as Ports,
    config: readConfig(environment),
    log: () => undefined,
    caller: { tenant: 'acme', key: 'key-a', scopes: [], limits, tenantLimits, store: 'none' },
    tenant: 'acme',
    pictures: undefined as unknown as Context['pictures'],
    requestId,
    signal: () => new AbortController().signal,
    stopwatch: undefined as unknown as Context['stopwatch'],
    trace: { traceparent: '' },
    record: { route: '/v1/describe' },
    afterResponse: (promise) => void work.push(promise),
  });
  const settled = () => Promise.all(work);
  return {
    context,
    accounts,
    asked,
    lost,
    settled,
    /** The row of a request, once everything after the response is done. */
    row: async (requestId: string): Promise<LedgerRow | undefined> => {
      await settled();
      return accounts.find('acme', requestId);
    },
    /** [spent, set aside] in nano-US$ of today, of the tenant or of the deployment. */
    standing: async (account = 'acme', nowMs = NOW_MS) => {
      await settled();
      const query = { from: '2026-11-21', to: '2026-11-21', groupBy: [] };
      const report = await accounts.usage(account, { query, key: 'key-a', keyLimits: {}, accountLimits: { usdDay: 1 }, nowMs });
      if (report === 'too-many') throw new Error(report);
      return report.budgets.map(({ spent, reserved }) => [spent, reserved])[0];
    },
  };
}

/** What a promise rejects with, which must be a fault. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Fault) return error;
  throw new Error(`not a fault: ${String(error)}`);
}
