import { beforeEach, describe, expect, it } from 'vitest';
import { r2ImageStore } from '../../../src/adapter/r2-image-store.ts';
import type { ImageStore } from '../../../src/port/storage.ts';
import { fixture } from '../../support/fixture.ts';
import { problemOf, startService } from '../../support/service.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';

const PHOTO = fixture('jpeg-orientation-6-big-endian.jpg');

/** A service whose R2 says what it was asked, with a stored picture. */
async function startWithStored(environment: Record<string, string> = {}) {
  const store = r2ImageStore(bindings.IMAGES);
  const asked: string[] = [];
  const images = new Proxy(store, {
    get: (target, name: keyof ImageStore) => {
      asked.push(name);
      return target[name];
    },
  });
  const service = startService({ environment, ports: { images } });
  const { image_id: imageId } = (await (await service.upload('/v1/images', PHOTO)).json()) as any;
  asked.length = 0;
  return { service, asked, image: { image_id: imageId as string } };
}

describe('a stored image', () => {
  beforeEach(emptyStorage);

  it('is read once for a miss, and not at all for a hit', async () => {
    const { service, asked, image } = await startWithStored();
    const first = (await (await service.post('/v1/describe', { image })).json()) as any;
    expect(first.cache.status).toBe('miss');
    expect(asked).toEqual(['head', 'read']);
    asked.length = 0;
    const hit = (await (await service.post('/v1/describe', { image })).json()) as any;
    expect(hit.cache.status).toBe('hit');
    expect(hit.images).toEqual(first.images);
    expect(asked).toEqual(['head']);
  });

  it('is known by its facts to an upload of the same bytes, and the other way round', async () => {
    const { service, asked, image } = await startWithStored();
    await service.upload('/v1/describe', PHOTO);
    expect(((await (await service.post('/v1/describe', { image })).json()) as any).cache.status).toBe('hit');
    expect(asked).toEqual(['head']);
  });

  it('is not read for an estimate', async () => {
    const { service, asked, image } = await startWithStored();
    const estimate = (await (await service.post('/v1/estimate', { image })).json()) as any;
    const upload = (await (await service.upload('/v1/estimate', PHOTO)).json()) as any;
    expect(estimate.estimates).toEqual(upload.estimates);
    expect(asked).toEqual(['head']);
  });

  it('holds memory only while its bytes are there', async () => {
    const { service, image } = await startWithStored();
    await service.post('/v1/describe', { image });
    const before = service.ledger.peakBytes();
    await service.post('/v1/describe', { image });
    expect(service.ledger.peakBytes()).toBe(before);
    // Everything is given back: what fits alone fits now.
    const reservation = await service.ledger.reserve(1);
    reservation.grow(112 * 1024 * 1024 - 1);
    reservation.release();
  });

  it('counts towards the bytes of a request without being read', async () => {
    const { service, asked, image } = await startWithStored({ UPLOAD_BYTES_MAX: String(2 * PHOTO.length - 1) });
    const response = await service.post('/v1/describe', { images: [image, image] });
    expect(await problemOf(response)).toMatchObject({ code: 'image_too_large', param: 'images.1.image_id' });
    expect(asked).toEqual(['head', 'head']);
  });

  it('that vanishes between the look-up and the reading is not found', async () => {
    const { service, image } = await startWithStored();
    const store = r2ImageStore(bindings.IMAGES);
    const vanishing = startService({ ports: { images: { ...store, read: async () => undefined } } });
    expect(await problemOf(await vanishing.post('/v1/describe', { image }))).toMatchObject({ code: 'not_found', param: 'image.image_id' });
    expect(await service.calls()).toEqual([]);
  });
});
