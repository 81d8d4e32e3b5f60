import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const TURNED = fixture('png-orientation-6-big-endian.png');

describe('DELETE /v1/images/{image_id}', () => {
  beforeEach(emptyStorage);

  it('deletes what was uploaded of the image, sized or not, and is tried again where that fails', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', TURNED)).json()) as any;
    const { images } = (await (await service.post('/v1/describe', { image: { image_id }, source: 'file' })).json()) as any;
    expect(images[0].sent).toMatchObject({ source: 'file', transform: 'reencoded' });
    await service.fail({ kind: 'internal', route: 'files' });
    expect((await service.send(`/v1/images/${image_id}`, { method: 'DELETE' })).status).toBe(502);
    const response = await service.send(`/v1/images/${image_id}`, { method: 'DELETE' });
    expect(response.status).toBe(200);
    expect(((await response.json()) as any).removed.files).toBe(1);
    const deletes = (await service.calls()).filter(({ method }) => method === 'DELETE');
    expect(deletes.map(({ status }) => status)).toEqual([500, 200]);
    expect((await storedNames()).filter((name) => name.startsWith('file'))).toEqual([]);
  });
});
