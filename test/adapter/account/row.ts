/** Rows of the ledger for tests of accounts. */
import type { LedgerRow } from '../../../src/core/budget/ledger-row.ts';

export const NOW_MS = Date.parse('2026-11-21T10:00:00Z');
export const DAY_MS = 86_400_000;

/** A billed call of 100 nano-US$ with 10 image tokens, but for what is given. */
export function ledgerRow(values: Partial<LedgerRow> = {}): LedgerRow {
  return {
    requestId: 'req_1',
    atMs: NOW_MS,
    tenant: 'acme',
    key: 'key-a',
    route: '/v1/describe',
    model: 'claude-haiku-5-5',
    status: 200,
    cacheStatus: 'miss',
    basis: 'billed',
    usage: { inputTokens: 1_702, outputTokens: 48, cacheCreationInputTokens: 5, cacheReadInputTokens: 7 },
    imageTokens: 10,
    nanoUsd: 100,
    savedNanoUsd: 0,
    estimatedInputTokens: 1_700,
    reservedNanoUsd: 150,
    keepUntilMs: NOW_MS + 35 * DAY_MS,
    ...values,
  };
}
