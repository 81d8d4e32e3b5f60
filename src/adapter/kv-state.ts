/** What is remembered in KV of things that the provider keeps: whose they are, and nothing else. */
import { stateKey } from '../core/relay/provider-state.ts';
import type { ProviderStates } from '../port/state.ts';

const PRESENT = '1';

export function kvState(namespace: KVNamespace): ProviderStates {
  return {
    async remember(tenant, made, ttlSeconds) {
      const key = stateKey(tenant, made);
      if (key !== undefined) await namespace.put(key, PRESENT, { expirationTtl: ttlSeconds });
    },
    async isKnown(tenant, made) {
      const key = stateKey(tenant, made);
      return key !== undefined && (await namespace.get(key)) === PRESENT;
    },
  };
}
