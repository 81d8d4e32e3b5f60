import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { hexHash } from '../../support/hash.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const PNG = fixture('png-rgba8.png');

async function stored(service: ReturnType<typeof startService>): Promise<string> {
  return `/v1/images/${((await (await service.upload('/v1/images', PNG, 'image/jpeg')).json()) as any).image_id}`;
}

describe('GET /v1/images/{image_id}', () => {
  beforeEach(emptyStorage);

  it('gives the original, byte for byte, in a form that no browser runs', async () => {
    const service = startService();
    const response = await service.send(await stored(service));
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(PNG);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(PNG.length),
      'content-disposition': 'attachment',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=3600',
      'accept-ranges': 'bytes',
      etag: `"${await hexHash(PNG)}"`,
      'last-modified': expect.stringMatching(/ GMT$/),
    });
  });

  it('HEAD gives the same headers and no body', async () => {
    const service = startService();
    const path = await stored(service);
    const [get, head] = [await service.send(path), await service.send(path, { method: 'HEAD', headers: { range: 'bytes=0-1' } })];
    await get.arrayBuffer();
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    const without = (headers: Headers) => ({ ...Object.fromEntries(headers), 'x-request-id': '', 'server-timing': '' });
    expect(without(head.headers)).toEqual(without(get.headers));
  });

  it.each(['bytes=0-1,4-5', 'items=0-1', 'bytes=5-2', 'bytes=-', 'bytes=a-b', 'nonsense', ''])('a range "%s" that is not one is ignored', async (range) => {
    const service = startService();
    const response = await service.send(await stored(service), { headers: { range } });
    expect(response.status).toBe(200);
    expect((await response.arrayBuffer()).byteLength).toBe(PNG.length);
  });

  it.each(['"other"', 'W/"x"', 'Sat, 21 Nov 2026 00:00:00 GMT'])('a range of another version (If-Range: %s) is the whole file', async (ifRange) => {
    const service = startService();
    const response = await service.send(await stored(service), { headers: { range: 'bytes=0-3', 'if-range': ifRange } });
    expect(response.status).toBe(200);
    expect((await response.arrayBuffer()).byteLength).toBe(PNG.length);
  });
});
