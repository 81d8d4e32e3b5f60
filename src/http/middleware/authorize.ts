/** Which scope a route needs. */
import { createMiddleware } from 'hono/factory';
import type { Scope } from '../../core/key/caller.ts';
import { requireScope } from '../../core/key/authorize.ts';
import type { AppEnv } from '../context.ts';

/** By the first part of the path after `/v1/`. What stands in no row takes any valid key: it shows nothing but the caller's own. */
export const SCOPE_OF_ROUTE: Readonly<Partial<Record<string, Scope>>> = {
  describe: 'describe',
  estimate: 'estimate',
  images: 'images',
  jobs: 'jobs',
  messages: 'messages',
  files: 'messages',
  admin: 'admin',
};

/** Answers 403 where the caller lacks the scope of the route. */
export function authorize() {
  return createMiddleware<AppEnv>(async (c, next) => {
    const part = c.req.path.split('/')[2] ?? '';
    const scope = Object.hasOwn(SCOPE_OF_ROUTE, part) ? SCOPE_OF_ROUTE[part] : undefined;
    if (scope !== undefined) requireScope(c.get('caller'), scope);
    await next();
  });
}
