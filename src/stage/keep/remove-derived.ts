/** Removing what was made from a picture, wherever it stands. */
import { type Derived, uploadNameOf } from '../../core/keep/derived.ts';
import { readNearName } from '../../core/cache/near-duplicate.ts';
import type { Ports } from '../../port/ports.ts';

/** Where something may stand that was made from a picture. */
export type Stores = Pick<Ports, 'images' | 'cache' | 'flights' | 'aliases' | 'near' | 'idempotency'> & Partial<Pick<Ports, 'files' | 'uploads'>>;

/** What is gone already is gone. @throws what the store throws; then it may be tried again */
export async function removeDerived({ kind, name, reference }: Derived, stores: Stores, signal: AbortSignal): Promise<void> {
  switch (kind) {
    case 'image':
      return stores.images.delete(name);
    case 'answer':
      // What is kept of its flight, and what is flying.
      await Promise.all([stores.cache.delete(name), stores.flights.forget(name)]);
      return;
    case 'alias':
      return stores.aliases.delete(name);
    case 'near': {
      const { group, sha256 } = readNearName(name);
      return stores.near.remove(group, sha256);
    }
    case 'file':
      // One without an id is on its way there, or its writer died.
      await (reference === undefined ? stores.files?.deleteByName(uploadNameOf(name), signal) : stores.files?.delete(reference, signal));
      return;
    case 'upload':
      return stores.uploads?.delete(name);
    case 'outcome':
      return stores.idempotency.forget(name);
  }
}
