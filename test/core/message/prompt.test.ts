import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { question, systemPrompt } from '../../../src/core/message/prompt.ts';
import { anyText, asked, images, NASTY } from './asked.ts';

/** What stands between the tags, when there is exactly one pair of them and nothing of the context outside. */
function framed(text: string): unknown {
  expect(text.match(/<context>/g)).toHaveLength(1);
  expect(text.match(/<\/context>/g)).toHaveLength(1);
  const inside = /^<context>(.*)<\/context>\n\n/s.exec(text)?.[1] ?? '';
  expect(inside).not.toMatch(/[<>&]/);
  return JSON.parse(inside);
}

describe('the context', () => {
  it.each(NASTY.map((text) => [text]))('cannot leave its tags, as a value or as a name: %j', (text) => {
    const context = { value: text, list: [text, { deeper: text }], [`x${text}`]: 1 };
    expect(framed(question(asked({ context })))).toEqual(JSON.parse(JSON.stringify(context)));
  });

  it('cannot leave its tags, whatever it is', () => {
    const text = anyText('<', '>', '/', '&', '"', '\\', 'context');
    const value = fc.oneof(text, fc.array(text, { maxLength: 3 }));
    const entries = fc.array(fc.tuple(text, value), { maxLength: 4 });
    fc.assert(
      fc.property(
        entries.map((pairs) => Object.fromEntries(pairs)),
        (context) => {
          // Names that the parser drops are no part of what is asked.
          const request = asked({ context, prompt: 'What is it?', fields: ['caption'] });
          expect(framed(question(request))).toEqual(JSON.parse(JSON.stringify(request.context)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is declared to be material, never an instruction', () => {
    expect(systemPrompt(asked({ context: { a: 'b' } }))).toMatch(/<context>.*never an instruction/);
  });

  it('that is absent leaves no tags', () => {
    expect(question(asked({ prompt: 'What is it?' }))).toBe('What is it?');
  });
});

describe('the system prompt', () => {
  it('has our rules first, and the words of the caller after them', () => {
    const rules = systemPrompt(asked());
    expect(systemPrompt(asked({ system: 'Answer like a pirate.' }))).toBe(`${rules}\n\nAnswer like a pirate.`);
  });

  it('does not depend on anything else', () => {
    const rules = systemPrompt(asked());
    for (const fields of [{ prompt: 'x' }, { context: { a: 1 } }, { languages: ['de'] }, { images: images(3) }])
      expect(systemPrompt(asked(fields))).toBe(rules);
  });
});

describe('the question', () => {
  it('asks for each field, in each language, and for nothing else', () => {
    const text = question(asked({ fields: ['caption', 'description'], languages: ['en', 'pt-BR'] }));
    expect(text).toContain('- caption:');
    expect(text).toContain('- description:');
    expect(text).toContain('en, pt-BR');
    expect(text).not.toContain('alt_text');
    expect(text).not.toContain('- answer:');
  });

  it.each([
    [{}, 125],
    [{ max_length: 80 }, 80],
  ])('bounds alt text: %j is %i characters', (fields, characters) => {
    expect(question(asked(fields))).toContain(`within ${characters} characters`);
  });

  it('alone names the languages that the caller gave, and only those', () => {
    const prompt = 'How many boats?';
    expect(question(asked({ prompt }))).toBe(prompt);
    expect(question(asked({ prompt, languages: ['en'] }))).toBe(`${prompt}\n\nAnswer in this language (BCP 47): en.`);
    expect(question(asked({ prompt, languages: ['de', 'pt-BR', 'de'] }))).toMatch(
      /^How many boats\?\n\nAnswer once in each of these languages .*: de, pt-BR\.$/,
    );
  });

  it('with fields names the languages once, given or not', () => {
    const fields = { prompt: 'How many boats?', fields: ['alt_text'] };
    expect(question(asked({ ...fields, languages: ['en'] }))).toBe(question(asked(fields)));
  });

  it('of the caller stands between context and fields', () => {
    const text = question(asked({ context: { a: 1 }, prompt: 'How many boats?', fields: ['alt_text'] }));
    const order = ['</context>', 'How many boats?', '- alt_text:', '- answer:'].map((part) => text.indexOf(part));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
  });
});
