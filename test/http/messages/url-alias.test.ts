/** Addresses that gave a picture before, in relayed requests that ask for the cache. How long one holds, and what it may be asked by, is that of `/v1/describe`. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';
import { imageBlock, QUESTION, startRelay } from './relay.ts';

const ONE = fixture('png-rgb8.png');
const OTHER = fixture('jpeg-gray.jpg');
const ADDRESS = 'https://images.example.com/a';
const OTHER_ADDRESS = 'https://images.example.com/b';
const FRESH = { 'cache-control': 'max-age=60', etag: '"1"' };
const ANOTHER_QUESTION = { type: 'text', text: 'And what colour is it?' };

const at = (url: string) => ({ type: 'image', source: { type: 'url', url } });
const aliases = async () => (await bindings.DESCRIPTIONS.list({ prefix: 'alias:' })).keys;

/** A service with one origin that knows conditions, and whose pictures can be exchanged. */
function start() {
  const pictures = new Map([
    [ADDRESS, ONE],
    [OTHER_ADDRESS, OTHER],
  ]);
  const service = startRelay({
    origin: (request) => {
      const isKnown = request.headers.get('if-none-match') === FRESH.etag;
      return isKnown ? new Response(null, { status: 304, headers: FRESH }) : new Response(pictures.get(request.url), { headers: FRESH });
    },
  });
  return {
    service,
    exchange: (url: string, picture: Uint8Array<ArrayBuffer>) => void pictures.set(url, picture),
    /** The status of the cache, addresses that were asked, and base64 of the pictures that went to Claude. */
    ask: async (content: readonly object[], mode = 'default') => {
      const [fetched, sent] = [service.fetched.length, service.outgoing.length];
      const response = await service.ask(content, {}, mode === 'bypass' ? {} : { 'x-vignette-cache': mode });
      expect(response.status).toBe(200);
      await response.text();
      const blocks = service.outgoing.slice(sent).flatMap(({ body }) => (body as any).messages[0].content);
      return {
        isHit: /hit/.test(response.headers.get('cache-status') ?? ''),
        fetched: service.fetched.slice(fetched).map(({ url }) => url),
        pictures: blocks.flatMap((block: any) => block.source?.data ?? []),
      };
    },
  };
}

describe('an address in a relayed request', () => {
  beforeEach(emptyStorage);

  it('costs no request while it is fresh, and no download when its server says that nothing has changed', async () => {
    const { service, ask } = start();
    expect(await ask([at(ADDRESS), QUESTION])).toEqual({ isHit: false, fetched: [ADDRESS], pictures: [ONE.toBase64()] });
    service.advance(59_000);
    expect(await ask([at(ADDRESS), QUESTION])).toEqual({ isHit: true, fetched: [], pictures: [] });
    service.advance(2_000);
    expect(await ask([at(ADDRESS), QUESTION])).toEqual({ isHit: true, fetched: [ADDRESS], pictures: [] });
    expect(service.fetched.at(-1)?.headers.get('if-none-match')).toBe(FRESH.etag);
    // That renewed it.
    service.advance(59_000);
    expect((await ask([at(ADDRESS), QUESTION])).fetched).toEqual([]);
  });

  it('is fetched once for another question, and holds what was learnt of it for the next', async () => {
    const { ask } = start();
    await ask([at(ADDRESS), QUESTION]);
    expect(await ask([at(ADDRESS), ANOTHER_QUESTION])).toEqual({ isHit: false, fetched: [ADDRESS], pictures: [ONE.toBase64()] });
    expect((await ask([at(ADDRESS), ANOTHER_QUESTION])).fetched).toEqual([]);
  });

  it('is believed where the answer is known; whatever stands there by now is what another question is about', async () => {
    const { ask, exchange } = start();
    await ask([at(ADDRESS), QUESTION]);
    exchange(ADDRESS, OTHER);
    expect((await ask([at(ADDRESS), QUESTION])).isHit).toBe(true);
    expect(await ask([at(ADDRESS), ANOTHER_QUESTION])).toEqual({ isHit: false, fetched: [ADDRESS], pictures: [OTHER.toBase64()] });
    // From then on the address is that of the new picture, for the first question, too.
    expect(await ask([at(ADDRESS), QUESTION])).toMatchObject({ isHit: false, pictures: [OTHER.toBase64()] });
  });

  it('that gives another picture by now is answered from what is known of that one', async () => {
    const { ask, exchange } = start();
    await ask([imageBlock(OTHER, 'image/jpeg'), ANOTHER_QUESTION]);
    await ask([at(ADDRESS), QUESTION]);
    exchange(ADDRESS, OTHER);
    expect(await ask([at(ADDRESS), ANOTHER_QUESTION])).toEqual({ isHit: true, fetched: [ADDRESS], pictures: [] });
  });

  it('that is known is fetched beside others that are not, each once', async () => {
    const { ask } = start();
    await ask([at(ADDRESS), QUESTION]);
    const { isHit, fetched, pictures } = await ask([at(ADDRESS), imageBlock(OTHER, 'image/jpeg'), at(OTHER_ADDRESS), QUESTION]);
    expect([isHit, fetched.toSorted()]).toEqual([false, [ADDRESS, OTHER_ADDRESS]]);
    expect(pictures).toEqual([ONE.toBase64(), OTHER.toBase64(), OTHER.toBase64()]);
  });

  it('is fetched when the answer is to be made anew, and not remembered without the cache', async () => {
    const { ask } = start();
    await ask([at(ADDRESS), QUESTION], 'bypass');
    expect(await aliases()).toEqual([]);
    await ask([at(ADDRESS), QUESTION]);
    expect(await aliases()).toHaveLength(1);
    expect(await ask([at(ADDRESS), QUESTION], 'refresh')).toEqual({ isHit: false, fetched: [ADDRESS], pictures: [ONE.toBase64()] });
    expect(await ask([at(ADDRESS), QUESTION], 'only')).toEqual({ isHit: true, fetched: [], pictures: [] });
  });
});
