/** Which scope a route needs. */
import { createMiddleware } from 'hono/factory';
import type { Scope } from '../../core/key/caller.ts';
import { requireScope } from '../../core/key/authorize.ts';
import type { AppEnv } from '../context.ts';

/**
 * By the first part of the path after `/v1/`. `any` shows nothing but what is the caller's own. A part without a row is not there at
 * all, so that a route that was forgotten here is closed and not open.
 */
const SCOPE_OF_ROUTE: Readonly<Partial<Record<string, Scope | 'any'>>> = {
  admin: 'admin',
  describe: 'describe',
  estimate: 'estimate',
  files: 'messages',
  images: 'images',
  jobs: 'jobs',
  messages: 'messages',
  models: 'any',
  usage: 'any',
};

/** Answers 403 where the caller lacks the scope of the route. */
export function authorize() {
  return createMiddleware<AppEnv>(async (c, next) => {
    const part = c.req.path.split('/')[2] ?? '';
    const scope = Object.hasOwn(SCOPE_OF_ROUTE, part) ? SCOPE_OF_ROUTE[part] : undefined;
    if (scope === undefined) return c.notFound();
    if (scope !== 'any') requireScope(c.get('caller'), scope);
    await next();
  });
}
