import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const image = { base64: fixture('jpeg-progressive.jpg').toBase64() };

async function ask(request: object, headers: Record<string, string> = {}) {
  const service = startService();
  const response = await service.post('/v1/describe', { image, ...request }, headers);
  expect(response.status).toBe(200);
  return { response, service };
}

describe('the answer of POST /v1/describe', () => {
  beforeEach(emptyStorage);

  it('has the fields that were asked for, in each language, once', async () => {
    const { response } = await ask({ fields: ['description', 'alt_text', 'description'], languages: ['de', 'en', 'de'] });
    const { descriptions } = (await response.json()) as any;
    expect(descriptions).toEqual([
      { language: 'de', description: expect.any(String), alt_text: expect.any(String) },
      { language: 'en', description: expect.any(String), alt_text: expect.any(String) },
    ]);
  });

  it('is in "answer" alone for a prompt alone', async () => {
    const { response, service } = await ask({ prompt: '  What is in the upper left corner?  ' });
    const body = (await response.json()) as any;
    expect(body.answer).toMatch(/^Simulated description/);
    expect(body.descriptions).toEqual([]);
    const [{ body: sent }] = await service.calls();
    expect(sent).not.toHaveProperty('output_config');
    expect(sent.messages[0].content.at(-1).text).toBe('What is in the upper left corner?');
  });

  it('has both for a prompt with fields', async () => {
    const { response } = await ask({ prompt: 'Which colours?', fields: ['caption'] });
    const body = (await response.json()) as any;
    expect(body.descriptions).toEqual([{ language: 'en', caption: expect.any(String) }]);
    expect(body.answer).toMatch(/\S/);
  });

  it('echoes metadata, which is not part of the cache key', async () => {
    const { response, service } = await ask({ metadata: { sku: 'A-1', nested: { list: [1, null, 'x'] } } });
    expect(((await response.json()) as any).metadata).toEqual({ sku: 'A-1', nested: { list: [1, null, 'x'] } });
    const again = (await (await service.post('/v1/describe', { image, metadata: { sku: 'B-2' } })).json()) as any;
    expect(again.cache.status).toBe('hit');
    expect(again.metadata).toEqual({ sku: 'B-2' });
    expect(JSON.stringify(await service.calls())).not.toContain('A-1');
  });

  it.each<[string, object, RegExp]>([
    ['the first field', { fields: ['caption', 'alt_text'] }, /^Simulated/],
    ['the answer to a prompt', { prompt: 'Which colours?' }, /^Simulated/],
  ])('is plain text on request: %s', async (_, request, text) => {
    const { response, service } = await ask(request, { accept: 'text/plain' });
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(response.headers.get('cache-status')).toBe('Vignette; fwd=uri-miss; stored');
    const plain = await response.text();
    expect(plain).toMatch(text);
    const json = (await (await service.post('/v1/describe', { image, ...request })).json()) as any;
    expect(plain).toBe(json.answer ?? json.descriptions[0].caption);
  });

  it.each([['*/*'], ['application/json, text/plain'], ['text/plain;q=0'], ['text/plain;q=0.1, application/json;q=0.9'], ['text/html'], ['']])(
    'is JSON for accept "%s"',
    async (accept) => {
      const { response } = await ask({}, { accept });
      expect(response.headers.get('content-type')).toBe('application/json');
    },
  );

  it.each([['text/plain, application/json'], ['application/json;q=0.5, text/plain'], ['Text/Plain; charset=utf-8']])(
    'is plain text for accept "%s"',
    async (accept) => {
      const { response } = await ask({}, { accept });
      expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    },
  );

  it('ends a fault in a problem document even when text was asked for', async () => {
    const response = await startService().post('/v1/describe', {}, { accept: 'text/plain' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('holds no control characters that a picture made the model write', async () => {
    const service = startService({
      wire: async () =>
        Response.json({
          type: 'message',
          role: 'assistant',
          model: 'claude-haiku-5-5',
          content: [{ type: 'text', text: 'A \u001b[31mred\u001b[0m\u0007 sign\u0000 says\tstop\nnow\u009b' }],
          stop_reason: 'end_turn',
          usage: { input_tokens: 1, output_tokens: 1 },
        }),
    });
    const body = (await (await service.post('/v1/describe', { image, prompt: 'What does it say?' })).json()) as any;
    expect(body.answer).toBe('A red sign says\tstop\nnow');
  });
});
