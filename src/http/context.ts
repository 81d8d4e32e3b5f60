/** What travels with a request through the HTTP layer. */
import type { Context as HonoContext } from 'hono';
import type { Config } from '../config.ts';
import type { Caller } from '../core/key/caller.ts';
import { type TraceContext, traceHeaders } from '../core/trace/trace-context.ts';
import type { Log } from '../log.ts';
import type { Ports } from '../port/ports.ts';
import type { Context } from '../stage/session/context.ts';
import type { Pace } from '../stage/session/pace.ts';
import { Pictures } from '../stage/keep/picture.ts';
import type { RequestRecord } from '../stage/session/record.ts';
import type { Stopwatch } from '../stage/session/stopwatch.ts';
import type { ReadBody } from './body.ts';

export interface AppEnv {
  Variables: {
    requestId: string;
    stopwatch: Stopwatch;
    trace: TraceContext;
    record: RequestRecord;
    /** Set by authentication. */
    caller: Caller;
    /** Set where the caller has rate limits. */
    pace?: Pace;
    /** Set where the body had to be known before the route was reached. */
    body?: ReadBody;
    /** Set where the answer is kept as a whole. */
    pictures?: Pictures;
    /** Set where the answer is wanted even if the caller leaves. */
    outlivesCaller?: boolean;
  };
}
export type AppContext = HonoContext<AppEnv>;

/** What the app is built from. */
export interface AppOptions {
  readonly config: Config;
  readonly ports: Ports;
  readonly log: Log;
}

/** The context of the pipeline for this request. */
export function stageContext(c: AppContext, { config, ports }: AppOptions): Context {
  return {
    ports,
    config,
    caller: c.get('caller'),
    tenant: c.get('caller').tenant,
    pictures: c.get('pictures') ?? new Pictures(ports.index, c.get('caller').tenant, { areMet: false }),
    pace: c.get('pace'),
    requestId: c.get('requestId'),
    // Made when it is asked for: a hit never does.
    get signal() {
      return c.get('outlivesCaller') === true ? new AbortController().signal : c.req.raw.signal;
    },
    stopwatch: c.get('stopwatch'),
    trace: traceHeaders(c.get('trace')),
    record: c.get('record'),
    afterResponse: (work) => c.executionCtx.waitUntil(work),
  };
}
