/** KV as the cache of descriptions. KV is eventually consistent and may forget: a miss is always right. */
import { readCacheEntry } from '../core/cache/entry.ts';
import type { AnswerMetadata } from '../core/cache/purge.ts';
import type { DescriptionCache } from '../port/storage.ts';

export function kvCache(namespace: KVNamespace, report: (event: string, error: unknown) => void): DescriptionCache {
  return {
    async get(key) {
      try {
        return readCacheEntry(await namespace.get(key, 'json'), key);
      } catch (error) {
        report('cache_read_failed', error);
        return undefined;
      }
    },

    async put(key, entry, ttlSeconds) {
      try {
        // The metadata comes with listings, so that a purge need not read the entries.
        const metadata: AnswerMetadata = { createdAtSeconds: entry.createdAtSeconds };
        await namespace.put(key, JSON.stringify(entry), { expirationTtl: ttlSeconds, metadata });
        return true;
      } catch (error) {
        report('cache_write_failed', error);
        return false;
      }
    },

    async delete(key) {
      await namespace.delete(key);
    },
  };
}
