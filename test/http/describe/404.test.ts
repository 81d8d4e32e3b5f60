import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngPicture } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { cachedNames, emptyStorage, storedNames } from '../../support/storage.ts';

const PNG = fixture('png-gray8.png');
const UNKNOWN = `sha256:${'0'.repeat(64)}`;

describe('what POST /v1/describe does not find', () => {
  beforeEach(emptyStorage);

  it('a stored image that there is not is named, with its position', async () => {
    const service = startService();
    const response = await service.post('/v1/describe', { images: [{ base64: PNG.toBase64() }, { image_id: UNKNOWN }] });
    const problem = await expectProblem(response, 'not_found');
    expect(problem).toMatchObject({ param: 'images.1.image_id', retryable: false, billed: false });
    expect(problem.detail).toMatch(new RegExp(`${UNKNOWN}.*Store it first`));
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  it('a stored image of another tenant does not exist', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    const response = await service.post('/v1/describe', { image: { image_id } }, { authorization: `Bearer ${UMBRELLA_KEY}` });
    expect(await expectProblem(response, 'not_found')).toMatchObject({ param: 'image.image_id' });
    expect(await cachedNames()).toEqual([]);
  });

  it.each<[string, object, Record<string, string>]>([
    ['"cache": "only"', { cache: 'only' }, {}],
    ['only-if-cached', {}, { 'cache-control': 'only-if-cached' }],
  ])('an answer that is not cached is not made with %s', async (_, request, headers) => {
    const service = startService();
    const response = await service.post('/v1/describe', { image: { base64: PNG.toBase64() }, ...request }, headers);
    const problem = await expectProblem(response, 'not_found');
    expect(problem).toMatchObject({ param: 'cache', billed: false, detail: expect.stringMatching(/"cache": "only".*Leave it out/) });
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  it('an image that was described for more detail is not cached for less', async () => {
    const service = startService();
    const bytes = await pngPicture(1569, 100);
    await service.upload('/v1/describe?detail=high', bytes, 'image/png');
    await expectProblem(await service.upload('/v1/describe?cache=only', bytes, 'image/png'), 'not_found');
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('the method %s is not there, and Allow names the one that is', async (method) => {
    const response = await startService().send('/v1/describe', { method });
    const problem = await expectProblem(response, 'not_found');
    expect(problem).toMatchObject({ param: 'method', detail: `${method} is not possible here; POST is.` });
    expect(response.headers.get('allow')).toBe('POST');
  });

  it.each(['/v1/describe/', '/v1/describes', '/v1/', '/nothing', '/v1/images//sent'])('the route %s is not there', async (path) => {
    const problem = await expectProblem(await startService().send(path, { method: 'POST', body: PNG, headers: { 'content-type': 'image/png' } }), 'not_found');
    expect(problem.detail).toMatch(/POST .*openapi\.json|64 lower-case hex/);
  });
});
