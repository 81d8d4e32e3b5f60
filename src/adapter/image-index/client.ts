/** Indexes of pictures over RPC to their objects. */
import type { DerivedRow, Opened } from '../../core/keep/derived.ts';
import type { ImageIndex } from '../../port/storage.ts';
import type { ImageIndexObject } from './object.ts';

/** Under a generation that no picture has: whoever writes is refused. */
const UNKNOWN: Opened = { generation: -1, wasDeleted: true };

/** An object that restarts cuts its callers off; the new one knows what was written down. All calls may be repeated. */
const ATTEMPTS_MAX = 3;

export function imageIndexClient(namespace: DurableObjectNamespace<ImageIndexObject>, report: (event: string, error: unknown) => void): ImageIndex {
  // No tenant's name holds a colon.
  const objectOf = (tenant: string, sha256: string) => namespace.get(namespace.idFromName(`${tenant}:${sha256}`));
  const otherwise = async <T>(fallback: T, call: () => Promise<T>): Promise<T> => {
    try {
      return await attempt(call);
    } catch (error) {
      report('image_index_failed', error);
      return fallback;
    }
  };
  return {
    // Plain copies throughout: what RPC gives is disposed with the request.
    open: (tenant, sha256, items, expiresAtMs) => otherwise(UNKNOWN, async () => ({ ...(await objectOf(tenant, sha256).open(items, expiresAtMs)) })),
    note: (tenant, sha256, generation, items, expiresAtMs) => otherwise(false, async () => await objectOf(tenant, sha256).note(generation, items, expiresAtMs)),
    settle: (tenant, sha256, generation, items) => otherwise(false, async () => await objectOf(tenant, sha256).settle(generation, items)),
    findFile: (tenant, sha256, group, untilMs) =>
      otherwise<DerivedRow | undefined>(undefined, async () => {
        const row = await objectOf(tenant, sha256).findFile(group, untilMs);
        return row === undefined ? undefined : { ...row };
      }),
    drop: (tenant, sha256, names) => otherwise(undefined, async () => await objectOf(tenant, sha256).drop(names)),
    begin: (tenant, sha256) =>
      attempt(async () => {
        const { generation, rows } = await objectOf(tenant, sha256).begin();
        return { generation, rows: rows.map((row) => ({ ...row })) };
      }),
    finish: (tenant, sha256, generation) => attempt(async () => await objectOf(tenant, sha256).finish(generation)),
  };
}

async function attempt<T>(call: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await call();
    } catch (error) {
      if (attempts >= ATTEMPTS_MAX) throw error;
    }
  }
}
