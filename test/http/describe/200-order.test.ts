import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { startService } from '../../support/service.ts';
import { bindings, cachedNames, emptyStorage } from '../../support/storage.ts';

const image = { base64: fixture('png-rgb8.png').toBase64() };

describe('the order of fields and languages', () => {
  beforeEach(emptyStorage);

  it('makes no second bill, and the answer has the order of its own caller', async () => {
    const service = startService();
    const one = { image, fields: ['alt_text', 'caption'], languages: ['en', 'de', 'fr'] };
    const first = (await (await service.post('/v1/describe', one)).json()) as any;
    expect(first.cache.status).toBe('miss');
    expect(first.descriptions.map(({ language }: any) => language)).toEqual(['en', 'de', 'fr']);
    const other = { image, fields: ['caption', 'alt_text'], languages: ['fr', 'en', 'de'] };
    const again = (await (await service.post('/v1/describe', other)).json()) as any;
    expect(again.cache.status).toBe('hit');
    expect(again.descriptions).toEqual(['fr', 'en', 'de'].map((language) => first.descriptions.find((one: any) => one.language === language)));
    expect(Object.keys(again.descriptions[0])).toEqual(['language', 'caption', 'alt_text']);
    const text = await (await service.post('/v1/describe', other, { accept: 'text/plain' })).text();
    expect(text.trimEnd()).toBe(again.descriptions[0].caption);
    expect(await service.calls()).toHaveLength(1);
  });

  it('leaves each reply to a question with its language', async () => {
    const service = startService();
    const body = { image, fields: ['alt_text'], prompt: 'Which colours?' };
    const first = (await (await service.post('/v1/describe', { ...body, languages: ['en', 'de'] })).json()) as any;
    expect(first).not.toHaveProperty('answer');
    const [english, german] = first.descriptions.map((one: any) => one.answer);
    expect([typeof english, typeof german]).toEqual(['string', 'string']);
    expect(english).not.toBe(german);
    const again = (await (await service.post('/v1/describe', { ...body, languages: ['de', 'en'] })).json()) as any;
    expect([again.cache.status, again.descriptions]).toEqual(['hit', first.descriptions.toReversed()]);
    // With one language there is nothing to tell apart.
    const single = (await (await service.post('/v1/describe', { ...body, languages: ['de'] })).json()) as any;
    expect(single.answer).toMatch(/^Simulierte Beschreibung/);
    expect(single.descriptions[0]).not.toHaveProperty('answer');
  });

  it('does not hide the joined reply that an earlier version kept', async () => {
    const service = startService();
    const body = { image, fields: ['alt_text'], prompt: 'Which colours?', languages: ['de', 'en'] };
    await service.post('/v1/describe', body);
    const [name = ''] = await cachedNames();
    const entry = (await bindings.DESCRIPTIONS.get(name, 'json')) as any;
    const descriptions = entry.descriptions.map(({ language, alt_text }: any) => ({ language, alt_text }));
    await bindings.DESCRIPTIONS.put(name, JSON.stringify({ ...entry, descriptions, answer: 'Rot.\n\nRed.' }));
    const found = (await (await service.post('/v1/describe', body)).json()) as any;
    expect(found).toMatchObject({ cache: { status: 'hit' }, answer: 'Rot.\n\nRed.', descriptions });
  });
});
