/** What every stage of a request may use. */
import type { Config } from '../../config.ts';
import type { Caller } from '../../core/key/caller.ts';
import type { TraceHeaders } from '../../core/trace/trace-context.ts';
import type { Log } from '../../log.ts';
import type { Ports } from '../../port/ports.ts';
import type { Pace } from './pace.ts';
import type { Pictures } from './picture.ts';
import type { RequestRecord } from './record.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Context {
  readonly ports: Ports;
  readonly config: Config;
  readonly log: Log;
  readonly caller: Caller;
  /** `caller.tenant`: whose images and answers these are; tenants never meet. */
  readonly tenant: string;
  /** Those that the request has met, for whatever is kept of them. */
  readonly pictures: Pictures;
  /** Where the caller has rate limits: image tokens are counted before Claude is asked. */
  readonly pace?: Pace | undefined;
  /** Of the answer, and of everything that is logged or billed for it. */
  readonly requestId: string;
  /** Aborts when the caller leaves or the deadline passes. A function, since making a signal costs and a hit needs none. */
  readonly signal: () => AbortSignal;
  readonly stopwatch: Stopwatch;
  /** For requests to Claude; never for those to the servers of images. */
  readonly trace: TraceHeaders;
  /** Filled in on the way, for the log and the ledger. */
  readonly record: RequestRecord;
  /** Keeps work alive after the answer is sent. */
  readonly afterResponse: (work: Promise<unknown>) => void;
}

/** Something that the caller should know although the request succeeded. `image` is the index of the picture. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly image?: number | undefined;
}
