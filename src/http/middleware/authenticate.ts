/**
 * API keys: `Authorization: Bearer KEY` or `x-api-key: KEY`. Keys of the configuration are compared here; managed ones
 * are looked up by their hash. Without any key nobody gets in.
 */
import { createMiddleware } from 'hono/factory';
import { type Caller, configuredCaller } from '../../core/key/caller.ts';
import { RECENT_SECONDS, REMEMBERED_KEYS_MAX, UNKNOWN_SECONDS, VERIFIED_SECONDS } from '../../core/key/limit.ts';
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
  const recentlyRight = new ExpiringMap<true>(REMEMBERED_KEYS_MAX);
  const isRecent = (sha256: string) => recentlyRight.get(sha256, ports.clock.nowMs()) === true;
  const failures = failureLimit(ports);

  const managed = async (secret: string, sha256: string): Promise<Caller | undefined> => {
    const nowMs = ports.clock.nowMs();
    if (unknown.get(sha256, nowMs) === true) return undefined;
    const known = await ports.keys.findBySecret(sha256);
    const caller = known && callerOf(known, sha256, nowMs);
    if (known === undefined || caller === undefined) {
      unknown.set(sha256, true, nowMs + UNKNOWN_SECONDS * 1000);
      recentlyRight.delete(sha256);
      return undefined;
    }
    recentlyRight.set(sha256, true, nowMs + RECENT_SECONDS * 1000);
    verifiedManaged.set(secret, caller, Math.min(nowMs + VERIFIED_SECONDS * 1000, endOf(known.record, sha256) ?? Infinity));
    return caller;
  };

  const firstManaged = async (candidates: readonly { readonly secret: string; readonly sha256: string }[]): Promise<Caller | undefined> => {
    const found = await Promise.all(candidates.map(({ secret, sha256 }) => managed(secret, sha256)));
    return found.find((caller) => caller !== undefined);
  };

  /** The caller behind one candidate, without any look-up: remembered, or of the configuration. */
  const atHand = async (secret: string): Promise<{ readonly sha256: string; readonly caller: Caller | undefined }> => {
    const remembered = verified.get(secret) ?? verifiedManaged.get(secret, ports.clock.nowMs());
    if (remembered !== undefined) return { sha256: '', caller: remembered };
    const sha256 = await ports.sha256(secret);
    const caller = await configured(sha256);
    if (caller !== undefined) verified.set(secret, caller);
    return { sha256, caller };
  };

  return createMiddleware<AppEnv>(async (c, next) => {
    const presented = presentedKeys(c);
    // All of them, whichever is right: the time tells nothing.
    const candidates = await Promise.all(presented.map(async (secret) => ({ secret, ...(await atHand(secret)) })));
    const own = candidates.find(({ caller }) => caller !== undefined)?.caller;
    if (own !== undefined) {
      c.set('caller', own);
      return next();
    }
    const lookedUp = candidates.filter(({ secret }) => isSecret(secret));
    const network = networkOf(c.req.header('cf-connecting-ip'));
    // Keys that were right lately are looked up whatever their network does: all Workers of other zones share one address.
    const [recent, others] = [lookedUp.filter(({ sha256 }) => isRecent(sha256)), lookedUp.filter(({ sha256 }) => !isRecent(sha256))];
    let caller = await firstManaged(recent);
    if (caller === undefined) {
      // From here on it costs a look-up, or it is wrong: counted before it is known which, so that many at once are counted, too.
      await failures.count(network);
      caller = await firstManaged(others);
      if (caller !== undefined) failures.forgive(network);
    }
    if (caller === undefined) {
      c.header('www-authenticate', 'Bearer realm="vignette"');
      throw new Fault('unauthorized', 'No valid API key was sent. Send "Authorization: Bearer KEY" or "x-api-key: KEY" with a key of this service.', {
        param: 'authorization',
      });
    }
    c.set('caller', caller);
    await next();
  });
}

/**
 * The keys of a request, in the order in which they count: a client may send one of its own beside that of this service. With
 * `x-vignette-key` it is that alone: then the usual headers hold the caller's own key of Anthropic (`route/messages.ts`).
 */
function presentedKeys(c: AppContext): readonly string[] {
  const own = c.req.header('x-vignette-key');
  const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const keys = own === undefined ? [bearer, c.req.header('x-api-key')] : [own];
  return [...new Set(keys)].filter((key) => key !== undefined && key !== '' && key.length <= KEY_CHARACTERS_MAX) as readonly string[];
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
