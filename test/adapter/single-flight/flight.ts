/** A flight of a test's own: its object, turns in it, and what it has stored. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, vi } from 'vitest';
import { singleFlightClient } from '../../../src/adapter/single-flight/client.ts';
import type { SingleFlight } from '../../../src/adapter/single-flight/object.ts';
import type { FlightTurn } from '../../../src/port/flight.ts';

export const namespace = (env as unknown as { FLIGHTS: DurableObjectNamespace<SingleFlight> }).FLIGHTS;

/** The outcome of work that went well. */
export const result = (text: string) => ({ kind: 'result', result: text }) as const;

export type LeadingTurn = FlightTurn & { readonly kind: 'lead' };

/** A new flight; `report` gets what its client reports. */
export function openFlight(report: (event: string) => void = () => undefined) {
  const key = crypto.randomUUID();
  const flights = singleFlightClient(namespace, report);
  const stub = () => namespace.get(namespace.idFromName(key));
  const join = (takesKept = true): Promise<FlightTurn> => flights.join(key, { takesKept });
  return {
    join,
    /** The turn of a request that leads. */
    lead: async (turn = join()): Promise<LeadingTurn> => {
      const joined = await turn;
      if (joined.kind !== 'lead') throw new Error(`it does not lead: ${JSON.stringify(joined)}`);
      return joined;
    },
    forget: () => flights.forget(key),
    stub,
    /** Lets the object see everything that was sent so far. */
    seen: () => runInDurableObject(stub(), () => undefined),
    stored: () => runInDurableObject(stub(), (_, state) => [...state.storage.kv.list()].map(([name]) => name)),
    alarm: () => runInDurableObject(stub(), (_, state) => state.storage.getAlarm()),
    runAlarm: () => runDurableObjectAlarm(stub()),
  };
}

/** A clock for the tests of a `describe`, which begins at the time of each test and is moved by it alone. */
export function stoppedClock(): { nowMs: number } {
  const clock = { nowMs: 0 };
  beforeEach(() => {
    clock.nowMs = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => clock.nowMs);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return clock;
}
