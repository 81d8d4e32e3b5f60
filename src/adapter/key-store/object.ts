/**
 * The Durable Object of a key, by its id: the one place where it changes. KV, where keys are looked up, has no compare-and-set; two
 * changes at once could each write what they had read and undo the other, up to a key without a working secret. Here each sees
 * what the one before it has written. The rules stand in `core/key/edit.ts`.
 */
import { DurableObject } from 'cloudflare:workers';
import { editKey, type KeyChange, type KeyEdit, newestOf } from '../../core/key/edit.ts';
import { entriesOf, type KeyRecord, recordEndMs } from '../../core/key/record.ts';
import { readRecord, writeEntries } from './entry.ts';

/** `unavailable`: KV refused for now; a change has to be repeated. */
export type KeyOutcome = KeyRecord | 'unknown' | 'revoked' | 'unavailable';

/** Stored: `record`, as last written to KV. What the command line writes there by itself is known by its higher version. */
export class KeyRegisterObject extends DurableObject {
  readonly #namespace: KVNamespace;

  /** `namespace`: where keys are looked up; given by the entry, which alone knows the stores. */
  constructor(ctx: DurableObjectState, env: Cloudflare.Env, namespace: KVNamespace) {
    super(ctx, env);
    this.#namespace = namespace;
  }

  /** Writes a new key. */
  create(change: KeyChange, nowMs: number): Promise<KeyOutcome> {
    return this.#alone(() => this.#write(change, nowMs));
  }

  /** The latest state of the key with this id, which is the name of the object. */
  find(id: string): Promise<KeyOutcome> {
    return this.#alone(async () => (await this.#latest(id)) ?? 'unknown');
  }

  /** Changes the key upon its latest state. */
  change(id: string, edit: KeyEdit, nowMs: number): Promise<KeyOutcome> {
    return this.#alone(async () => {
      const record = await this.#latest(id);
      if (record === undefined) return 'unknown';
      const change = editKey(record, edit, nowMs);
      return change === undefined ? 'revoked' : this.#write(change, nowMs);
    });
  }

  /** What KV has forgotten by then, this does, too. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  /** Nothing else happens here before the work is done: waiting for KV would let the next change in. */
  #alone(work: () => Promise<KeyOutcome>): Promise<KeyOutcome> {
    return this.ctx.blockConcurrencyWhile(async () => {
      try {
        return await work();
      } catch {
        // It is the store that fails; a throw would end the object. Whoever asked says so.
        return 'unavailable';
      }
    });
  }

  async #latest(id: string): Promise<KeyRecord | undefined> {
    return newestOf(this.ctx.storage.kv.get<KeyRecord>('record'), await readRecord(this.#namespace, id));
  }

  async #write(change: KeyChange, nowMs: number): Promise<KeyRecord> {
    await writeEntries(this.#namespace, entriesOf(change, nowMs));
    this.ctx.storage.kv.put('record', change.record);
    const endMs = recordEndMs(change.record);
    if (endMs !== undefined) await this.ctx.storage.setAlarm(endMs);
    return change.record;
  }
}
