/**
 * The ledger of an isolate: what all its requests hold at once. An isolate has 128 MiB and dies without a word when
 * they are passed, so work that does not fit waits a moment, then ends in a clear 503.
 */
import { Fault } from '../core/fault.ts';
import type { MemoryLedger } from '../port.ts';

/** What bodies, files and transcodes may hold together; the rest of the 128 MiB is code, runtime and slack. */
export const ISOLATE_BYTES_MAX = 112 * 1024 * 1024;

const PATIENCE_MS = 5_000;
const POLL_MS = 20;
const RETRY_AFTER_SECONDS = 2;

/** A ledger, to be shared by all requests of an isolate; it also remembers the most that was ever held. */
export function memoryLedger(bytesMax = ISOLATE_BYTES_MAX): MemoryLedger & { readonly peakBytes: () => number } {
  let held = 0;
  let peak = 0;
  const take = (bytes: number): boolean => {
    // Alone, a request may always go on: its own limits have been checked.
    if (bytes > 0 && held > 0 && held + bytes > bytesMax) return false;
    held += bytes;
    peak = Math.max(peak, held);
    return true;
  };

  return {
    peakBytes: () => peak,
    async reserve(bytes) {
      // Polling, since a promise that another request resolves dies with that request.
      for (let waitedMs = 0; !take(bytes); waitedMs += POLL_MS) {
        if (waitedMs >= PATIENCE_MS) throw overloaded();
        await scheduler.wait(POLL_MS);
      }
      let mine = bytes;
      return {
        grow(more) {
          if (!take(more)) throw overloaded();
          mine += more;
        },
        release() {
          held -= mine;
          mine = 0;
        },
      };
    },
  };
}

function overloaded(): Fault {
  return new Fault('overloaded', `Other images are being worked on and memory is short. Try again in ${RETRY_AFTER_SECONDS} s.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
