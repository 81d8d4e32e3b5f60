/**
 * What stands around every use case, whichever entrance it is called by, in the order of {@link perform}. An operation is made
 * with {@link operation}, which is the only way to its pipeline, so that no entrance can skip privacy, rate, budget or ledger.
 */
import { type Route, type RouteName, routeOf } from '../contract/route.ts';
import { callerKeeping } from '../core/keep/keeping.ts';
import { requireScope } from '../core/key/authorize.ts';
import type { Caller, StoreMode } from '../core/key/caller.ts';
import { Fault, statusOfError } from '../error.ts';
import type { Reservation } from '../port/memory.ts';
import { Pictures } from '../stage/session/picture.ts';
import { rowWithoutCall } from '../stage/money/ledger-row.ts';
import type { Context } from '../stage/session/context.ts';
import { createPace } from '../stage/session/pace.ts';
import type { Actor } from './actor.ts';
import { carryOutOnce, type Once } from './once.ts';

/** How an entrance brings one request in and takes its answer out. */
export interface Entrance<Request, Result, Answer> {
  /** Reads and parses the request, when the caller may make it. What it holds in memory is counted in `hold` until the answer is written. */
  readonly read: (hold: Reservation) => Promise<Request> | Request;
  /** Writes the answer. `caller` is the one that the request wanted to be treated as. */
  readonly write: (result: Result, request: Request, caller: Caller) => Answer | Promise<Answer>;
  /** The answer to a fault. An entrance that throws faults on throws here. */
  readonly refuse: (error: unknown) => Answer;
  /** HTTP status of an answer, for the ledger. */
  readonly statusOf: (answer: Answer) => number;
  /** Where the request is to be carried out once, however often it is sent. */
  readonly once?: Once<Answer> | undefined;
}

/** A use case as every entrance calls it. */
export interface Operation<Request, Result> {
  <Answer>(actor: Actor, entrance: Entrance<Request, Result, Answer>): Promise<Answer>;
}

/** The columns of a route's row that are applied here. */
export type Policy = Pick<Route, 'scope' | 'isIdempotent' | 'isRecorded' | 'admission'>;

/** A pipeline, private to its operation. */
interface Pipeline<Request, Result> {
  readonly policy: Policy;
  readonly run: (request: Request, context: Context) => Promise<Result> | Result;
  readonly storeOf: (request: Request) => StoreMode | undefined;
}

/**
 * Makes a use case of a pipeline. Which scope it needs, and what is counted of it, its row of the contract says. `storeOf`: what a
 * request itself asks to be kept at most, where it can.
 */
export function operation<Request, Result>(
  policy: RouteName | Policy,
  run: Pipeline<Request, Result>['run'],
  storeOf: Pipeline<Request, Result>['storeOf'] = () => undefined,
): Operation<Request, Result> {
  const pipeline = { policy: typeof policy === 'string' ? routeOf(policy) : policy, run, storeOf };
  return (actor, entrance) => perform(pipeline, actor, entrance);
}

/** The door, the ledger's row, the pace, the scope, the memory, once only, what may be kept; then the pipeline. */
async function perform<Request, Result, Answer>(
  pipeline: Pipeline<Request, Result>,
  actor: Actor,
  entrance: Entrance<Request, Result, Answer>,
): Promise<Answer> {
  const { policy } = pipeline;
  return behindDoor(policy, actor, entrance, () =>
    recorded(policy, actor, entrance, async () => {
      await takePace(actor);
      if (policy.scope !== 'any' && policy.scope !== 'public') requireScope(actor.caller, policy.scope);
      return holdingMemory(actor, (hold) =>
        carryOutOnce(policy.isIdempotent ? entrance : { ...entrance, once: undefined }, actor, hold, (part) => answer(pipeline, actor, entrance, hold, part)),
      );
    }),
  );
}

/** How a request takes part in what is done once: whether its answer is kept as a whole, and whether it is made when its caller leaves. */
export interface Part {
  readonly pictures: Pictures;
  readonly outlivesCaller: boolean;
  /** The caller as the request wants to be treated, once that is known: what it asks to keep less of holds for a refusal, too. */
  caller: Caller;
}

async function answer<Request, Result, Answer>(
  { run, storeOf }: Pipeline<Request, Result>,
  actor: Actor,
  { read, write }: Entrance<Request, Result, Answer>,
  hold: Reservation,
  part: Part,
): Promise<Answer> {
  const request = await read(hold);
  part.caller = callerKeeping(actor.caller, storeOf(request));
  const result = await run(request, contextFor(actor, part));
  return write(result, request, part.caller);
}

function contextFor(actor: Actor, { caller, pictures, outlivesCaller }: Part): Context {
  const { service, requestId, signal, stopwatch, trace, record, pace, afterResponse } = actor;
  return {
    ...service,
    caller,
    tenant: caller.tenant,
    pictures,
    pace,
    requestId,
    signal: outlivesCaller ? () => new AbortController().signal : signal,
    stopwatch,
    trace,
    record,
    afterResponse,
  };
}

/** Only so many work in an isolate at once; those who ask for what is stored, and the operator, pass by. */
async function behindDoor<Answer>(
  { admission }: Policy,
  { service, stopwatch }: Actor,
  { refuse }: Pick<Entrance<never, never, Answer>, 'refuse'>,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (admission === 'none') return work();
  try {
    stopwatch.place = await service.ports.door.enter();
  } catch (error) {
    return refuse(error);
  }
  try {
    return await work();
  } finally {
    stopwatch.place?.leave();
  }
}

/** Writes the row of a request that needed no call, when its answer is known; calls write their own. Faults become answers here. */
async function recorded<Answer>(
  { isRecorded }: Policy,
  actor: Actor,
  { refuse, statusOf }: Pick<Entrance<never, never, Answer>, 'refuse' | 'statusOf'>,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { caller, record, requestId, route, afterResponse } = actor;
  const { config, ports } = actor.service;
  record.route = route;
  let status = 500;
  try {
    const made = await work();
    status = statusOf(made);
    return made;
  } catch (error) {
    status = statusOfError(error);
    const refusal = refuse(error);
    status = statusOf(refusal);
    return refusal;
  } finally {
    if (isRecorded && record.calls === undefined) {
      const origin = { requestId, caller, nowMs: ports.clock.nowMs(), ledgerDays: config.ledgerDays };
      const sending = ports.accounts.record(rowWithoutCall(record, origin, { status, modelOverrides: config.modelOverrides }));
      if (sending !== undefined) afterResponse(sending);
    }
  }
}

/** The period of the rate-limit binding in wrangler.toml. */
const BURST_SECONDS = 10;

/** Counts the request against the limits of its key and tenant. A caller without limits costs nothing here. */
async function takePace(actor: Actor): Promise<void> {
  const { caller, service } = actor;
  const pace = createPace(caller, service.ports);
  if (pace === undefined) return;
  // Before anything is counted: the headers of a refusal show its state, too.
  actor.pace = pace;
  if (!(await service.ports.bursts.key.allows(caller.key)))
    throw new Fault('rate_limited', 'Too many requests with this key at once. Slow down.', { retryAfterSeconds: BURST_SECONDS });
  await pace.take('requests', 1);
}

/** What a request holds is counted until its answer is written. */
async function holdingMemory<Answer>({ service }: Actor, work: (hold: Reservation) => Promise<Answer>): Promise<Answer> {
  const hold = await service.ports.ledger.reserve(0);
  try {
    return await work(hold);
  } finally {
    hold.release();
  }
}
