/**
 * API keys → callers, for every entrance. Keys of the configuration are compared here; managed ones are looked up by their hash.
 * Without any key nobody gets in.
 */
import { Fault } from '../core/fault.ts';
import { type Caller, configuredCaller } from '../core/key/caller.ts';
import { RECENT_SECONDS, REMEMBERED_KEYS_MAX, UNKNOWN_SECONDS, VERIFIED_SECONDS } from '../core/key/limit.ts';
import { callerOf, endOf } from '../core/key/record.ts';
import { isSecret } from '../core/key/secret.ts';
import { ExpiringMap } from '../stage/session/expiring-map.ts';
import { failureLimit } from '../stage/session/failure-limit.ts';
import type { Service } from './actor.ts';

/** Longer ones are not keys; hashing them would only cost. */
const KEY_CHARACTERS_MAX = 512;
/** Headers in which one request can hold a key. */
const KEYS_MAX = 2;

/** Gives the caller behind the first of the keys that is right. @throws unauthorized, with the same words whatever was wrong; rate_limited for a network that goes on guessing */
export type Authenticate = (keys: readonly string[], network: string) => Promise<Caller>;

/** One an isolate, which remembers keys. */
export function createAuthenticate({ config, ports }: Pick<Service, 'config' | 'ports'>): Authenticate {
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
  const recent = new ExpiringMap<true>(REMEMBERED_KEYS_MAX);
  const unknown = new ExpiringMap<true>(REMEMBERED_KEYS_MAX);
  const failures = failureLimit(ports);

  const managed = async (secret: string, sha256: string): Promise<Caller | undefined> => {
    const nowMs = ports.clock.nowMs();
    if (unknown.get(sha256, nowMs) === true) return undefined;
    const found = await ports.keys.findBySecret(sha256);
    const caller = found && callerOf(found, sha256, nowMs);
    if (found === undefined || caller === undefined) {
      unknown.set(sha256, true, nowMs + UNKNOWN_SECONDS * 1000);
      recent.delete(sha256);
    } else {
      verifiedManaged.set(secret, caller, Math.min(nowMs + VERIFIED_SECONDS * 1000, endOf(found.record, sha256) ?? Infinity));
      recent.set(sha256, true, nowMs + RECENT_SECONDS * 1000);
    }
    return caller;
  };

  return async (sent, network) => {
    const nowMs = ports.clock.nowMs();
    const keys = [...new Set(sent)].filter((key) => key !== '' && key.length <= KEY_CHARACTERS_MAX).slice(0, KEYS_MAX);
    for (const key of keys) {
      const remembered = verified.get(key) ?? verifiedManaged.get(key, nowMs);
      if (remembered !== undefined) return remembered;
    }
    // As much is hashed and compared for one key as for none and for two: which of them is right does not show either.
    const padded = [...keys, ...Array<string>(KEYS_MAX - keys.length).fill('')];
    const candidates = await Promise.all(padded.map(async (key) => ({ key, sha256: await ports.sha256(key) })));
    const callers = await Promise.all(candidates.map(async ({ key, sha256 }) => ({ key, caller: await configured(sha256) })));
    const own = callers.find(({ key, caller }) => key !== '' && caller !== undefined);
    if (own?.caller !== undefined) {
      verified.set(own.key, own.caller);
      return own.caller;
    }
    const secrets = candidates.filter(({ key }) => isSecret(key));
    // A key that was right lately is not judged by what others of its network send: behind one address may be very many.
    for (const { key, sha256 } of secrets) {
      const caller = recent.get(sha256, nowMs) === true ? await managed(key, sha256) : undefined;
      if (caller !== undefined) return caller;
    }
    // From here on it costs a look-up, or it is wrong: counted before it is known which, so that many at once are counted, too.
    await failures.count(network);
    for (const { key, sha256 } of secrets) {
      const caller = await managed(key, sha256);
      if (caller === undefined) continue;
      failures.forgive(network);
      return caller;
    }
    throw new Fault('unauthorized', 'No valid API key was sent. Send "Authorization: Bearer KEY" or "x-api-key: KEY" with a key of this service.', {
      param: 'authorization',
    });
  };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
