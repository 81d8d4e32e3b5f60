/** Entries of keys in KV, which takes one write a second to each of them. */
import { type KeyEntries, type KeyRecord, readKeyRecord } from '../../core/key/record.ts';
import { KEY_RECORD_PREFIX } from '../../core/stored/version.ts';

const ATTEMPTS_MAX = 2;
/** A little more than the second in which KV refuses. */
const AGAIN_MS = 1_100;

/** The record of a key as this place knows it: a change made elsewhere may take a minute. */
export async function readRecord(namespace: KVNamespace, id: string): Promise<KeyRecord | undefined> {
  return readKeyRecord(await namespace.get(KEY_RECORD_PREFIX + id, 'json'), id);
}

/**
 * Writes what a change means. What leads to a new secret comes before the record that knows it, and what leads to an old one goes
 * last: wherever it breaks off, the secrets of before or those of after work.
 */
export async function writeEntries(namespace: KVNamespace, { puts, deletes }: KeyEntries): Promise<void> {
  for (const { key, value, expiration } of puts) await again(() => namespace.put(key, value, expiration === undefined ? {} : { expiration }));
  await Promise.all(deletes.map((key) => again(() => namespace.delete(key))));
}

async function again(write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === ATTEMPTS_MAX) throw error;
      await scheduler.wait(AGAIN_MS);
    }
  }
}
