import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const PNG = fixture('png-gray8.png');
const json = JSON.stringify({ image: { base64: PNG.toBase64() } });
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('POST /v1/describe with what it does not take', () => {
  beforeEach(emptyStorage);

  it.each<[string, BodyInit, Record<string, string>, string, RegExp]>([
    ['no content type', PNG, {}, 'content-type', /no content type.*Use application\/json/],
    ['JSON as text/plain', json, { 'content-type': 'text/plain' }, 'content-type', /"text\/plain" is not taken.*Use application\/json/],
    ['JSON as a form', json, { 'content-type': 'application/x-www-form-urlencoded' }, 'content-type', /"application\/x-www-form-urlencoded" is not taken/],
    ['JSON as something alike', json, { 'content-type': 'application/jsonp' }, 'content-type', /"application\/jsonp" is not taken/],
    ['a video', PNG, { 'content-type': 'video/mp4' }, 'content-type', /"video\/mp4" is not taken/],
    ['another multipart', PNG, { 'content-type': 'multipart/mixed; boundary=x' }, 'content-type', /"multipart\/mixed" is not taken/],
    ['a gzip body', PNG, { 'content-type': 'image/png', 'content-encoding': 'gzip' }, 'content-encoding', /Compressed bodies.*without Content-Encoding/],
    ['a br body', json, { 'content-type': 'application/json', 'content-encoding': 'br' }, 'content-encoding', /Compressed bodies/],
  ])('%s is a 415', async (_, body, headers, param, detail) => {
    const service = startService();
    // A stream has no type of its own that a Request would add.
    const response = await service.send('/v1/describe', { method: 'POST', headers, body: new Response(body).body });
    const problem = await expectProblem(response, 'unsupported_media_type');
    expect(problem).toMatchObject({ param, retryable: false, billed: false });
    expect(problem.detail).toMatch(detail);
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  it('content-encoding: identity is no encoding', async () => {
    const headers = { 'content-type': 'image/png', 'content-encoding': 'identity' };
    expect((await startService().send('/v1/describe', { method: 'POST', headers, body: PNG })).status).toBe(200);
  });

  it.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['HEIC', bytes('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), /HEIC.*Convert it to JPEG/],
    ['AVIF', bytes('\0\0\0\x1cftypavif\0\0\0\0avifmif1'), /AVIF.*Convert/],
    ['TIFF', bytes('II*\0\x08\0\0\0'), /TIFF.*Convert/],
    ['SVG', bytes('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG.*Render it to PNG/],
    ['PDF', bytes('%PDF-1.7\n'), /PDF.*Render the page/],
    ['a web page', bytes('<!doctype html><title>Sign in</title>'), /HTML.*address of the image itself/],
    ['text', bytes('just some words'), /JPEG, PNG, GIF, WebP or BMP.*Send one of these/],
  ])('%s is named, with what to do', async (_, body, detail) => {
    const service = startService();
    const raw = await expectProblem(await service.upload('/v1/describe', body, 'image/jpeg'), 'unsupported_media_type');
    expect(raw.param).toBe('body');
    expect(raw.detail).toMatch(detail);
    const base64 = { base64: `data:image/jpeg;base64,${body.toBase64()}` };
    const named = await expectProblem(await service.post('/v1/describe', { images: [{ base64: PNG.toBase64() }, base64] }), 'unsupported_media_type');
    expect(named.param).toBe('images.1.base64');
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  it('a web page that an address answers with is no image', async () => {
    const service = startService({ origin: () => new Response('<html><body>Sign in</body></html>', { headers: { 'content-type': 'image/png' } }) });
    const problem = await expectProblem(await service.post('/v1/describe', { image: { url: 'https://a.example.com/a.png' } }), 'unsupported_media_type');
    expect(problem).toMatchObject({ param: 'image.url', detail: expect.stringContaining('HTML') });
  });
});
