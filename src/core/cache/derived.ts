/**
 * What was made from a picture and stands somewhere, as the picture's index lists it: the rules of writing, deleting and
 * sweeping. A deletion raises the picture's generation; whoever began before it may no longer write.
 */

/** `answer`, `alias`: a KV key; `image`: an R2 key; `near`: a row among near-duplicates. */
export const DERIVED_KINDS = ['answer', 'alias', 'near', 'image'] as const;
export type DerivedKind = (typeof DERIVED_KINDS)[number];

export interface Derived {
  readonly kind: DerivedKind;
  readonly name: string;
}

/** A line of the index. */
export interface DerivedRow extends Derived {
  readonly generation: number;
  /** Whether a writer has ever said that it stands. */
  readonly isWritten: boolean;
  /** Whether somebody is writing it: it may stand or not. */
  readonly isPending: boolean;
  readonly notedAtMs: number;
  /** When it may be forgotten; `undefined`: never by itself. */
  readonly expiresAtMs: number | undefined;
}

/** Longest time from the noting of something to its writing: the platform ends work 30 s after a response. */
export const WRITE_MS_MAX = 300_000;

/** How long a deletion is remembered: longer than any request that began before it can last. */
export const TOMBSTONE_MS = 3_600_000;

/** A row for something that is about to be written; what stood there before is not forgotten earlier for it. */
export function noteRow(
  derived: Derived,
  before: DerivedRow | undefined,
  at: { readonly generation: number; readonly nowMs: number; readonly expiresAtMs: number | undefined },
): DerivedRow {
  const isForever = at.expiresAtMs === undefined || (before !== undefined && before.expiresAtMs === undefined);
  return {
    kind: derived.kind,
    name: derived.name,
    generation: at.generation,
    isWritten: before?.isWritten === true,
    isPending: true,
    notedAtMs: at.nowMs,
    expiresAtMs: isForever ? undefined : Math.max(at.expiresAtMs ?? 0, before?.expiresAtMs ?? 0),
  };
}

export interface Sweep {
  /** To be removed where they stand, then forgotten. */
  readonly remove: readonly DerivedRow[];
  /** To be forgotten alone: they ended by themselves. */
  readonly forget: readonly DerivedRow[];
  /** When to sweep again; `undefined`: nothing is left to wait for. */
  readonly nextAtMs: number | undefined;
  /** Whether the index itself can go. */
  readonly isEmpty: boolean;
}

/**
 * What is due. Expired originals are removed, since R2 has no lifetimes of its own; KV drops its entries itself. Rows that
 * outlast a deletion were being written then: their writer may have died between writing and asking, so they go for sure.
 */
export function sweep(rows: readonly DerivedRow[], generation: number, deletedAtMs: number | undefined, nowMs: number): Sweep {
  const dueAtMs = (row: DerivedRow) => (row.generation < generation ? row.notedAtMs + WRITE_MS_MAX : row.expiresAtMs);
  const due = rows.filter((row) => (dueAtMs(row) ?? Infinity) <= nowMs);
  const isRemoved = (row: DerivedRow) => row.generation < generation || row.kind === 'image';
  const waiting = rows.filter((row) => !due.includes(row));
  const tombstoneEndMs = deletedAtMs === undefined || deletedAtMs + TOMBSTONE_MS <= nowMs ? undefined : deletedAtMs + TOMBSTONE_MS;
  const times = [...waiting.map(dueAtMs), tombstoneEndMs].filter((time) => time !== undefined);
  return {
    remove: due.filter(isRemoved),
    forget: due.filter((row) => !isRemoved(row)),
    nextAtMs: times.length === 0 ? undefined : Math.min(...times),
    isEmpty: waiting.length === 0 && tombstoneEndMs === undefined,
  };
}
