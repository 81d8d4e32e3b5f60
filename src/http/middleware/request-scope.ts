/** First around every request: an id of our own, a stopwatch, the headers that every answer has, one log line. */
import { createMiddleware } from 'hono/factory';
import { Stopwatch } from '../../stage/stopwatch.ts';
import type { AppEnv, AppOptions } from '../context.ts';

export function requestScope({ ports, log }: AppOptions) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const requestId = `req_${crypto.randomUUID().replaceAll('-', '')}`;
    const stopwatch = new Stopwatch(ports.clock.nowMs);
    const startMs = ports.clock.nowMs();
    c.set('requestId', requestId);
    c.set('stopwatch', stopwatch);
    await next();
    c.header('x-request-id', requestId);
    c.header('server-timing', stopwatch.header());
    c.header('x-content-type-options', 'nosniff');
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
    log({
      event: 'request',
      request_id: requestId,
      method: c.req.method,
      route: c.req.routePath,
      status: c.res.status,
      tenant: c.get('caller')?.tenant,
      duration_ms: ports.clock.nowMs() - startMs,
    });
  });
}
