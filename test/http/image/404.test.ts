import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';

const PNG = fixture('png-rgb8.png');
const UNKNOWN = `sha256:${'0'.repeat(64)}`;

describe('an image that is not there', () => {
  beforeEach(emptyStorage);

  it.each(['GET', 'HEAD', 'DELETE'])('%s of an unknown id is a 404', async (method) => {
    const response = await startService().send(`/v1/images/${UNKNOWN}`, { method });
    expect(response.status).toBe(404);
    if (method !== 'HEAD')
      expect(await expectProblem(response, 'not_found')).toMatchObject({ param: 'image_id', detail: `No image ${UNKNOWN} is stored for this key.` });
  });

  it.each(['', '/sent'])('another tenant’s image is a 404 like any unknown one (%s)', async (suffix) => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    const response = await service.send(`/v1/images/${image_id}${suffix}`, { headers: { 'x-api-key': UMBRELLA_KEY } });
    expect((await expectProblem(response, 'not_found')).detail.replace(image_id, UNKNOWN)).toMatch(`No image ${UNKNOWN} is stored for this key.`);
  });

  it.each([
    'abc',
    'sha256:',
    `sha256:${'0'.repeat(63)}`,
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'0'.repeat(64)}%2F..`,
    '..%2facme',
    '%00',
    `md5:${'0'.repeat(32)}`,
  ])('the id "%s" is a 404 that says what ids look like', async (id) => {
    for (const suffix of ['', '/sent']) {
      const problem = await expectProblem(await startService().send(`/v1/images/${id}${suffix}`), 'not_found');
      expect(problem.detail).toMatch(/64 lower-case hex digits.*POST \/v1\/images|no route/);
    }
  });

  it('an object that the service did not write is none', async () => {
    const service = startService();
    await bindings.IMAGES.put(`image/v2/acme/${'0'.repeat(64)}`, 'x', { httpMetadata: { contentType: 'text/html' } });
    expect((await service.send(`/v1/images/${UNKNOWN}`)).status).toBe(404);
  });

  it.each(['PUT', 'PATCH', 'POST'])('%s is not there, and Allow names what is', async (method) => {
    const response = await startService().send(`/v1/images/${UNKNOWN}`, { method });
    expect(response.headers.get('allow')).toBe('GET, HEAD, DELETE');
    expect(await expectProblem(response, 'not_found')).toMatchObject({ param: 'method' });
  });

  it('there is no list of images', async () => {
    await expectProblem(await startService().send('/v1/images'), 'not_found');
  });
});
