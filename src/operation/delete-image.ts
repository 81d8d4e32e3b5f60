/** Deleting a picture with everything that was made from it. */
import type { DerivedKind, DerivedRow } from '../core/keep/derived.ts';
import { imageKey } from '../core/cache/key.ts';
import type { Context } from '../stage/session/context.ts';
import { imageNotFound } from './image.ts';
import { operation } from './perform.ts';
import { removeDerived } from '../stage/keep/remove-derived.ts';

/** How many of each kind stood somewhere and are gone. */
export type Removed = Readonly<Record<Exclude<DerivedKind, 'upload'>, number>>;

/**
 * Removes an original, its answers, addresses, uploads, near-duplicates, and what is kept under idempotency keys. When one removal
 * fails the whole fails, the list stays, and asking again goes on from there; if nobody asks, the index does.
 */
export const deleteImage = operation('deleteImage', removeImage);

async function removeImage({ imageId }: { readonly imageId: string }, context: Context): Promise<Removed> {
  const { ports, tenant } = context;
  const sha256 = imageId.slice('sha256:'.length);
  const { generation, rows } = await ports.index.begin(tenant, sha256);
  const isStored = (await ports.images.head(tenant, `sha256:${sha256}`)) !== undefined;
  const others = rows.filter(({ kind }) => kind !== 'image');
  // The original whether the index knows of it or not.
  await Promise.all([ports.images.delete(imageKey(tenant, sha256)), removeAll(others, context)]);
  // Once more: whoever met the picture since then may have read the original while it was still there.
  const again = await ports.index.begin(tenant, sha256);
  const between = again.rows.filter((row) => row.generation >= generation);
  await removeAll(between, context);
  await ports.index.finish(tenant, sha256, again.generation);
  const count = (kind: DerivedKind) => rows.filter((row) => row.kind === kind && row.isWritten).length;
  const removed = {
    image: isStored ? 1 : 0,
    answer: count('answer'),
    alias: count('alias'),
    file: count('file'),
    near: count('near'),
    outcome: count('outcome'),
  };
  if (Object.values(removed).every((number) => number === 0)) throw imageNotFound(imageId);
  return removed;
}

/** Uploads one after the other, as a Worker has six connections; the rest beside them. */
async function removeAll(rows: readonly DerivedRow[], { ports, signal }: Context): Promise<void> {
  const files = rows.filter(({ kind }) => kind === 'file');
  const removeFiles = async () => {
    for (const row of files) await removeDerived(row, ports, signal());
  };
  await Promise.all([removeFiles(), ...rows.filter(({ kind }) => kind !== 'file').map((row) => removeDerived(row, ports, signal()))]);
}
