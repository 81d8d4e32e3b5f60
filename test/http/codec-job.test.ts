import { beforeEach, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/port/ports.ts';
import { blotches } from '../support/blotch.ts';
import { pngPicture } from '../support/picture.ts';
import { startService } from '../support/service.ts';
import { emptyStorage } from '../support/storage.ts';

/** A service that counts its computing, and how much of it ran without a place among the few jobs of the isolate. */
function watched() {
  const seen = { decodings: 0, outside: 0 };
  let places = 0;
  const wrap = (ports: Ports): Ports => {
    const decoding = <T>(work: () => T): T => {
      seen.decodings += 1;
      if (places === 0) seen.outside += 1;
      return work();
    };
    return {
      ...ports,
      ledger: {
        async reserve(bytes, options) {
          const reservation = await ports.ledger.reserve(bytes, options);
          if (options?.isJob !== true) return reservation;
          places += 1;
          return {
            grow: reservation.grow,
            release() {
              places -= 1;
              reservation.release();
            },
          };
        },
      },
      codec: {
        transcode: (...parameters) => decoding(() => ports.codec.transcode(...parameters)),
        canConvert: ports.codec.canConvert,
        thumbnail: (...parameters) => decoding(() => ports.codec.thumbnail(...parameters)),
      },
    };
  };
  return { service: startService({ wrap, origin: async () => new Response(await pngPicture(1700, 40)) }), seen };
}

describe('decoding', () => {
  beforeEach(emptyStorage);

  const large = () => pngPicture(1700, 30);
  const message = (source: object) => ({
    model: 'claude-haiku-4-5',
    max_tokens: 50,
    messages: [{ role: 'user', content: [{ type: 'image', source }] }],
  });

  it.each([
    ['a description', async (service: ReturnType<typeof startService>) => service.upload('/v1/describe', await large(), 'image/png')],
    [
      'a near-duplicate',
      async (service: ReturnType<typeof startService>) =>
        service.post('/v1/describe', { image: { base64: (await blotches(0)).toBase64() }, near_duplicate: { max_distance: 6 } }),
    ],
    [
      'a message with the picture in it',
      async (service: ReturnType<typeof startService>) =>
        service.post('/v1/messages', message({ type: 'base64', media_type: 'image/png', data: (await large()).toBase64() })),
    ],
    [
      'a message with an address',
      async (service: ReturnType<typeof startService>) => service.post('/v1/messages', message({ type: 'url', url: 'https://images.example.com/one.png' })),
    ],
    [
      'a file upload',
      async (service: ReturnType<typeof startService>) => {
        const form = new FormData();
        form.append('file', new File([await pngPicture(2700, 30)], 'one.png', { type: 'image/png' }));
        return service.send('/v1/files', { method: 'POST', body: form });
      },
    ],
    [
      'the bytes that Claude would see',
      async (service: ReturnType<typeof startService>) => {
        const { image_id: imageId } = (await (await service.upload('/v1/images', await large(), 'image/png')).json()) as { image_id: string };
        return service.send(`/v1/images/${imageId}/sent`);
      },
    ],
  ])('for %s takes a place among the jobs of the isolate', async (_name, ask) => {
    const { service, seen } = watched();
    const response = await ask(service);
    expect(response.status).toBe(200);
    expect(seen.decodings).toBeGreaterThan(0);
    expect(seen.outside).toBe(0);
  });
});
