import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { hexHash } from '../../support/hash.ts';
import { startService } from '../../support/service.ts';
import { cachedNames, emptyStorage } from '../../support/storage.ts';

const JPEG = fixture('jpeg-baseline-444.jpg');
const PNG = fixture('png-rgba8.png');

/** A text of base64 as mail programs break it: 76 characters a line (RFC 2045 §6.8). */
function inLines(text: string): string {
  return text.replace(/.{76}/g, '$&\r\n');
}

describe('the input of POST /v1/describe', () => {
  beforeEach(emptyStorage);

  const forms: readonly [string, (service: ReturnType<typeof startService>) => Promise<Response>][] = [
    ['a raw body', (service) => service.upload('/v1/describe', JPEG)],
    ['a raw body of no declared kind', (service) => service.upload('/v1/describe', JPEG, 'application/octet-stream')],
    ['a raw body with parameters in its type', (service) => service.upload('/v1/describe', JPEG, 'IMAGE/JPEG; charset=binary')],
    ['base64', (service) => service.post('/v1/describe', { image: { base64: JPEG.toBase64() } })],
    ['base64 without padding', (service) => service.post('/v1/describe', { image: { base64: JPEG.toBase64().replace(/=+$/, '') } })],
    ['base64 in the URL alphabet', (service) => service.post('/v1/describe', { image: { base64: JPEG.toBase64({ alphabet: 'base64url' }) } })],
    ['base64 with line breaks', (service) => service.post('/v1/describe', { image: { base64: inLines(JPEG.toBase64()) } })],
    ['a data URI', (service) => service.post('/v1/describe', { image: { base64: `data:image/jpeg;base64,${inLines(JPEG.toBase64())}` } })],
    ['base64 with its type', (service) => service.post('/v1/describe', { images: [{ base64: JPEG.toBase64(), media_type: 'image/jpeg' }] })],
    ['a URL', (service) => service.post('/v1/describe', { image: { url: 'https://pictures.example.com/a.jpg?size=1#top' } })],
    [
      'JSON with a charset',
      (service) => service.post('/v1/describe', { image: { base64: JPEG.toBase64() } }, { 'content-type': 'application/json; charset=utf-8' }),
    ],
    [
      'JSON with a byte order mark',
      (service) =>
        service.send('/v1/describe', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: `\ufeff${JSON.stringify({ image: { base64: JPEG.toBase64() } })}`,
        }),
    ],
    [
      'a stored image',
      async (service) => {
        const stored = (await (await service.upload('/v1/images', JPEG)).json()) as any;
        return service.post('/v1/describe', { image: { image_id: stored.image_id } });
      },
    ],
    ['a form with a file', (service) => sendForm(service, (form) => form.append('image', new File([JPEG], 'a.jpg', { type: 'image/jpeg' })))],
    ['a form with a reference', (service) => sendForm(service, (form) => form.append('image', JSON.stringify({ base64: JPEG.toBase64() })))],
    ['a form with a list of references', (service) => sendForm(service, (form) => form.append('images', JSON.stringify([{ base64: JPEG.toBase64() }])))],
    ['a form whose file has another name', (service) => sendForm(service, (form) => form.append('upload', new File([JPEG], 'a.jpg', { type: 'image/jpeg' })))],
  ];

  it.each(forms)('%s leads to the same bytes, hash and answer', async (_, send) => {
    const service = startService({ origin: () => new Response(JPEG) });
    const response = await send(service);
    const body = (await response.json()) as any;
    expect(response.status, JSON.stringify(body)).toBe(200);
    expect(body.images).toHaveLength(1);
    expect(body.images[0]).toMatchObject({ image_id: `sha256:${await hexHash(JPEG)}`, media_type: 'image/jpeg', bytes: JPEG.length });
    expect((await service.calls())[0].images[0].sha256).toBe(await hexHash(JPEG));
    expect(body.warnings.map((warning: any) => warning.code)).toEqual(['small_image']);
  });

  it('takes settings of a raw body as query parameters', async () => {
    const service = startService();
    const query =
      'fields=alt_text,caption&languages=en,de&max_tokens=900&model=claude-sonnet-5-5&cache=bypass&metadata=%7B%22sku%22%3A7%7D&context=%7B%22a%22%3A1%7D';
    const body = (await (await service.upload(`/v1/describe?${query}`, JPEG)).json()) as any;
    expect(body).toMatchObject({ model: 'claude-sonnet-5-5', cache: { status: 'bypass' }, metadata: { sku: 7 } });
    expect(body.descriptions.map((entry: any) => Object.keys(entry))).toEqual([
      ['language', 'alt_text', 'caption'],
      ['language', 'alt_text', 'caption'],
    ]);
    expect((await service.calls())[0].body.max_tokens).toBe(900);
  });

  it.each<[string, (form: FormData) => void]>([
    ['plain parts', (form) => [form.append('fields', 'caption, alt_text'), form.append('max_tokens', '901'), form.append('metadata', '{"sku":7}')]],
    ['a JSON part', (form) => form.append('request', JSON.stringify({ fields: ['caption', 'alt_text'], max_tokens: 901, metadata: { sku: 7 } }))],
    [
      // A browser gives every Blob a file name: FormData has no other way to say that a part is JSON.
      'a JSON part that is a Blob',
      (form) =>
        form.append(
          'request',
          new Blob([JSON.stringify({ fields: ['caption', 'alt_text'], max_tokens: 901, metadata: { sku: 7 } })], { type: 'application/json' }),
        ),
    ],
    [
      'a JSON part and plain parts',
      (form) => [
        form.append('request', '{"fields":["caption","alt_text"],"max_tokens":5}'),
        form.append('max_tokens', '901'),
        form.append('metadata', '{"sku":7}'),
      ],
    ],
  ])('takes settings of a form as %s', async (_, fill) => {
    const service = startService();
    const response = await sendForm(service, (form) => {
      form.append('image', new File([JPEG], 'a.jpg', { type: 'image/jpeg' }));
      fill(form);
    });
    const body = (await response.json()) as any;
    expect(response.status, JSON.stringify(body)).toBe(200);
    expect(Object.keys(body.descriptions[0])).toEqual(['language', 'caption', 'alt_text']);
    expect(body.metadata).toEqual({ sku: 7 });
    expect((await service.calls())[0].body.max_tokens).toBe(901);
  });

  it('describes several images jointly, labelled, in the order given', async () => {
    const service = startService({ origin: () => new Response(PNG) });
    const body = (await (
      await service.post('/v1/describe', { images: [{ base64: JPEG.toBase64() }, { url: 'https://pictures.example.com/b' }], prompt: 'What changed?' })
    ).json()) as any;
    expect(body.images.map((image: any) => image.media_type)).toEqual(['image/jpeg', 'image/png']);
    expect(body.answer).toContain('of 2 images');
    const [{ images, body: sent }] = await service.calls();
    expect(images.map((image: any) => image.sha256)).toEqual([await hexHash(JPEG), await hexHash(PNG)]);
    expect(sent.messages[0].content.map((block: any) => (block.type === 'image' ? 'image' : block.text))).toEqual([
      'Image 1:',
      'image',
      'Image 2:',
      'image',
      'What changed?',
    ]);
  });

  it('describes several files of one form jointly, before the images of its JSON part', async () => {
    const service = startService();
    const response = await sendForm(service, (form) => {
      form.append('image', new File([JPEG], 'a.jpg', { type: 'image/jpeg' }));
      form.append('image', new File([PNG], 'b.png', { type: 'image/png' }));
      form.append('request', JSON.stringify({ image: { base64: fixture('gif-still.gif').toBase64() } }));
    });
    const body = (await response.json()) as any;
    expect(body.images.map((image: any) => image.media_type)).toEqual(['image/jpeg', 'image/png', 'image/gif']);
  });

  it('answers other orders of the same images from other entries', async () => {
    const service = startService();
    const [a, b] = [{ base64: JPEG.toBase64() }, { base64: PNG.toBase64() }];
    await service.post('/v1/describe', { images: [a, b] });
    const turned = (await (await service.post('/v1/describe', { images: [b, a] })).json()) as any;
    expect(turned.cache.status).toBe('miss');
  });

  it('lets Claude fetch a URL on request, and caches nothing of it', async () => {
    const service = startService({ origin: () => new Response(JPEG, { headers: { 'content-type': 'image/jpeg' } }) });
    const request = { image: { url: 'https://pictures.example.com/a.jpg' }, source: 'url' };
    for (let round = 1; round <= 2; round++) {
      const response = await service.post('/v1/describe', request);
      const body = (await response.json()) as any;
      expect(response.headers.get('cache-status')).toBe('Vignette; fwd=bypass');
      expect(body.cache.status).toBe('bypass');
      expect(body.usage.estimated_input_tokens).toBeNull();
      expect(body.images).toEqual([
        {
          image_id: null,
          media_type: null,
          width: null,
          height: null,
          orientation: null,
          bytes: null,
          sent: { media_type: null, width: null, height: null, bytes: null, sha256: null, source: 'url', transform: 'none', image_tokens: null },
        },
      ]);
      expect((await service.calls()).length).toBe(round);
    }
    expect(service.fetched).toEqual([]);
    expect((await service.calls())[0].images[0]).toMatchObject({ source: 'url', sha256: await hexHash(JPEG) });
    expect(await cachedNames()).toEqual([]);
  });
});

function sendForm(service: ReturnType<typeof startService>, fill: (form: FormData) => void): Promise<Response> {
  const form = new FormData();
  fill(form);
  return service.send('/v1/describe', { method: 'POST', body: form });
}
