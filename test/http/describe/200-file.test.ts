import { beforeEach, describe, expect, it } from 'vitest';
import { hexHash } from '../../support/hash.ts';
import { pngPicture } from '../../support/picture.ts';
import { makeKey } from '../../support/key.ts';
import { problemOf, startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

// Of each test its own, since the indexes of pictures outlive it.
let PNG: Uint8Array<ArrayBuffer>;
const body = (extra: Record<string, unknown> = {}, bytes = PNG) => ({ image: { base64: bytes.toBase64() }, source: 'file', ...extra });

const kinds = async (service: ReturnType<typeof startService>) => (await service.calls()).map(({ path, method }) => `${method} ${path}`);

describe('POST /v1/describe with "source": "file"', () => {
  beforeEach(async () => {
    await emptyStorage();
    PNG = await pngPicture(64, 48, { comment: crypto.randomUUID() });
  });

  it('uploads the picture once, and sends its id from then on', async () => {
    const service = startService();
    const first = (await (await service.post('/v1/describe', body())).json()) as any;
    expect(first.images[0].sent).toMatchObject({ source: 'file', transform: 'none', sha256: await hexHash(PNG) });
    const second = await service.post('/v1/describe', body({ languages: ['de'] }));
    expect(second.status).toBe(200);
    expect(await kinds(service)).toEqual(['POST /v1/files', 'POST /v1/messages', 'POST /v1/messages']);
    const [, one, other] = await service.calls();
    expect(one.images[0]).toMatchObject({ source: 'file', sha256: await hexHash(PNG), oversized_image: 'error' });
    expect(other.images[0].source).toBe('file');
    expect(other.body_bytes).toBeLessThan(4_000);
  });

  it('uploads what Claude is to see, brought to size', async () => {
    const service = startService();
    const large = await pngPicture(2000, 1000, { comment: crypto.randomUUID() });
    const answer = (await (await service.post('/v1/describe', body({}, large))).json()) as any;
    const [, call] = await service.calls();
    expect(answer.images[0].sent).toMatchObject({ source: 'file', transform: 'resized', sha256: call.images[0].sha256 });
    expect([call.images[0].width, call.images[0].height]).toEqual([answer.images[0].sent.width, answer.images[0].sent.height]);
  });

  it('is answered from the cache like any other, and says how it was sent', async () => {
    const service = startService();
    await service.post('/v1/describe', body());
    const again = (await (await service.post('/v1/describe', { image: { base64: PNG.toBase64() } })).json()) as any;
    expect([again.cache.status, again.images[0].sent.source]).toEqual(['hit', 'file']);
  });

  it('uploads a fetched picture too', async () => {
    const service = startService({ origin: () => new Response(PNG) });
    const response = await service.post('/v1/describe', { image: { url: 'https://pictures.example.com/a.png' }, source: 'file' });
    expect(response.status).toBe(200);
    expect((await service.calls())[1].images[0].source).toBe('file');
    expect(service.fetchedByClaude).toEqual([]);
  });

  it.each(['File not found: file_1', 'File has expired: file_1'])('uploads anew, and bills once, when the API says "%s"', async (message) => {
    let isGone = false;
    const service = startService({
      wire: async (request, next) => {
        if (!isGone || new URL(request.url).pathname !== '/v1/messages') return next(request);
        isGone = false;
        return Response.json({ type: 'error', error: { type: 'not_found_error', message } }, { status: 404 });
      },
    });
    await service.post('/v1/describe', body());
    isGone = true;
    const response = await service.post('/v1/describe', body({ languages: ['fr'] }));
    expect(response.status).toBe(200);
    expect(await kinds(service)).toEqual(['POST /v1/files', 'POST /v1/messages', 'POST /v1/files', 'POST /v1/messages']);
  });

  it('gives up when the new file is gone too', async () => {
    const service = startService({
      wire: async (request, next) =>
        new URL(request.url).pathname === '/v1/messages'
          ? Response.json({ type: 'error', error: { type: 'not_found_error', message: 'File not found: file_1' } }, { status: 404 })
          : next(request),
    });
    const response = await service.post('/v1/describe', body());
    expect([response.status, ((await response.json()) as any).code]).toEqual([502, 'upstream_error']);
    expect(await kinds(service)).toEqual(['POST /v1/files', 'POST /v1/files']);
  });

  it('bills nothing when the upload fails', async () => {
    const service = startService();
    await service.fail({ kind: 'overloaded', route: 'files' });
    const response = await service.post('/v1/describe', body());
    expect([response.status, ((await response.json()) as any).billed]).toEqual([503, false]);
    expect((await service.simulate('bill')).requests ?? 0).toBe(0);
  });

  it('keeps files for no longer than the key keeps things, and none where it keeps no pictures', async () => {
    const forms: FormData[] = [];
    const service = startService({
      wire: async (request, next) => {
        if (new URL(request.url).pathname === '/v1/files') forms.push(await (request.clone() as Request).formData());
        return next(request);
      },
      environment: { FILE_TTL_SECONDS: '604800' },
    });
    const brief = await makeKey({ tenant: 'brief', scopes: ['describe'], retention_days: 2 });
    const silent = await makeKey({ tenant: 'silent', scopes: ['describe'], store: 'result' });
    expect((await service.post('/v1/describe', body(), brief.header)).status).toBe(200);
    expect(forms.map((form) => form.get('expires_in_seconds'))).toEqual(['172800']);
    const problem = await problemOf(await service.post('/v1/describe', body(), silent.header));
    expect(problem).toMatchObject({ status: 403, code: 'forbidden', param: 'source' });
    expect(forms).toHaveLength(1);
  });
});
