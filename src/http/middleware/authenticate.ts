/** API keys: `Authorization: Bearer KEY` or `x-api-key: KEY`. Without a configured key nobody gets in. */
import { createMiddleware } from 'hono/factory';
import { type Caller, configuredCaller } from '../../core/key/caller.ts';
import { Fault } from '../../error.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';

/** Longer ones are not keys; hashing them would only cost. */
const KEY_CHARACTERS_MAX = 512;

/** Sets `caller` or answers 401, with the same words whatever was wrong. */
export function authenticate({ config, ports }: AppOptions) {
  // Hashes have one length, so that comparing them takes the same time whatever key was sent.
  let known: Promise<readonly { readonly name: string; readonly digest: Uint8Array }[]> | undefined;
  const loadKnown = () => Promise.all(config.apiKeys.map(async ({ name, key }) => ({ name, digest: encode(await ports.sha256(key)) })));

  // Keys that were right before, so that a busy one is hashed once an isolate; wrong ones are never kept.
  const verified = new Map<string, Caller>();

  return createMiddleware<AppEnv>(async (c, next) => {
    const presented = presentedKey(c);
    const remembered = presented === undefined ? undefined : verified.get(presented);
    if (remembered !== undefined) {
      c.set('caller', remembered);
      return next();
    }
    known ??= loadKnown();
    const digest = encode(await ports.sha256(presented ?? ''));
    let tenant: string | undefined;
    // Every key is compared, so that the place of the right one does not show.
    for (const key of await known) if (crypto.subtle.timingSafeEqual(key.digest, digest)) tenant = key.name;
    if (presented === undefined || tenant === undefined) {
      c.header('www-authenticate', 'Bearer realm="vignette"');
      throw new Fault('unauthorized', 'No valid API key was sent. Send "Authorization: Bearer KEY" or "x-api-key: KEY" with a key from VIGNETTE_API_KEYS.', {
        param: 'authorization',
      });
    }
    const caller = configuredCaller(tenant);
    verified.set(presented, caller);
    c.set('caller', caller);
    await next();
  });
}

function presentedKey(c: AppContext): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const key = bearer ?? c.req.header('x-api-key');
  return key === undefined || key === '' || key.length > KEY_CHARACTERS_MAX ? undefined : key;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
