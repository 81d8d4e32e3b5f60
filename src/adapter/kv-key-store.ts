/** KV as the store of API keys. It is read in every place within a minute of a write, and refuses a second write to one key in a second. */
import { Fault } from '../core/fault.ts';
import { entriesOf, KEY_RECORD_PREFIX, readKeyRecord, readPointer, SECRET_INDEX_PREFIX } from '../core/key/record.ts';
import type { KeyStore } from '../port.ts';

const RETRY_AFTER_SECONDS = 2;

export function kvKeyStore(namespace: KVNamespace): KeyStore {
  const find = async (id: string) => readKeyRecord(await namespace.get(KEY_RECORD_PREFIX + id, 'json'), id);
  return {
    find,

    async findBySecret(sha256) {
      try {
        const id = readPointer(await namespace.get(SECRET_INDEX_PREFIX + sha256, 'json'));
        return id === undefined ? undefined : await find(id);
      } catch (cause) {
        throw new Fault('overloaded', 'The API key could not be looked up just now. Try again in a moment.', {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
          cause,
        });
      }
    },

    async list({ keysMax, cursor }) {
      const page = await listPage(namespace, keysMax, cursor);
      const names = page.keys.map(({ name }) => name);
      const values = names.length === 0 ? new Map<string, unknown>() : await namespace.get(names, 'json');
      const records = names.map((name) => readKeyRecord(values.get(name), name.slice(KEY_RECORD_PREFIX.length)));
      // What was deleted since the list was made, or is of another version, is left out.
      return { records: records.filter((record) => record !== undefined), cursor: page.list_complete ? undefined : page.cursor };
    },

    async write(change, nowMs) {
      const { puts, deletes } = entriesOf(change, nowMs);
      try {
        await Promise.all([
          ...puts.map(({ key, value, expiration }) => namespace.put(key, value, expiration === undefined ? {} : { expiration })),
          ...deletes.map((key) => namespace.delete(key)),
        ]);
      } catch (cause) {
        throw new Fault('overloaded', 'The key could not be written; KV takes one change of a key a second. Repeat it in a moment.', {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
          cause,
        });
      }
    },
  };
}

async function listPage(namespace: KVNamespace, keysMax: number, cursor: string | undefined) {
  try {
    return await namespace.list({ prefix: KEY_RECORD_PREFIX, limit: keysMax, ...(cursor === undefined ? {} : { cursor }) });
  } catch (cause) {
    if (cursor === undefined) throw cause;
    throw new Fault('invalid_request', 'This cursor leads nowhere. Take "next_cursor" of the page before as it is, or start without one.', {
      param: 'cursor',
      cause,
    });
  }
}
