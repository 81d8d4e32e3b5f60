/**
 * Which URLs the Worker fetches on behalf of a caller. A Worker cannot pin DNS, so the rule is strict where it
 * can be: names only, never addresses, default ports, no credentials, nothing local. Checked again at each redirect.
 */
import { Fault } from '../fault.ts';

/** What a deployment adds to the rule. */
export interface UrlPolicy {
  /** Exact origins exempt from the guard; only in development. */
  readonly allowedOrigins: readonly string[];
  /** The service's own hostnames, which it must not call in a loop. */
  readonly ownHosts: readonly string[];
}

/** Names that never leave a machine or a site (RFC 6761, RFC 6762, RFC 8375, RFC 7686, RFC 9476 and habits). */
const LOCAL_SUFFIXES = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'onion',
  'alt',
  'test',
  'invalid',
  'example',
  'localdomain',
];

/** Public names whose whole purpose is to resolve to any address that is written in them. */
const REBINDING_SUFFIXES = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'localtest.me',
  'lvh.me',
  'vcap.me',
  'lacolhost.com',
  'traefik.me',
  'burpcollaborator.net',
  'oastify.com',
  'rbndr.us',
];

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * Parses and judges a URL. The parsed URL alone may be used afterwards, so that the check and the fetch agree.
 * @throws invalid_request (not a URL), url_forbidden (a URL that is not fetched)
 */
export function checkImageUrl(text: string, policy: UrlPolicy, param: string): URL {
  if (!URL.canParse(text)) throw new Fault('invalid_request', 'This is not an absolute URL. Give the whole address, starting with https://.', { param });
  const url = new URL(text);
  url.hash = '';
  if (policy.allowedOrigins.includes(url.origin)) return withoutCredentials(url, param);
  if (!(url.protocol in PORTS)) {
    throw forbidden(`The scheme "${url.protocol}" is not fetched; http and https are. Send the image itself as base64 or as an upload.`, param);
  }
  if (url.port !== '' && url.port !== PORTS[url.protocol])
    throw forbidden(`Port ${url.port} is not fetched; 80 and 443 are. Serve the image there, or upload it.`, param);
  checkHost(url.hostname, policy, param);
  return withoutCredentials(url, param);
}

function checkHost(hostname: string, policy: UrlPolicy, param: string): void {
  const host = hostname.replace(/\.+$/, '').toLowerCase();
  if (host === '' || host.startsWith('[') || isIpv4(host)) {
    throw forbidden('Addresses (IP literals) are not fetched, in any notation. Use the public name of the host.', param);
  }
  if (!host.includes('.')) throw forbidden(`"${host}" is a local name. Use a public host name.`, param);
  if (!host.split('.').every((label) => LABEL.test(label))) throw forbidden(`"${host}" is not a host name. Use a public host name.`, param);
  if (hasSuffix(host, LOCAL_SUFFIXES)) throw forbidden(`"${host}" is a name for private use. Use a public host name.`, param);
  if (hasSuffix(host, REBINDING_SUFFIXES)) throw forbidden(`"${host}" resolves to whatever address is written in it. Use the real name of the host.`, param);
  if (policy.ownHosts.includes(host)) throw forbidden('This is the address of the service itself. Use "image_id" for stored images.', param);
}

/**
 * RFC 1035 §2.3.1 and the underscore that real names have. URLs may hold more (`.printer`, `a&b.c`), of which resolvers
 * make what they like.
 */
const LABEL = /^[a-z0-9_-]{1,63}$/;

/** The WHATWG parser has already turned decimal, hex, octal, short and full-width forms into dotted quads. */
function isIpv4(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || /(^|\.)(\d+|0x[0-9a-f]*)$/.test(host);
}

function hasSuffix(host: string, suffixes: readonly string[]): boolean {
  return suffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
}

function withoutCredentials(url: URL, param: string): URL {
  if (url.username !== '' || url.password !== '')
    throw forbidden('URLs with a user name or password are not fetched. Use a signed URL, or upload the image.', param);
  return url;
}

function forbidden(detail: string, param: string): Fault {
  return new Fault('url_forbidden', detail, { param });
}
