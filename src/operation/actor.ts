/**
 * Who asks: made by an entrance (HTTP, a service binding, a queue) for one request, applied by every operation (`perform.ts`).
 * No pipeline can be run without one.
 */
import type { Config } from '../config.ts';
import type { Caller } from '../core/key/caller.ts';
import type { TraceHeaders } from '../core/trace/trace-context.ts';
import type { Log } from '../log.ts';
import type { Ports } from '../port/ports.ts';
import type { RequestRecord } from '../stage/session/record.ts';
import type { Pace } from '../stage/session/pace.ts';
import type { Stopwatch } from '../stage/session/stopwatch.ts';

/** What every request of a deployment shares. */
export interface Service {
  readonly config: Config;
  readonly ports: Ports;
  readonly log: Log;
}

export interface Actor {
  readonly service: Service;
  /** The key as it is now, with its tenant, scopes, models and bounds. */
  readonly caller: Caller;
  /** Of the answer, and of everything that is logged or billed for it. */
  readonly requestId: string;
  /** Where the entrance came in, for usage and metrics: `/v1/describe`. */
  readonly route: string;
  /** Aborts when the caller leaves. A function, since making a signal costs and a hit needs none. */
  readonly signal: () => AbortSignal;
  readonly stopwatch: Stopwatch;
  readonly trace: TraceHeaders;
  /** Filled in on the way, for the log, the ledger and the metrics. */
  readonly record: RequestRecord;
  /** Set by the operation where the caller has rate limits: their state, for the headers of the answer. */
  pace?: Pace;
  /** Keeps work alive after the answer is sent. */
  readonly afterResponse: (work: Promise<unknown>) => void;
}
