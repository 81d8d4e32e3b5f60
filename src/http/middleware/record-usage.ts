/** Around every request that may spend: a row of the ledger for those that came to no call. Calls write their own. */
import { createMiddleware } from 'hono/factory';
import { createTally, rowWithoutCall } from '../../stage/tally.ts';
import type { AppEnv, AppOptions } from '../context.ts';

/** Routes that ask Claude for money. */
const SPENDING_ROUTES: ReadonlySet<string> = new Set(['/v1/describe', '/v1/messages']);

/** Sets `tally`. The row is written after the response, with others. */
export function recordUsage({ config, ports }: AppOptions) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const tally = createTally(c.req.path);
    c.set('tally', tally);
    await next();
    if (tally.calls > 0 || c.req.method !== 'POST' || !SPENDING_ROUTES.has(tally.route)) return;
    const row = rowWithoutCall(tally, {
      requestId: c.get('requestId'),
      caller: c.get('caller'),
      nowMs: ports.clock.nowMs(),
      ledgerDays: config.ledgerDays,
      status: c.res.status,
      modelOverrides: config.modelOverrides,
    });
    c.executionCtx.waitUntil(ports.accounts.record(row));
  });
}
