import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

/** 176 bytes. */
const PNG = fixture('png-rgb8.png');

describe('a range of GET /v1/images/{image_id}', () => {
  beforeEach(emptyStorage);

  it.each<[string, number, number]>([
    ['bytes=0-0', 0, 0],
    ['bytes=0-9', 0, 9],
    ['bytes=10-19', 10, 19],
    ['bytes=100-', 100, 175],
    ['bytes=175-', 175, 175],
    ['bytes=0-175', 0, 175],
    ['bytes=170-99999', 170, 175],
    ['bytes=-1', 175, 175],
    ['bytes=-10', 166, 175],
    ['bytes=-99999', 0, 175],
  ])('%s is bytes %i to %i', async (range, first, last) => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    for (const ifRange of [undefined, `"${image_id.slice(7)}"`]) {
      const response = await service.send(`/v1/images/${image_id}`, { headers: { range, ...(ifRange === undefined ? {} : { 'if-range': ifRange }) } });
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/176`);
      expect(response.headers.get('content-length')).toBe(String(last - first + 1));
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(PNG.slice(first, last + 1));
    }
  });
});
