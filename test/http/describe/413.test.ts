import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { deepJpegClaim, joined, pngClaim, pngPicture } from '../../support/picture.ts';
import { withEmptyScans, withOrientation } from '../../support/scan.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const BYTES_MAX = 4_096;
const environment = { UPLOAD_BYTES_MAX: String(BYTES_MAX) };

/** A PNG padded to a size: bytes after its end are no part of the picture. */
function padded(bytes: number): Uint8Array<ArrayBuffer> {
  const png = fixture('png-gray8.png');
  return joined([png, new Uint8Array(bytes - png.length)]);
}

/** The bytes in chunks of unknown number, as a chunked upload brings them. */
function chunked(bytes: Uint8Array, chunkBytes = 1_000) {
  const state = { sent: 0, isCancelled: false };
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      if (state.sent >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(state.sent, state.sent + chunkBytes));
      state.sent += chunkBytes;
    },
    cancel() {
      state.isCancelled = true;
    },
  });
  return { stream, state };
}

describe('POST /v1/describe with too much', () => {
  beforeEach(emptyStorage);

  it.each<[number, number]>([
    [BYTES_MAX - 1, 200],
    [BYTES_MAX, 200],
    [BYTES_MAX + 1, 413],
  ])('a body of %i bytes ends in %i', async (bytes, status) => {
    expect((await startService({ environment }).upload('/v1/describe', padded(bytes), 'image/png')).status).toBe(status);
  });

  it('a body over the bound is refused by its bytes, whatever it announces', async () => {
    const service = startService({ environment });
    const headers = { 'content-type': 'image/png', 'content-length': '10' };
    const problem = await expectProblem(await service.send('/v1/describe', { method: 'POST', headers, body: padded(BYTES_MAX + 1) }), 'body_too_large');
    expect(problem).toMatchObject({ param: 'body', retryable: false, billed: false, detail: expect.stringMatching(/4096 bytes.*smaller or fewer/) });
    expect(await storedNames()).toEqual([]);
    expect(await service.calls()).toEqual([]);
  });

  it('a body that announces too much is not read at all', async () => {
    const { stream, state } = chunked(padded(1_000_000));
    const headers = { 'content-type': 'image/png', 'content-length': '1000000' };
    await expectProblem(await startService({ environment }).send('/v1/describe', { method: 'POST', headers, body: stream }), 'body_too_large');
    expect(state.sent).toBeLessThan(10_000);
  });

  it('an endless body without a length is read to the bound and no further', async () => {
    const { stream, state } = chunked(padded(1_000_000));
    const response = await startService({ environment }).send('/v1/describe', { method: 'POST', headers: { 'content-type': 'image/png' }, body: stream });
    await expectProblem(response, 'body_too_large');
    expect(state.sent).toBeLessThan(BYTES_MAX + 10_000);
    expect(state.isCancelled).toBe(true);
  });

  it('images that together pass the bound are refused, with the position', async () => {
    const service = startService({ environment, origin: () => new Response(padded(2_500)) });
    const images = [{ url: 'https://a.example.com/1' }, { url: 'https://a.example.com/2' }];
    const problem = await expectProblem(await service.post('/v1/describe', { images }), 'image_too_large');
    expect(problem).toMatchObject({ param: 'images.1.url', billed: false });
    expect(problem.detail).toMatch(/1596/);
    expect(await service.calls()).toEqual([]);
  });

  it('stored images that together pass the bound are refused', async () => {
    const service = startService({ environment });
    const { image_id } = (await (await service.upload('/v1/images', padded(2_500), 'image/png')).json()) as any;
    const problem = await expectProblem(await service.post('/v1/describe', { images: [{ image_id }, { image_id }] }), 'image_too_large');
    expect(problem.param).toBe('images.1.image_id');
  });

  it.each<[number, number, RegExp]>([
    [65_536, 8, /65536x8.*65535.*smaller/],
    [0x7fffffff, 0x7fffffff, /65535/],
  ])('a picture of %i x %i px is refused by its header', async (width, height, detail) => {
    const service = startService();
    const problem = await expectProblem(await service.upload('/v1/describe', pngClaim(width, height), 'image/png'), 'image_too_large');
    expect(problem).toMatchObject({ param: 'body', retryable: false, billed: false });
    expect(problem.detail).toMatch(detail);
    expect(service.work.transcodes).toBe(0);
    expect(await storedNames()).toEqual([]);
  });

  it('a picture of 8001 px that cannot be made smaller here is refused by its header', async () => {
    const service = startService();
    const problem = await expectProblem(await service.upload('/v1/describe', deepJpegClaim(8_001, 8_001)), 'image_too_large');
    expect(problem).toMatchObject({ param: 'body', detail: expect.stringMatching(/8001 px.*at most 8000 px.*smaller/) });
    expect(service.work.transcodes).toBe(0);
    expect(await storedNames()).toEqual([]);
  });

  it('a progressive JPEG with thousands of scans is refused, however small it is', async () => {
    const service = startService();
    // 128 x 64 px, 4:2:0: 8 x 4 blocks of the second component. It has to be turned, so it has to be decoded.
    const file = withOrientation(withEmptyScans(fixture('jpeg-progressive.jpg'), 2_000, 32), 6);
    const problem = await expectProblem(await service.upload('/v1/describe', file), 'image_too_large');
    expect(problem).toMatchObject({ param: 'body', retryable: false, billed: false });
    expect(service.work.transcodes).toBe(1);
    expect(await service.calls()).toEqual([]);
  });

  it('what the API itself finds too large is the same error', async () => {
    const service = startService({
      wire: async () => Response.json({ type: 'error', error: { type: 'request_too_large', message: 'Request exceeds the maximum size' } }, { status: 413 }),
    });
    const problem = await expectProblem(await service.upload('/v1/describe', await pngPicture(300, 300), 'image/png'), 'image_too_large');
    expect(problem.detail).toMatch(/too large for the Claude API.*fewer/);
  });
});
