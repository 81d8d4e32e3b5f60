/** What a request is: two with the same key must be the same in everything that can change the answer. */

/** Headers that do; all others may differ between a request and its repeat. */
const HEADERS: readonly string[] = ['accept', 'anthropic-beta', 'anthropic-version', 'cache-control'];
const HEADER_PREFIX = 'x-vignette-';
/** Who asks is settled by the tenant. */
const KEY_HEADER = 'x-vignette-key';

export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: BodyFacts;
}

/** A form by its parts, since its boundary is another one each time; everything else by its type and bytes. */
export type BodyFacts =
  { readonly kind: 'bytes'; readonly type: string; readonly sha256: string } | { readonly kind: 'parts'; readonly parts: readonly PartFacts[] };

export interface PartFacts {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly sha256: string;
}

/** The text whose SHA-256 is the fingerprint. */
export function fingerprintText({ method, path, query, headers, body }: RequestFacts): string {
  const relevant = [...headers]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => HEADERS.includes(name) || (name.startsWith(HEADER_PREFIX) && name !== KEY_HEADER))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const content =
    body.kind === 'bytes'
      ? [body.type, body.sha256]
      : body.parts.map(({ name, filename, contentType, sha256 }) => [name, filename ?? null, contentType ?? null, sha256]);
  return JSON.stringify([method, path, query, relevant, body.kind, content]);
}
