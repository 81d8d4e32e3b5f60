/** A line of the ledger: what one request used and cost. Never what it said or showed. */
import type { Usage } from '../vision/cost.ts';

/**
 * Where the cost comes from: `billed`, the API's own usage; `assumed`, the predicted maximum of a call whose outcome is
 * unknown, until somebody knows better; `free`, no call was billed.
 */
export type CostBasis = 'billed' | 'assumed' | 'free';

export interface LedgerRow {
  readonly requestId: string;
  /** Milliseconds since 1970 when the money was set aside, or the request ended; its day is the one that pays. */
  readonly atMs: number;
  readonly tenant: string;
  /** Id of the API key, never the key. */
  readonly key: string;
  /** `/v1/describe` */
  readonly route: string;
  readonly model: string;
  /** HTTP status. */
  readonly status: number;
  /** `hit`, `joined`, `miss` …; `null` where no cache was asked. */
  readonly cacheStatus: string | null;
  readonly basis: CostBasis;
  readonly usage: Usage;
  /** Tokens of the pictures in a call: exact where their sizes are known, else the most they can be. */
  readonly imageTokens: number;
  /** `null`: the model's price is not known. */
  readonly nanoUsd: number | null;
  /** What the call behind a cached or shared answer had cost. */
  readonly savedNanoUsd: number;
  /** Input tokens that were predicted; `null` where they were not. */
  readonly estimatedInputTokens: number | null;
  /** The predicted maximum of the call, set aside where there is a budget; `null` where nothing was billed. */
  readonly reservedNanoUsd: number | null;
  /** Until when the row is kept, milliseconds since 1970. */
  readonly keepUntilMs: number;
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 };

/** The whole prompt of a call, as the API counts it. */
export function promptTokens(usage: Usage): number {
  return usage.inputTokens + usage.cacheCreationInputTokens + usage.cacheReadInputTokens;
}
