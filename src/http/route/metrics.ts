/** `GET /metrics`: sums since the start, for Prometheus. They are those of the whole deployment, so any isolate gives the same. */
import { Hono } from 'hono';
import { version } from '../../../package.json';
import { DEPLOYMENT_ACCOUNT } from '../../core/budget/account.ts';
import { amountIn, boundsOf } from '../../core/budget/budget.ts';
import { dayOf } from '../../core/budget/period.ts';
import { requireScope } from '../../core/key/authorize.ts';
import { EXPOSITION_MEDIA_TYPE, formatMetrics } from '../../core/metric/exposition.ts';
import type { AppEnv, AppOptions } from '../context.ts';
import { metricsOf, type TenantBudget } from '../metric.ts';

export function metricsRoute(options: AppOptions): Hono<AppEnv> {
  const { config, ports } = options;
  const { accounts, clock } = ports;
  return new Hono<AppEnv>().get('/', async (c) => {
    requireScope(c.get('caller'), 'admin');
    const nowMs = clock.nowMs();
    await accounts.flush();
    const today = dayOf(nowMs);
    const [totals, report, tenants] = await Promise.all([
      accounts.totals(nowMs),
      accounts.usage(DEPLOYMENT_ACCOUNT, {
        query: { from: today, to: today, groupBy: [] },
        key: '',
        keyLimits: {},
        accountLimits: config.deploymentLimits,
        nowMs,
      }),
      tenantBudgets(options, nowMs),
    ]);
    const deployment = report === 'too-many' ? [] : report.budgets;
    const metrics = metricsOf(totals, { deployment, tenants }, { version, environment: config.environment });
    return c.body(formatMetrics(metrics), 200, { 'content-type': EXPOSITION_MEDIA_TYPE });
  });
}

/** Budgets of the tenants that spent most. Where their limits cannot be read, everything else is shown all the same. */
async function tenantBudgets({ ports, log }: AppOptions, nowMs: number): Promise<readonly TenantBudget[]> {
  const spenders = await ports.accounts.spenders(nowMs);
  try {
    const limits = await ports.keys.tenantLimits(spenders.map(({ tenant }) => tenant));
    return spenders.flatMap(({ tenant, spent }) =>
      boundsOf('account', limits.get(tenant) ?? {}).map((bound) => ({ tenant, bound, spent: amountIn(bound.unit, spent[bound.period]) })),
    );
  } catch {
    log({ event: 'tenant_limits_unread', level: 'warn' });
    return [];
  }
}
