/** API keys in headers: `Authorization: Bearer KEY` or `x-api-key: KEY`. */
import { createMiddleware } from 'hono/factory';
import { networkOf } from '../../core/key/network.ts';
import { Fault } from '../../error.ts';
import { createAuthenticate } from '../../operation/authenticate.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';

/** Sets `caller`, or answers 401; 429 to a network that goes on guessing. */
export function authenticate(options: AppOptions) {
  const find = createAuthenticate(options);
  return createMiddleware<AppEnv>(async (c, next) => {
    try {
      c.set('caller', await find(presentedKeys(c), networkOf(c.req.header('cf-connecting-ip'))));
    } catch (error) {
      if (error instanceof Fault && error.code === 'unauthorized') c.header('www-authenticate', 'Bearer realm="vignette"');
      throw error;
    }
    await next();
  });
}

/**
 * `x-vignette-key` alone where it is sent: beside it, the usual headers hold the caller's own key of Anthropic (`route/messages.ts`).
 * Of the two usual ones either may be ours: clients of the API send a token of their own beside the key that they are given.
 */
function presentedKeys({ req }: AppContext): readonly string[] {
  const own = req.header('x-vignette-key');
  if (own !== undefined) return [own];
  const bearer = /^Bearer +(\S+) *$/i.exec(req.header('authorization') ?? '')?.[1];
  return [bearer, req.header('x-api-key')].filter((key) => key !== undefined);
}
