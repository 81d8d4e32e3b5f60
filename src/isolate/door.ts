/**
 * The door of an isolate. All its requests share one thread, so that of many at once each would come too late: of those that
 * read, hash, look up and compute only some are at work, a number waits for a moment, and the rest is sent away before its body is read.
 *
 * How much one of them costs the thread is not known before (an answer from the cache 1 ms, a picture made anew 30 and more), but those who
 * wait see by their timers how late the thread is. Where it is late, few may be at work: what was begun needs several turns of the
 * thread, each as long as the work of all.
 */
import { Fault } from '../core/fault.ts';
import type { Door } from '../port/door.ts';

/** Requests at work at once while the thread keeps up. Hits mostly wait for KV, and jobs have a narrower bound of their own. */
export const PLACES_MAX = 64;

/** Places just after the thread was late; in {@link CALM_MS} they grow to all again. */
export const PLACES_MIN = 8;
export const CALM_MS = 1_000;

/** A timer that fires later than this says that the thread does not keep up. */
export const LATE_MS = 100;

/** Requests that wait outside. Their bodies are not read, so they cost a timer each. */
export const WAITING_MAX = 256;

/**
 * How long a place counts after its request was last seen. One whose caller has left may end without a word: no code of it runs any
 * more, no `finally` either. A body that comes slowly is not at work, and does not count for longer either.
 */
export const LEASE_MS = 2_000;

/** How long a request waits outside while nobody who waits comes in. */
export const PATIENCE_MS = 2_000;

/**
 * How long it waits while the line moves. A burst of identical requests ends in one call that all share, and only the thread's pace decides how
 * soon the last of them joins; on a slow machine that is seconds.
 */
export const PATIENCE_MS_MAX = 10_000;
const POLL_MS_MIN = 10;
/** Beyond its next poll, what a waiting request may be late before it counts as gone. */
const GONE_MS = 1_000;
const RETRY_AFTER_SECONDS = 2;

/** A door with `placesMax` places, to be shared by all requests of an isolate. */
export function isolateDoor(placesMax = PLACES_MAX): Door {
  // Leases, each with the time of its end.
  const working = new Map<symbol, number>();
  const waiting = new Map<symbol, number>();

  /** When a timer was late, last. */
  let lateAtMs = 0;
  /** How many of those who waited have come in. */
  let entries = 0;

  const take = (id: symbol): boolean => {
    const nowMs = Date.now();
    const places = placesAfter(nowMs - lateAtMs, placesMax);
    if (working.size >= places) dropEnded(working, nowMs);
    if (working.size >= places) return false;
    working.set(id, nowMs + LEASE_MS);
    return true;
  };

  /** No order among those who wait. */
  const waitFor = async (id: symbol): Promise<void> => {
    const startMs = Date.now();
    if (waiting.size >= WAITING_MAX) dropEnded(waiting, startMs);
    if (waiting.size >= WAITING_MAX) throw overloaded();
    try {
      // By the clock as well, since a busy isolate polls late.
      let [seenEntries, movedAtMs, waitedMs] = [entries, startMs, 0];
      while (waitedMs < PATIENCE_MS && Date.now() - movedAtMs < PATIENCE_MS && Date.now() - startMs < PATIENCE_MS_MAX) {
        // All of them together ask some thousand times a second, not at the same moment. Polling, since a promise that another request resolves dies with that request.
        const pollMs = Math.max(POLL_MS_MIN, waiting.size) * (0.5 + Math.random());
        const dueMs = Date.now() + pollMs;
        waiting.set(id, dueMs + GONE_MS);
        await scheduler.wait(pollMs);
        if (Date.now() - dueMs > LATE_MS) lateAtMs = Date.now();
        if (take(id)) {
          entries += 1;
          return;
        }
        waitedMs += pollMs;
        if (entries !== seenEntries) [seenEntries, movedAtMs, waitedMs] = [entries, Date.now(), 0];
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
      // Where the thread was late just now, behind those who see whether it still is.
      const isBehind = waiting.size > 0 && Date.now() - lateAtMs < CALM_MS;
      if (isBehind || !take(id)) await waitFor(id);
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

function placesAfter(calmMs: number, placesMax: number): number {
  return Math.min(placesMax, PLACES_MIN + ((PLACES_MAX - PLACES_MIN) * calmMs) / CALM_MS);
}

function dropEnded(leases: Map<symbol, number>, nowMs: number): void {
  for (const [id, endMs] of leases) if (endMs < nowMs) leases.delete(id);
}

function overloaded(): Fault {
  return new Fault('overloaded', `More requests came at once than can be worked on. Try again in ${RETRY_AFTER_SECONDS} s.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
