/** Looking for near-duplicates over RPC. When the object cannot be reached there are none. */
import type { NearDuplicateIndex } from '../../port/storage.ts';
import type { NearDuplicates } from './object.ts';

export function nearDuplicateClient(namespace: DurableObjectNamespace<NearDuplicates>, report: (event: string, error: unknown) => void): NearDuplicateIndex {
  const objectOf = (group: string) => namespace.get(namespace.idFromName(group));
  return {
    async find(group, looks, distanceMax) {
      try {
        const nearest = await objectOf(group).find(looks, distanceMax);
        return nearest === undefined ? undefined : { ...nearest };
      } catch (error) {
        report('near_duplicate_failed', error);
        return undefined;
      }
    },
    async add(group, row) {
      try {
        await objectOf(group).add(row);
        return true;
      } catch (error) {
        report('near_duplicate_failed', error);
        return false;
      }
    },
    async remove(group, sha256) {
      await objectOf(group).remove(sha256);
    },
  };
}
