/** Flights over RPC to their objects. */
import { Fault } from '../../core/fault.ts';
import type { FlightControl } from '../../port/flight.ts';
import type { SingleFlight } from './object.ts';

/** An object that restarts cuts its callers off; the new one knows what was written down. */
const ATTEMPTS_MAX = 3;
const RETRY_AFTER_SECONDS = 2;

/** `report` gets failures that are not the caller's concern. */
export function singleFlightClient(namespace: DurableObjectNamespace<SingleFlight>, report: (event: string, error: unknown) => void): FlightControl {
  const objectOf = (key: string) => namespace.get(namespace.idFromName(key));
  return {
    async join(key, options) {
      const joined = await attempt(async () => await objectOf(key).join(options));
      if (joined.role === 'refused') return { kind: 'refused', reason: joined.reason };
      if (joined.role === 'landed') return { kind: 'landed', outcome: joined.outcome, isKept: joined.isKept };
      const { leadership } = joined;
      return {
        kind: 'lead',
        async land(outcome, keepMs) {
          try {
            await attempt(async () => await objectOf(key).land(leadership, outcome, keepMs));
            return true;
          } catch (error) {
            report('flight_landing_failed', error);
            return false;
          } finally {
            joined[Symbol.dispose]();
          }
        },
        // The end of the session is the message.
        abandon: () => joined[Symbol.dispose](),
      };
    },

    forget: (key) => attempt(async () => await objectOf(key).forget()),
  };
}

/** @throws overloaded: without the object nobody may ask Claude, lest many do at once */
async function attempt<T>(call: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await call();
    } catch (cause) {
      if (attempts >= ATTEMPTS_MAX || isOverloaded(cause)) {
        throw new Fault('overloaded', `Requests for the same picture could not be brought together. Try again in ${RETRY_AFTER_SECONDS} s.`, {
          cause,
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      }
    }
  }
}

/** Cloudflare marks errors of objects that have too much to do: asking again would add to it. */
function isOverloaded(error: unknown): boolean {
  return error instanceof Error && 'overloaded' in error && error.overloaded === true;
}
