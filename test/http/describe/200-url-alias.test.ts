import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { problemOf, startService, UMBRELLA_KEY } from '../../support/service.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';

const ONE = fixture('png-rgb8.png');
const OTHER = fixture('jpeg-gray.jpg');
const URL = 'https://pictures.example.com/a.png?token=canary-in-the-address';
const image = { url: URL };

type Answer = (request: Request) => Response;

/** A service with one origin, whose answer can be exchanged. */
function startWithOrigin(first: Answer) {
  let answer = first;
  const service = startService({ origin: (request) => answer(request) });
  return {
    service,
    answerWith: (next: Answer) => void (answer = next),
    ask: async (more: object = {}, headers: Record<string, string> = {}) => {
      const before = service.fetched.length;
      const response = await service.post('/v1/describe', { image, ...more }, headers);
      const body = (await response.json()) as any;
      return { status: body.cache?.status as string, body, fetched: service.fetched.slice(before) };
    },
  };
}

const serve = (bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>) => () => new Response(bytes, { headers });
/** An origin that answers conditions, as RFC 9110 §13.2.2 has it. */
const conditional =
  (bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Answer =>
  (request) => {
    const tag = request.headers.get('if-none-match');
    const date = request.headers.get('if-modified-since');
    const isSame = tag === null ? date !== null && date === headers['last-modified'] : tag === headers['etag'];
    return isSame ? new Response(null, { status: 304, headers }) : new Response(bytes, { headers });
  };

async function aliases(): Promise<readonly any[]> {
  const { keys } = await bindings.DESCRIPTIONS.list({ prefix: 'alias:' });
  return Promise.all(keys.map(({ name }) => bindings.DESCRIPTIONS.get(name, 'json')));
}

describe('an address that was described before', () => {
  beforeEach(emptyStorage);

  it('costs no request while it is fresh, and one afterwards', async () => {
    const { service, ask } = startWithOrigin(serve(ONE, { 'cache-control': 'max-age=60', etag: '"1"' }));
    const first = await ask();
    expect([first.status, first.fetched.length]).toEqual(['miss', 1]);
    service.advance(59_000);
    const again = await ask();
    expect([again.status, again.fetched.length]).toEqual(['hit', 0]);
    expect(again.body.images).toEqual(first.body.images);
    service.advance(2_000);
    expect((await ask()).fetched.length).toBe(1);
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['a strong tag', { etag: '"v1"' }, { 'if-none-match': '"v1"' }],
    ['a weak tag', { etag: 'W/"v1"' }, { 'if-none-match': 'W/"v1"' }],
    ['a date', { 'last-modified': 'Sat, 01 Nov 2025 10:00:00 GMT' }, { 'if-modified-since': 'Sat, 01 Nov 2025 10:00:00 GMT' }],
    [
      'both',
      { etag: '"v1"', 'last-modified': 'Sat, 01 Nov 2025 10:00:00 GMT' },
      { 'if-none-match': '"v1"', 'if-modified-since': 'Sat, 01 Nov 2025 10:00:00 GMT' },
    ],
  ])('costs no download when it is stale and has %s', async (_, headers, condition) => {
    const { ask } = startWithOrigin(conditional(ONE, headers));
    await ask();
    const again = await ask();
    expect(again.status).toBe('hit');
    expect(again.fetched.length).toBe(1);
    const sent = Object.fromEntries(again.fetched[0]?.headers ?? []);
    expect({ 'if-none-match': sent['if-none-match'], 'if-modified-since': sent['if-modified-since'] }).toEqual({
      'if-none-match': undefined,
      'if-modified-since': undefined,
      ...condition,
    });
  });

  it('is fresh again after a 304, for as long as was stated first', async () => {
    const { service, ask } = startWithOrigin((request) =>
      request.headers.has('if-none-match')
        ? new Response(null, { status: 304 })
        : new Response(ONE, { headers: { etag: '"1"', 'cache-control': 'max-age=60' } }),
    );
    await ask();
    service.advance(61_000);
    expect((await ask()).fetched.length).toBe(1);
    service.advance(59_000);
    expect((await ask()).fetched.length).toBe(0);
    service.advance(2_000);
    expect((await ask()).fetched.length).toBe(1);
  });

  it('is described anew when its content has changed, and the old answer is never given', async () => {
    const { ask, answerWith, service } = startWithOrigin(conditional(ONE, { etag: '"1"' }));
    const first = await ask();
    answerWith(conditional(OTHER, { etag: '"2"' }));
    const changed = await ask();
    expect(changed.status).toBe('miss');
    expect(changed.fetched.length).toBe(1);
    expect(changed.body.images[0].image_id).not.toBe(first.body.images[0].image_id);
    expect((await ask()).body.images).toEqual(changed.body.images);
    expect((await service.calls()).length).toBe(2);
    expect(await aliases()).toHaveLength(1);
  });

  it('is fetched for another question, and checked: what changed within its lifetime is what is described', async () => {
    const { ask, answerWith, service } = startWithOrigin(serve(ONE, { 'cache-control': 'max-age=3600' }));
    await ask();
    const same = await ask({ prompt: 'How many?' });
    expect([same.status, same.fetched.length]).toEqual(['miss', 1]);
    answerWith(serve(OTHER, { 'cache-control': 'max-age=3600' }));
    const changed = await ask({ prompt: 'Which colours?' });
    expect(changed.status).toBe('miss');
    expect(changed.body.images[0].media_type).toBe('image/jpeg');
    const [last] = (await service.calls()).slice(-1);
    expect(JSON.stringify(last)).toContain('image/jpeg');
    // The address stands for the new picture from now on.
    const after = await ask({ prompt: 'Which colours?' });
    expect([after.status, after.fetched.length]).toEqual(['hit', 0]);
    // Three answers were billed: nothing was asked about the picture that is gone.
    expect((await service.calls()).length).toBe(3);
  });

  it('that gives something else each time is described all the same', async () => {
    let turn = 0;
    const { ask } = startWithOrigin(() => new Response(turn++ % 2 === 0 ? ONE : OTHER, { headers: { 'cache-control': 'max-age=3600' } }));
    await ask();
    const answer = await ask({ prompt: 'What is it?' });
    expect(answer.status).toBe('miss');
    expect(answer.fetched.length).toBe(2);
  });

  it.each<[string, Record<string, string>]>([
    ['no-store', { 'cache-control': 'no-store', etag: '"1"' }],
    ['neither a lifetime nor a validator', {}],
    ['Vary: * without a validator', { 'cache-control': 'max-age=60', vary: '*' }],
    ['a date of this very second', { 'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT', date: 'Sat, 21 Nov 2026 10:00:00 GMT' }],
  ])('leaves nothing behind with %s', async (_, headers) => {
    const { ask } = startWithOrigin(serve(ONE, headers));
    await ask();
    expect(await aliases()).toEqual([]);
    const again = await ask();
    expect([again.status, again.fetched.length]).toEqual(['hit', 1]);
  });

  it('is forgotten when the server forbids to keep it later', async () => {
    const { ask, answerWith } = startWithOrigin(conditional(ONE, { etag: '"1"' }));
    await ask();
    expect(await aliases()).toHaveLength(1);
    answerWith(conditional(ONE, { etag: '"1"', 'cache-control': 'no-store' }));
    expect((await ask()).status).toBe('hit');
    expect(await aliases()).toEqual([]);
  });

  it('is asked by its validators only where they came from', async () => {
    let target = 'https://a.example.com/one.png';
    const { ask } = startWithOrigin((request) => {
      if (request.url.startsWith('https://pictures')) return new Response(null, { status: 302, headers: { location: target } });
      const bytes = request.url.endsWith('one.png') ? ONE : OTHER;
      // Both count their versions from 1.
      return conditional(bytes, { etag: '"1"' })(request);
    });
    const first = await ask();
    const again = await ask();
    expect([again.status, again.fetched.map(({ headers }) => headers.get('if-none-match'))]).toEqual(['hit', [null, '"1"']]);
    target = 'https://b.example.com/other.png';
    const moved = await ask();
    expect([moved.status, moved.fetched.map(({ headers }) => headers.get('if-none-match'))]).toEqual(['miss', [null, null]]);
    expect(moved.body.images[0].image_id).not.toBe(first.body.images[0].image_id);
  });

  it('goes through the same guard when it is asked again: a redirect to a private address is refused', async () => {
    const { ask, answerWith } = startWithOrigin(conditional(ONE, { etag: '"1"' }));
    await ask();
    answerWith(() => new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } }));
    const { body, fetched } = await ask();
    expect(body.code).toBe('url_forbidden');
    expect(fetched.length).toBe(1);
  });

  it('is not answered from the old while its server is down', async () => {
    const { ask, answerWith } = startWithOrigin(conditional(ONE, { etag: '"1"' }));
    await ask();
    answerWith(() => new Response(null, { status: 503 }));
    expect((await ask()).body.code).toBe('image_unfetchable');
  });

  it('is fetched again for a refresh, and neither read nor written for a bypass', async () => {
    const { ask } = startWithOrigin(serve(ONE, { 'cache-control': 'max-age=3600', etag: '"1"' }));
    expect((await ask({ cache: 'bypass' })).status).toBe('bypass');
    expect(await aliases()).toEqual([]);
    await ask();
    for (const cache of ['refresh', 'bypass']) {
      const { status, fetched } = await ask({ cache });
      expect(status).toBe(cache);
      expect(fetched.map(({ headers }) => headers.get('if-none-match'))).toEqual([null]);
    }
  });

  it('costs no request for an estimate', async () => {
    const { service, ask } = startWithOrigin(serve(ONE, { 'cache-control': 'max-age=60' }));
    await ask();
    const estimate = (await (await service.post('/v1/estimate', { image })).json()) as any;
    expect(estimate.estimates[0].cache.status).toBe('hit');
    expect(service.fetched.length).toBe(1);
  });

  it('is known to its tenant alone', async () => {
    const { ask } = startWithOrigin(serve(ONE, { 'cache-control': 'max-age=3600' }));
    await ask();
    const other = await ask({}, { authorization: `Bearer ${UMBRELLA_KEY}` });
    expect([other.status, other.fetched.length]).toEqual(['miss', 1]);
    expect(await aliases()).toHaveLength(2);
  });

  it('stands nowhere in what is stored, for it may hold a secret', async () => {
    const { ask } = startWithOrigin(serve(ONE, { 'cache-control': 'max-age=3600', etag: '"1"' }));
    await ask();
    const { keys } = await bindings.DESCRIPTIONS.list();
    const values = await Promise.all(keys.map(({ name }) => bindings.DESCRIPTIONS.get(name)));
    const all = JSON.stringify([keys, values]);
    expect(all).toContain('alias:v1:acme:');
    expect(all).not.toMatch(/canary|pictures\.example/);
  });

  it('is not trusted when its record was spoilt or belongs to another address', async () => {
    const { ask } = startWithOrigin(serve(ONE, { 'cache-control': 'max-age=3600' }));
    await ask();
    const { keys } = await bindings.DESCRIPTIONS.list({ prefix: 'alias:' });
    const name = keys[0]?.name ?? '';
    const record = (await bindings.DESCRIPTIONS.get(name, 'json')) as any;
    for (const spoilt of [{ ...record, key: `${record.key.slice(0, -1)}x` }, { ...record, sha256: 'abc' }, { ...record, extra: 1 }, []]) {
      await bindings.DESCRIPTIONS.put(name, JSON.stringify(spoilt));
      expect((await ask()).fetched.length).toBe(1);
    }
  });

  it('keeps to the bytes of a request without a download', async () => {
    const { ask } = startWithOrigin(serve(ONE, { 'cache-control': 'max-age=3600' }));
    await ask();
    const small = startService({ environment: { UPLOAD_BYTES_MAX: '170' }, origin: () => new Response(null, { status: 500 }) });
    expect(await problemOf(await small.post('/v1/describe', { image }))).toMatchObject({ code: 'image_too_large', param: 'image.url' });
    expect(small.fetched).toEqual([]);
  });
});
