/** What travels with a request through the HTTP layer. */
import type { Context as HonoContext } from 'hono';
import type { Config } from '../config.ts';
import type { Caller } from '../core/key/caller.ts';
import type { Ports } from '../port.ts';
import type { Context } from '../stage/context.ts';
import type { Tally } from '../stage/tally.ts';
import type { Stopwatch } from '../stage/stopwatch.ts';

export interface AppEnv {
  Variables: {
    requestId: string;
    stopwatch: Stopwatch;
    /** Set by authentication. */
    caller: Caller;
    /** Set by the recording of usage. */
    tally: Tally;
  };
}
export type AppContext = HonoContext<AppEnv>;

/** What the app is built from. */
export interface AppOptions {
  readonly config: Config;
  readonly ports: Ports;
  /** Structured log; allow-listed fields only, never payloads or secrets. */
  readonly log: (entry: LogEntry) => void;
}

export interface LogEntry {
  readonly event: string;
  readonly request_id?: string;
  readonly [field: string]: string | number | boolean | null | undefined;
}

/** The context of the pipeline for this request. */
export function stageContext(c: AppContext, { config, ports }: AppOptions): Context {
  return {
    ports,
    config,
    caller: c.get('caller'),
    tenant: c.get('caller').tenant,
    requestId: c.get('requestId'),
    signal: c.req.raw.signal,
    stopwatch: c.get('stopwatch'),
    tally: c.get('tally'),
    afterResponse: (work) => c.executionCtx.waitUntil(work),
  };
}
