/** The way through the isolate's door, before a body is read. */
import { createMiddleware } from 'hono/factory';
import type { AppEnv, AppOptions } from '../context.ts';

/** Lets a request with work in it enter, or answers 503. Reading what is stored, and the operator, pass by. */
export function admit({ ports }: AppOptions) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.method !== 'POST' || c.req.path.startsWith('/v1/admin/')) return next();
    const place = await ports.door.enter();
    c.get('stopwatch').place = place;
    try {
      await next();
    } finally {
      place.leave();
    }
  });
}
