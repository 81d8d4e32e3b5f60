import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { joined } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const PNG = fixture('png-rgb8.png');

function formWith(...fields: readonly [string, string | Uint8Array<ArrayBuffer>][]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, typeof value === 'string' ? value : new File([value], 'a.png'));
  return form;
}

describe('POST /v1/images with something else than one image', () => {
  beforeEach(emptyStorage);

  it.each<[string, string, string, RegExp, (service: ReturnType<typeof startService>) => Promise<Response>]>([
    ['no url', 'invalid_request', 'url', /Send \{"url"/, (service) => service.post('/v1/images', {})],
    ['a url that is a number', 'invalid_request', 'url', /"url" must be a text, not 7/, (service) => service.post('/v1/images', { url: 7 })],
    ['a field too many', 'invalid_request', 'name', /no field "name"/, (service) => service.post('/v1/images', { url: 'https://a.example.com', name: 'x' })],
    ['a list', 'invalid_request', 'url', /Send \{"url"/, (service) => service.post('/v1/images', [])],
    ['a relative url', 'invalid_request', 'url', /absolute URL/, (service) => service.post('/v1/images', { url: '/a.png' })],
    [
      'two files',
      'invalid_request',
      'image',
      /2 files.*one image/,
      (service) => service.send('/v1/images', { method: 'POST', body: formWith(['image', PNG], ['image', PNG]) }),
    ],
    [
      'settings',
      'invalid_request',
      'body',
      /alone.*\/v1\/describe/,
      (service) => service.send('/v1/images', { method: 'POST', body: formWith(['image', PNG], ['prompt', 'x']) }),
    ],
    ['settings in the address', 'invalid_request', 'body', /alone/, (service) => service.upload('/v1/images?prompt=x', PNG)],
    ['no file in the form', 'invalid_request', 'url', /one file/, (service) => service.send('/v1/images', { method: 'POST', body: formWith() })],
    [
      'broken JSON',
      'invalid_request',
      'body',
      /not valid JSON/,
      (service) => service.send('/v1/images', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }),
    ],
    ['a private address', 'url_forbidden', 'url', /IP literals/, (service) => service.post('/v1/images', { url: 'http://10.0.0.1/a.png' })],
    [
      'an address without an image',
      'image_unfetchable',
      'url',
      /answered 404/,
      (service) => service.post('/v1/images', { url: 'https://a.example.com/a.png' }),
    ],
    [
      'a web page',
      'unsupported_media_type',
      'body',
      /HTML/,
      (service) => service.upload('/v1/images', joined([new TextEncoder().encode('<html>'), PNG]), 'image/png'),
    ],
    ['a broken file', 'image_undecodable', 'body', /PNG file/, (service) => service.upload('/v1/images', PNG.slice(0, 30))],
    ['a text', 'unsupported_media_type', 'content-type', /"text\/plain"/, (service) => service.upload('/v1/images', PNG, 'text/plain')],
    ['too many bytes', 'body_too_large', 'body', /4096 bytes/, (service) => service.upload('/v1/images', joined([PNG, new Uint8Array(4_096)]))],
  ])('%s is a %s and stores nothing', async (_, code, param, detail, send) => {
    const problem = await expectProblem(await send(startService({ environment: { UPLOAD_BYTES_MAX: '4096' } })), code);
    expect(problem).toMatchObject({ param, billed: false });
    expect(problem.detail).toMatch(detail);
    expect(await storedNames()).toEqual([]);
  });
});
