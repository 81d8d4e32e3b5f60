/**
 * The Durable Object that lists what was made from a picture, one for each tenant and picture. It is asked before something is
 * written and after, so that a deletion misses nothing: what is noted is found, and what comes late is refused or taken back.
 */
import { DurableObject } from 'cloudflare:workers';
import { type Derived, type DerivedRow, noteRow, sweep } from '../../core/cache/derived.ts';

const ROW_PREFIX = 'row:';

/** Removes something where it stands; given by the entry, which alone knows the stores. */
export type Remover = (derived: Derived) => Promise<void>;

/** Stored: `generation`, `deletedAtMs`, and a {@link DerivedRow} under `row:<kind>:<name>` for each thing. */
export class ImageIndexObject extends DurableObject {
  readonly #remove: Remover;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env, remove: Remover) {
    super(ctx, env);
    this.#remove = remove;
  }

  /** Notes what may come to be. Gives how often the picture was deleted, which whoever writes has to know. */
  async open(items: readonly Derived[], expiresAtMs: number | undefined): Promise<number> {
    const generation = this.#generation();
    if (items.length > 0) await this.note(generation, items, expiresAtMs);
    return generation;
  }

  /** Notes what is about to be written; false when the picture was deleted since the writer began. */
  async note(generation: number, items: readonly Derived[], expiresAtMs: number | undefined): Promise<boolean> {
    if (generation !== this.#generation()) return false;
    const nowMs = Date.now();
    for (const item of items) {
      const before = this.ctx.storage.kv.get<DerivedRow>(keyOf(item));
      this.ctx.storage.kv.put(keyOf(item), noteRow(item, before, { generation, nowMs, expiresAtMs }));
    }
    await this.#scheduleSweep();
    return true;
  }

  /** Marks what was noted as written; false when the picture was deleted meanwhile, and the writer has to remove it. */
  settle(generation: number, items: readonly Derived[]): boolean {
    if (generation !== this.#generation()) return false;
    for (const item of items) {
      const row = this.ctx.storage.kv.get<DerivedRow>(keyOf(item));
      if (row !== undefined) this.ctx.storage.kv.put(keyOf(item), { ...row, isWritten: true, isPending: false });
    }
    return true;
  }

  /** Begins a deletion: from now on writers that began before are refused. Gives everything that may stand somewhere. */
  begin(): { readonly generation: number; readonly rows: readonly DerivedRow[] } {
    const generation = this.#generation() + 1;
    const rows = this.#rows();
    this.ctx.storage.kv.put('generation', generation);
    this.ctx.storage.kv.put('deletedAtMs', Date.now());
    return { generation, rows };
  }

  /** Ends it, when all of that is removed. What somebody was writing is swept once more, when no writer can be left. */
  async finish(generation: number): Promise<void> {
    for (const row of this.#rows()) if (row.generation < generation && !row.isPending) this.ctx.storage.kv.delete(keyOf(row));
    await this.#scheduleSweep();
  }

  override async alarm(): Promise<void> {
    const { remove, forget, isEmpty } = this.#due();
    for (const row of remove) await this.#remove({ kind: row.kind, name: row.name });
    for (const row of [...remove, ...forget]) this.ctx.storage.kv.delete(keyOf(row));
    if (isEmpty) await this.ctx.storage.deleteAll();
    else await this.#scheduleSweep();
  }

  #generation(): number {
    return this.ctx.storage.kv.get<number>('generation') ?? 0;
  }

  async #scheduleSweep(): Promise<void> {
    const { nextAtMs, remove, forget } = this.#due();
    const atMs = remove.length + forget.length > 0 ? Date.now() : nextAtMs;
    if (atMs !== undefined) await this.ctx.storage.setAlarm(atMs);
  }

  #due() {
    return sweep(this.#rows(), this.#generation(), this.ctx.storage.kv.get<number>('deletedAtMs'), Date.now());
  }

  #rows(): readonly DerivedRow[] {
    return [...this.ctx.storage.kv.list<DerivedRow>({ prefix: ROW_PREFIX })].map(([, row]) => row);
  }
}

function keyOf({ kind, name }: Derived): string {
  return `${ROW_PREFIX}${kind}:${name}`;
}
