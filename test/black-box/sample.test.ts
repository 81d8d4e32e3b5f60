/** Every sample of the playground speaks: texts that people wrote, in four languages, through the whole service with its resizing. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLE_LANGUAGES } from '../../simulator/example/example.ts';
import { EXAMPLES, findExample } from '../../simulator/example/find.ts';
import type { Lent } from './support/broker.ts';
import { lendService } from './support/lent.ts';
import { mediaTypeOf, sample } from './support/origin.ts';

const NAMES = readdirSync('public/samples');
const MARKS = {
  en: /^Simulated (description|caption) \(example\): /,
  de: /^Simulierte (Beschreibung|Bildunterschrift) \(Beispiel\): /,
  fr: /^(Description|Légende) simulée \(exemple\) : /,
  es: /^(Descripción simulada|Pie de foto simulado) \(ejemplo\): /,
};
const ALT_TEXT_CHARACTERS_MAX = 125;

const hashOf = (name: string) => createHash('sha256').update(sample(name)).digest('hex');

describe('the examples of the simulator', () => {
  it('are about the samples as they are, one each', () => {
    expect(EXAMPLES.map(({ sha256 }) => sha256).toSorted()).toEqual(NAMES.map(hashOf).toSorted());
  });

  it.each(EXAMPLES)('$words.en.caption', ({ words, objects, lines }) => {
    for (const language of EXAMPLE_LANGUAGES) {
      const { altText, caption, description, tags } = words[language];
      for (const text of [altText, caption, description]) expect(text).toMatch(/^\S.*[.]$/);
      expect(description.length).toBeGreaterThan(altText.length);
      expect(new Set(tags).size).toBe(5);
    }
    for (const { label, box } of objects) {
      const [left, top, right, bottom] = box;
      expect(Object.keys(label).toSorted()).toEqual([...EXAMPLE_LANGUAGES].toSorted());
      for (const side of box) expect(side).toSatisfy((part: number) => part >= 0 && part <= 1);
      expect(right > left && bottom > top).toBe(true);
    }
    expect(lines.every((line) => line !== '')).toBe(true);
  });

  it('are not taken for a blank page of the same shape', () => {
    for (const { aspect } of EXAMPLES)
      for (const luma of ['ff', 'f0', '80', '00']) {
        const look = { fingerprint: luma.repeat(64) } as Parameters<typeof findExample>[1];
        expect(findExample({ sha256: '', width: 1_000 * aspect, height: 1_000 }, look)).toBeUndefined();
      }
  });
});

describe('a sample', () => {
  let stack: Lent;
  beforeAll(async () => {
    stack = await lendService();
  });

  it.each(NAMES)('%s is described in each language, in all fields, and marked', async (name) => {
    const query = `fields=alt_text,caption,description&languages=${EXAMPLE_LANGUAGES.join(',')}`;
    const response = await fetch(`${stack.url}/v1/describe?${query}`, {
      method: 'POST',
      headers: { 'x-api-key': stack.key, 'content-type': mediaTypeOf(name) },
      body: new Uint8Array(sample(name)),
    });
    const { descriptions } = (await response.json()) as any;
    const example = EXAMPLES.find(({ sha256 }) => sha256 === hashOf(name));
    expect(descriptions.map(({ language }: { language: string }) => language)).toEqual(EXAMPLE_LANGUAGES);
    for (const [index, language] of EXAMPLE_LANGUAGES.entries()) {
      const { alt_text: altText, caption, description } = descriptions[index];
      for (const text of [altText, caption, description]) expect(text).toMatch(MARKS[language]);
      expect(altText.replace(MARKS[language], '')).toBe(example?.words[language].altText);
      expect(caption.replace(MARKS[language], '')).toBe(example?.words[language].caption);
      expect(description).toContain(example?.words[language].description);
      expect(altText.length).toBeLessThanOrEqual(ALT_TEXT_CHARACTERS_MAX);
    }
  });
});
