/** Deleting a picture with everything that was made from it. */
import type { Derived, DerivedKind } from '../core/cache/derived.ts';
import { readNearName } from '../core/cache/near-duplicate.ts';
import type { Ports } from '../port.ts';
import type { Context } from './context.ts';

/** How many of each kind stood somewhere and are gone; `undefined`: there was nothing of this picture. */
export type Removed = Readonly<Record<DerivedKind | 'file', number>> | undefined;

/**
 * Removes an original, its answers, addresses, uploads and near-duplicates. When one removal fails the whole fails, the list
 * stays, and asking again goes on from there.
 */
export async function deleteImage(sha256: string, { ports, tenant, signal }: Context): Promise<Removed> {
  const imageId = `sha256:${sha256}`;
  const { generation, rows } = await ports.index.begin(tenant, sha256);
  const isStored = (await ports.images.head(tenant, imageId)) !== undefined;
  const [files] = await Promise.all([
    ports.files?.purge(tenant, sha256, signal) ?? 0,
    ports.images.delete(tenant, imageId),
    ...rows.map((row) => removeDerived(row, ports)),
  ]);
  await ports.index.finish(tenant, sha256, generation);
  const count = (kind: DerivedKind) => rows.filter((row) => row.kind === kind && row.isWritten).length;
  const removed = { image: isStored ? 1 : 0, answer: count('answer'), alias: count('alias'), file: files, near: count('near') };
  return Object.values(removed).some((number) => number > 0) ? removed : undefined;
}

async function removeDerived({ kind, name }: Derived, ports: Ports): Promise<void> {
  switch (kind) {
    case 'answer':
      // What is kept of its flight, and what is flying.
      await Promise.all([ports.cache.delete(name), ports.flights.forget(name)]);
      return;
    case 'alias':
      return ports.aliases.delete(name);
    case 'image':
      // Removed by its hash in any case, whether the index knows of it or not.
      return;
    case 'near': {
      const { group, sha256 } = readNearName(name);
      return ports.near.remove(group, sha256);
    }
  }
}
