/**
 * Keeping what is made from pictures so that a deletion finds it. A lineage is opened before the work begins; what a deletion
 * overtakes is not written, or is taken back.
 */
import { keepSeconds, keepsResults } from '../../core/keep/keeping.ts';
import type { Derived } from '../../core/keep/derived.ts';
import type { Context } from '../session/context.ts';

export interface Lineage {
  /** Names more answers that may come to be. Gives whether a deletion from now on will find them. */
  expect(answerKeys: readonly (string | undefined)[]): Promise<boolean>;
  /** Whether those that the lineage was opened with are found by every deletion from then on. */
  readonly isListed: Promise<boolean>;
  /** The same of copies, as `Writing` has it. */
  readonly takesCopies: Promise<boolean>;
  /** Writes something that is made from the pictures. Gives whether it stands: what the index does not take is not kept. */
  keep(items: readonly Derived[], expiresAtMs: number | undefined, writing: Writing): Promise<boolean>;
}

export interface Writing {
  /** Gives whether it was written; of one thing that gets its name only then, that name. */
  readonly write: () => Promise<boolean | { readonly reference: string }>;
  /** Takes it back. */
  readonly remove: () => Promise<unknown>;
  /**
   * Whether it is a copy of something kept elsewhere. KV shows what was deleted for another minute, and another request's answer may
   * have been made before a deletion: within an hour of one, copies are not kept.
   */
  readonly isCopy?: boolean;
}

/**
 * Opens the lineage of pictures (SHA-256, hex) from which answers with these keys are to be made. The indexes are told at once,
 * beside whatever comes next: a deletion then finds also what is kept of a flight before the cache has it.
 */
export function openLineage(hashes: readonly string[], answerKeys: readonly (string | undefined)[], context: LineageContext): Lineage {
  const { ports, tenant, pictures } = context;
  const expiresAtMs = answerExpiryMs(context);
  const items = expected(answerKeys, context);
  const opening = Promise.all([...new Set(hashes)].map(async (sha256) => ({ sha256, ...(await pictures.open(sha256, items, expiresAtMs)) })));
  const noteAll = async (noted: readonly Derived[], endMs: number | undefined): Promise<boolean> => {
    const opened = await opening;
    const taken = await Promise.all(opened.map(({ sha256, generation }) => ports.index.note(tenant, sha256, generation, noted, endMs)));
    return !taken.includes(false);
  };

  return {
    isListed: opening.then((opened) => opened.every(({ isListed }) => isListed)),
    takesCopies: opening.then((opened) => opened.every(({ isListed, wasDeleted }) => isListed && !wasDeleted)),

    async expect(keys) {
      const more = expected(keys, context);
      return more.length === 0 || noteAll(more, expiresAtMs);
    },

    async keep(kept, endMs, { write, remove, isCopy = false }) {
      const opened = await opening;
      if (isCopy && opened.some(({ wasDeleted }) => wasDeleted)) return false;
      if (!(await noteAll(kept, endMs))) return false;
      const written = await write();
      if (written === false) return false;
      const standing = written === true ? kept : kept.map((item) => ({ ...item, reference: written.reference }));
      const settled = await Promise.all(opened.map(({ sha256, generation }) => ports.index.settle(tenant, sha256, generation, standing)));
      if (!settled.includes(false)) return true;
      await remove();
      return false;
    },
  };
}

/** When an answer that is written now is gone, in milliseconds since 1970. */
export function answerExpiryMs({ ports, caller, config }: Pick<Context, 'ports' | 'caller' | 'config'>): number {
  return ports.clock.nowMs() + keepSeconds(caller, config.cacheTtlSeconds) * 1000;
}

export type LineageContext = Pick<Context, 'ports' | 'tenant' | 'caller' | 'config' | 'pictures'>;

function expected(keys: readonly (string | undefined)[], { caller }: Pick<Context, 'caller'>): readonly Derived[] {
  return keepsResults(caller) ? keys.flatMap((name): Derived[] => (name === undefined ? [] : [{ kind: 'answer', name }])) : [];
}
