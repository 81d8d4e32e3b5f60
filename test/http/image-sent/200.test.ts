import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { hexHash } from '../../support/hash.ts';
import { pngPicture } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

describe('GET /v1/images/{image_id}/sent', () => {
  beforeEach(emptyStorage);

  it.each<[string, () => Promise<Uint8Array<ArrayBuffer>>, string, string]>([
    ['an image that is sent as it is', async () => fixture('jpeg-baseline-444.jpg'), 'standard', '64x32; none; 6 tokens'],
    ['an image that is turned', async () => fixture('jpeg-orientation-8-little-endian.jpg'), 'standard', '64x32; reencoded; 6 tokens'],
    ['an image that is resized', () => pngPicture(1569, 100), 'standard', '1568x100; resized; 224 tokens'],
    ['the same in the high tier', () => pngPicture(1569, 100), 'high', '1569x100; none; 228 tokens'],
  ])('gives the very bytes that Claude saw: %s', async (_, make, tier, facts) => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', await make())).json()) as any;
    const { images } = (await (await service.post('/v1/describe', { image: { image_id }, detail: tier })).json()) as any;
    const response = await service.send(`/v1/images/${image_id}/sent?tier=${tier}`);
    expect(response.status).toBe(200);
    const sha256 = await hexHash(await response.arrayBuffer());
    expect(sha256).toBe(images[0].sent.sha256);
    expect(sha256).toBe((await service.calls())[0].images[0].sha256);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': images[0].sent.media_type,
      etag: `"${sha256}"`,
      'x-vignette-sent': facts,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': 'attachment',
    });
  });

  it('holds no metadata where the picture is encoded anew', async () => {
    const service = startService();
    const file = fixture('jpeg-orientation-8-little-endian.jpg');
    const textOf = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);
    expect(textOf(file)).toContain('Exif');
    const { image_id } = (await (await service.upload('/v1/images', file)).json()) as any;
    const response = await service.send(`/v1/images/${image_id}/sent`);
    expect(response.headers.get('x-vignette-sent')).toContain('reencoded');
    expect(textOf(await response.bytes())).not.toMatch(/Exif|http:\/\/ns\.adobe\.com|II\*\0|MM\0\*/);
  });

  it('is of the standard tier unless told otherwise', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', await pngPicture(1569, 100))).json()) as any;
    expect((await service.send(`/v1/images/${image_id}/sent`)).headers.get('x-vignette-sent')).toBe('1568x100; resized; 224 tokens');
  });

  it.each(['low', '', 'STANDARD'])('the tier "%s" is a 400', async (tier) => {
    const problem = await expectProblem(await startService().send(`/v1/images/sha256:${'0'.repeat(64)}/sent?tier=${tier}`), 'invalid_request');
    expect(problem).toMatchObject({ param: 'tier', detail: 'The tier must be "standard" or "high".' });
  });

  it('of an unknown image is a 404', async () => {
    await expectProblem(await startService().send(`/v1/images/sha256:${'0'.repeat(64)}/sent`), 'not_found');
  });
});
