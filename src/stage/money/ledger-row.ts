/** Rows of the ledger, out of what a request turned out to be. */
import { type LedgerRow, NO_USAGE } from '../../core/budget/ledger-row.ts';
import type { Caller } from '../../core/key/caller.ts';
import { nanoUsdOf } from '../../core/vision/cost.ts';
import { findModel, type Model, type ModelOverrides } from '../../core/vision/model.ts';
import type { RequestRecord } from '../session/record.ts';

const DAY_MS = 86_400_000;
/** Model in the sums of requests that none has worked for: names that callers make up must not fill the tables. */
const UNLISTED_MODEL = 'unlisted';

/** Whose request it is, and when. */
export interface RowOrigin {
  readonly requestId: string;
  readonly caller: Caller;
  readonly nowMs: number;
  readonly ledgerDays: number;
}

/** The parts of a row that do not depend on how the request ends. */
export function rowFor(record: RequestRecord, { requestId, caller, nowMs, ledgerDays }: RowOrigin) {
  return {
    requestId,
    atMs: nowMs,
    tenant: caller.tenant,
    key: caller.key,
    route: record.route ?? '',
    cacheStatus: record.cache ?? null,
    keepUntilMs: nowMs + Math.min(ledgerDays, caller.retentionDays ?? ledgerDays) * DAY_MS,
  } as const;
}

/** The row of a request that needed no call: answered from the cache, together with another, or not at all. */
export function rowWithoutCall(
  record: RequestRecord,
  origin: RowOrigin,
  { status, modelOverrides }: { readonly status: number; readonly modelOverrides: ModelOverrides },
): LedgerRow {
  return {
    ...rowFor(record, origin),
    model: record.model === undefined ? UNLISTED_MODEL : nameInSums(findModel(record.model, modelOverrides), modelOverrides),
    status,
    basis: 'free',
    usage: NO_USAGE,
    imageTokens: 0,
    nanoUsd: 0,
    savedNanoUsd: status < 400 ? nanoUsdOf(record.savedUsd ?? 0) : 0,
    estimatedInputTokens: null,
    reservedNanoUsd: null,
  };
}

/** The name of a model that nothing was billed for, so that nobody knows whether it exists. */
export function nameInSums({ id, isListed }: Model, overrides: ModelOverrides): string {
  return isListed || Object.hasOwn(overrides, id) ? id : UNLISTED_MODEL;
}
