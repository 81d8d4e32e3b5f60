/** Storing an original so that its deletion finds it, and so that it goes when its time is over. */
import { imageKey } from '../../core/cache/key.ts';
import { imageExpiryMs } from '../../core/keep/keeping.ts';
import { Fault } from '../../core/fault.ts';
import type { Context } from '../session/context.ts';
import type { LoadedImage } from './load.ts';
import { openLineage } from '../keep/lineage.ts';

/** @throws overloaded: what the index does not know of would outlive its deletion, so it is not stored */
export async function storeOriginal(image: LoadedImage & { readonly kind: 'bytes' }, context: Context): Promise<{ readonly isNew: boolean }> {
  const { ports, tenant, caller } = context;
  let isNew = false;
  const name = imageKey(tenant, image.sha256);
  const isKept = await openLineage([image.sha256], [], context).keep([{ kind: 'image', name }], imageExpiryMs(caller, ports.clock.nowMs()), {
    write: async () => {
      ({ isNew } = await ports.images.put(tenant, image, image.info));
      return true;
    },
    remove: () => ports.images.delete(name),
  });
  if (!isKept) throw new Fault('overloaded', 'The image could not be stored just now, or is being deleted. Try again in 2 s.', { retryAfterSeconds: 2 });
  return { isNew };
}
