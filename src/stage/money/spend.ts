/**
 * Money around a billed call: the most it may cost is set aside before, what it did cost is settled after. Whoever calls
 * Claude does it in here.
 */
import { DEPLOYMENT_ACCOUNT } from '../../core/budget/account.ts';
import { boundsOf, type Refusal } from '../../core/budget/budget.ts';
import { type CostBasis, type LedgerRow, NO_USAGE } from '../../core/budget/ledger-row.ts';
import { RESERVATION_MS } from '../../core/budget/limit.ts';
import { budgetExceeded, maxCostExceeded, priceUnknown } from '../../core/budget/refusal.ts';
import { Fault } from '../../core/fault.ts';
import type { CallerLimits } from '../../core/key/caller.ts';
import { costNanoUsd, nanoUsdOf, type Usage } from '../../core/vision/cost.ts';
import type { Model } from '../../core/vision/model.ts';
import { ERROR_TABLE } from '../../error.ts';
import type { Context } from '../session/context.ts';
import { nameInSums, rowFor } from './ledger-row.ts';
import { type Quote, reservedNanoUsd } from './quote.ts';

/** A call that money is set aside for. It must be closed, once; what is left open counts at its maximum. */
export interface Charge {
  /** Notes what the API reports; the last report counts. `answered`: default, the model that was asked, at its price. */
  used(usage: Usage, answered?: Answered): void;
  /**
   * Ends it with the HTTP status of our answer. Without `basis` a call with usage is billed, one without usage is free when it
   * failed and assumed at its maximum when it did not. Later calls do nothing.
   */
  close(status: number, basis?: CostBasis): void;
  /** Ends it with an error: assumed to be billed where that is possible. */
  fail(error: unknown): void;
}

/** Which model answered, and what all that worked for it cost, in nano-US$; `undefined` without a known price. */
export interface Answered {
  readonly model: Model;
  readonly nanoUsd: number | undefined;
}

/**
 * Runs `work`, which makes one billed call and reports its usage to the charge.
 * @throws budget_exceeded before `work` is begun, overloaded when the budget cannot be asked, and what `work` throws
 */
export async function spend<T>(context: Context, quote: Quote, work: (charge: Charge) => Promise<T>): Promise<T> {
  const charge = await openCharge(context, quote);
  try {
    const result = await work(charge);
    charge.close(200);
    return result;
  } catch (error) {
    charge.fail(error);
    throw error;
  }
}

/** Sets money aside for one call, to be closed by the caller; for streams, whose usage comes after the answer has begun. */
export async function openCharge(context: Context, quote: Quote): Promise<Charge> {
  const most = maximumRow(context, quote);
  const { isCapped } = await reserve(context, quote, most);
  context.record.calls = (context.record.calls ?? 0) + 1;
  // A caller who leaves ends the call, and with the call its bill must not end: the platform would stop both at once.
  const settled = Promise.withResolvers<void>();
  context.afterResponse(settled.promise);
  let report: (Answered & { readonly usage: Usage }) | undefined;
  let isOpen = true;
  const close = (status: number, basis: CostBasis): void => {
    if (!isOpen) return;
    isOpen = false;
    const row = basis === 'free' ? freeRow(most, status, nameInSums(quote.model, context.config.modelOverrides)) : billedRow(most, status, basis, report);
    settled.resolve(context.ports.accounts.settle(row, { isCapped }));
  };
  return {
    used: (usage, answered = { model: quote.model, nanoUsd: costNanoUsd(quote.model, usage) }) => {
      report = { ...answered, usage };
    },
    close: (status, basis = report !== undefined ? 'billed' : status >= 400 ? 'free' : 'assumed') => close(status, basis),
    fail: (error) => {
      const fault = error instanceof Fault ? error : undefined;
      const status = fault === undefined ? 500 : ERROR_TABLE[fault.code].status;
      // What is not a fault broke off at a place that nobody foresaw: perhaps after Claude had worked.
      const isBilled = fault?.billed ?? true;
      close(status, report !== undefined ? 'billed' : isBilled ? 'assumed' : 'free');
    },
  };
}

/** Whether a budget in US$ binds the next call, of whomever. */
export function isHeldToUsd({ caller, config }: Context, maxCost: Quote['maxCost']): boolean {
  const bounds = [...boundsOf('key', caller.limits), ...boundsOf('account', caller.tenantLimits), ...boundsOf('account', config.deploymentLimits)];
  return maxCost !== undefined || bounds.some(({ unit }) => unit === 'usd');
}

/** The call at its most. */
function maximumRow({ requestId, caller, config, ports, record }: Context, quote: Quote): LedgerRow {
  const calls = record.calls ?? 0;
  const id = calls === 0 ? requestId : `${requestId}.${calls + 1}`;
  return {
    ...rowFor(record, { requestId: id, caller, nowMs: ports.clock.nowMs(), ledgerDays: config.ledgerDays }),
    model: quote.model.id,
    cacheStatus: quote.cacheStatus ?? null,
    status: ERROR_TABLE.internal.status,
    basis: 'assumed',
    usage: NO_USAGE,
    imageTokens: quote.imageTokensMax,
    nanoUsd: reservedNanoUsd(quote) ?? null,
    savedNanoUsd: 0,
    estimatedInputTokens: quote.estimatedInputTokens ?? null,
    reservedNanoUsd: null,
  };
}

async function reserve(context: Context, quote: Quote, row: LedgerRow): Promise<{ readonly isCapped: boolean }> {
  const { caller, config, ports, afterResponse } = context;
  const own = [...boundsOf('key', caller.limits), ...boundsOf('account', caller.tenantLimits)];
  const isCapped = boundsOf('account', config.deploymentLimits).length > 0;
  if (row.nanoUsd === null) {
    if (isHeldToUsd(context, quote.maxCost)) throw priceUnknown(quote.model.id);
  } else if (quote.maxCost !== undefined && row.nanoUsd > nanoUsdOf(quote.maxCost.usd)) {
    throw maxCostExceeded(row.nanoUsd, quote.maxCost.usd, quote.maxCost.param, quote.saving.usd);
  }
  const expiresAtMs = row.atMs + (quote.reservationMs ?? RESERVATION_MS);
  const giveBack = (account: string): void => afterResponse(ports.accounts.release(account, row.requestId, expiresAtMs));
  const ask = async (account: string, keyLimits: CallerLimits, accountLimits: CallerLimits): Promise<Refusal | undefined> => {
    try {
      return await ports.accounts.reserve(account, { row, keyLimits, accountLimits, expiresAtMs });
    } catch (error) {
      // The answer that was lost may have been a yes, and nothing will be sent.
      giveBack(account);
      throw error;
    }
  };
  if (own.length > 0) {
    const refusal = await ask(caller.tenant, caller.limits, caller.tenantLimits);
    if (refusal !== undefined) throw budgetExceeded(refusal, refusal.subject === 'key' ? 'key' : 'tenant', quote.saving[refusal.unit]);
  }
  if (isCapped) {
    try {
      const refusal = await ask(DEPLOYMENT_ACCOUNT, {}, config.deploymentLimits);
      if (refusal !== undefined) throw budgetExceeded(refusal, 'deployment', quote.saving[refusal.unit]);
    } catch (error) {
      if (own.length > 0) giveBack(caller.tenant);
      throw error;
    }
  }
  return { isCapped };
}

/** A call that ended unbilled. */
function freeRow(most: LedgerRow, status: number, model: string): LedgerRow {
  return { ...most, model, status, basis: 'free', imageTokens: 0, nanoUsd: 0, reservedNanoUsd: null };
}

/** How a call ended that was billed, or may have been. What is assumed without any report stays at its most. */
function billedRow(most: LedgerRow, status: number, basis: CostBasis, report: (Answered & { readonly usage: Usage }) | undefined): LedgerRow {
  const row = { ...most, status, basis, reservedNanoUsd: most.nanoUsd };
  if (report === undefined) return row;
  const { usage, model, nanoUsd } = report;
  // Another model answered, at a price that nobody here knows: the most that was set aside is the best guess, and said to be one.
  if (nanoUsd === undefined && most.nanoUsd !== null) return { ...row, usage, model: model.id, basis: 'assumed' };
  return { ...row, usage, model: model.id, nanoUsd: nanoUsd ?? null };
}
