/**
 * The ledger of an isolate: what all its requests hold at once. An isolate has 128 MiB and dies without a word when
 * they are passed, so work that does not fit waits its turn for a moment, then ends in a clear 503.
 */
import { Fault } from '../core/fault.ts';
import type { IdleMemory, MemoryLedger } from '../port/memory.ts';

/** What bodies, files and transcodes may hold together; the rest of the 128 MiB is code, runtime and slack. */
export const ISOLATE_BYTES_MAX = 112 * 1024 * 1024;

/** Requests that wait in a queue; more would only wait in vain, since one picture after the other is worked on. */
export const WAITING_MAX = 32;

/** Jobs that compute at once. They share one thread, so more would only keep each other, and hits, from ending. */
export const JOBS_MAX = 4;

const PATIENCE_MS = 5_000;
const POLL_MS = 20;
const RETRY_AFTER_SECONDS = 2;
/** Polls that a turn may miss before it is passed over: its request is gone, and code of a request that is gone runs no more. */
const MISSED_MS_MAX = 1_000;

/** A place in a queue, with the time of its last poll. */
interface Turn {
  seenMs: number;
}

/** A ledger, to be shared by all requests of an isolate; it also remembers the most that was ever held. */
export function memoryLedger(bytesMax = ISOLATE_BYTES_MAX): MemoryLedger & IdleMemory & { readonly peakBytes: () => number } {
  let held = 0;
  let peak = 0;
  let jobs = 0;
  /** The part of `held` that is reserved for jobs. */
  let heldByJobs = 0;
  let idle = { bytes: 0, drop: () => undefined as void };
  /**
   * First come, first served, so that a large picture is not passed by small ones for ever. Jobs have a queue of their own: a request
   * whose picture is made, and who now needs room for its call, does not stand behind those who have yet to begin.
   */
  const queues: { readonly job: Turn[]; readonly other: Turn[] } = { job: [], other: [] };

  /** Drops idle memory that passes the bound. Jobs run one after the other on it, so their reservations cover it. */
  const settle = (): void => {
    const uncovered = Math.max(0, idle.bytes - heldByJobs);
    if (uncovered > 0 && held + uncovered > bytesMax) {
      const { drop } = idle;
      idle = { bytes: 0, drop: () => undefined };
      drop();
    }
    peak = Math.max(peak, held + Math.max(0, idle.bytes - heldByJobs));
  };

  const take = (bytes: number, isJob = false, isForJob = isJob): boolean => {
    // Alone, a request may always go on: its own limits have been checked.
    if (bytes > 0 && held > 0 && held + bytes > bytesMax) return false;
    if (isJob && jobs >= JOBS_MAX) return false;
    held += bytes;
    if (isForJob) heldByJobs += bytes;
    if (isJob) jobs += 1;
    settle();
    return true;
  };

  const isFirst = (turn: Turn, turns: Turn[]): boolean => {
    turn.seenMs = Date.now();
    // Passed over while the isolate was busy: it is still the oldest.
    if (!turns.includes(turn)) turns.unshift(turn);
    while (turns[0] !== undefined && turn.seenMs - turns[0].seenMs > MISSED_MS_MAX) turns.shift();
    return turns[0] === turn;
  };

  const waitFor = async (bytes: number, isJob: boolean, turns: Turn[]): Promise<void> => {
    if (turns.length >= WAITING_MAX) throw overloaded();
    const turn = { seenMs: Date.now() };
    turns.push(turn);
    try {
      const startMs = Date.now();
      // Polling, since a promise that another request resolves dies with that request; by the clock as well, since a busy isolate polls late.
      for (let waitedMs = 0; !isFirst(turn, turns) || !take(bytes, isJob); waitedMs += POLL_MS) {
        if (waitedMs >= PATIENCE_MS || Date.now() - startMs >= PATIENCE_MS) throw overloaded();
        await scheduler.wait(POLL_MS);
      }
    } finally {
      const place = turns.indexOf(turn);
      if (place >= 0) turns.splice(place, 1);
    }
  };

  return {
    peakBytes: () => peak,
    async reserve(bytes, { isJob = false } = {}) {
      const turns = queues[isJob ? 'job' : 'other'];
      // What needs nothing yet waits for nobody.
      if ((bytes > 0 && turns.length > 0) || !take(bytes, isJob)) await waitFor(bytes, isJob, turns);
      let mine = bytes;
      let isWorking = isJob;
      return {
        grow(more) {
          if (!take(more, false, isWorking)) throw overloaded();
          mine += more;
        },
        release() {
          held -= mine;
          if (isWorking) heldByJobs -= mine;
          mine = 0;
          if (isWorking) jobs -= 1;
          isWorking = false;
        },
      };
    },
    keepIdle(bytes, drop) {
      idle = { bytes, drop };
      settle();
    },
  };
}

function overloaded(): Fault {
  return new Fault('overloaded', `Other images are being worked on and memory is short. Try again in ${RETRY_AFTER_SECONDS} s.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
