/**
 * The pictures that a request has to do with, as their indexes knew them when it met them. A deletion that comes after that
 * meeting refuses whatever the request would keep.
 */
import type { Derived, Opened } from '../../core/keep/derived.ts';
import type { ImageIndex } from '../../port/storage.ts';

/** Of one request. */
export class Pictures {
  readonly #index: ImageIndex;
  readonly #tenant: string;
  readonly #opened = new Map<string, Promise<Opened>>();
  /** Whether the answer as a whole is kept, so that every picture is met before anything that was made of it is looked up. */
  readonly areMet: boolean;

  constructor(index: ImageIndex, tenant: string, { areMet }: { readonly areMet: boolean }) {
    this.#index = index;
    this.#tenant = tenant;
    this.areMet = areMet;
  }

  /** To be told of every picture (SHA-256, hex) as soon as its hash is known. Without a reason to know, nothing is asked. */
  async meet(sha256: string): Promise<void> {
    if (this.areMet) await this.open(sha256);
  }

  /**
   * The picture as it was when the request met it. `items` are noted in its index, unless it was deleted since. To be awaited
   * before an original is read, so that no deletion comes between.
   */
  async open(sha256: string, items: readonly Derived[] = [], expiresAtMs?: number): Promise<Opened & { readonly isListed: boolean }> {
    const known = this.#opened.get(sha256);
    if (known === undefined) {
      const opening = this.#index.open(this.#tenant, sha256, items, expiresAtMs);
      this.#opened.set(sha256, opening);
      const opened = await opening;
      return { ...opened, isListed: opened.generation >= 0 };
    }
    const opened = await known;
    const isListed = items.length === 0 || (await this.#index.note(this.#tenant, sha256, opened.generation, items, expiresAtMs));
    return { ...opened, isListed };
  }

  /** Those that were met so far. */
  hashes(): readonly string[] {
    return [...this.#opened.keys()];
  }
}
