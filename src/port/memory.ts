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

/** Memory that outlives the work it served, for the next work of the kind, as long as no reservation needs the room. */
export interface IdleMemory {
  /**
   * Enters `bytes` that stay allocated from now on, in place of those entered before; a running job may use them, so they count beside its
   * reservation only where they are more. `drop` is called, at once or later, when the room is needed: it lets go of them.
   */
  keepIdle(bytes: number, drop: () => void): void;
}
