import { describe, expect, it } from 'vitest';
import { Client, errorOf, imageBlock, textOf } from './client.ts';
import { BLUE, draw, encodePng, pngHeaderOf, rectangleOnWhite, RED } from './picture.ts';

const BOX = { left: 400, top: 200, right: 1_200, bottom: 600 };

function object(properties: Record<string, unknown>, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
    ...extra,
  };
}

function format(schema: unknown): Record<string, unknown> {
  return { output_config: { format: { type: 'json_schema', schema } } };
}

async function documentFor(schema: unknown, images: unknown[]): Promise<Record<string, unknown>> {
  return JSON.parse(await textOf(await new Client().ask(images, format(schema)))) as Record<string, unknown>;
}

describe('structured output', () => {
  it('prose is about the picture, short where it must be, and says that it is simulated', async () => {
    const image = imageBlock(await encodePng(rectangleOnWhite(160, 80, { left: 8, top: 8, right: 90, bottom: 70 }, RED)), 'image/png');
    const text = { type: 'string' };
    const answer = await documentFor(
      object({
        alt_text: text,
        caption: text,
        description: text,
        answer: text,
        text,
        tags: { type: 'array', items: text },
      }),
      [image],
    );
    expect(answer).toMatchObject({
      alt_text: 'Simulated description: landscape graphic, mostly white and red.',
      caption: 'Simulated caption: landscape graphic, mostly white and red',
      description: expect.stringMatching(/^Simulated description: a landscape graphic of 160 x 80 pixels/),
      answer: expect.stringMatching(/^Simulated description/),
      text: '',
      tags: ['simulated', 'landscape', 'white', 'red', 'graphic', 'bright'],
    });
  });

  it('boxes are in pixels of the picture as the model sees it', async () => {
    // 2000 x 1500 becomes 1270 x 952 on the standard tier, by the documented algorithm.
    const image = imageBlock(await encodePng(rectangleOnWhite(2_000, 1_500, BOX, BLUE)), 'image/png');
    const number = { type: 'integer' };
    const item = object({ label: { type: 'string' }, box: { type: 'array', items: number } });
    const schema = object({ objects: { type: 'array', items: item }, x1: number, y2: number, width: number });
    const answer = JSON.parse(await textOf(await new Client().ask([image], { ...format(schema), model: 'claude-haiku-4-5' }))) as unknown;
    const [left, top, right, bottom] = [254, 127, 762, 381];
    expect(answer).toEqual({
      objects: [{ label: 'simulated blue area', box: [left, top, right, bottom] }],
      x1: left,
      y2: bottom,
      width: right - left,
    });
  });

  it('enum, const, anyOf, $ref, formats, booleans and null are followed', async () => {
    const schema = object(
      {
        role: { enum: ['decorative', 'informative'] },
        version: { const: 3 },
        note: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/note' }] },
        taken: { type: 'string', format: 'date' },
        is_photo: { type: 'boolean' },
        nothing: { type: 'null' },
        flags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
      },
      { $defs: { note: object({ language: { const: 'es' } }) } },
    );
    expect(await documentFor(schema, [{ type: 'text', text: 'x' }])).toEqual({
      role: 'decorative',
      version: 3,
      note: { language: 'es' },
      taken: '2026-01-01',
      is_photo: false,
      nothing: null,
      flags: ['a'],
    });
  });

  it('a list with a language each gets an entry for each, and one about images an entry for each image', async () => {
    const text = { type: 'string' };
    const inLanguages = object({ language: { type: 'string', enum: ['en', 'de'] }, alt_text: text });
    const perImage = object({ index: { type: 'integer' }, color: text });
    const schema = object({
      descriptions: { type: 'array', items: inLanguages },
      images: { type: 'array', items: perImage },
    });
    const images = await Promise.all([RED, BLUE].map(async (colour) => imageBlock(await encodePng(draw(40, 30, () => colour)), 'image/png')));
    expect(await documentFor(schema, images)).toEqual({
      descriptions: [
        { language: 'en', alt_text: 'Simulated description: landscape graphic, mostly red.' },
        { language: 'de', alt_text: 'Simulierte Beschreibung: Grafik im Querformat, überwiegend rot.' },
      ],
      images: [
        { index: 1, color: 'red' },
        { index: 2, color: 'blue' },
      ],
    });
  });

  it('a picture too large to decode is described by its size', async () => {
    const image = imageBlock(await pngHeaderOf(4_032, 3_024), 'image/png');
    const answer = await documentFor(object({ description: { type: 'string' } }), [image]);
    expect(answer['description']).toContain('4032 x 3024 pixels, seen at');
  });
});

describe('schemas that structured output does not take', () => {
  const optional = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`p${index}`, { type: 'string' }]));
  it.each([
    ['an open object', { type: 'object', properties: {} }, "'additionalProperties' must be explicitly set to false"],
    ['a bounded number', { type: 'integer', minimum: 1 }, "property 'minimum' is not supported"],
    ['a bounded string', { type: 'string', maxLength: 9 }, "property 'maxLength' is not supported"],
    ['a long list', { type: 'array', items: { type: 'string' }, minItems: 2 }, "'minItems' values other than 0 or 1"],
    ['oneOf', { oneOf: [{ type: 'string' }] }, "'oneOf' is not supported"],
    ['recursion', object({ self: { $ref: '#' } }), 'Circular reference'],
    ['a dangling reference', { $ref: '#/$defs/none' }, 'Could not resolve reference #/$defs/none'],
    ['25 optional properties', object(optional, { required: [] }), 'too many optional parameters (25), limit is 24'],
  ])('%s is refused', async (_, schema, message) => {
    const error = await errorOf(await new Client().ask('x', format(schema)));
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining(message) });
    expect(error.message).toMatch(/^output_config\.format\.schema/);
  });

  it('24 optional properties are taken', async () => {
    const { p24: _, ...properties } = optional;
    expect((await new Client().ask('x', format(object(properties, { required: [] })))).status).toBe(200);
  });

  it('another format is refused', async () => {
    const response = await new Client().ask('x', { output_config: { format: { type: 'xml' } } });
    expect((await errorOf(response)).message).toBe("output_config.format.type: Input should be 'json_schema'");
  });
});
