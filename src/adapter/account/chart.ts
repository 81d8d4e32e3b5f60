/**
 * Rows of the ledger as points of Analytics Engine, for charts. The order of the columns is a contract:
 * `docs/reference/storage.md`. Points are sampled at high rates; the accounts are what counts.
 */
import { type LedgerRow, promptTokens } from '../../core/budget/ledger-row.ts';
import { usdOf } from '../../core/vision/cost.ts';

export function dataPointOf(row: LedgerRow): AnalyticsEngineDataPoint {
  const prompt = promptTokens(row.usage);
  return {
    indexes: [row.tenant],
    blobs: [row.route, row.model, row.cacheStatus ?? '', row.basis, row.key],
    doubles: [
      row.status,
      prompt,
      row.usage.outputTokens,
      row.basis === 'free' ? 0 : row.imageTokens,
      usdOf(row.nanoUsd ?? 0),
      usdOf(row.savedNanoUsd),
      row.estimatedInputTokens ?? 0,
      row.basis === 'billed' && row.estimatedInputTokens !== null ? prompt - row.estimatedInputTokens : 0,
    ],
  };
}
