/** `POST /v1/admin/purge`: forgets what is cached of a tenant, page by page. */
import { Hono } from 'hono';
import { ALIAS_PREFIX } from '../../core/stored/version.ts';
import { parsePurge } from '../../core/cache/purge.ts';
import { withJson } from '../body.ts';
import type { AppEnv, AppOptions } from '../context.ts';

export function adminPurgeRoute(options: AppOptions): Hono<AppEnv> {
  const { ports } = options;
  return new Hono<AppEnv>().post('/', (c) =>
    withJson(c, options, async (json) => {
      const { names, cursor } = await ports.purge(parsePurge(json, Date.parse));
      const addresses = names.filter((name) => name.startsWith(ALIAS_PREFIX));
      const answers = names.filter((name) => !name.startsWith(ALIAS_PREFIX));
      // What is kept of their flights would be cached answers under another name.
      await Promise.all(answers.map((name) => ports.flights.forget(name)));
      return c.json({
        type: 'purge',
        removed: { answers: answers.length, addresses: addresses.length },
        is_complete: cursor === undefined,
        cursor: cursor ?? null,
      });
    }),
  );
}
