/** Single flight: of identical requests at once one does the work, the others get its outcome. */
import { keepsResults } from '../../core/keep/keeping.ts';
import { Fault } from '../../core/fault.ts';
import { type FlightOutcome, followersFault, keepMs, shareFault } from '../../core/flight/outcome.ts';
import { WAIT_MS_MAX, WAITERS_MAX } from '../../core/flight/limit.ts';
import type { FlightTurn } from '../../port/flight.ts';
import type { Context } from '../session/context.ts';

/** What a flight is for. `Shared` is plain data for JSON; `Own` is for the leader alone. */
export interface Flight<Shared, Own> {
  readonly key: string;
  /** Whether an outcome that landed before may be taken. What is flying is always waited for. */
  readonly takesKept: boolean;
  /** Names of the pictures in this request, in order, for faults. */
  readonly params: readonly string[];
  /** Checks what another request made; what is not valid counts as absent. */
  readonly read: (value: unknown) => Shared | undefined;
  /**
   * Makes it. `depart` is to be called right before something that may be billed: it throws when nobody would get the
   * answer. The work goes on when the caller leaves, so it must not hang on the request's own signal.
   */
  readonly work: (depart: () => void) => Promise<Outcome<Shared, Own>>;
}

export interface Outcome<Shared, Own> {
  readonly shared: Shared;
  readonly own: Own;
  /** Nothing is kept for those who come later. */
  readonly isForWaiting?: boolean;
}

/** Thrown by work that ended in something of the leader's alone: the next in line leads, although Claude was asked. */
export class GivenUp extends Fault {
  constructor(message: string, cause?: unknown) {
    super('upstream_timeout', message, { billed: true, cause });
  }
}

export type Flown<Shared, Own> =
  /** `isStored` is false when the outcome could not be written down. */
  | { readonly role: 'led'; readonly shared: Shared; readonly own: Own; readonly isStored: boolean }
  /** Made by another request while this one waited, or up to a minute before it came. */
  | { readonly role: 'joined' | 'kept'; readonly shared: Shared };

const RETRY_AFTER_SECONDS = 5;
/** Turns of one request; more than one only where an outcome cannot be read, as around a deployment. */
const TURNS_MAX = 2;

/** Leads or follows. @throws what the work throws, here or in the leader; overloaded, upstream_timeout */
export async function fly<Shared, Own>(flight: Flight<Shared, Own>, context: Context): Promise<Flown<Shared, Own>> {
  for (let turns = 1; ; turns++) {
    const turn = await context.stopwatch.time('flight', context.ports.flights.join(flight.key, { takesKept: flight.takesKept && turns === 1 }));
    switch (turn.kind) {
      case 'lead': {
        const leading = lead(flight, turn, context);
        // Its followers wait for it, whether or not its own caller stays.
        context.afterResponse(leading.catch(() => undefined));
        return leading;
      }
      case 'refused':
        throw turn.reason === 'full' ? full() : late();
      case 'landed': {
        if (turn.outcome.kind === 'fault') throw followersFault(turn.outcome.fault, flight.params);
        const shared = flight.read(JSON.parse(turn.outcome.result));
        if (shared !== undefined) return { role: turn.isKept ? 'kept' : 'joined', shared };
        if (turns >= TURNS_MAX) throw new Fault('internal', 'the outcome of a flight cannot be read');
      }
    }
  }
}

async function lead<Shared, Own>(flight: Flight<Shared, Own>, turn: FlightTurn & { readonly kind: 'lead' }, context: Context): Promise<Flown<Shared, Own>> {
  let hasDeparted = false;
  const signal = context.signal();
  const depart = (): void => {
    // Nothing has been spent yet; whoever waits can do it as well.
    if (signal.aborted) throw new Fault('upstream_timeout', 'The caller left before Claude was asked.');
    hasDeparted = true;
  };
  let made: Outcome<Shared, Own>;
  try {
    made = await flight.work(depart);
  } catch (error) {
    const fault = hasDeparted ? afterDeparture(error) : error;
    const isGivenUp = error instanceof GivenUp || (signal.aborted && !hasDeparted);
    const shared = fault instanceof Fault && !isGivenUp ? shareFault(fault, flight.params, hasDeparted) : undefined;
    if (shared === undefined) turn.abandon();
    else await land(turn, { kind: 'fault', fault: shared }, context);
    throw fault;
  }
  const { shared, own, isForWaiting = false } = made;
  return { role: 'led', shared, own, isStored: await land(turn, { kind: 'result', result: JSON.stringify(shared) }, context, isForWaiting) };
}

/** Work without a flight. @throws what it throws */
export async function alone<T>(work: (depart: () => void) => Promise<T>): Promise<T> {
  let hasDeparted = false;
  try {
    return await work(() => {
      hasDeparted = true;
    });
  } catch (error) {
    throw hasDeparted ? afterDeparture(error) : error;
  }
}

/** Once Claude may have been asked, what nobody foresaw may have been billed. */
export function afterDeparture(error: unknown): Fault {
  return error instanceof Fault ? error : new Fault('internal', 'failed after the call', { cause: error, billed: true });
}

/** Those who wait get the outcome in any case; it is written down only for a caller of whom answers may be kept. */
function land(turn: FlightTurn & { readonly kind: 'lead' }, outcome: FlightOutcome, { caller }: Context, isForWaiting = false): Promise<boolean> {
  return turn.land(outcome, keepsResults(caller) && !isForWaiting ? keepMs(outcome) : 0);
}

function full(): Fault {
  return new Fault('overloaded', `${WAITERS_MAX} requests wait for the same answer already. Try again in ${RETRY_AFTER_SECONDS} s.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function late(): Fault {
  return new Fault('upstream_timeout', `Another request asks Claude the same, and had no answer within ${WAIT_MS_MAX / 1000} s. Try again.`);
}
