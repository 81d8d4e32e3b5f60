import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const image = { base64: fixture('png-gray8.png').toBase64() };
const url = { url: 'https://pictures.example.com/a.png' };

/** JSON nested to a depth, `{"a":{"a":…}}`. */
function nested(depth: number): object {
  let value: object = {};
  for (let level = 1; level < depth; level++) value = { a: value };
  return value;
}

describe('a request to POST /v1/describe that is not valid', () => {
  beforeEach(emptyStorage);

  const cases: readonly [string, unknown, string, RegExp][] = [
    ['no image', {}, 'images', /No image was given.*Send/],
    ['an empty list of images', { images: [] }, 'images', /No image was given/],
    ['image and images', { image, images: [image] }, 'image', /either "image" or "images"/],
    ['an image that is text', { image: 'https://a.example.com' }, 'image', /exactly one of "url", "base64" and "image_id"/],
    ['an image with two sources', { image: { ...image, ...url } }, 'image', /exactly one of/],
    ['an image without a source', { images: [image, {}] }, 'images.1', /exactly one of/],
    ['an image with an unknown field', { image: { ...url, alt: 'x' } }, 'image.alt', /no field "image.alt"/],
    ['a malformed image id', { image: { image_id: 'sha256:ABC' } }, 'image.image_id', /64 lower-case hex digits/],
    ['a URL that is none', { image: { url: 'pictures/a.png' } }, 'image.url', /absolute URL.*https:\/\//],
    ['a URL that is too long', { image: { url: `https://a.example.com/${'a'.repeat(8_000)}` } }, 'image.url', /8000/],
    ['text that is not base64', { images: [image, { base64: '!!!' }] }, 'images.1.base64', /not base64.*Send/],
    ['base64 of an impossible length', { image: { base64: 'AAAAA' } }, 'image.base64', /not base64/],
    ['a data URI that is not base64', { image: { base64: 'data:image/svg+xml,<svg/>' } }, 'image.base64', /";base64,"/],
    ['too many images', { images: Array.from({ length: 601 }, () => url) }, 'images', /600/],
    ['an unknown field', { image, promt: 'x' }, 'promt', /no field "promt".*spelling/],
    ['an unknown description field', { image, fields: ['alt_text', 'mood'] }, 'fields.1', /"mood"; it must be one of "alt_text", "caption", "description"/],
    ['no description field', { image, fields: [] }, 'fields', /is empty; it must have at least 1 entry/],
    ['fields as text', { image, fields: 'alt_text' }, 'fields', /must be a list, not "alt_text"/],
    ['an empty prompt', { image, prompt: '   ' }, 'prompt', /is empty; it must have from 1 to 16000 characters/],
    ['a prompt that is too long', { image, prompt: 'x'.repeat(16_001) }, 'prompt', /16000/],
    ['a system prompt that is too long', { image, system: 'x'.repeat(16_001) }, 'system', /16000/],
    ['a language that is none', { image, languages: ['en', 'English please'] }, 'languages.1', /language tag such as "en"/],
    ['too many languages', { image, languages: ['aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg', 'hh', 'ii'] }, 'languages', /8/],
    ['max_length below its bound', { image, max_length: 15 }, 'max_length', /15; it must be from 16 to 2000/],
    ['max_length above its bound', { image, max_length: 2_001 }, 'max_length', /2001; it must be from 16 to 2000/],
    ['max_tokens below its bound', { image, max_tokens: 0 }, 'max_tokens', /is 0; it must be from 1 to 16000/],
    ['max_tokens above its bound', { image, max_tokens: 16_001 }, 'max_tokens', /16001; it must be from 1 to 16000/],
    ['max_tokens with a fraction', { image, max_tokens: 1.5 }, 'max_tokens', /1.5; it must be a whole number/],
    ['max_tokens as text', { image, max_tokens: '5' }, 'max_tokens', /must be a number from 1 to 16000, not "5"/],
    ['a model with odd characters', { image, model: 'claude haiku' }, 'model', /model id such as/],
    ['all models', { image, model: '*' }, 'model', /model id such as/],
    ['an unknown detail', { image, detail: 'low' }, 'detail', /"low"; it must be one of "auto", "standard", "high"/],
    ['an unknown source', { image, source: 'disk' }, 'source', /"disk"; it must be one of "auto", "base64", "url"/],
    ['an unknown cache mode', { image, cache: 'never' }, 'cache', /"never"; it must be one of "default", "refresh", "bypass", "only"/],
    ['context that is a list', { image, context: [] }, 'context', /must be an object, not a list/],
    ['context that is too long', { image, context: { a: 'x'.repeat(16_000) } }, 'context', /16008 characters.*16000.*Shorten/],
    ['context that is nested too deep', { image, context: nested(17) }, 'context', /16 levels.*Flatten/],
    ['metadata that is too long', { image, metadata: { a: 'x'.repeat(8_000) } }, 'metadata', /8008 characters.*8000.*Shorten/],
    ['metadata that is nested too deep', { image, metadata: nested(100) }, 'metadata', /16 levels.*Flatten/],
    ['bytes with the source "url"', { image, source: 'url' }, 'source', /image\.base64 is not a URL.*"auto"/],
    ['the source "url" with a cache mode that needs bytes', { image: url, source: 'url', cache: 'only' }, 'cache', /"only" needs the bytes/],
    ['more images than the model takes', { images: Array.from({ length: 101 }, () => image), model: 'claude-haiku-4-5' }, 'images', /101 images.*100.*Split/],
  ];

  it.each(cases)('%s is named with its bound', async (_, body, param, detail) => {
    const service = startService();
    const response = await service.post('/v1/describe', body);
    const problem = await expectProblem(response, 'invalid_request');
    expect(problem).toMatchObject({ param, retryable: false, billed: false });
    expect(problem.detail).toMatch(detail);
    expect(await service.calls()).toEqual([]);
    expect(service.fetched).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['16,000 characters of prompt', { image, prompt: 'x'.repeat(16_000) }],
    ['8 languages', { image, languages: ['aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg', 'hh'], max_tokens: 16_000 }],
    ['max_length 16', { image, max_length: 16 }],
    ['max_length 2,000', { image, max_length: 2_000 }],
    ['metadata of 8,000 characters', { image, metadata: { a: 'x'.repeat(7_992) } }],
    ['context nested 16 deep', { image, context: nested(16) }],
    ['100 images', { images: Array.from({ length: 100 }, () => image), model: 'claude-haiku-4-5' }],
  ])('%s are still fine', async (_, body) => {
    expect((await startService().post('/v1/describe', body)).status).toBe(200);
  });

  it('lists all faults when there are several', async () => {
    const response = await startService().post('/v1/describe', { image, max_tokens: 0, fields: ['mood'], colour: 'red', shade: 'dark' });
    const { errors, detail, param } = await expectProblem(response, 'invalid_request');
    expect(errors?.map((fault) => fault.param).sort()).toEqual(['colour', 'fields.0', 'max_tokens', 'shade']);
    expect(param).toBe(errors?.[0]?.param);
    expect(detail).toContain('3 more');
  });

  it('lists faults between fields, too', async () => {
    const response = await startService().post('/v1/describe', { image, images: [image], metadata: nested(40), source: 'url' });
    const { errors } = await expectProblem(response, 'invalid_request');
    expect(errors?.map((fault) => fault.param)).toEqual(['image', 'metadata', 'source']);
  });

  it('names one fault without a list', async () => {
    const problem = await expectProblem(await startService().post('/v1/describe', { image, max_tokens: 0 }), 'invalid_request');
    expect(problem.errors).toBeUndefined();
  });

  it.each<[string, string, string, RegExp]>([
    ['an unknown query parameter', 'utm_source=x', 'utm_source', /no field "utm_source"/],
    ['a parameter given twice', 'fields=alt_text&fields=caption', 'fields', /more than once.*commas/],
    ['a number that is text', 'max_tokens=many', 'max_tokens', /must be a number from 1 to 16000, not "many"/],
    ['a number below its bound', 'max_cost_usd=-1', 'max_cost_usd', /is -1; it must be at least 0/],
    ['a number with a fraction', 'max_tokens=1.5', 'max_tokens', /is 1.5; it must be a whole number from 1 to 16000/],
    ['a number that is far too large', 'max_tokens=999999999999999999999', 'max_tokens', /is 1e\+21; it must be from 1 to 16000/],
    ['a number beyond all numbers', 'max_cost_usd=1e309', 'max_cost_usd', /beyond what a number can hold; it must be a number at least 0/],
    ['JSON that is broken', 'metadata={', 'metadata', /must be JSON.*quotes/],
    ['a prototype as a name', '__proto__=x', '__proto__', /no field "__proto__"/],
  ])('%s of a raw body is named', async (_, query, param, detail) => {
    const response = await startService().upload(`/v1/describe?${query}`, fixture('png-gray8.png'), 'image/png');
    const problem = await expectProblem(response, 'invalid_request');
    expect(problem.param).toBe(param);
    expect(problem.detail).toMatch(detail);
  });

  it('query parameters beside a JSON body are not lost silently', async () => {
    const problem = await expectProblem(await startService().post('/v1/describe?max_tokens=5', { image }), 'invalid_request');
    expect(problem.param).toBe('max_tokens');
    expect(problem.detail).toMatch(/no effect.*body/);
  });

  it('a model that the API does not know is named', async () => {
    const problem = await expectProblem(await startService().post('/v1/describe', { image, model: 'claude-unknown-9' }), 'invalid_request');
    expect(problem).toMatchObject({ param: 'model', billed: false, detail: expect.stringMatching(/does not know this model.*\/v1\/models/) });
    expect(await storedNames()).toEqual([]);
  });
});
