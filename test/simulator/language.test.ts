import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../simulator/example/find.ts';
import { compose } from '../../simulator/message/compose.ts';
import type { ModelRequest } from '../../simulator/message/request.ts';
import type { SeenImage } from '../../simulator/image/inspect.ts';
import { Client, imageBlock, textOf } from './client.ts';
import { BLUE, draw, encodePng, WHITE } from './picture.ts';

const PICTURE = draw(60, 40, (x) => (x < 42 ? BLUE : WHITE));
const NO_WORDS = ' (the simulator has no words in "sv")';

function schemaOf(languages: readonly string[], properties: Record<string, unknown>) {
  const entry = {
    type: 'object',
    properties: { language: { type: 'string', enum: languages }, ...properties },
    required: ['language', ...Object.keys(properties)],
    additionalProperties: false,
  };
  return { type: 'object', properties: { descriptions: { type: 'array', items: entry } }, required: ['descriptions'], additionalProperties: false };
}

describe('a picture that the simulator does not know', () => {
  it('is described in the language that is asked for, as simulated', async () => {
    const words = {
      en: 'Simulated description: landscape graphic, mostly blue and white.',
      'de-AT': 'Simulierte Beschreibung: Grafik im Querformat, überwiegend blau und weiß.',
      fr: 'Description simulée : dessin au format paysage, surtout bleu et blanc.',
      es: 'Descripción simulada: gráfico en formato horizontal, sobre todo azul y blanco.',
      it: 'Descrizione simulata: disegno in formato orizzontale, soprattutto blu e bianco.',
      'pt-BR': 'Descrição simulada: desenho em formato horizontal, sobretudo azul e branco.',
      nl: 'Gesimuleerde beschrijving: tekening in liggend formaat, vooral blauw en wit.',
      ja: 'シミュレーションによる説明：横長の図、主な色は青と白。',
      sv: `Simulated description: landscape graphic, mostly blue and white.${NO_WORDS}`,
    };
    const schema = schemaOf(Object.keys(words), { alt_text: { type: 'string' } });
    const file = imageBlock(await encodePng(PICTURE), 'image/png');
    const text = await textOf(await new Client().ask([file], { output_config: { format: { type: 'json_schema', schema } } }));
    expect(JSON.parse(text).descriptions).toEqual(Object.entries(words).map(([language, altText]) => ({ language, alt_text: altText })));
  });

  it('is described in the languages that a question names', async () => {
    const file = imageBlock(await encodePng(PICTURE), 'image/png');
    const ask = async (words: string) => textOf(await new Client().ask([file, { type: 'text', text: words }]));
    expect(await ask('What? Answer in this language (BCP 47): de.')).toMatch(/^Simulierte Beschreibung: Grafik im Querformat, .*60 × 40 Pixel\.\n/);
    expect(await ask('What? Answer once in each of these languages (BCP 47), in this order, with an empty line between: fr, sv.')).toMatch(
      /^Description simulée : .*\nSimulated description: a landscape graphic .*no words in "sv"/,
    );
    expect(await ask('What?')).toMatch(/^Simulated description: a landscape graphic/);
  });
});

describe('a sample', () => {
  const [example] = EXAMPLES.filter(({ objects }) => objects.length > 2);
  if (example === undefined) throw new Error('no example has three objects');
  const facts = { width: 1000, height: 500, resized: { width: 100, height: 50 } } as SeenImage['facts'];
  const answer = (properties: Record<string, unknown>, language: string) => {
    const schema = schemaOf([language], properties);
    const request = { schema, maxTokens: 4_096, stopSequences: [], billedText: '', system: '', modelName: 'm' } as unknown as ModelRequest;
    const frame = { id: 'msg_1', inputTokens: 1, serviceTier: 'standard', fault: undefined } as const;
    const [block] = compose(request, [{ facts, look: undefined, example }], frame).content;
    return JSON.parse(block?.type === 'text' ? block.text : '').descriptions[0];
  };

  it('has tags, text and objects with their boxes too', () => {
    const object = {
      type: 'object',
      properties: { label: { type: 'string' }, box: { type: 'array', items: { type: 'integer' } } },
      required: ['label', 'box'],
      additionalProperties: false,
    };
    const asked = { tags: { type: 'array', items: { type: 'string' } }, text: { type: 'string' }, objects: { type: 'array', items: object } };
    const { tags, text, objects } = answer(asked, 'de');
    expect(tags).toEqual(['simulated', ...example.words.de.tags]);
    expect(text).toBe(example.lines.join('\n'));
    expect(objects).toEqual(
      example.objects.map(({ label, box: [left, top, right, bottom] }) => ({
        label: label.de,
        box: [Math.round(left * 100), Math.round(top * 50), Math.round(right * 100), Math.round(bottom * 50)],
      })),
    );
  });

  it('speaks as any picture does in a language that it was not written in', () => {
    expect(answer({ alt_text: { type: 'string' } }, 'it').alt_text).toBe('Descrizione simulata: immagine in formato orizzontale, colori sconosciuti.');
    expect(answer({ alt_text: { type: 'string' } }, 'sv').alt_text).toBe(`Simulated description (example): ${example.words.en.altText}${NO_WORDS}`);
  });
});
