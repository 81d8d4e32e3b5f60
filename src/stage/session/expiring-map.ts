/** A small memory of an isolate, bounded in number and time. */

/** Entries with an end. When it is full, the one that was set first makes room. */
export class ExpiringMap<T> {
  readonly #entriesMax: number;
  readonly #entries = new Map<string, { readonly value: T; readonly untilMs: number }>();

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** The value, unless its time is over. */
  get(key: string, nowMs: number): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.untilMs > nowMs) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: T, untilMs: number): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#entriesMax) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, untilMs });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  get size(): number {
    return this.#entries.size;
  }
}
