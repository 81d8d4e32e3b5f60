/** What was used, spent and saved, and what the budgets leave. */
import { USAGE_GROUPS_MAX } from '../core/budget/limit.ts';
import type { LedgerRow } from '../core/budget/ledger-row.ts';
import type { UsageQuery, UsageReport } from '../core/budget/usage.ts';
import { Fault } from '../core/fault.ts';
import { requireScope } from '../core/key/authorize.ts';
import type { Caller } from '../core/key/caller.ts';
import { operation } from './perform.ts';

const TENANT = /^[A-Za-z0-9_-]{1,64}$/;
/** A call beyond the first of a request has its number behind the id. */
const ROW_ID = /^req_[0-9a-f]{32}(\.\d{1,3})?$/;

export interface UsageResult {
  readonly tenant: string;
  readonly report: UsageReport;
}

/** Sums and budgets of the caller's tenant, or of the one that an administrator names. @throws forbidden, invalid_request, overloaded */
export const getUsage = operation(
  'getUsage',
  async ({ query, tenant: named }: { readonly query: UsageQuery; readonly tenant: string | undefined }, { caller, ports }): Promise<UsageResult> => {
    const tenant = tenantOf(caller, named);
    const isOwn = tenant === caller.tenant;
    const accountLimits = isOwn ? caller.tenantLimits : (await ports.keys.tenantLimits([tenant])).get(tenant);
    await ports.accounts.flush();
    const report = await ports.accounts.usage(tenant, {
      query,
      key: caller.key,
      keyLimits: isOwn ? caller.limits : {},
      accountLimits: accountLimits ?? {},
      nowMs: ports.clock.nowMs(),
    });
    if (report === 'too-many')
      throw new Fault('invalid_request', `These days have more than ${USAGE_GROUPS_MAX} groups. Ask for fewer days, or group by less.`, {
        param: 'group_by',
      });
    return { tenant, report };
  },
);

/** The row of one request. @throws not_found, forbidden, invalid_request, overloaded */
export const findLedgerRow = operation(
  'getLedgerRow',
  async ({ id, tenant: named }: { readonly id: string; readonly tenant: string | undefined }, { caller, ports }): Promise<LedgerRow> => {
    const tenant = tenantOf(caller, named);
    await ports.accounts.flush();
    const row = ROW_ID.test(id) ? await ports.accounts.find(tenant, id) : undefined;
    if (row === undefined)
      throw new Fault('not_found', 'The ledger has no such request of this tenant. Rows are kept for LEDGER_DAYS (35 by default).', { param: 'id' });
    return row;
  },
);

/** The caller's own tenant, or the one that an administrator names. */
function tenantOf(caller: Caller, named: string | undefined): string {
  if (named === undefined || named === caller.tenant) return caller.tenant;
  requireScope(caller, 'admin');
  if (!TENANT.test(named)) throw new Fault('invalid_request', '"tenant" must have 1 to 64 letters, digits, "_" or "-".', { param: 'tenant' });
  return named;
}
