import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const TURNED = fixture('png-orientation-6-big-endian.png');

describe('a conditional GET', () => {
  beforeEach(emptyStorage);

  it.each(['', '/sent'])('of /v1/images/{image_id}%s with the known tag is a 304 without a body', async (suffix) => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', TURNED)).json()) as any;
    const path = `/v1/images/${image_id}${suffix}`;
    const first = await service.send(path);
    await first.arrayBuffer();
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await service.send(path, { headers: { 'if-none-match': tag } });
      expect(response.status, tag).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
      expect(await response.text()).toBe('');
    }
    for (const tag of ['"other"', etag.slice(1, -1), `"${'0'.repeat(64)}"`]) {
      const response = await service.send(path, { headers: { 'if-none-match': tag } });
      expect(response.status, tag).toBe(200);
      await response.arrayBuffer();
    }
  });

  it('is answered before the file is read', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', TURNED)).json()) as any;
    const response = await service.send(`/v1/images/${image_id}`, { headers: { 'if-none-match': `"${image_id.slice(7)}"`, range: 'bytes=99999-' } });
    expect(response.status).toBe(304);
  });
});
