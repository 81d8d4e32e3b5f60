/** First around every request: an id of our own, its place in a trace, a stopwatch, the headers that every answer has, one log line. */
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { continueTrace } from '../../core/trace/trace-context.ts';
import type { LogLevel } from '../../log.ts';
import { Stopwatch } from '../../stage/session/stopwatch.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';

export function requestScope(options: AppOptions) {
  const { ports } = options;
  return createMiddleware<AppEnv>(async (c, next) => {
    const id = crypto.randomUUID().replaceAll('-', '');
    const requestId = `req_${id}`;
    // A trace that begins here has the request's own digits for its id: whoever has one has the other. The span has their second half, which is
    // random and never zero (RFC 9562 §5.4), since a second draw would cost every hit.
    const own = { traceId: id, spanId: id.slice(16) };
    const trace = continueTrace(c.req.header('traceparent'), c.req.header('tracestate'), own);
    const startSpan = ports.tracer.begin({ 'vignette.request_id': requestId, 'vignette.trace_id': trace.traceId });
    const stopwatch = new Stopwatch(ports.clock.nowMs, startSpan);
    c.set('requestId', requestId);
    c.set('stopwatch', stopwatch);
    c.set('trace', trace);
    c.set('record', {});
    await next();
    // Not c.header(): on an answer that stands it makes a copy each time, and the body becomes a stream of unknown length.
    const { headers } = c.res;
    headers.set('x-request-id', requestId);
    headers.set('server-timing', stopwatch.header());
    // After all of the request was counted, its image tokens too.
    const pace = c.get('actor')?.pace;
    if (pace !== undefined) for (const [name, value] of Object.entries(pace.headers())) headers.set(name, value);
    headers.set('x-content-type-options', 'nosniff');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    const { ended } = c.get('record');
    if (ended === undefined) writeLine(c, options);
    else c.executionCtx.waitUntil(ended.catch(() => undefined).then(() => writeLine(c, options)));
  });
}

function writeLine(c: AppContext, { log }: AppOptions): void {
  const { status } = c.res;
  const trace = c.get('trace');
  const stopwatch = c.get('stopwatch');
  const record = c.get('record');
  const caller = c.get('caller');
  log({
    event: 'request',
    level: levelOf(status),
    request_id: c.get('requestId'),
    trace_id: trace.traceId,
    span_id: trace.spanId,
    method: c.req.method,
    // The last that matched: the route that was meant, also where a middleware has refused the request.
    route: routePath(c, -1),
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
  });
}

/** Ours and Claude's faults are errors, what is refused for its amount is a warning; other faults of callers are theirs. */
function levelOf(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status === 429 || status === 402 ? 'warn' : 'info';
}
