/** `GET /v1/usage`: what was used, spent and saved, and what the budgets leave. */
import { Hono } from 'hono';
import { parseUsageQuery } from '../../core/budget/usage.ts';
import { findLedgerRow, getUsage } from '../../operation/usage.ts';
import type { AppEnv, AppOptions } from '../context.ts';
import { parametersOf } from '../query.ts';
import { respond } from '../respond.ts';
import { ledgerRowResponse, usageResponse } from '../wire-usage.ts';

const PARAMETERS = ['from', 'to', 'group_by', 'tenant'] as const;

export function usageRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/', (c) =>
      respond(c, options, getUsage, {
        read: () => {
          const parameters = parametersOf(c, PARAMETERS);
          return { query: parseUsageQuery(parameters, options.ports.clock.nowMs()), tenant: parameters.tenant };
        },
        write: ({ tenant, report }, { query }) => c.json(usageResponse(tenant, query, report)),
      }),
    )
    .get('/:id', (c) =>
      respond(c, options, findLedgerRow, {
        read: () => ({ id: c.req.param('id'), tenant: parametersOf(c, ['tenant']).tenant }),
        write: (row) => c.json(ledgerRowResponse(row)),
      }),
    );
}
