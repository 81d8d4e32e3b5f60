/** Usage and rows of the ledger → JSON. Whole nano-US$ become US$ here. */
import type { BudgetState } from '../core/budget/budget.ts';
import type { Counters } from '../core/budget/counter.ts';
import type { LedgerRow } from '../core/budget/ledger-row.ts';
import { timeText } from '../core/budget/period.ts';
import { wireAmount } from '../core/budget/refusal.ts';
import type { UsageQuery, UsageReport } from '../core/budget/usage.ts';
import { usdOf } from '../core/vision/cost.ts';

export function usageResponse(tenant: string, query: UsageQuery, { sums, total, budgets }: UsageReport) {
  return {
    type: 'usage',
    tenant,
    from: query.from,
    to: query.to,
    group_by: query.groupBy,
    data: sums.map(({ counters, ...group }) => ({ ...group, ...countersResponse(counters) })),
    total: countersResponse(total),
    budgets: budgets.map(budgetResponse),
  };
}

function countersResponse(counters: Counters) {
  return {
    requests: counters.requests,
    calls: counters.calls,
    cache_hits: counters.cacheHits,
    joined: counters.joined,
    failures: counters.failures,
    input_tokens: counters.inputTokens,
    output_tokens: counters.outputTokens,
    cache_creation_input_tokens: counters.cacheCreationInputTokens,
    cache_read_input_tokens: counters.cacheReadInputTokens,
    image_tokens: counters.imageTokens,
    cost_usd: usdOf(counters.nanoUsd),
    saved_usd: usdOf(counters.savedNanoUsd),
    assumed_calls: counters.assumedCalls,
    assumed_cost_usd: usdOf(counters.assumedNanoUsd),
    unpriced_calls: counters.unpricedCalls,
    overrun_usd: usdOf(counters.overrunNanoUsd),
    estimated_input_tokens: counters.estimatedInputTokens,
    drift_tokens: counters.driftTokens,
  };
}

function budgetResponse({ subject, period, unit, limit, spent, reserved, resetsAtMs }: BudgetState) {
  return {
    scope: subject === 'key' ? 'key' : 'tenant',
    period,
    unit,
    limit: wireAmount(unit, limit),
    spent: wireAmount(unit, spent),
    reserved: wireAmount(unit, reserved),
    left: wireAmount(unit, Math.max(0, limit - spent - reserved)),
    resets_at: timeText(resetsAtMs),
  };
}

export function ledgerRowResponse(row: LedgerRow) {
  return {
    type: 'ledger_row',
    id: row.requestId,
    time: timeText(row.atMs),
    tenant: row.tenant,
    key: row.key,
    route: row.route,
    model: row.model,
    status: row.status,
    cache_status: row.cacheStatus,
    input_tokens: row.usage.inputTokens,
    output_tokens: row.usage.outputTokens,
    cache_creation_input_tokens: row.usage.cacheCreationInputTokens,
    cache_read_input_tokens: row.usage.cacheReadInputTokens,
    image_tokens: row.imageTokens,
    estimated_input_tokens: row.estimatedInputTokens,
    cost_usd: row.nanoUsd === null ? null : usdOf(row.nanoUsd),
    cost_basis: row.basis,
    reserved_usd: row.reservedNanoUsd === null ? null : usdOf(row.reservedNanoUsd),
    saved_usd: usdOf(row.savedNanoUsd),
  };
}
