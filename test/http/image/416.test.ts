import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

/** 176 bytes. */
const PNG = fixture('png-rgb8.png');

describe('a range of GET /v1/images/{image_id} outside the file', () => {
  beforeEach(emptyStorage);

  it.each(['bytes=176-', 'bytes=176-200', 'bytes=999999999-', 'bytes=-0'])('%s is a 416 that says the length', async (range) => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    const response = await service.send(`/v1/images/${image_id}`, { headers: { range } });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */176');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe('');
  });
});
