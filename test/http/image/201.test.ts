import { beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES, fixture } from '../../support/fixture.ts';
import { hexHash } from '../../support/hash.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { bindings, emptyStorage, storedNames } from '../../support/storage.ts';

const PNG = fixture('png-rgba8.png');

describe('POST /v1/images', () => {
  beforeEach(emptyStorage);

  it('stores an image under its hash, with its facts', async () => {
    const service = startService();
    const response = await service.upload('/v1/images', PNG, 'image/gif');
    const sha256 = await hexHash(PNG);
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/v1/images/sha256:${sha256}`);
    expect(response.headers.get('etag')).toBe(`"${sha256}"`);
    expect(await response.json()).toEqual({
      type: 'image',
      image_id: `sha256:${sha256}`,
      media_type: 'image/png',
      width: 64,
      height: 32,
      orientation: 1,
      bytes: PNG.length,
      is_new: true,
    });
    expect(await storedNames()).toEqual([`image/v2/acme/${sha256}`]);
    expect(await service.calls()).toEqual([]);
  });

  it('is idempotent: the same file again is the same object', async () => {
    const service = startService();
    const first = (await (await service.upload('/v1/images', PNG)).json()) as any;
    const { uploaded } = (await bindings.IMAGES.head((await storedNames())[0] ?? '')) ?? {};
    const again = await service.upload('/v1/images', PNG);
    expect(again.status).toBe(201);
    expect(await again.json()).toEqual({ ...first, is_new: false });
    expect(await storedNames()).toHaveLength(1);
    expect((await bindings.IMAGES.head((await storedNames())[0] ?? ''))?.uploaded).toEqual(uploaded);
  });

  it('stores each file once for each tenant', async () => {
    const service = startService();
    await service.upload('/v1/images', PNG);
    const other = await service.send('/v1/images', { method: 'POST', headers: { 'x-api-key': UMBRELLA_KEY, 'content-type': 'image/png' }, body: PNG });
    expect(((await other.json()) as any).is_new).toBe(true);
    expect((await storedNames()).map((name) => name.split('/')[2])).toEqual(['acme', 'umbrella']);
  });

  it.each<[string, (service: ReturnType<typeof startService>) => Promise<Response>]>([
    ['a URL', (service) => service.post('/v1/images', { url: 'https://a.example.com/a.png' })],
    ['a form', (service) => service.send('/v1/images', { method: 'POST', body: formWith(PNG) })],
  ])('takes the file as %s', async (_, send) => {
    const response = await send(startService({ origin: () => new Response(PNG) }));
    expect(response.status).toBe(201);
    expect(((await response.json()) as any).image_id).toBe(`sha256:${await hexHash(PNG)}`);
  });

  it('keeps every format, with its true type and upright size', async () => {
    const service = startService();
    for (const name of FIXTURES) {
      const bytes = fixture(name);
      const body = (await (await service.upload('/v1/images', bytes, 'application/octet-stream')).json()) as any;
      const type = `image/${name.split('.').at(-1)?.replace('jpg', 'jpeg')}`;
      expect(body, name).toMatchObject({
        media_type: type,
        width: 64,
        height: 32,
        bytes: bytes.length,
        orientation: Number(/orientation-(\d)/.exec(name)?.[1] ?? 1),
      });
      const served = await service.send(`/v1/images/${body.image_id}`);
      expect(served.headers.get('content-type'), name).toBe(type);
      expect(await hexHash(await served.arrayBuffer()), name).toBe(body.image_id.slice('sha256:'.length));
    }
    // The first to meet the objects, while the entry still loads.
  }, 30_000);
});

function formWith(bytes: Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData();
  form.append('image', new File([bytes], 'a.png', { type: 'image/png' }));
  return form;
}
