/** `GET /v1/usage`: what was used, spent and saved, and what the budgets leave. */
import { Hono } from 'hono';
import { USAGE_GROUPS_MAX } from '../../core/budget/limit.ts';
import { parseUsageQuery } from '../../core/budget/usage.ts';
import { requireScope } from '../../core/key/authorize.ts';
import { Fault } from '../../error.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';
import { parametersOf } from '../query.ts';
import { ledgerRowResponse, usageResponse } from '../wire-usage.ts';

const PARAMETERS = ['from', 'to', 'group_by', 'tenant'] as const;
const TENANT = /^[A-Za-z0-9_-]{1,64}$/;
/** A call beyond the first of a request has its number behind the id. */
const ROW_ID = /^req_[0-9a-f]{32}(\.\d{1,3})?$/;

export function usageRoute({ ports }: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/', async (c) => {
      const parameters = parametersOf(c, PARAMETERS);
      const nowMs = ports.clock.nowMs();
      const query = parseUsageQuery(parameters, nowMs);
      const tenant = tenantOf(c, parameters.tenant);
      const caller = c.get('caller');
      const isOwn = tenant === caller.tenant;
      const accountLimits = isOwn ? caller.tenantLimits : (await ports.keys.tenantLimits([tenant])).get(tenant);
      await ports.accounts.flush();
      const report = await ports.accounts.usage(tenant, {
        query,
        key: caller.key,
        keyLimits: isOwn ? caller.limits : {},
        accountLimits: accountLimits ?? {},
        nowMs,
      });
      if (report === 'too-many')
        throw new Fault('invalid_request', `These days have more than ${USAGE_GROUPS_MAX} groups. Ask for fewer days, or group by less.`, {
          param: 'group_by',
        });
      return c.json(usageResponse(tenant, query, report));
    })
    .get('/:id', async (c) => {
      const id = c.req.param('id');
      const tenant = tenantOf(c, parametersOf(c, ['tenant']).tenant);
      await ports.accounts.flush();
      const row = ROW_ID.test(id) ? await ports.accounts.find(tenant, id) : undefined;
      if (row === undefined)
        throw new Fault('not_found', 'The ledger has no such request of this tenant. Rows are kept for LEDGER_DAYS (35 by default).', { param: 'id' });
      return c.json(ledgerRowResponse(row));
    });
}

/** The caller's own tenant, or the one that an administrator names. */
function tenantOf(c: AppContext, named: string | undefined): string {
  const caller = c.get('caller');
  if (named === undefined || named === caller.tenant) return caller.tenant;
  requireScope(caller, 'admin');
  if (!TENANT.test(named)) throw new Fault('invalid_request', '"tenant" must have 1 to 64 letters, digits, "_" or "-".', { param: 'tenant' });
  return named;
}
