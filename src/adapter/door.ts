/**
 * The door of an isolate. All its requests share one thread, so that of many at once each would come too late: of those that
 * read, hash, look up and compute only some are at work, a number waits for a moment, and the rest is sent away before its body is read.
 */
import { Fault } from '../core/fault.ts';
import type { Door } from '../port/door.ts';

/** Requests at work at once. Hits mostly wait for KV, and jobs have a narrower bound of their own. */
export const PLACES_MAX = 64;

/** Requests that wait outside. Their bodies are not read, so they cost a timer each. */
export const WAITING_MAX = 256;

/**
 * How long a place counts after its request was last seen. One whose caller has left may end without a word: no code of it runs any
 * more, no `finally` either. A body that comes slowly is not at work, and does not count for longer either.
 */
export const LEASE_MS = 2_000;

const PATIENCE_MS = 3_000;
const POLL_MS_MIN = 10;
/** Beyond its next poll, what a waiting request may be late before it counts as gone. */
const LATE_MS_MAX = 1_000;
const RETRY_AFTER_SECONDS = 2;

/** A door with `placesMax` places, to be shared by all requests of an isolate. */
export function isolateDoor(placesMax = PLACES_MAX): Door {
  // Leases, each with the time of its end.
  const working = new Map<symbol, number>();
  const waiting = new Map<symbol, number>();

  const take = (id: symbol): boolean => {
    const nowMs = Date.now();
    if (working.size >= placesMax) dropEnded(working, nowMs);
    if (working.size >= placesMax) return false;
    working.set(id, nowMs + LEASE_MS);
    return true;
  };

  /** No order: one that comes when there is room just enters, so that the end of a flood is felt at once. */
  const waitFor = async (id: symbol): Promise<void> => {
    const startMs = Date.now();
    if (waiting.size >= WAITING_MAX) dropEnded(waiting, startMs);
    if (waiting.size >= WAITING_MAX) throw overloaded();
    try {
      // By the clock as well, since a busy isolate polls late.
      for (let waitedMs = 0; waitedMs < PATIENCE_MS && Date.now() - startMs < PATIENCE_MS;) {
        // All of them together ask some thousand times a second, not at the same moment. Polling, since a promise that another request resolves dies with that request.
        const pollMs = Math.max(POLL_MS_MIN, waiting.size) * (0.5 + Math.random());
        waiting.set(id, Date.now() + pollMs + LATE_MS_MAX);
        await scheduler.wait(pollMs);
        if (take(id)) return;
        waitedMs += pollMs;
      }
    } finally {
      waiting.delete(id);
    }
    throw overloaded();
  };

  return {
    isBusy() {
      dropEnded(waiting, Date.now());
      return waiting.size > 0;
    },
    async enter() {
      const id = Symbol('place');
      if (!take(id)) await waitFor(id);
      let pauses = 0;
      return {
        pause() {
          // Stages may overlap, e.g. two downloads at once.
          pauses += 1;
          working.delete(id);
        },
        resume() {
          pauses -= 1;
          if (pauses === 0) working.set(id, Date.now() + LEASE_MS);
        },
        leave() {
          // No stage that ends later, in work that outlives its caller, counts again.
          pauses = Infinity;
          working.delete(id);
        },
      };
    },
  };
}

function dropEnded(leases: Map<symbol, number>, nowMs: number): void {
  for (const [id, endMs] of leases) if (endMs < nowMs) leases.delete(id);
}

function overloaded(): Fault {
  return new Fault('overloaded', `More requests came at once than can be worked on. Try again in ${RETRY_AFTER_SECONDS} s.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
