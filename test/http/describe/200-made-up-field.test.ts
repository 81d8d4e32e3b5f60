/**
 * A list, a list of objects with boxes, and a field that no model is asked for go through the whole service, from the request to
 * KV and back, with rows in the catalogue alone. The service is loaded again around them.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MADE_UP } from '../../core/field/made-up.ts';
import { pngPicture } from '../../support/picture.ts';
import { bindings, cachedNames, emptyStorage } from '../../support/storage.ts';

describe('fields of any shape', () => {
  let startService: (typeof import('../../support/service.ts'))['startService'];
  let openApiDocument: (typeof import('../../../src/contract/openapi/document.ts'))['openApiDocument'];

  beforeAll(async () => {
    vi.resetModules();
    const { FIELDS } = await import('../../../src/core/field/catalogue.ts');
    // Before anything else of the new service has looked at it.
    Object.assign(FIELDS, MADE_UP);
    ({ startService } = await import('../../support/service.ts'));
    ({ openApiDocument } = await import('../../../src/contract/openapi/document.ts'));
  });

  afterAll(() => {
    vi.resetModules();
  });

  beforeEach(emptyStorage);

  it('are asked for, kept, placed and given back by their rows alone', async () => {
    const service = startService();
    // Wider than the high tier, so that pixels sent are not pixels of the file.
    const bytes = await pngPicture(2900, 290);
    const body = { image: { base64: bytes.toBase64() }, languages: ['en', 'de'] };
    const response = await service.post('/v1/describe', { ...body, fields: ['proportion', 'parts', 'alt_text', 'keywords'] });
    const answer = (await response.json()) as any;
    const { sent } = answer.images[0];
    expect([sent.width, sent.transform]).toEqual([2576, 'resized']);

    const [call] = await service.calls();
    const { output_config, messages, max_tokens } = call.body;
    const entry = output_config.format.schema.properties.descriptions.items;
    expect(Object.keys(entry.properties)).toEqual(['language', 'alt_text', 'keywords', 'parts']);
    expect(entry.properties.keywords).toEqual(MADE_UP.keywords.schema);
    expect(entry.required).toEqual(Object.keys(entry.properties));
    // 4,096 for a model that thinks, and 600 more in each of two languages.
    expect(max_tokens).toBe(5_296);
    const words = messages[0].content.at(-1).text.split('\n');
    expect(words.slice(2)).toEqual([
      '- keywords: words to find the image by, in each language.',
      '- parts: its parts, with corners in pixels.',
      'Keep alt_text within 125 characters.',
      'Give at most 3 keywords.',
    ]);

    const kept = (await bindings.DESCRIPTIONS.get((await cachedNames())[0] ?? '', 'json')) as any;
    expect(Object.keys(kept.descriptions[0])).toEqual(['language', 'alt_text', 'keywords', 'parts']);
    expect(kept.descriptions[0].parts).toEqual([{ label: expect.any(String), x1: 0, y1: 0, x2: sent.width, y2: sent.height }]);

    const said = {
      proportion: { shape: 'wide' },
      parts: [{ label: expect.any(String), box: { x: 0, y: 0, width: 2900, height: 290 } }],
      alt_text: expect.any(String),
      keywords: [expect.any(String), expect.any(String), expect.any(String)],
    };
    expect(answer.descriptions).toEqual([
      { language: 'en', ...said },
      { language: 'de', ...said },
    ]);

    const again = (await (await service.post('/v1/describe', { ...body, fields: ['keywords', 'parts', 'alt_text'] })).json()) as any;
    const { proportion: _, ...rest } = answer.descriptions[0];
    expect([again.cache.status, again.descriptions[0]]).toEqual(['hit', rest]);
    const text = await service.post('/v1/describe', { ...body, fields: ['keywords', 'parts', 'alt_text'] }, { accept: 'text/plain' });
    expect((await text.text()).trimEnd()).toBe(rest.keywords.join(', '));
    expect(await service.calls()).toHaveLength(1);
  });

  it('that no model is asked for make no call, are not kept, and cost nothing', async () => {
    const service = startService();
    const body = { image: { base64: (await pngPicture(200, 300)).toBase64() }, fields: ['proportion'] };
    const answer = (await (await service.post('/v1/describe', body)).json()) as any;
    expect(answer.descriptions).toEqual([{ language: 'en', proportion: { shape: 'tall' } }]);
    expect(answer).toMatchObject({ usage: { input_tokens: 0, cost_usd: 0, estimated_input_tokens: 0 }, cache: { status: 'bypass' } });
    const { estimates } = (await (await service.post('/v1/estimate', body)).json()) as any;
    expect(estimates).toMatchObject([{ input_tokens: 0, max_output_tokens: 0, cost_usd: { min: 0, max: 0, reserved: 0 } }]);
    expect(await service.calls()).toEqual([]);
    expect(await cachedNames()).toEqual([]);
    // Beside a question the reply is plain text, as to a question alone.
    const both = (await (await service.post('/v1/describe', { ...body, prompt: 'Which colours?' })).json()) as any;
    expect(both).toMatchObject({ answer: expect.stringMatching(/^Simulated/), descriptions: [{ language: 'en', proportion: { shape: 'tall' } }] });
  });

  it('stand in the document, and what is wrong with them is an error that was billed and is not kept', async () => {
    const message = {
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-5-5',
      content: [{ type: 'text', text: JSON.stringify({ descriptions: [{ language: 'en', keywords: 'boat' }] }) }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    const service = startService({ wire: async () => Response.json(message) });
    const document = openApiDocument() as any;
    expect(document.components.schemas.DescribeRequest.properties.fields.items.enum).toContain('keywords');
    const { properties } = document.components.schemas.FieldsByLanguage;
    expect(properties.keywords).toMatchObject({ type: 'array', items: { type: 'string' }, description: 'Words to find the image by.' });
    expect(properties.proportion.properties.shape.enum).toEqual(['wide', 'tall', 'square']);

    const image = { base64: (await pngPicture(300, 300)).toBase64() };
    const problem = (await (await service.post('/v1/describe', { image, fields: ['keywords'] })).json()) as any;
    expect(problem).toMatchObject({ code: 'upstream_error', billed: true, detail: expect.stringContaining('"keywords"') });
    expect(await cachedNames()).toEqual([]);
  });
});
