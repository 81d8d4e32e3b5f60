import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { cachedNames, emptyStorage, storedNames } from '../../support/storage.ts';

const PNG = fixture('png-rgb8.png');
const TURNED = fixture('png-orientation-6-big-endian.png');

describe('DELETE /v1/images/{image_id}', () => {
  beforeEach(emptyStorage);

  it('removes the image and every answer made from it, and nothing else', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', TURNED)).json()) as any;
    await service.post('/v1/describe', { image: { image_id } });
    await service.post('/v1/describe', { image: { image_id }, fields: ['caption'] });
    await service.post('/v1/describe', { images: [{ base64: PNG.toBase64() }, { image_id }] });
    await service.upload('/v1/describe', PNG);
    const kept = await cachedNames();
    expect(kept.length).toBeGreaterThan(4);
    const response = await service.send(`/v1/images/${image_id}`, { method: 'DELETE' });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(await cachedNames()).toHaveLength(1);
    expect((await service.send(`/v1/images/${image_id}`)).status).toBe(404);
    expect(((await (await service.upload('/v1/describe', PNG)).json()) as any).cache.status).toBe('hit');
    expect(((await (await service.upload('/v1/describe', TURNED)).json()) as any).cache.status).toBe('miss');
  });

  it('removes the answers of an image that was never stored', async () => {
    const service = startService();
    const { images } = (await (await service.upload('/v1/describe', PNG)).json()) as any;
    expect((await service.send(`/v1/images/${images[0].image_id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await cachedNames()).toEqual([]);
  });

  it('touches nothing of another tenant', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    await service.post('/v1/describe', { image: { image_id } });
    const before = await storedNames();
    expect((await service.send(`/v1/images/${image_id}`, { method: 'DELETE', headers: { 'x-api-key': UMBRELLA_KEY } })).status).toBe(404);
    expect(await storedNames()).toEqual(before);
  });

  it('deletes what was uploaded of the image, sized or not, and is tried again where that fails', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', TURNED)).json()) as any;
    const sent = ((await (await service.post('/v1/describe', { image: { image_id }, source: 'file' })).json()) as any).images[0].sent;
    expect(sent).toMatchObject({ source: 'file', transform: 'reencoded' });
    await service.fail({ kind: 'internal', route: 'files' });
    expect((await service.send(`/v1/images/${image_id}`, { method: 'DELETE' })).status).toBe(502);
    expect((await service.send(`/v1/images/${image_id}`)).status).toBe(200);
    expect((await service.send(`/v1/images/${image_id}`, { method: 'DELETE' })).status).toBe(204);
    const deletes = (await service.calls()).filter(({ method }) => method === 'DELETE');
    expect(deletes.map(({ status }) => status)).toEqual([500, 200]);
    expect((await storedNames()).filter((name) => name.startsWith('file'))).toEqual([]);
  });
});
