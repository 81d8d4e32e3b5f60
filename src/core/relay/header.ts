/** Which headers pass in each direction. Everything else stays on its side: credentials, cookies, hop-by-hop fields. */

/** The version that a request without `anthropic-version` is sent with. */
export const ANTHROPIC_VERSION_DEFAULT = '2026-10-21';

/**
 * Of the headers of Cloudflare AI Gateway ("Header Glossary" of its docs) those with which a caller labels his own request, asks what is
 * logged of it, and leaves the gateway's cache out. The others are the operator's: that cache knows no tenants, so a key or a lifetime
 * for it would share answers; attempts and a time limit make several calls, of which one is paid for here; a cost would falsify the log.
 */
const GATEWAY_NAMES: ReadonlySet<string> = new Set(
  ['metadata', 'event-id', 'collect-log', 'collect-log-payload', 'skip-cache'].map((name) => `cf-aig-${name}`),
);
const REQUEST_NAMES = /^(accept|anthropic-[a-z0-9-]+)$/;
const RESPONSE_NAMES =
  /^(content-type|request-id|retry-after|retry-after-ms|x-should-retry|anthropic-ratelimit-[a-z0-9-]+|anthropic-fast-[a-z0-9-]+|cf-aig-[a-z0-9-]+)$/;

/** Those of the API have some thirty. */
const REQUEST_ID_CHARACTERS_MAX = 64;

const GATEWAY_TOKEN = 'cf-aig-authorization';

/** Headers of the outgoing request, in lower case; the provider's adapter adds its credentials. */
export function requestHeaders(incoming: Iterable<readonly [string, string]>): readonly (readonly [string, string])[] {
  const passed = kept(incoming, (name) => REQUEST_NAMES.test(name) || GATEWAY_NAMES.has(name));
  const version = passed.some(([name]) => name === 'anthropic-version') ? [] : [['anthropic-version', ANTHROPIC_VERSION_DEFAULT] as const];
  return [...passed, ...version, ['content-type', 'application/json']];
}

/** Headers of the provider's answer that the caller gets. A gateway may repeat there what it was sent, its own token above all. */
export function responseHeaders(incoming: Iterable<readonly [string, string]>): readonly (readonly [string, string])[] {
  return kept(incoming, (name) => RESPONSE_NAMES.test(name) && name !== GATEWAY_TOKEN).flatMap(([name, value]): (readonly [string, string])[] => {
    if (name === 'content-type') return [[name, contentType(value)]];
    if (name !== 'request-id') return [[name, value]];
    const id = cleanRequestId(value);
    return id === '' ? [] : [[name, id]];
  });
}

/** A request id of the provider in the characters of one: it goes into logs and into pages of support. */
export function cleanRequestId(value: string): string {
  return value.replace(/[^\w-]/g, '').slice(0, REQUEST_ID_CHARACTERS_MAX);
}

/** The API answers in JSON or in events; a page is no answer, whatever its sender calls it. */
function contentType(value: string): string {
  return /^text\/event-stream\b/i.test(value.trim()) ? 'text/event-stream; charset=utf-8' : 'application/json';
}

function kept(headers: Iterable<readonly [string, string]>, isKept: (name: string) => boolean): readonly (readonly [string, string])[] {
  return Array.from(headers, ([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => isKept(name));
}
