/** `GET /metrics`: sums since the start, for Prometheus. They are those of the whole deployment, so any isolate gives the same. */
import { Hono } from 'hono';
import { version } from '../../../package.json';
import { DEPLOYMENT_ACCOUNT } from '../../core/budget/account.ts';
import { dayOf } from '../../core/budget/period.ts';
import { requireScope } from '../../core/key/authorize.ts';
import { EXPOSITION_MEDIA_TYPE, formatMetrics } from '../../core/metric/exposition.ts';
import type { AppEnv, AppOptions } from '../context.ts';
import { metricsOf } from '../metric.ts';

export function metricsRoute({ config, ports }: AppOptions): Hono<AppEnv> {
  const { accounts, clock } = ports;
  return new Hono<AppEnv>().get('/', async (c) => {
    requireScope(c.get('caller'), 'admin');
    const nowMs = clock.nowMs();
    await accounts.flush();
    const today = dayOf(nowMs);
    const [totals, report] = await Promise.all([
      accounts.totals(nowMs),
      accounts.usage(DEPLOYMENT_ACCOUNT, {
        query: { from: today, to: today, groupBy: [] },
        key: '',
        keyLimits: {},
        accountLimits: config.deploymentLimits,
        nowMs,
      }),
    ]);
    const budgets = report === 'too-many' ? [] : report.budgets;
    return c.body(formatMetrics(metricsOf(totals, budgets, { version, environment: config.environment })), 200, { 'content-type': EXPOSITION_MEDIA_TYPE });
  });
}
