/**
 * API keys: `Authorization: Bearer KEY` or `x-api-key: KEY`. Keys of the configuration are compared here; managed ones
 * are looked up by their hash. Without any key nobody gets in.
 */
import { createMiddleware } from 'hono/factory';
import { type Caller, configuredCaller } from '../../core/key/caller.ts';
import { REMEMBERED_KEYS_MAX, UNKNOWN_SECONDS, VERIFIED_SECONDS } from '../../core/key/limit.ts';
import { networkOf } from '../../core/key/network.ts';
import { callerOf, endOf } from '../../core/key/record.ts';
import { isSecret } from '../../core/key/secret.ts';
import { Fault } from '../../error.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';
import { ExpiringMap } from '../expiring-map.ts';
import { failureLimit } from './failure-limit.ts';

/** Longer ones are not keys; hashing them would only cost. */
const KEY_CHARACTERS_MAX = 512;

/** Sets `caller` or answers 401, with the same words whatever was wrong; 429 to a network that goes on guessing. */
export function authenticate({ config, ports }: AppOptions) {
  // Hashes have one length, so that comparing them takes the same time whatever key was sent.
  let known: readonly { readonly name: string; readonly digest: Uint8Array }[] | undefined;
  const loadKnown = () => Promise.all(config.apiKeys.map(async ({ name, key }) => ({ name, digest: encode(await ports.sha256(key)) })));
  const configured = async (sha256: string): Promise<Caller | undefined> => {
    // The value is kept and not its promise, which would be lost with the request that began it.
    known ??= await loadKnown();
    const digest = encode(sha256);
    let name: string | undefined;
    // Every key is compared, so that the place of the right one does not show.
    for (const key of known) if (crypto.subtle.timingSafeEqual(key.digest, digest)) name = key.name;
    return name === undefined ? undefined : configuredCaller(name);
  };

  // Keys that were right before, so that a busy one is hashed once an isolate: those of the configuration for its life,
  // managed ones for a while, since they can be revoked. Of wrong ones the hash alone is kept.
  const verified = new Map<string, Caller>();
  const verifiedManaged = new ExpiringMap<Caller>(REMEMBERED_KEYS_MAX);
  const unknown = new ExpiringMap<true>(REMEMBERED_KEYS_MAX);
  const failures = failureLimit(ports);

  const managed = async (secret: string, sha256: string): Promise<Caller | undefined> => {
    const nowMs = ports.clock.nowMs();
    if (unknown.get(sha256, nowMs) === true) return undefined;
    const known = await ports.keys.findBySecret(sha256);
    const caller = known && callerOf(known, sha256, nowMs);
    if (known === undefined || caller === undefined) unknown.set(sha256, true, nowMs + UNKNOWN_SECONDS * 1000);
    else verifiedManaged.set(secret, caller, Math.min(nowMs + VERIFIED_SECONDS * 1000, endOf(known.record, sha256) ?? Infinity));
    return caller;
  };

  return createMiddleware<AppEnv>(async (c, next) => {
    const presented = presentedKey(c);
    const remembered = presented === undefined ? undefined : (verified.get(presented) ?? verifiedManaged.get(presented, ports.clock.nowMs()));
    if (remembered !== undefined) {
      c.set('caller', remembered);
      return next();
    }
    const sha256 = await ports.sha256(presented ?? '');
    const own = await configured(sha256);
    if (presented !== undefined && own !== undefined) {
      verified.set(presented, own);
      c.set('caller', own);
      return next();
    }
    // From here on it costs a look-up, or it is wrong: counted before it is known which, so that many at once are counted, too.
    const network = networkOf(c.req.header('cf-connecting-ip'));
    await failures.count(network);
    const caller = presented !== undefined && isSecret(presented) ? await managed(presented, sha256) : undefined;
    if (caller === undefined) {
      c.header('www-authenticate', 'Bearer realm="vignette"');
      throw new Fault('unauthorized', 'No valid API key was sent. Send "Authorization: Bearer KEY" or "x-api-key: KEY" with a key of this service.', {
        param: 'authorization',
      });
    }
    failures.forgive(network);
    c.set('caller', caller);
    await next();
  });
}

/** `x-vignette-key` comes first: beside it, the usual headers hold the caller's own key of Anthropic (`route/messages.ts`). */
function presentedKey(c: AppContext): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const key = c.req.header('x-vignette-key') ?? bearer ?? c.req.header('x-api-key');
  return key === undefined || key === '' || key.length > KEY_CHARACTERS_MAX ? undefined : key;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
