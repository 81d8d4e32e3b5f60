/** Purging by listing KV. A list may lag behind by a minute: what was written just now can be missed, and goes with the next purge. */
import { Fault } from '../core/fault.ts';
import { isPurged, PURGE_KEYS_MAX, readPurgeCursor, writePurgeCursor } from '../core/cache/purge.ts';
import type { CachePurger } from '../port/storage.ts';

export function kvPurge(namespace: KVNamespace): CachePurger {
  return async ({ prefixes, createdBeforeMs, cursor }) => {
    const at = readPurgeCursor(cursor, prefixes);
    const page = await listPage(namespace, prefixes[at.prefix] ?? '', at.after);
    const names = page.keys.filter(({ metadata }) => isPurged(metadata, { createdBeforeMs })).map(({ name }) => name);
    await Promise.all(names.map((name) => namespace.delete(name)));
    return { names, cursor: writePurgeCursor(at.prefix, page.list_complete ? undefined : page.cursor, prefixes) };
  };
}

/** KV refuses what is no cursor of its own. */
async function listPage(namespace: KVNamespace, prefix: string, cursor: string | undefined): Promise<KVNamespaceListResult<unknown>> {
  try {
    return await namespace.list({ prefix, limit: PURGE_KEYS_MAX, cursor: cursor ?? null });
  } catch (cause) {
    if (cursor === undefined) throw cause;
    throw new Fault('invalid_request', 'This is no cursor of a purge like this. Give the one of the last answer, or none.', { param: 'cursor', cause });
  }
}
