/** The one line of the log that a request leaves, whichever entrance it came by. */
import type { Caller } from '../../core/key/caller.ts';
import type { TraceContext } from '../../core/trace/trace-context.ts';
import type { LogEntry, LogLevel } from '../../log.ts';
import type { RequestRecord } from './record.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface RequestFacts {
  readonly requestId: string;
  readonly trace: TraceContext;
  /** HTTP's, or `RPC`. */
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly caller: Caller | undefined;
  readonly record: RequestRecord;
  readonly stopwatch: Stopwatch;
}

export function requestLine({ requestId, trace, method, route, status, caller, record, stopwatch }: RequestFacts): LogEntry {
  return {
    event: 'request',
    level: levelOf(status),
    request_id: requestId,
    trace_id: trace.traceId,
    span_id: trace.spanId,
    method,
    route,
    status,
    code: record.code,
    tenant: caller?.tenant,
    key: caller?.key,
    model: record.model,
    cache: record.cache,
    images: record.images,
    input_tokens: record.inputTokens,
    output_tokens: record.outputTokens,
    cost_usd: record.costUsd,
    saved_usd: record.savedUsd,
    upstream_request_id: record.upstreamRequestId,
    duration_ms: stopwatch.totalMs(),
    overhead_ms: stopwatch.overheadMs(),
    stages_ms: stopwatch.stagesMs(),
  };
}

/** Ours and Claude's faults are errors, what is refused for its amount is a warning; other faults of callers are theirs. */
function levelOf(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status === 429 || status === 402 ? 'warn' : 'info';
}
