/** The door of an isolate: how many requests are at work behind it at once. */
export interface Door {
  /** Waits for a place for a moment. @throws overloaded, with `retryAfterSeconds`: at once where too many wait already */
  enter(): Promise<Place>;
  /** Whether somebody waits outside, so that what went slowly may have done so for our sake. */
  isBusy(): boolean;
}

/** The place of one request. */
export interface Place {
  /** While others are at work for this request, its place is free for the next one. */
  pause(): void;
  /** Back at work; never waits, lest what was begun be lost. */
  resume(): void;
  /** The request is done. */
  leave(): void;
}
