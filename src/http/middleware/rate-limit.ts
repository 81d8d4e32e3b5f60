/** Rate limits of a key and its tenant, with their headers. A key without limits costs nothing here. */
import { createMiddleware } from 'hono/factory';
import { Fault } from '../../error.ts';
import { createPace, type Pace } from '../../stage/session/pace.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';

/** The period of the rate-limit binding in wrangler.toml. */
const BURST_SECONDS = 10;

/** Sets `pace`, counts the request, and answers 429 when it is one too many. */
export function rateLimit({ ports }: AppOptions) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { key } = c.get('caller');
    const pace = createPace(c.get('caller'), ports);
    if (pace === undefined) return next();
    try {
      if (!(await ports.bursts.key.allows(key)))
        throw new Fault('rate_limited', 'Too many requests with this key at once. Slow down.', { retryAfterSeconds: BURST_SECONDS });
      await pace.take('requests', 1);
    } catch (error) {
      setHeaders(c, pace.headers());
      throw error;
    }
    c.set('pace', pace);
    await next();
    // What came out of the route, a problem too, has the state after image tokens were counted.
    setHeaders(c, pace.headers());
  });
}

function setHeaders(c: AppContext, headers: ReturnType<Pace['headers']>): void {
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
}
