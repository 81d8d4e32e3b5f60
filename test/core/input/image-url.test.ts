import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkImageUrl, type UrlPolicy } from '../../../src/core/input/image-url.ts';
import { faultOf, valueOrCode } from '../outcome.ts';
import { DENIED_IPV4, DENIED_IPV6, DENIED_NAMES, type Ipv4, NOTATIONS, WRAPPINGS } from './denied-address.ts';

const POLICY: UrlPolicy = { allowedOrigins: [], ownHosts: ['vignette.example.com'] };

function check(text: string, policy: UrlPolicy = POLICY): URL {
  return checkImageUrl(text, policy, 'image.url');
}

/** Those of the spellings that would be fetched: none may be. Any failure but a typed one ends the test. */
function fetchedOf(spellings: readonly string[]): readonly string[] {
  return spellings.filter((text) => {
    const outcome = valueOrCode(() => check(text));
    return outcome !== 'url_forbidden' && outcome !== 'invalid_request';
  });
}

describe('an address that is not fetched', () => {
  it.each(Object.entries(NOTATIONS))('stays so when it is written %s', (_, spell) => {
    expect(fetchedOf(DENIED_IPV4.flatMap((address) => [`http://${spell(address)}/latest/meta-data/`, `https://${spell(address)}`]))).toEqual([]);
  });

  it.each(Object.entries(WRAPPINGS))('stays so %s', (_, wrap) => {
    expect(fetchedOf(['169.254.169.254', '127.0.0.1', '2130706433', '0x7f.1', '[::1]', 'localhost', 'metadata.google.internal'].map(wrap))).toEqual([]);
  });

  it.each(DENIED_IPV6)('stays so in IPv6: %s', (host) => {
    expect(fetchedOf([`http://${host}/`, `https://${host}:443/x.png`, `http://${host}:80`])).toEqual([]);
  });

  it.each(DENIED_NAMES)('stays so by name: %s', (host) => {
    const deeper = host.includes('.') ? [`https://a.${host}/`] : [];
    expect(fetchedOf([`http://${host}/`, `https://${host.toUpperCase()}/x.png`, `https://${host}./x.png`, `https://.${host}/`, ...deeper])).toEqual([]);
  });

  it('is tried in at least 400 spellings here', () => {
    const spellings = [
      ...Object.values(NOTATIONS).flatMap((spell) => DENIED_IPV4.map((address) => `http://${spell(address)}/`)),
      ...Object.values(WRAPPINGS).map((wrap) => wrap('127.0.0.1')),
      ...DENIED_IPV6,
      ...DENIED_NAMES,
    ];
    expect(new Set(spellings).size).toBeGreaterThanOrEqual(400);
  });

  it('stays so in any spelling of any address, wrapped in any way', () => {
    const octet = fc.oneof(fc.nat(255), fc.constantFrom(0, 10, 127, 169, 172, 192, 254, 255));
    const address = fc.tuple(octet, octet, octet, octet) as fc.Arbitrary<Ipv4>;
    const notation = fc.constantFrom(...Object.values(NOTATIONS));
    const wrapping = fc.constantFrom(...Object.values(WRAPPINGS));
    fc.assert(
      fc.property(address, notation, wrapping, (ip, spell, wrap) => {
        expect(fetchedOf([wrap(spell(ip)), `https://${spell(ip)}/`])).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('stays so with a tab, line feed or carriage return anywhere in it', () => {
    const blank = fc.constantFrom('\t', '\n', '\r', '\r\n', '\t\n\t');
    fc.assert(
      fc.property(
        fc.constantFrom('http://127.0.0.1/', 'https://169.254.169.254/', 'http://[::1]/', 'http://localhost/'),
        fc.nat(30),
        blank,
        (text, at, gap) => {
          expect(fetchedOf([text.slice(0, at) + gap + text.slice(at)])).toEqual([]);
        },
      ),
    );
  });

  it('is never let through by text that no one thought of', () => {
    fc.assert(
      fc.property(fc.string(), (noise) => {
        for (const text of [
          noise,
          `http://${noise}`,
          `https://${noise}.example.com/`,
          `https://${noise}@127.0.0.1/`,
          `http://127.0.0.1${noise.replace(/^[^/?#]/, '/')}`,
        ]) {
          const outcome = valueOrCode(() => check(text));
          if (typeof outcome === 'string') expect(['url_forbidden', 'invalid_request']).toContain(outcome);
          else {
            expect(['http:', 'https:']).toContain(outcome.protocol);
            expect(outcome.hostname).toMatch(/^([a-z0-9_-]+\.)+[a-z0-9_-]*[a-z_-][a-z0-9_-]*\.*$/);
            expect([outcome.username, outcome.password, outcome.port, outcome.hash].join('')).toBe('');
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a URL that is fetched', () => {
  it.each([
    ['https://images.example.com/a.jpg', 'https://images.example.com/a.jpg'],
    ['http://images.example.com/a.jpg', 'http://images.example.com/a.jpg'],
    ['HTTPS://IMAGES.EXAMPLE.COM/A.JPG', 'https://images.example.com/A.JPG'],
    ['https://images.example.com:443/a.jpg?size=1&x=%20#part', 'https://images.example.com/a.jpg?size=1&x=%20'],
    ['http://images.example.com:80/', 'http://images.example.com/'],
    ['  https://images.example.com/a.jpg\n', 'https://images.example.com/a.jpg'],
    ['https://images.example.com./a.jpg', 'https://images.example.com./a.jpg'],
    ['https://bücher.example.com/ö.png', 'https://xn--bcher-kva.example.com/%C3%B6.png'],
    ['https://localhost.example.com/', 'https://localhost.example.com/'],
    ['https://internal.example.com/', 'https://internal.example.com/'],
    ['https://mylocal.host/', 'https://mylocal.host/'],
    [`https://${'a'.repeat(63)}.example.com/`, `https://${'a'.repeat(63)}.example.com/`],
    ['https://my_bucket.example.com/', 'https://my_bucket.example.com/'],
    ['https://notnip.io/', 'https://notnip.io/'],
    ['https://10.example.com/', 'https://10.example.com/'],
    ['https://127.0.0.1.example.com/', 'https://127.0.0.1.example.com/'],
    ['https://1e100.net/', 'https://1e100.net/'],
    ['https://0x7f.com/', 'https://0x7f.com/'],
    ['https://other.vignette.example.com/', 'https://other.vignette.example.com/'],
    ['https://@images.example.com/', 'https://images.example.com/'],
  ])('is %j', (text, href) => {
    expect(check(text).href).toBe(href);
  });
});

describe('a URL that is refused', () => {
  it.each([
    ['no URL', 'hello', 'invalid_request', 'absolute'],
    ['a relative one', '/a.jpg', 'invalid_request', 'absolute'],
    ['one without a scheme', 'images.example.com/a.jpg', 'invalid_request', 'absolute'],
    ['nothing', '', 'invalid_request', 'absolute'],
    ['no host', 'https://', 'invalid_request', 'absolute'],
    ['file', 'file:///etc/passwd', 'url_forbidden', 'scheme "file:"'],
    ['ftp', 'ftp://images.example.com/a.jpg', 'url_forbidden', 'scheme "ftp:"'],
    ['data', 'data:image/png;base64,AAAA', 'url_forbidden', 'scheme "data:"'],
    ['blob', 'blob:https://images.example.com/1', 'url_forbidden', 'scheme "blob:"'],
    ['javascript', 'javascript:alert(1)', 'url_forbidden', 'scheme "javascript:"'],
    ['gopher', 'gopher://images.example.com/_x', 'url_forbidden', 'scheme "gopher:"'],
    ['ws', 'ws://images.example.com/', 'url_forbidden', 'scheme "ws:"'],
    ['http on the port of https', 'http://images.example.com:443/', 'url_forbidden', 'Port 443'],
    ['https on the port of http', 'https://images.example.com:80/', 'url_forbidden', 'Port 80'],
    ['another port', 'https://images.example.com:8443/', 'url_forbidden', 'Port 8443'],
    ['ssh', 'http://images.example.com:22/', 'url_forbidden', 'Port 22'],
    ['a user', 'https://user@images.example.com/', 'url_forbidden', 'user name or password'],
    ['a password', 'https://:secret@images.example.com/', 'url_forbidden', 'user name or password'],
    ['a host that hides another', 'https://images.example.com@evil.example.net/', 'url_forbidden', 'user name or password'],
    ['an empty label', 'https://images..example.com/', 'url_forbidden', 'not a host name'],
    ['an empty label in front', 'https://.printer/', 'url_forbidden', 'not a host name'],
    ['a character that no host name has', 'https://a&b.example.com/', 'url_forbidden', 'not a host name'],
    ['a label of 64 characters', `https://${'a'.repeat(64)}.example.com/`, 'url_forbidden', 'not a host name'],
    ['the service itself', 'https://vignette.example.com/v1/images', 'url_forbidden', 'service itself'],
    ['the service itself, with a dot', 'https://VIGNETTE.example.com./v1/images', 'url_forbidden', 'service itself'],
  ])('for %s: %s', (_, text, code, reason) => {
    const fault = faultOf(() => check(text));
    expect(fault).toMatchObject({ code, param: 'image.url', message: expect.stringContaining(reason) });
  });

  it('does not have its password told back', () => {
    expect(faultOf(() => check('https://user:hunter2@images.example.com/')).message).not.toContain('hunter2');
  });
});

describe('an origin allowed in development', () => {
  const development: UrlPolicy = { allowedOrigins: ['http://127.0.0.1:8080'], ownHosts: [] };

  it('is fetched, and only exactly it', () => {
    expect(check('http://127.0.0.1:8080/a.jpg', development).href).toBe('http://127.0.0.1:8080/a.jpg');
    for (const text of [
      'http://127.0.0.1:8081/',
      'https://127.0.0.1:8080/',
      'http://127.0.0.2:8080/',
      'http://localhost:8080/',
      'http://127.0.0.1/',
      'http://user@127.0.0.1:8080/',
    ]) {
      expect(faultOf(() => check(text, development)).code).toBe('url_forbidden');
    }
  });

  it('is not reached through the opaque origin of another scheme', () => {
    for (const text of ['file:///etc/passwd', 'data:,x', 'blob:http://127.0.0.1:8080/1']) {
      expect(valueOrCode(() => check(text, { allowedOrigins: ['null'], ownHosts: [] }).protocol)).not.toBe('http:');
    }
  });
});
