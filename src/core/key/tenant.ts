/** What is kept of a tenant itself: bounds of all its keys together, which hold for every one of them, whichever was there first. */
import * as z from 'zod';
import { TENANT_LIMITS_PREFIX } from '../stored/version.ts';
import type { CallerLimits } from './caller.ts';
import { limitsSchema } from './record.ts';

const tenantSchema = z.strictObject({ limits: limitsSchema });

/** The name of the entry of a tenant. One without bounds may have none. */
export function tenantKey(tenant: string): string {
  return TENANT_LIMITS_PREFIX + tenant;
}

/** The value of an entry. */
export function tenantValue(limits: CallerLimits): string {
  return JSON.stringify({ limits });
}

/** The bounds in a stored value; none where there is no value. @throws Error when it is no record: a bound that cannot be read is not lifted */
export function readTenantLimits(value: unknown): CallerLimits {
  if (value === null || value === undefined) return {};
  const parsed = tenantSchema.safeParse(value);
  if (!parsed.success) throw new Error('the entry of the tenant cannot be read');
  return parsed.data.limits;
}
