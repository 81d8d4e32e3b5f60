/** KV as the cache of relayed answers. Like that of descriptions it may forget, and a miss is always right. */
import { readMessageEntry } from '../core/cache/message-entry.ts';
import type { AnswerMetadata } from '../core/cache/purge.ts';
import type { MessageCache } from '../port/storage.ts';

export function kvMessageCache(namespace: KVNamespace, report: (event: string, error: unknown) => void): MessageCache {
  return {
    async get(key) {
      try {
        return readMessageEntry(await namespace.get(key, 'json'), key);
      } catch (error) {
        report('cache_read_failed', error);
        return undefined;
      }
    },

    async put(entry, ttlSeconds) {
      try {
        const metadata: AnswerMetadata = { createdAtSeconds: entry.createdAtSeconds };
        await namespace.put(entry.key, JSON.stringify(entry), { expirationTtl: ttlSeconds, metadata });
        return true;
      } catch (error) {
        report('cache_write_failed', error);
        return false;
      }
    },
  };
}
