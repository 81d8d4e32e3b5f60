/** Which headers pass in each direction. Everything else stays on its side: credentials, cookies, hop-by-hop fields. */

/** The version that a request without `anthropic-version` is sent with. */
export const ANTHROPIC_VERSION_DEFAULT = '2026-10-21';

const REQUEST_NAMES = /^(accept|anthropic-[a-z0-9-]+|cf-aig-[a-z0-9-]+)$/;
const RESPONSE_NAMES =
  /^(content-type|request-id|retry-after|retry-after-ms|x-should-retry|anthropic-ratelimit-[a-z0-9-]+|anthropic-fast-[a-z0-9-]+|cf-aig-[a-z0-9-]+)$/;

const GATEWAY_TOKEN = 'cf-aig-authorization';

/**
 * `cf-aig-authorization` is the operator's to set: it pays for the gateway. The gateway's cache knows no tenants: under a
 * `cf-aig-cache-key` it answers any body with what is there, and with a `cf-aig-cache-ttl` it shows who else sent the same body.
 * With the others it would make one call several times, of which one is paid for here.
 */
const REFUSED_NAMES: readonly string[] = [GATEWAY_TOKEN, 'cf-aig-cache-key', 'cf-aig-cache-ttl', 'cf-aig-max-attempts', 'cf-aig-retry-delay', 'cf-aig-backoff'];

/** Headers of the outgoing request, in lower case; the provider's adapter adds its credentials. */
export function requestHeaders(incoming: Iterable<readonly [string, string]>): readonly (readonly [string, string])[] {
  const passed = kept(incoming, (name) => REQUEST_NAMES.test(name) && !REFUSED_NAMES.includes(name));
  const version = passed.some(([name]) => name === 'anthropic-version') ? [] : [['anthropic-version', ANTHROPIC_VERSION_DEFAULT] as const];
  return [...passed, ...version, ['content-type', 'application/json']];
}

/** Headers of the provider's answer that the caller gets. A gateway may repeat there what it was sent, its own token above all. */
export function responseHeaders(incoming: Iterable<readonly [string, string]>): readonly (readonly [string, string])[] {
  return kept(incoming, (name) => RESPONSE_NAMES.test(name) && name !== GATEWAY_TOKEN);
}

function kept(headers: Iterable<readonly [string, string]>, isKept: (name: string) => boolean): readonly (readonly [string, string])[] {
  return Array.from(headers, ([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => isKept(name));
}
