/** `POST /v1/admin/purge`: forgets what is cached of a tenant, page by page. */
import { Hono } from 'hono';
import { purge } from '../../operation/purge.ts';
import { readSettings } from '../body.ts';
import type { AppEnv, AppOptions } from '../context.ts';
import { respond } from '../respond.ts';

export function adminPurgeRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/', (c) =>
    respond(c, options, purge, {
      read: async (hold) => ({ settings: await readSettings(c, options, hold) }),
      write: ({ answers, addresses, cursor }) =>
        c.json({ type: 'purge', removed: { answers, addresses }, is_complete: cursor === undefined, cursor: cursor ?? null }),
    }),
  );
}
