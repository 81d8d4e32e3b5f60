/** Flights of relayed requests: identical ones at once, streams and others, are answered by one call. */
import { readSharedAnswer, type SharedAnswer, shareMessage } from '../../core/cache/shared-answer.ts';
import { Fault } from '../../core/fault.ts';
import type { Context } from '../session/context.ts';
import { fly, type Flown, GivenUp } from '../flight/flight.ts';
import type { AskedRequest } from './ask.ts';
import { type AnswerEnd, isTimeout, type UpstreamAnswer } from './call.ts';
import type { ScannedRequest } from './request.ts';

export interface RelayFlight {
  /** Undefined for what is never cached: then every request asks for itself. */
  readonly key: string | undefined;
  readonly request: ScannedRequest;
  /** The call. In a flight it goes on when the caller leaves; `onDepart` is told right before. */
  readonly ask: (onDepart: () => void) => Promise<AskedRequest>;
  /** Keeps the Message in the cache; never rejects. */
  readonly keep: (message: unknown) => Promise<void>;
  /** Lists what the flight keeps, so that a deletion finds it. Gives whether one will; else it is for those alone who wait. */
  readonly list: () => Promise<boolean>;
}

/** `followed`: another request made it, just now (`joined`) or up to a minute ago (`hit`). */
export type Relayed =
  | { readonly kind: 'own'; readonly asked: AskedRequest }
  | { readonly kind: 'followed'; readonly status: 'hit' | 'joined'; readonly shared: Exclude<SharedAnswer, { readonly kind: 'unshared' }> };

/** Asks alone, or in a flight. @throws what `ask` throws, here or in the request that leads; overloaded, upstream_timeout */
export async function relayOnce(flight: RelayFlight, context: Context): Promise<Relayed> {
  const { key, request, ask } = flight;
  const alone = async (): Promise<Relayed> => ({ kind: 'own', asked: await ask(() => undefined) });
  if (key === undefined) return alone();
  // The leader's caller has a stream as it comes; the flight ends with its last byte.
  const begun = Promise.withResolvers<AskedRequest>();
  const flown = await Promise.race([
    begun.promise,
    fly(
      {
        key,
        takesKept: request.options.cache !== 'refresh',
        params: request.scan.images.map(({ path }) => path),
        read: readSharedAnswer,
        work: (depart) => lead(flight, depart, begun.resolve, context),
      },
      context,
    ),
  ]);
  if (!('role' in flown)) return { kind: 'own', asked: flown };
  if (flown.role === 'led') return { kind: 'own', asked: await stored(flown) };
  if (flown.shared.kind === 'unshared') return alone();
  return { kind: 'followed', status: flown.role === 'kept' ? 'hit' : 'joined', shared: flown.shared };
}

interface Own {
  readonly asked: AskedRequest;
  readonly kept: Promise<void>;
}

/** `begin` gives the leader its answer before the flight has ended. */
async function lead({ request, ask, keep, list }: RelayFlight, depart: () => void, begin: (asked: AskedRequest) => void, context: Context) {
  // In the flight, so that a deletion that comes before this finds no flight to be told, and one that comes after tells it.
  const isListed = await list();
  const asked = await ask(depart);
  const { answer } = asked;
  if (answer.body instanceof ReadableStream) begin(asked);
  const end = await answer.end;
  if (end.message !== undefined) {
    const kept = keep(end.message);
    context.afterResponse(kept);
    const { shared, isForWaiting } = shareMessage(end.message, request.asked, context.ports.clock.nowMs());
    return { shared, isForWaiting: isForWaiting || !isListed, own: { asked, kept } };
  }
  const shared = shareFailure(answer, end, request);
  if (shared !== undefined) return { shared, isForWaiting: true, own: { asked, kept: Promise.resolve() } };
  begin(asked);
  throw new GivenUp('The call ended in something of its caller alone.');
}

/**
 * What others get of an answer that is no Message here, or `undefined` when the next of them should ask.
 * @throws upstream_error for a stream that broke off: it may have been billed, and another try would be again
 */
function shareFailure({ status, headers, body }: UpstreamAnswer, { isWhole, isCut }: AnswerEnd, { credential }: ScannedRequest): SharedAnswer | undefined {
  if (body instanceof Uint8Array) {
    // What the provider says of the caller's own key is for him alone; of its own timeout, that it may have billed.
    if (credential !== undefined && !isTimeout(status)) return undefined;
    return { kind: 'error', status, headers: headers.map(([name, value]) => [name, value]), text: new TextDecoder().decode(body) };
  }
  if (isWhole) return { kind: 'unshared' };
  if (isCut) return undefined;
  throw new Fault('upstream_error', "Claude's answer broke off before its end. Try again.", { billed: true });
}

/** Somewhere the answer has to stand before it is sent: a caller who loses it will ask again. */
async function stored({ own, isStored }: Flown<SharedAnswer, Own> & { readonly role: 'led' }): Promise<AskedRequest> {
  if (!isStored) await own.kept;
  return own.asked;
}
