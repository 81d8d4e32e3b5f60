/** What a request turned out to be, in words and numbers that are safe to keep: the stages write it, the log line, the ledger and the metrics read it. */
import type { ErrorCode } from '../../core/fault.ts';

export interface RequestRecord {
  /** `/v1/describe`, where usage is counted. */
  route?: string;
  /** Calls of Claude for which money was asked so far; each writes its own row of the ledger. */
  calls?: number;
  /** As asked for, once it has passed its check. */
  model?: string;
  /** How the cache took part, as in `cache.status` of the answer. */
  cache?: string;
  images?: number;
  /** Tokens as billed for this request; none on a hit. */
  inputTokens?: number;
  outputTokens?: number;
  /** US$ of this request, and US$ that a hit saved. */
  costUsd?: number;
  savedUsd?: number;
  /** The Claude API's own id, for questions to its support. */
  upstreamRequestId?: string;
  /** Of the fault that ended it. */
  code?: ErrorCode;
  /** Settles when an answer that is streamed has ended; its line is written then, with what it has cost. */
  ended?: Promise<unknown>;
}
