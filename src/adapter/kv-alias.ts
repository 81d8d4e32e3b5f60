/** KV as the memory of addresses. It is eventually consistent: an older alias may come back, which is no older than its own freshness. */
import { readAlias } from '../core/keep/alias.ts';
import type { AliasStore } from '../port/storage.ts';

export function kvAlias(namespace: KVNamespace, report: (event: string, error: unknown) => void): AliasStore {
  return {
    async get(key) {
      try {
        return readAlias(await namespace.get(key, 'json'), key);
      } catch (error) {
        report('alias_read_failed', error);
        return undefined;
      }
    },

    async put(alias, ttlSeconds) {
      try {
        await namespace.put(alias.key, JSON.stringify(alias), { expirationTtl: ttlSeconds });
        return true;
      } catch (error) {
        report('alias_write_failed', error);
        return false;
      }
    },

    async delete(key) {
      await namespace.delete(key);
    },
  };
}
