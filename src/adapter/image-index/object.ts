/**
 * The Durable Object that lists what was made from a picture, one for each tenant and picture. It is asked before something is
 * written and after, so that a deletion misses nothing: what is noted is found, and what comes late is refused or taken back.
 */
import { DurableObject } from 'cloudflare:workers';
import {
  type Derived,
  type DerivedRow,
  fileName,
  findFile,
  noteRow,
  type Opened,
  rowDueAtMs,
  settleRow,
  sweep,
  SWEEP_RETRY_MS,
  TOMBSTONE_MS,
} from '../../core/keep/derived.ts';

const ROW_PREFIX = 'row:';

/** Removes something where it stands; given by the entry, which alone knows the stores. */
export type Remover = (derived: Derived) => Promise<void>;

/** Stored: `generation`, `deletedAtMs`, and a {@link DerivedRow} under `row:<kind>:<name>` for each thing. */
export class ImageIndexObject extends DurableObject {
  readonly #remove: Remover;
  /** What the sweep is removing, by row: whoever writes it anew waits, lest the new be taken for the old. */
  readonly #removing = new Map<string, Promise<unknown>>();

  constructor(ctx: DurableObjectState, env: Cloudflare.Env, remove: Remover) {
    super(ctx, env);
    this.#remove = remove;
  }

  /** Notes what may come to be. Gives the generation under which it may be written. */
  async open(items: readonly Derived[], expiresAtMs: number | undefined): Promise<Opened> {
    const generation = this.#generation();
    if (items.length > 0) await this.note(generation, items, expiresAtMs);
    const deletedAtMs = this.#deletedAtMs();
    return { generation, wasDeleted: deletedAtMs !== undefined && deletedAtMs + TOMBSTONE_MS > Date.now() };
  }

  /** Notes what is about to be written; false when the picture was deleted since the writer began. */
  async note(generation: number, items: readonly Derived[], expiresAtMs: number | undefined): Promise<boolean> {
    await Promise.all(items.map((item) => this.#removing.get(keyOf(item))));
    if (generation !== this.#generation()) return false;
    const nowMs = Date.now();
    let dueAtMs = Infinity;
    for (const item of items) {
      const row = noteRow(item, this.ctx.storage.kv.get<DerivedRow>(keyOf(item)), { generation, nowMs, expiresAtMs });
      this.ctx.storage.kv.put(keyOf(item), row);
      dueAtMs = Math.min(dueAtMs, rowDueAtMs(row) ?? Infinity);
    }
    await this.#sweepBy(dueAtMs);
    return true;
  }

  /** Marks what was noted as written; false when it was deleted or given up meanwhile, and the writer has to remove it. */
  settle(generation: number, items: readonly Derived[]): boolean {
    if (generation !== this.#generation()) return false;
    const rows = items.map((item) => this.ctx.storage.kv.get<DerivedRow>(keyOf(item)));
    if (rows.includes(undefined)) return false;
    for (const [index, row] of rows.entries()) {
      const item = items[index];
      if (row !== undefined && item !== undefined) this.ctx.storage.kv.put(keyOf(item), settleRow(row, item));
    }
    return true;
  }

  /** A file of this group in the Files API that lives beyond a time. */
  findFile(group: string, untilMs: number): DerivedRow | undefined {
    return findFile(this.#rows(keyOf({ kind: 'file', name: fileName(group, '') })), group, this.#generation(), untilMs);
  }

  /** Forgets what has gone by itself or by other hands: rows with these names or references. */
  drop(names: readonly string[]): void {
    for (const row of this.#rows())
      if (names.includes(row.name) || (row.reference !== undefined && names.includes(row.reference))) this.ctx.storage.kv.delete(keyOf(row));
  }

  /**
   * Begins a deletion: from now on writers that began before are refused. Gives everything that may stand somewhere. Should
   * nobody end it, the sweep does.
   */
  async begin(): Promise<{ readonly generation: number; readonly rows: readonly DerivedRow[] }> {
    const generation = this.#generation() + 1;
    const rows = this.#rows();
    this.ctx.storage.kv.put('generation', generation);
    this.ctx.storage.kv.put('deletedAtMs', Date.now());
    await this.#scheduleSweep();
    return { generation, rows };
  }

  /** Ends it, when all of that is removed. What somebody was writing is swept once more, when no writer can be left. */
  async finish(generation: number): Promise<void> {
    for (const row of this.#rows()) if (row.generation < generation && !row.isPending) this.ctx.storage.kv.delete(keyOf(row));
    await this.#scheduleSweep();
  }

  override async alarm(): Promise<void> {
    const { remove, forget, nextAtMs = Infinity } = this.#due();
    for (const row of forget) this.ctx.storage.kv.delete(keyOf(row));
    let isAllRemoved = true;
    // One that cannot be removed now keeps no other from going.
    for (const row of remove) isAllRemoved = (await this.#sweepOut(row)) && isAllRemoved;
    if (!isAllRemoved) await this.ctx.storage.setAlarm(Math.min(nextAtMs, Date.now() + SWEEP_RETRY_MS));
    else if (this.#due().isEmpty) await this.ctx.storage.deleteAll();
    else await this.#scheduleSweep();
  }

  async #sweepOut(row: DerivedRow): Promise<boolean> {
    const removing = this.#remove(row).then(
      () => true,
      () => false,
    );
    this.#removing.set(keyOf(row), removing);
    const isRemoved = await removing;
    this.#removing.delete(keyOf(row));
    if (isRemoved) this.ctx.storage.kv.delete(keyOf(row));
    return isRemoved;
  }

  #generation(): number {
    return this.ctx.storage.kv.get<number>('generation') ?? 0;
  }

  #deletedAtMs(): number | undefined {
    return this.ctx.storage.kv.get<number>('deletedAtMs');
  }

  /** Without a look at the other rows, of which a picture that is asked about much has thousands: the sweep that comes first plans the next. */
  async #sweepBy(atMs: number): Promise<void> {
    const plannedMs = await this.ctx.storage.getAlarm();
    if (atMs < (plannedMs ?? Infinity)) await this.ctx.storage.setAlarm(atMs);
  }

  async #scheduleSweep(): Promise<void> {
    const { nextAtMs, remove, forget } = this.#due();
    const atMs = remove.length + forget.length > 0 ? Date.now() : nextAtMs;
    if (atMs !== undefined) await this.ctx.storage.setAlarm(atMs);
  }

  #due() {
    return sweep(this.#rows(), this.#generation(), this.#deletedAtMs(), Date.now());
  }

  #rows(prefix = ROW_PREFIX): readonly DerivedRow[] {
    return [...this.ctx.storage.kv.list<DerivedRow>({ prefix })].map(([, row]) => row);
  }
}

function keyOf({ kind, name }: Derived): string {
  return `${ROW_PREFIX}${kind}:${name}`;
}
