/**
 * Keeping what is made from pictures so that a deletion finds it. A lineage is opened before the work begins; what a deletion
 * overtakes is not written, or is taken back.
 */
import { keepSeconds, keepsResults } from '../core/cache/keeping.ts';
import type { Derived } from '../core/cache/derived.ts';
import type { Context } from './context.ts';

export interface Lineage {
  /** Names more answers that may come to be. */
  expect(answerKeys: readonly (string | undefined)[]): void;
  /** Writes something that is made from the pictures. Gives whether it stands: what the index does not take is not kept. */
  keep(items: readonly Derived[], expiresAtMs: number | undefined, writing: Writing): Promise<boolean>;
}

export interface Writing {
  readonly write: () => Promise<boolean>;
  /** Takes it back. */
  readonly remove: () => Promise<unknown>;
}

/**
 * Opens the lineage of pictures (SHA-256, hex) from which answers with these keys are to be made. The indexes are told at once,
 * beside whatever comes next: a deletion then finds also what is kept of a flight before the cache has it.
 */
export function openLineage(hashes: readonly string[], answerKeys: readonly (string | undefined)[], context: LineageContext): Lineage {
  const { ports, tenant } = context;
  const expiresAtMs = answerExpiryMs(context);
  let opening = Promise.all(
    [...new Set(hashes)].map(async (sha256) => ({ sha256, generation: await ports.index.open(tenant, sha256, expected(answerKeys, context), expiresAtMs) })),
  );
  const noteAll = async (items: readonly Derived[], endMs: number | undefined): Promise<boolean> => {
    const opened = await opening;
    const noted = await Promise.all(opened.map(({ sha256, generation }) => ports.index.note(tenant, sha256, generation, items, endMs)));
    return !noted.includes(false);
  };

  return {
    expect(keys) {
      const items = expected(keys, context);
      if (items.length === 0) return;
      const noted = noteAll(items, expiresAtMs);
      const before = opening;
      opening = noted.then(() => before);
    },

    async keep(items, endMs, { write, remove }) {
      const opened = await opening;
      if (!(await noteAll(items, endMs)) || !(await write())) return false;
      const settled = await Promise.all(opened.map(({ sha256, generation }) => ports.index.settle(tenant, sha256, generation, items)));
      if (!settled.includes(false)) return true;
      await remove();
      return false;
    },
  };
}

/** When an answer that is written now is gone, in milliseconds since 1970. */
export function answerExpiryMs({ ports, caller, config }: LineageContext): number {
  return ports.clock.nowMs() + keepSeconds(caller, config.cacheTtlSeconds) * 1000;
}

type LineageContext = Pick<Context, 'ports' | 'tenant' | 'caller' | 'config'>;

function expected(keys: readonly (string | undefined)[], { caller }: LineageContext): readonly Derived[] {
  return keepsResults(caller) ? keys.flatMap((name): Derived[] => (name === undefined ? [] : [{ kind: 'answer', name }])) : [];
}
