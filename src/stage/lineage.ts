/**
 * Keeping what is made from pictures so that a deletion finds it. A lineage is opened before the work begins; what a deletion
 * overtakes is not written, or is taken back.
 */
import type { Derived } from '../core/cache/derived.ts';
import type { Context } from './context.ts';

export interface Lineage {
  /**
   * Writes something that is made from the pictures. Gives whether it stands: what the index does not take is not kept.
   */
  keep(items: readonly Derived[], expiresAtMs: number | undefined, writing: Writing): Promise<boolean>;
}

export interface Writing {
  readonly write: () => Promise<boolean>;
  /** Takes it back. */
  readonly remove: () => Promise<unknown>;
}

/** Opens the lineage of pictures (SHA-256, hex). It asks for their generations at once, beside whatever comes next. */
export function openLineage(hashes: readonly string[], { ports, tenant }: Pick<Context, 'ports' | 'tenant'>): Lineage {
  const pictures = [...new Set(hashes)];
  const opening = Promise.all(pictures.map(async (sha256) => [sha256, await ports.index.generation(tenant, sha256)] as const));
  return {
    async keep(items, expiresAtMs, { write, remove }) {
      const opened = await opening;
      const noted = await Promise.all(opened.map(([sha256, generation]) => ports.index.note(tenant, sha256, generation, items, expiresAtMs)));
      if (noted.includes(false) || !(await write())) return false;
      const settled = await Promise.all(opened.map(([sha256, generation]) => ports.index.settle(tenant, sha256, generation, items)));
      if (!settled.includes(false)) return true;
      await remove();
      return false;
    },
  };
}
