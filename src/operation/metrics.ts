/** Sums over all tenants since the deployment exists, with the budgets of the deployment and of the tenants that spend most. */
import { DEPLOYMENT_ACCOUNT } from '../core/budget/account.ts';
import { amountIn, type Bound, boundsOf, type BudgetState } from '../core/budget/budget.ts';
import { dayOf } from '../core/budget/period.ts';
import type { Totals } from '../core/budget/usage.ts';
import type { Context } from '../stage/session/context.ts';
import { operation } from './perform.ts';

/** A budget of all keys of a tenant together. */
export interface TenantBudget {
  readonly tenant: string;
  readonly bound: Bound;
  /** In the unit of the bound. */
  readonly spent: number;
}

export interface DeploymentSums {
  readonly totals: Totals;
  readonly deployment: readonly BudgetState[];
  readonly tenants: readonly TenantBudget[];
}

/** They are those of the whole deployment, so any isolate gives the same. @throws forbidden, overloaded */
export const sumDeployment = operation('metrics', async (_request: undefined, context): Promise<DeploymentSums> => {
  const { config, ports } = context;
  const { accounts, clock } = ports;
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
    tenantBudgets(context, nowMs),
  ]);
  return { totals, deployment: report === 'too-many' ? [] : report.budgets, tenants };
});

/** Budgets of the tenants that spent most. Where their limits cannot be read, everything else is shown all the same. */
async function tenantBudgets({ ports, log }: Context, nowMs: number): Promise<readonly TenantBudget[]> {
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
