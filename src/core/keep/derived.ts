/**
 * What was made from a picture and stands somewhere, as the picture's index lists it: the rules of writing, deleting and
 * sweeping. A deletion raises the picture's generation; whoever began before it may no longer write.
 */

/**
 * `answer`, `alias`, `upload`: a KV key; `image`: an R2 key; `near`: a row among near-duplicates; `file`: an upload to the Files API, by
 * `fileName`; `outcome`: what an idempotency key was answered, by the name of its object.
 */
export const DERIVED_KINDS = ['answer', 'alias', 'near', 'image', 'file', 'upload', 'outcome'] as const;
export type DerivedKind = (typeof DERIVED_KINDS)[number];

export interface Derived {
  readonly kind: DerivedKind;
  readonly name: string;
  /** What it is called where it stands, when that is known only once it does: the id of a file. */
  readonly reference?: string;
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

/** A picture as its index knew it when a request met it. */
export interface Opened {
  /** How often the picture was deleted: what is made of it may be written under this number alone. */
  readonly generation: number;
  /** Within {@link TOMBSTONE_MS}: what a cache gives may still be from before. */
  readonly wasDeleted: boolean;
}

/** Longest time from the noting of something to its writing: the platform ends work 30 s after a response, and uploads end before. */
export const WRITE_MS_MAX = 300_000;

/** Longest upload to the Files API; what it leaves behind is swept when it cannot be under way any more. */
export const UPLOAD_MS_MAX = 240_000;

/** How long a deletion is remembered: longer than any request that began before it can last. */
export const TOMBSTONE_MS = 3_600_000;

/** How long the index waits before it tries again to remove what could not be removed. */
export const SWEEP_RETRY_MS = 600_000;

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

/** The same once its writer says that it stands. */
export function settleRow(row: DerivedRow, { reference }: Derived): DerivedRow {
  return { ...row, isWritten: true, isPending: false, ...(reference === undefined ? {} : { reference }) };
}

/** An upload whose id never came, or not yet. */
function isLost(row: DerivedRow): boolean {
  return row.kind === 'file' && row.isPending;
}

/** When a row is due that no deletion has overtaken; `undefined`: never by itself. */
export function rowDueAtMs(row: DerivedRow): number | undefined {
  return isLost(row) ? row.notedAtMs + WRITE_MS_MAX : row.expiresAtMs;
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
 * What is due. Expired originals are removed, since R2 has no lifetimes of its own; KV and the Files API drop their entries
 * themselves. Rows that outlast a deletion were being written then, or their deletion was never ended: their writer, or who
 * deleted, may have died, so they go for sure. So does an upload whose id never came, which nobody else can ever find.
 */
export function sweep(rows: readonly DerivedRow[], generation: number, deletedAtMs: number | undefined, nowMs: number): Sweep {
  const isStale = (row: DerivedRow) => row.generation < generation;
  const dueAtMs = (row: DerivedRow) => (isStale(row) ? ((row.isPending ? undefined : deletedAtMs) ?? row.notedAtMs) + WRITE_MS_MAX : rowDueAtMs(row));
  const hasEnded = (row: DerivedRow) => row.kind === 'file' && row.expiresAtMs !== undefined && row.expiresAtMs <= nowMs;
  const isRemoved = (row: DerivedRow) => row.kind === 'image' || ((isStale(row) || isLost(row)) && !hasEnded(row));
  const isDue = (row: DerivedRow) => (dueAtMs(row) ?? Infinity) <= nowMs;
  const due = rows.filter(isDue);
  const waiting = rows.filter((row) => !isDue(row));
  const tombstoneEndMs = deletedAtMs === undefined || deletedAtMs + TOMBSTONE_MS <= nowMs ? undefined : deletedAtMs + TOMBSTONE_MS;
  const times = [...waiting.map(dueAtMs), tombstoneEndMs].filter((time) => time !== undefined);
  return {
    remove: due.filter(isRemoved),
    forget: due.filter((row) => !isRemoved(row)),
    nextAtMs: times.length === 0 ? undefined : times.reduce((earliest, time) => Math.min(earliest, time)),
    isEmpty: waiting.length === 0 && tombstoneEndMs === undefined,
  };
}

/** Name of an upload: a group in which it may be found again, and the name that it has at the Files API, which no other has. */
export function fileName(group: string, uploadName: string): string {
  return `${group}/${uploadName}`;
}

/** The name at the Files API. */
export function uploadNameOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** When a row of a file ends whose file lives for so long: it is noted before its file is made, and must not be forgotten before that ends. */
export function fileRowEndMs(nowMs: number, fileMs: number): number {
  return nowMs + fileMs + WRITE_MS_MAX;
}

/** The file of a group that lives longest, if it lives beyond `untilMs`. */
export function findFile(rows: readonly DerivedRow[], group: string, generation: number, untilMs: number): DerivedRow | undefined {
  return rows
    .filter((row) => row.kind === 'file' && row.generation === generation && !row.isPending && row.name.startsWith(`${group}/`))
    .filter((row) => (row.expiresAtMs ?? Infinity) - WRITE_MS_MAX > untilMs)
    .toSorted((one, other) => (other.expiresAtMs ?? Infinity) - (one.expiresAtMs ?? Infinity))[0];
}
