/** What the ledger will say of a request, filled in while it becomes known. */
import type { LedgerRow } from '../core/budget/ledger-row.ts';
import { NO_USAGE } from '../core/budget/ledger-row.ts';
import type { Caller } from '../core/key/caller.ts';
import { nanoUsdOf } from '../core/vision/cost.ts';
import { findModel, type ModelOverrides } from '../core/vision/model.ts';

const DAY_MS = 86_400_000;
/** Model in the sums of requests that never reached one: names that callers make up must not fill the tables. */
const UNLISTED_MODEL = 'unlisted';

export interface Tally {
  /** `/v1/describe` */
  readonly route: string;
  /** As it was asked for. */
  model: string | undefined;
  cacheStatus: string | undefined;
  savedUsd: number | undefined;
  /** Calls for which money was asked so far; each writes its own row. */
  calls: number;
}

export function createTally(route: string): Tally {
  return { route, model: undefined, cacheStatus: undefined, savedUsd: undefined, calls: 0 };
}

/** The parts of a row that do not depend on how the request ends. */
export function rowFor(
  tally: Tally,
  { requestId, caller, nowMs, ledgerDays }: { readonly requestId: string; readonly caller: Caller; readonly nowMs: number; readonly ledgerDays: number },
) {
  return {
    requestId,
    atMs: nowMs,
    tenant: caller.tenant,
    key: caller.key,
    route: tally.route,
    cacheStatus: tally.cacheStatus ?? null,
    keepUntilMs: nowMs + Math.min(ledgerDays, caller.retentionDays ?? ledgerDays) * DAY_MS,
  } as const;
}

/** The row of a request that needed no call: answered from the cache, together with another, or not at all. */
export function rowWithoutCall(
  tally: Tally,
  request: Parameters<typeof rowFor>[1] & { readonly status: number; readonly modelOverrides: ModelOverrides },
): LedgerRow {
  return {
    ...rowFor(tally, request),
    model: knownModel(tally.model, request.modelOverrides),
    status: request.status,
    basis: 'free',
    usage: NO_USAGE,
    imageTokens: 0,
    nanoUsd: 0,
    savedNanoUsd: request.status < 400 ? nanoUsdOf(tally.savedUsd ?? 0) : 0,
    estimatedInputTokens: null,
    reservedNanoUsd: null,
  };
}

function knownModel(id: string | undefined, overrides: ModelOverrides): string {
  if (id === undefined) return UNLISTED_MODEL;
  const model = findModel(id, overrides);
  return model.isListed || Object.hasOwn(overrides, model.id) ? model.id : UNLISTED_MODEL;
}
