/** What travels with a request through the HTTP layer. */
import type { Context as HonoContext } from 'hono';
import type { Caller } from '../core/key/caller.ts';
import type { TraceContext } from '../core/trace/trace-context.ts';
import type { Actor, Service } from '../operation/actor.ts';
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
    /** Set when an operation is called. */
    actor?: Actor;
    /** Set once the body was read. */
    body?: ReadBody;
  };
}
export type AppContext = HonoContext<AppEnv>;

/** What the app is built from. */
export type AppOptions = Service;
