import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { deepJpegClaim } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const image = { base64: fixture('png-gray8.png').toBase64() };

describe('POST /v1/estimate of what cannot be described', () => {
  beforeEach(emptyStorage);

  it.each<[string, unknown, string, string]>([
    ['no image', {}, 'invalid_request', 'images'],
    ['an unknown field', { image, modl: '*' }, 'invalid_request', 'modl'],
    ['a malformed model', { image, model: '**' }, 'invalid_request', 'model'],
    ['an unknown image', { image: { image_id: `sha256:${'0'.repeat(64)}` } }, 'not_found', 'image.image_id'],
    ['a private address', { image: { url: 'http://10.1.2.3/' } }, 'url_forbidden', 'image.url'],
    ['an address without an image', { image: { url: 'https://a.example.com/' } }, 'image_unfetchable', 'image.url'],
    ['a text', { image: { base64: btoa('words') } }, 'unsupported_media_type', 'image.base64'],
    ['a broken image', { image: { base64: fixture('png-gray8.png').slice(0, 25).toBase64() } }, 'image_undecodable', 'image.base64'],
    ['a picture that is too large', { images: [image, { base64: deepJpegClaim(9_000, 9_000).toBase64() }] }, 'image_too_large', 'images.1.base64'],
  ])('%s is the same problem as there', async (_, body, code, param) => {
    const service = startService();
    const { request_id: first, ...problem } = await expectProblem(await service.post('/v1/estimate', body), code);
    const { request_id: second, ...described } = await expectProblem(await service.post('/v1/describe', body), code);
    expect(first).not.toBe(second);
    expect(problem.param).toBe(param);
    if (param !== 'model') expect(problem).toEqual(described);
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });
});
