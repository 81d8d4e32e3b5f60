/** KV as the cache of descriptions. KV is eventually consistent and may forget: a miss is always right. */
import { readCacheEntry } from '../core/cache/entry.ts';
import type { DescriptionCache } from '../port.ts';

/**
 * Empty records that lead from a picture to the entries made from it, for `DELETE`:
 * `derived:v1:<tenant>:<sha256 of the file>:<entry key>`, with the entry's lifetime.
 */
const INDEX_PREFIX = 'derived:v1:';

export function kvCache(namespace: KVNamespace, ttlSeconds: number, report: (event: string, error: unknown) => void): DescriptionCache {
  const indexPrefix = (tenant: string, sha256: string) => `${INDEX_PREFIX}${tenant}:${sha256}:`;
  return {
    async get(key) {
      try {
        return readCacheEntry(await namespace.get(key, 'json'), key);
      } catch (error) {
        report('cache_read_failed', error);
        return undefined;
      }
    },

    async put(key, entry, { tenant, from }) {
      try {
        const options = { expirationTtl: ttlSeconds };
        const index = [...new Set(from)].map((sha256) => namespace.put(indexPrefix(tenant, sha256) + key, '', options));
        await Promise.all([...index, namespace.put(key, JSON.stringify(entry), options)]);
        return true;
      } catch (error) {
        report('cache_write_failed', error);
        return false;
      }
    },

    async purge(tenant, sha256) {
      const prefix = indexPrefix(tenant, sha256);
      const purged: string[] = [];
      let cursor: string | null = null;
      do {
        const page: KVNamespaceListResult<unknown> = await namespace.list({ prefix, cursor });
        const keys = page.keys.map(({ name }) => name.slice(prefix.length));
        await Promise.all(keys.flatMap((key) => [namespace.delete(prefix + key), namespace.delete(key)]));
        purged.push(...keys);
        cursor = page.list_complete ? null : page.cursor;
      } while (cursor !== null);
      return purged;
    },
  };
}
