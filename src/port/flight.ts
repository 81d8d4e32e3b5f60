/** Flights: requests that want the same, brought together. */
import type { FlightOutcome } from '../core/flight/outcome.ts';

/** A request's part in a flight, known when its turn has come. */
export type FlightTurn =
  | {
      readonly kind: 'lead';
      /** Ends the flight: writes the outcome down, then gives it to all who wait. Never rejects; gives whether it was written. */
      land(outcome: FlightOutcome, keepMs: number): Promise<boolean>;
      /** Ends it without an outcome: the next in line leads. */
      abandon(): void;
    }
  /** `isKept`: it landed before this request came. */
  | { readonly kind: 'landed'; readonly outcome: FlightOutcome; readonly isKept: boolean }
  /** Too many wait, or this one has waited for too long. */
  | { readonly kind: 'refused'; readonly reason: 'full' | 'late' };

export interface FlightControl {
  /** Takes part in the flight of a key, wherever its other requests are. @throws overloaded */
  join(key: string, options: { readonly takesKept: boolean }): Promise<FlightTurn>;
  /** Drops what is kept of a key; what is flying will not be kept either. @throws overloaded */
  forget(key: string): Promise<void>;
}
