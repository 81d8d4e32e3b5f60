/** Flights of describe requests: identical ones at once are answered by one call. */
import { type CacheEntry, readCacheEntry, type SentImage } from '../../core/cache/entry.ts';
import { KEEP_RESULT_MS } from '../../core/flight/limit.ts';
import type { DescribeRequest } from '../../core/input/request.ts';
import type { Usage } from '../../core/vision/cost.ts';
import type { Context } from '../session/context.ts';
import { alone, fly } from '../flight/flight.ts';

/** An answer on its way to the caller: from the cache, from another request's call (`joined`), or from a call of its own. */
export interface Made {
  readonly status: 'hit' | 'joined' | 'called';
  readonly entry: Omit<CacheEntry, 'key' | 'sent'>;
  /** What Claude saw, picture by picture. */
  readonly sent: readonly (SentImage | undefined)[];
  /** Of this request's own call. */
  readonly call?: { readonly usage: Usage; readonly costUsd: number | undefined; readonly upstreamRequestId: string | undefined };
  /** Ends when the cache has the answer. */
  readonly stored?: Promise<unknown>;
}

/** An answer that has just been found or made. */
export interface NewlyMade extends Made {
  /** Whether a deletion finds what is kept under the key of the flight; else nothing is, but for those who wait. */
  readonly isListed: boolean;
  /** Of a call: whether its Message is one that is kept. */
  readonly isKept?: boolean;
}

export interface AnswerFlight {
  /** Undefined for what is never cached: then every request works for itself. */
  readonly key: string | undefined;
  readonly request: Pick<DescribeRequest, 'cache' | 'maxAgeSeconds'>;
  readonly images: readonly { readonly param: string }[];
  /** `signal` ends the call; in a flight the caller's leaving does not. */
  readonly work: (depart: () => void, signal: AbortSignal) => Promise<NewlyMade>;
}

/** `followed`: another request made it, just now (`joined`) or up to a minute ago (`hit`). */
export type Answered =
  { readonly kind: 'own'; readonly made: NewlyMade } | { readonly kind: 'followed'; readonly status: 'hit' | 'joined'; readonly entry: CacheEntry };

/** Answers alone, or in a flight. @throws what `work` throws, here or in the request that leads; overloaded, upstream_timeout */
export async function answerOnce({ key, request, images, work }: AnswerFlight, context: Context): Promise<Answered> {
  if (key === undefined || request.cache === 'bypass' || request.cache === 'only')
    return { kind: 'own', made: await alone((depart) => work(depart, context.signal())) };
  const flown = await fly(
    {
      key,
      // What is kept may be as old as it can get.
      takesKept: request.cache !== 'refresh' && (request.maxAgeSeconds ?? Infinity) * 1000 >= KEEP_RESULT_MS,
      params: images.map(({ param }) => param),
      read: (value) => readCacheEntry(value, key),
      work: async (depart) => {
        const own = await work(depart, new AbortController().signal);
        return { isForWaiting: !own.isListed, shared: { ...own.entry, key, sent: own.sent.filter((image) => image !== undefined) }, own };
      },
    },
    context,
  );
  if (flown.role !== 'led') return { kind: 'followed', status: flown.role === 'kept' ? 'hit' : 'joined', entry: flown.shared };
  // Somewhere the answer has to stand before it is sent: a caller who loses it will ask again.
  if (!flown.isStored) await flown.own.stored;
  return { kind: 'own', made: flown.own };
}
