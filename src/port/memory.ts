/** The port to the memory of the isolate, which its requests share. */

/** Bytes that requests of this isolate hold or plan to hold at once. */
export interface MemoryLedger {
  /**
   * Waits for room within its patience. `isJob`: for work that computes, of which only a few run at once.
   * @throws overloaded, with `retryAfterSeconds`
   */
  reserve(bytes: number, options?: { readonly isJob?: boolean }): Promise<Reservation>;
}

export interface Reservation {
  /** Adds to what is held, or gives back (negative). @throws overloaded */
  grow(bytes: number): void;
  release(): void;
}
