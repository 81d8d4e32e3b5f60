/** The accounts of all tenants, each a Durable Object of its own. */
import type { Accounts } from '../../port.ts';
import type { Account } from './object.ts';

export function durableAccounts(namespace: DurableObjectNamespace<Account>): Accounts {
  return {
    take: (tenant, takes, nowMs) => namespace.get(namespace.idFromName(tenant)).take(takes, nowMs),
  };
}
