/** KV as the cache of relayed answers. Like that of descriptions it may forget, and a miss is always right. */
import { readMessageEntry } from '../core/cache/message-entry.ts';
import type { MessageCache } from '../port.ts';

/** The records that lead from a picture to what was made of it; `kv-cache.ts` follows them when a picture is deleted. */
const INDEX_PREFIX = 'derived:v1:';

export function kvMessageCache(namespace: KVNamespace, ttlSeconds: number, report: (event: string, error: unknown) => void): MessageCache {
  return {
    async get(key) {
      try {
        return readMessageEntry(await namespace.get(key, 'json'), key);
      } catch (error) {
        report('cache_read_failed', error);
        return undefined;
      }
    },

    async put(entry, { tenant, from }) {
      try {
        const options = { expirationTtl: ttlSeconds };
        const index = [...new Set(from)].map((sha256) => namespace.put(`${INDEX_PREFIX}${tenant}:${sha256}:${entry.key}`, '', options));
        await Promise.all([...index, namespace.put(entry.key, JSON.stringify(entry), options)]);
        return true;
      } catch (error) {
        report('cache_write_failed', error);
        return false;
      }
    },
  };
}
