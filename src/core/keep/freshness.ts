/**
 * How long an address may stand for the picture that it gave, by what the servers said (RFC 9111, as a private cache: the answer
 * is kept for one tenant). Nothing is guessed: without a stated lifetime an address is asked again each time.
 */

/** What one answer says about keeping it; dates in milliseconds since 1970. Absent: the server did not say, or not in a valid form. */
export interface OriginHeaders {
  readonly cacheControl: string | undefined;
  readonly vary: string | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly lastModifiedMs: number | undefined;
  readonly dateMs: number | undefined;
  /** An invalid date is one in the past (RFC 9111 §5.3). */
  readonly expiresMs: number | undefined;
  readonly ageSeconds: number | undefined;
}

/** What a conditional request asks by. */
export interface Validators {
  /** SHA-256, hex, of the address that gave them: another address may use the same words for other bytes. */
  readonly from: string;
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export interface Freshness {
  readonly freshUntilMs: number;
  /** What the last answer stated, for a later 304 that says nothing (RFC 9111 §4.3.4). */
  readonly lifetimeSeconds: number;
}

/** Longest trust in a stated lifetime: many servers say a year for pictures that they do replace. */
export const FRESH_SECONDS_MAX = 86_400;

/** Longest entity tag that is kept and sent back. */
const ETAG_CHARACTERS_MAX = 256;
/** RFC 9110 §8.8.3, in ASCII. */
const ETAG = /^(W\/)?"[\x21\x23-\x7e]*"$/;

/**
 * Freshness of a picture behind `hops`: the redirects, then the answer itself. It ends with the first of them. `undefined`: one
 * forbids to keep anything. Time counts from the sending of the request, which errs on the side of too old (RFC 9111 §4.2.3).
 * `statedBefore`: lifetime that holds where the last answer is a 304 without one.
 */
export function freshnessOf(hops: readonly OriginHeaders[], requestedAtMs: number, statedBefore = 0): Freshness | undefined {
  const lifetimes = hops.map((hop, index) => lifetimeOf(hop, requestedAtMs, index === hops.length - 1 ? statedBefore : 0));
  if (lifetimes.includes('no-store')) return undefined;
  const ends = hops.map((hop, index) => requestedAtMs + (Number(lifetimes[index]) - ageOf(hop, requestedAtMs)) * 1000);
  return {
    freshUntilMs: Math.max(0, Math.floor(Math.min(requestedAtMs + FRESH_SECONDS_MAX * 1000, ...ends))),
    lifetimeSeconds: Number(lifetimes.at(-1) ?? 0),
  };
}

/**
 * The validators of an answer, or `undefined` when it has none that can be trusted. A date counts only when the answer was made a
 * second or more later (RFC 9110 §8.8.2.2): a picture replaced within that second would keep its date for good.
 */
export function validatorsOf(hop: OriginHeaders, from: string, requestedAtMs: number): Validators | undefined {
  const etag = hop.etag !== undefined && hop.etag.length <= ETAG_CHARACTERS_MAX && ETAG.test(hop.etag) ? hop.etag : undefined;
  const isDateStrong = hop.lastModifiedMs !== undefined && (hop.dateMs ?? requestedAtMs) - hop.lastModifiedMs >= 1000;
  const lastModified = isDateStrong ? hop.lastModified : undefined;
  if (etag === undefined && lastModified === undefined) return undefined;
  return { from, ...(etag === undefined ? {} : { etag }), ...(lastModified === undefined ? {} : { lastModified }) };
}

/** Seconds for which an answer is fresh, counted from its making (RFC 9111 §4.2.1). */
function lifetimeOf(hop: OriginHeaders, requestedAtMs: number, statedBefore: number): number | 'no-store' {
  const directives = parseDirectives(hop.cacheControl ?? '');
  if (directives.has('no-store')) return 'no-store';
  // "*" never matches (RFC 9111 §4.1). Any other Vary does: all our requests for pictures look alike.
  if ((hop.vary ?? '').split(',').some((name) => name.trim() === '*')) return 0;
  if (directives.has('no-cache')) return 0;
  const ages = directives.get('max-age');
  // Of several the smallest holds, and what is no number means stale (RFC 9111 §4.2.1).
  if (ages !== undefined) return Math.min(...ages.map((age) => (/^\d{1,10}$/.test(age) ? Number(age) : 0)));
  if (hop.expiresMs !== undefined) return Math.max(0, (hop.expiresMs - (hop.dateMs ?? requestedAtMs)) / 1000);
  return hop.cacheControl === undefined ? statedBefore : 0;
}

/** Seconds since the answer was made, by what caches on the way and the server's clock say (RFC 9111 §4.2.3). */
function ageOf(hop: OriginHeaders, requestedAtMs: number): number {
  return Math.max(0, hop.ageSeconds ?? 0, hop.dateMs === undefined ? 0 : (requestedAtMs - hop.dateMs) / 1000);
}

/** RFC 9111 §5.2: names in any case, values as tokens or quoted strings, in which commas do not separate. */
function parseDirectives(text: string): ReadonlyMap<string, readonly string[]> {
  const directives = new Map<string, string[]>();
  for (const [, name = '', quoted, token] of text.matchAll(/([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g)) {
    const values = directives.get(name.toLowerCase()) ?? [];
    directives.set(name.toLowerCase(), [...values, quoted ?? token ?? '']);
  }
  return directives;
}
