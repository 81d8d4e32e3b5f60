import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { joined } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const PNG = fixture('png-gray8.png');
const image = JSON.stringify({ base64: PNG.toBase64() });

function sendJson(body: BodyInit): Promise<Response> {
  return startService().send('/v1/describe', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

function sendForm(body: BodyInit, type = 'multipart/form-data; boundary=edge'): Promise<Response> {
  return startService().send('/v1/describe', { method: 'POST', headers: { 'content-type': type }, body });
}

/** A part with headers as given. */
function part(headers: string, content = 'x'): string {
  return `--edge\r\n${headers}\r\n\r\n${content}\r\n`;
}

describe('a body of POST /v1/describe that cannot be read', () => {
  beforeEach(emptyStorage);
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<[string, BodyInit, string, RegExp]>([
    ['nothing', '', 'body', /empty|not valid JSON/],
    ['half of it', `{"image": ${image}`, 'body', /not valid JSON.*braces/],
    ['a trailing comma', `{"image": ${image},}`, 'body', /not valid JSON/],
    ['a comment', `{"image": ${image}} // the end`, 'body', /not valid JSON/],
    ['NaN', `{"image": ${image}, "max_tokens": NaN}`, 'body', /not valid JSON/],
    ['invalid UTF-8', joined([new TextEncoder().encode('{"prompt":"'), Uint8Array.of(0xff, 0xfe), new TextEncoder().encode('"}')]), 'body', /UTF-8.*Encode/],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0), 'body', /UTF-8/],
    ['a list', '[]', 'body', /must be an object, not /],
    ['null', 'null', 'body', /must be an object, not /],
    ['text', '"hello"', 'body', /must be an object, not /],
    ['a number', '7', 'body', /must be an object, not /],
    ['100,000 open brackets', '['.repeat(100_000), 'body', /not valid JSON/],
    ['50,000 nested lists', '['.repeat(50_000) + ']'.repeat(50_000), 'body', /must be an object, not /],
    ['20,000 nested objects as metadata', `{"image": ${image}, "metadata": ${'{"a":'.repeat(20_000)}{}${'}'.repeat(20_000)}}`, 'metadata', /16 levels/],
    [
      'a number beyond all numbers',
      `{"image": ${image}, "max_tokens": 1e999}`,
      'max_tokens',
      /beyond what a number can hold; it must be a number from 1 to 16000/,
    ],
    [
      'a number with a thousand digits',
      `{"image": ${image}, "max_tokens": ${'9'.repeat(1_000)}}`,
      'max_tokens',
      /beyond what a number can hold; it must be a number from 1 to 16000/,
    ],
    ['a prototype', `{"image": ${image}, "__proto__": {"cache": "bypass"}}`, '__proto__', /no field "__proto__"/],
    ['a constructor', `{"image": ${image}, "constructor": {"prototype": {}}}`, 'constructor', /no field "constructor"/],
  ])('%s as JSON is a 400', async (_, body, param, detail) => {
    const problem = await expectProblem(await sendJson(body), 'invalid_request');
    expect(problem.param).toBe(param);
    expect(problem.detail).toMatch(detail);
    expect(await storedNames()).toEqual([]);
  });

  it('of two values under one name the last one counts, as in every JSON parser of note', async () => {
    const response = await sendJson(`{"image": ${image}, "max_tokens": 0, "max_tokens": 1024}`);
    expect(response.status).toBe(200);
  });

  it('a prototype inside metadata changes nothing', async () => {
    const response = await sendJson(`{"image": ${image}, "metadata": {"__proto__": {"polluted": true}, "a": 1}}`);
    expect(response.status).toBe(200);
    expect(((await response.json()) as any).metadata.polluted).toBeUndefined();
    expect(({} as any).polluted).toBeUndefined();
  });

  it.each<[string, BodyInit, string, RegExp]>([
    ['another boundary', '--other\r\n\r\n--other--\r\n', 'body', /boundary does not occur/],
    ['no end', part('content-disposition: form-data; name="image"'), 'body', /no end/],
    ['no part at all', '--edge--\r\n', 'images', /No image/],
    ['a part without a name', `${part('content-type: image/png')}--edge--`, 'body', /no name/],
    ['headers without end', `--edge\r\nx: ${'y'.repeat(10_000)}`, 'body', /headers of a part|ends within/],
    ['a broken JSON part', `${part('content-disposition: form-data; name="request"', '{"image":')}--edge--`, 'body', /not valid JSON/],
    ['a JSON part that is a list', `${part('content-disposition: form-data; name="request"', '[]')}--edge--`, 'body', /must be an object, not /],
    ['an unknown part', `${part('content-disposition: form-data; name="colour"', 'red')}--edge--`, 'colour', /no field "colour"/],
    ['two requests', `${part('content-disposition: form-data; name="request"', '{}').repeat(2)}--edge--`, 'request', /more than once/],
    ['a part given twice', `${part('content-disposition: form-data; name="prompt"').repeat(2)}--edge--`, 'prompt', /more than once/],
    ['641 parts', `${part('content-disposition: form-data; name="a"').repeat(641)}--edge--`, 'body', /more than 640 parts/],
    ['100,000 parts', `${part('content-disposition: form-data; name="a"').repeat(100_000)}--edge--`, 'body', /more than 640 parts/],
  ])('a form with %s is a 400', async (_, body, param, detail) => {
    const problem = await expectProblem(await sendForm(body), 'invalid_request');
    expect(problem.param).toBe(param);
    expect(problem.detail).toMatch(detail);
    expect(await storedNames()).toEqual([]);
  });

  it('a form without a boundary is a 400', async () => {
    const problem = await expectProblem(await sendForm('--edge--', 'multipart/form-data'), 'invalid_request');
    expect(problem).toMatchObject({ param: 'content-type', detail: expect.stringContaining('no boundary') });
  });

  it('a body that is shorter than announced is a 400', async () => {
    const headers = { 'content-type': 'image/png', 'content-length': String(PNG.length + 1) };
    const problem = await expectProblem(await startService().send('/v1/describe', { method: 'POST', headers, body: PNG }), 'invalid_request');
    expect(problem.detail).toMatch(/before it was complete.*again/);
    expect(await storedNames()).toEqual([]);
  });

  it('a body that is longer than announced is taken as it is', async () => {
    const headers = { 'content-type': 'image/png', 'content-length': '1' };
    expect((await startService().send('/v1/describe', { method: 'POST', headers, body: PNG })).status).toBe(200);
  });

  it('a body that falls silent is given up after fifteen seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const body = new ReadableStream({ type: 'bytes', start: (controller) => controller.enqueue(PNG.slice(0, 50)), pull: () => new Promise(() => undefined) });
    const pending = startService().send('/v1/describe', { method: 'POST', headers: { 'content-type': 'image/png' }, body });
    let isDone = false;
    void pending.then(() => (isDone = true));
    await vi.advanceTimersByTimeAsync(14_999);
    expect(isDone).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    const problem = await expectProblem(await pending, 'invalid_request');
    expect(problem).toMatchObject({ param: 'body', detail: expect.stringMatching(/paused before it was complete.*again/) });
    expect(await storedNames()).toEqual([]);
  });

  it.each([
    ['chunked', {}],
    ['announced', { 'content-length': '1000' }],
  ])('a body that breaks off is a 400, not a fault of ours: %s', async (_, headers) => {
    const service = startService();
    let pulls = 0;
    const body = new ReadableStream({
      type: 'bytes',
      pull: (controller) => (pulls++ === 0 ? controller.enqueue(PNG.slice(0, 50)) : controller.error(new Error('connection lost'))),
    });
    const response = await service.send('/v1/describe', { method: 'POST', headers: { 'content-type': 'image/png', ...headers }, body });
    const problem = await expectProblem(response, 'invalid_request');
    expect(problem).toMatchObject({ param: 'body', detail: expect.stringMatching(/before it was complete.*again/) });
    expect(await storedNames()).toEqual([]);
  });

  it('a request without a body is a 400', async () => {
    const problem = await expectProblem(
      await startService().send('/v1/describe', { method: 'POST', headers: { 'content-type': 'image/png' } }),
      'invalid_request',
    );
    expect(problem).toMatchObject({ param: 'body', detail: expect.stringMatching(/empty.*Send/) });
  });
});
