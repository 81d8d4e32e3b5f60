import { afterEach, describe, expect, it, vi } from 'vitest';
import { httpImageFetcher } from '../../src/adapter/http-image-fetcher.ts';
import type { Fault } from '../../src/error.ts';
import { fixture } from '../support/fixture.ts';
import { hexHash } from '../support/hash.ts';

const PNG = fixture('png-rgb8.png');
const BYTES_MAX = 1_000;

type Origin = (request: Request) => Response | Promise<Response>;

/** Fetches an address from an origin that is a function, and tells what was asked of it. */
async function fetchFrom(origin: Origin, url = 'https://a.example.com/a.png', { bytesMax = BYTES_MAX, allowedOrigins = [] as string[] } = {}) {
  const asked: Request[] = [];
  let held = 0;
  const fetcher = httpImageFetcher({ allowedOrigins, ownHosts: ['self.example.com'] }, async (input, init) => {
    const request = new Request(input as string, init as RequestInit);
    asked.push(request);
    return origin(request);
  });
  const options = { bytesMax, param: 'image.url', signal: new AbortController().signal, account: (bytes: number) => void (held += bytes) };
  const result = await fetcher.fetchImage(url, options).catch((error: unknown) => error as Fault);
  return { result, asked, held: () => held };
}

/** Bytes as a stream of unknown length, with a note of how far it was read. */
function streamOf(chunks: Iterable<Uint8Array>) {
  const state = { sent: 0, isCancelled: false };
  const iterator = chunks[Symbol.iterator]();
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const { done, value } = iterator.next();
      if (done === true) return controller.close();
      state.sent += value.length;
      // A stream of bytes takes the memory of what it is given.
      controller.enqueue(value.slice());
    },
    cancel() {
      state.isCancelled = true;
    },
  });
  return { stream, state };
}

function* endless(): Generator<Uint8Array> {
  for (;;) yield new Uint8Array(100);
}

function redirect(location: string, status = 302): Response {
  return new Response(null, { status, headers: { location } });
}

describe('fetching an image', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives its bytes and their hash', async () => {
    const { result, held } = await fetchFrom(() => new Response(PNG));
    expect(result).toMatchObject({ kind: 'image', bytes: PNG, sha256: await hexHash(PNG) });
    expect(held()).toBeGreaterThanOrEqual(PNG.length);
  });

  it('asks once, with GET, without the fragment and with nothing of a caller', async () => {
    const { asked } = await fetchFrom(() => new Response(PNG), 'https://A.example.com:443/a b.png?x=1#top');
    expect(asked.map(({ method, url, redirect }) => ({ method, url, redirect }))).toEqual([
      { method: 'GET', url: 'https://a.example.com/a%20b.png?x=1', redirect: 'manual' },
    ]);
    expect([...(asked[0]?.headers.keys() ?? [])].sort()).toEqual(['accept', 'accept-encoding', 'user-agent']);
    expect(asked[0]?.headers.get('accept-encoding')).toBe('identity');
  });

  it.each([301, 302, 303, 307, 308])('follows a %i, with nothing but the same three headers', async (status) => {
    const { result, asked } = await fetchFrom(({ url }) => (url.endsWith('/a.png') ? redirect('../b.png?y', status) : new Response(PNG)));
    expect(result).toMatchObject({ bytes: PNG });
    expect(asked.map(({ url }) => url)).toEqual(['https://a.example.com/a.png', 'https://a.example.com/b.png?y']);
    for (const { headers, method } of asked) expect([method, ...headers.keys()]).toEqual(['GET', 'accept', 'accept-encoding', 'user-agent']);
  });

  it.each([
    [2, 'found'],
    [3, 'found'],
    [4, 'image_unfetchable'],
  ])('%i redirects: %s', async (redirects, outcome) => {
    const { result, asked } = await fetchFrom(({ url }) => {
      const hop = Number(new URL(url).searchParams.get('hop') ?? 0);
      return hop < redirects ? redirect(`/a.png?hop=${hop + 1}`) : new Response(PNG);
    });
    expect('code' in result ? result.code : 'found').toBe(outcome);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('a loop ends', async () => {
    const { result, asked } = await fetchFrom(({ url }) => redirect(url));
    expect(result).toMatchObject({ code: 'image_unfetchable', param: 'image.url', message: expect.stringMatching(/more than 3 times.*final address/) });
    expect(asked.length).toBe(4);
  });

  const forbidden = [
    'http://127.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://2852039166/',
    'https://localhost/',
    'https://db.internal/',
    'https://10.0.0.1.nip.io/',
    'https://b.example.com:22/',
    'https://user:pw@b.example.com/',
    'https://self.example.com/v1/images',
    'ftp://b.example.com/',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    '//127.0.0.1/a.png',
    'http://b.example.com/a.png',
  ];
  it.each(forbidden)('a redirect to %s is refused, at the first hop and at the third', async (location) => {
    const first = await fetchFrom(() => redirect(location));
    expect(first.result).toMatchObject({ code: 'url_forbidden', param: 'image.url' });
    expect(first.asked.length).toBe(1);
    const third = await fetchFrom(({ url }) => (url.endsWith('3') ? redirect(location) : redirect(url.endsWith('2') ? '/3' : '/2')));
    expect(third.result).toMatchObject({ code: 'url_forbidden' });
    expect(third.asked.length).toBe(3);
  });

  it('http may redirect to https, and a redirect that is no URL is refused', async () => {
    const upgraded = await fetchFrom(
      ({ url }) => (url.startsWith('http:') ? redirect('https://a.example.com/a.png') : new Response(PNG)),
      'http://a.example.com/a.png',
    );
    expect(upgraded.result).toMatchObject({ bytes: PNG });
    const { result } = await fetchFrom(() => redirect('http://['));
    expect(result).toMatchObject({ code: 'image_unfetchable', message: expect.stringContaining('not a URL') });
  });

  it.each([
    [204, false],
    [206, false],
    [304, false],
    [302, false],
    [401, false],
    [403, false],
    [404, false],
    [410, false],
    [429, true],
    [500, true],
    [503, true],
  ])('status %i is no image; the same request may succeed later: %s', async (status, retryable) => {
    const body = [204, 304].includes(status) ? null : PNG;
    const { result } = await fetchFrom(() => new Response(body, { status }));
    expect(result).toMatchObject({ code: 'image_unfetchable', param: 'image.url', retryable, message: expect.stringContaining(`answered ${status}.`) });
  });

  it('a failed connection names no addresses', async () => {
    const { result } = await fetchFrom(() => Promise.reject(new TypeError('connect ECONNREFUSED 10.9.8.7:443')));
    expect(result).toMatchObject({ code: 'image_unfetchable', message: expect.stringMatching(/could not be reached \(connection failed\)/) });
    expect((result as Fault).message).not.toContain('10.9.8.7');
  });

  it.each([
    ['gzip', 'image_unfetchable'],
    ['br', 'image_unfetchable'],
    ['identity', 'found'],
  ])('content-encoding %s: %s', async (encoding, outcome) => {
    // The platform would decode a Response it made itself, so the header is read from a plain one.
    const response = new Response(PNG, { headers: { 'x-encoding': encoding } });
    const headers = new Headers({ 'content-encoding': encoding });
    const { result } = await fetchFrom(
      () => new Proxy(response, { get: (target, name) => (name === 'headers' ? headers : Reflect.get(target, name, target)) }),
    );
    expect('code' in result ? result.code : 'found').toBe(outcome);
  });
});

describe('the body of a fetched image', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<[number, string]>([
    [BYTES_MAX - 1, 'found'],
    [BYTES_MAX, 'found'],
    [BYTES_MAX + 1, 'image_too_large'],
  ])('of %i bytes: %s', async (bytes, outcome) => {
    for (const isAnnounced of [true, false]) {
      const body = isAnnounced ? new Uint8Array(bytes) : streamOf([new Uint8Array(bytes)]).stream;
      const { result } = await fetchFrom(() => new Response(body, isAnnounced ? { headers: { 'content-length': String(bytes) } } : {}));
      expect('code' in result ? result.code : 'found').toBe(outcome);
    }
  });

  it('without end is stopped at the bound', async () => {
    const { stream, state } = streamOf(endless());
    const { result } = await fetchFrom(() => new Response(stream));
    expect(result).toMatchObject({ code: 'image_too_large', param: 'image.url', message: expect.stringMatching(/more than 1000 bytes.*smaller/) });
    expect(state.sent).toBeLessThan(BYTES_MAX + 500);
    expect(state.isCancelled).toBe(true);
  });

  it('that announces too much is not read', async () => {
    const { stream, state } = streamOf(endless());
    const { result } = await fetchFrom(() => new Response(stream, { headers: { 'content-length': '1001' } }));
    expect(result).toMatchObject({ code: 'image_too_large', message: expect.stringMatching(/announces 1001 bytes; 1000/) });
    expect(state.sent).toBeLessThan(500);
    expect(state.isCancelled).toBe(true);
  });

  it.each<[string, string, string]>([
    ['short of what was announced', '177', 'image_unfetchable'],
    ['as long as announced', '176', 'found'],
    ['longer than announced', '10', 'found'],
    ['with a length that is no number', '17x', 'found'],
    ['with a negative length', '-1', 'found'],
  ])('%s: %s bytes: %s', async (_, length, outcome) => {
    const { result } = await fetchFrom(() => new Response(streamOf([PNG]).stream, { headers: { 'content-length': length } }));
    expect('code' in result ? result.code : 'found').toBe(outcome);
    if (outcome === 'found') expect(result).toMatchObject({ sha256: await hexHash(PNG) });
  });

  it('that breaks off is told as a fault of the server', async () => {
    let isFirst = true;
    const stream = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        if (!isFirst) return controller.error(new Error('reset by 10.9.8.7'));
        isFirst = false;
        controller.enqueue(PNG.slice(0, 50));
      },
    });
    const { result } = await fetchFrom(() => new Response(stream));
    expect(result).toMatchObject({ code: 'image_unfetchable', message: expect.stringMatching(/broke off \(connection failed\)/) });
  });

  it('that falls silent is given up after ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stream = new ReadableStream({ type: 'bytes', start: (controller) => controller.enqueue(PNG.slice(0, 50)), pull: () => new Promise(() => undefined) });
    const pending = fetchFrom(() => new Response(stream));
    let isDone = false;
    void pending.then(() => (isDone = true));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(isDone).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect((await pending).result).toMatchObject({ code: 'image_unfetchable', retryable: undefined, message: expect.stringMatching(/silent for 10 s/) });
  });
});

describe('origins that development exempts from the guard', () => {
  const allowedOrigins = ['http://127.0.0.1:8080'];

  it('are fetched, by exact origin', async () => {
    const { result } = await fetchFrom(() => new Response(PNG), 'http://127.0.0.1:8080/a.png', { allowedOrigins });
    expect(result).toMatchObject({ bytes: PNG });
  });

  it.each([
    'http://127.0.0.1:8081/',
    'http://127.0.0.1/',
    'https://127.0.0.1:8080/',
    'http://127.0.0.2:8080/',
    'http://localhost:8080/',
    'http://127.0.0.1:8080@b.example.com:81/',
    'http://u:p@127.0.0.1:8080/',
  ])('%s is another one', async (url) => {
    const { result, asked } = await fetchFrom(() => new Response(PNG), url, { allowedOrigins });
    expect(result).toMatchObject({ code: 'url_forbidden' });
    expect(asked).toEqual([]);
  });
});
