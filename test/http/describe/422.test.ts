import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngClaim } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';
import { withoutWaiting } from '../../support/waiting.ts';

const PNG = fixture('png-gray8.png');
const image = { base64: PNG.toBase64() };

describe('POST /v1/describe with an image that cannot be used', () => {
  beforeEach(emptyStorage);

  it.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['an empty file', new Uint8Array(), /empty \(0 bytes\).*Send/],
    ['a PNG cut within its header', PNG.slice(0, 20), /PNG file cannot be read.*Check/],
    ['a JPEG cut within its header', fixture('jpeg-baseline-420.jpg').slice(0, 30), /JPEG file cannot be read.*Check/],
    ['a GIF cut within its header', fixture('gif-still.gif').slice(0, 10), /GIF file cannot be read.*Check/],
    ['a WebP cut within its header', fixture('webp-vp8-lossy.webp').slice(0, 20), /WebP file cannot be read.*Check/],
    ['a picture of no width', pngClaim(0, 10), /0x10/],
  ])('%s is named', async (_, bytes, detail) => {
    const service = startService();
    const problem = await expectProblem(await service.upload('/v1/describe', bytes, 'image/png'), 'image_undecodable');
    expect(problem).toMatchObject({ param: 'body', retryable: false, billed: false });
    expect(problem.detail).toMatch(detail);
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  it('pixels that break off are found before anything is sent', async () => {
    const service = startService();
    const whole = fixture('png-orientation-6-big-endian.png');
    const images = [{ base64: PNG.toBase64() }, { base64: whole.slice(0, -60).toBase64() }];
    const problem = await expectProblem(await service.post('/v1/describe', { images }), 'image_undecodable');
    expect(problem).toMatchObject({ param: 'images.1.base64', billed: false });
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  it('the next image after a broken one comes back right', async () => {
    const service = startService();
    await service.upload('/v1/describe', fixture('jpeg-orientation-5-big-endian.jpg').slice(0, 250));
    expect((await service.upload('/v1/describe', fixture('jpeg-orientation-5-big-endian.jpg'))).status).toBe(200);
  });

  it('what only the API finds unreadable is the same error', async () => {
    const service = startService({
      wire: async () => Response.json({ type: 'error', error: { type: 'invalid_request_error', message: 'Could not process image' } }, { status: 400 }),
    });
    const problem = await expectProblem(await service.post('/v1/describe', { image }), 'image_undecodable');
    expect(problem).toMatchObject({ billed: false, detail: expect.stringMatching(/could not read an image.*Check/) });
  });
});

describe('POST /v1/describe with an address that is not fetched', () => {
  beforeEach(emptyStorage);

  it.each<[string, RegExp]>([
    ['http://127.0.0.1/a.png', /IP literals.*public name/],
    ['http://2130706433/a.png', /IP literals/],
    ['http://0x7f.1/a.png', /IP literals/],
    ['http://[::ffff:127.0.0.1]/a.png', /IP literals/],
    ['http://169.254.169.254/latest/meta-data/', /IP literals/],
    ['http://metadata.google.internal/', /private use/],
    ['http://localhost/a.png', /local name/],
    ['http://printer/a.png', /local name/],
    ['http://router.local./a.png', /private use/],
    ['http://127.0.0.1.nip.io/a.png', /resolves to whatever/],
    ['https://a.example.com:8443/a.png', /Port 8443.*80 and 443/],
    ['https://user@a.example.com/a.png', /user name or password/],
    ['https://:secret@a.example.com/a.png', /user name or password/],
    ['ftp://a.example.com/a.png', /"ftp:".*http and https/],
    ['file:///etc/passwd', /"file:"/],
    ['data:image/png;base64,AAAA', /"data:".*base64/],
    ['javascript:alert(1)', /"javascript:"/],
    ['https://vignette.example.com/v1/images/x', /service itself.*image_id/],
  ])('%s', async (url, detail) => {
    const service = startService({ environment: { OWN_HOSTS: 'vignette.example.com' } });
    for (const source of ['auto', 'url']) {
      const problem = await expectProblem(await service.post('/v1/describe', { image: { url }, source }), 'url_forbidden');
      expect(problem).toMatchObject({ param: 'image.url', retryable: false, billed: false });
      expect(problem.detail).toMatch(detail);
    }
    expect(service.fetched).toEqual([]);
    expect(await service.calls()).toEqual([]);
  });

  it('an address that does not answer with an image is named, with its position', async () => {
    const service = startService();
    const images = [image, { url: 'https://a.example.com/secret-path' }];
    const problem = await expectProblem(await service.post('/v1/describe', { images }), 'image_unfetchable');
    expect(problem).toMatchObject({ param: 'images.1.url', retryable: false, billed: false, detail: expect.stringMatching(/answered 404.*Check/) });
    expect(problem.detail).not.toContain('secret-path');
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  it('an address that Claude cannot fetch is named', async () => {
    const response = await startService().post('/v1/describe', { image: { url: 'https://a.example.com/a.png' }, source: 'url' });
    const problem = await expectProblem(response, 'image_unfetchable');
    expect(problem).toMatchObject({ retryable: false, billed: false, detail: expect.stringMatching(/Claude could not fetch.*Leave out "source": "url"/) });
  });
});

describe('an answer that POST /v1/describe cannot use', () => {
  const waitedMs = withoutWaiting();
  beforeEach(emptyStorage);

  it.each<[string, object, string, RegExp, string | null]>([
    ['refusal', {}, 'model_refused', /declined.*Nothing was stored/, null],
    ['max_tokens', {}, 'model_truncated', /stop_reason "max_tokens".*Raise "max_tokens"/, 'max_tokens'],
    ['thinking_only', {}, 'model_truncated', /stop_reason "max_tokens"/, 'max_tokens'],
    ['max_tokens', { prompt: 'Which colours?' }, 'model_truncated', /Raise "max_tokens"/, 'max_tokens'],
    ['refusal', { prompt: 'Which colours?' }, 'model_refused', /declined/, null],
  ])('%s is billed, not cached and not repeated (%j)', async (fault, request, code, detail, param) => {
    const service = startService();
    await service.fail(fault);
    const problem = await expectProblem(await service.post('/v1/describe', { image, ...request }), code);
    expect(problem).toMatchObject({ billed: true, retryable: false, param });
    expect(problem.detail).toMatch(detail);
    expect(await storedNames()).toEqual([]);
    expect((await service.simulate('bill')).total.calls).toBe(1);
    expect(waitedMs).toEqual([]);
    // A repeat that comes at once would end the same way, and be billed.
    const repeat = await expectProblem(await service.post('/v1/describe', { image, ...request }), code);
    expect(repeat).toMatchObject({ billed: false, retryable: false, param });
    expect((await service.calls()).length).toBe(1);
    service.forgetFlights();
    const next = (await (await service.post('/v1/describe', { image, ...request })).json()) as any;
    expect(next.cache.status).toBe('miss');
  });

  it('an answer that ends in the context window is truncated, too', async () => {
    const message = {
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-5-5',
      content: [{ type: 'text', text: 'A red' }],
      stop_reason: 'model_context_window_exceeded',
      usage: { input_tokens: 5, output_tokens: 2 },
    };
    const service = startService({ wire: async () => Response.json(message) });
    const problem = await expectProblem(await service.post('/v1/describe', { image, prompt: 'Which?' }), 'model_truncated');
    expect(problem.detail).toContain('2 output tokens');
  });
});
