/** Around every request that may spend: a row of the ledger for those that came to no call. Calls write their own. */
import { createMiddleware } from 'hono/factory';
import { rowWithoutCall } from '../../stage/money/ledger-row.ts';
import type { AppEnv, AppOptions } from '../context.ts';

/** Routes that ask Claude for money. */
const SPENDING_ROUTES: ReadonlySet<string> = new Set(['/v1/describe', '/v1/messages']);

/** Notes the route in the record. The row is written after the response, with others. */
export function recordUsage({ config, ports }: AppOptions) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const record = c.get('record');
    record.route = c.req.path;
    await next();
    if (record.calls !== undefined || c.req.method !== 'POST' || !SPENDING_ROUTES.has(record.route)) return;
    const origin = { requestId: c.get('requestId'), caller: c.get('caller'), nowMs: ports.clock.nowMs(), ledgerDays: config.ledgerDays };
    const row = rowWithoutCall(record, origin, { status: c.res.status, modelOverrides: config.modelOverrides });
    const sending = ports.accounts.record(row);
    if (sending !== undefined) c.executionCtx.waitUntil(sending);
  });
}
