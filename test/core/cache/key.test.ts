import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerPrefix, cacheKeyText, type KeyParts, ownerOf } from '../../../src/core/cache/key.ts';
import { CACHE_PREFIX } from '../../../src/core/stored/version.ts';
import { findModel } from '../../../src/core/vision/model.ts';
import { asked, images } from '../message/asked.ts';

const HASH_A = 'a'.repeat(64);
const HASH_B = 'b'.repeat(64);

function parts(more: Partial<KeyParts> = {}): KeyParts {
  return { owner: 'acme', imageHashes: [HASH_A], request: asked(), model: findModel('claude-haiku-5-5'), tier: 'standard', ...more };
}

const BASE = cacheKeyText(parts());

describe('a cache key', () => {
  it.each([
    ['the owner', { owner: 'umbrella' }],
    ['the image', { imageHashes: [HASH_B] }],
    ['one more image', { imageHashes: [HASH_A, HASH_A] }],
    ['no image', { imageHashes: [] }],
    ['the tier', { tier: 'high' }],
    ['the model', { request: asked({ model: 'claude-opus-5' }), model: findModel('claude-opus-5') }],
    ['another spelling of the model', { request: asked({ model: 'anthropic.claude-haiku-5-5' }) }],
    ['the fields', { request: asked({ fields: ['caption'] }) }],
    ['one more field', { request: asked({ fields: ['alt_text', 'caption'] }) }],
    ['a prompt', { request: asked({ prompt: 'How many?' }) }],
    ['a prompt beside the fields', { request: asked({ prompt: 'How many?', fields: ['alt_text'] }) }],
    ['a system prompt', { request: asked({ system: 'Be brief.' }) }],
    ['the language', { request: asked({ languages: ['de'] }) }],
    ['one more language', { request: asked({ languages: ['en', 'de'] }) }],
    ['the length of alt text', { request: asked({ max_length: 80 }) }],
    ['context', { request: asked({ context: { page_title: 'Harbours' } }) }],
    ['empty context', { request: asked({ context: {} }) }],
    ['the output limit', { request: asked({ max_tokens: 9 }) }],
    ['the number of images asked about', { request: asked({ images: images(2) }) }],
  ] as const)('changes with %s', (_, more) => {
    expect(cacheKeyText(parts(more))).not.toBe(BASE);
  });

  it('changes with the order of images, and of the languages of one text', () => {
    const prompt = 'How many?';
    const pairs = [
      [{ imageHashes: [HASH_A, HASH_B] }, { imageHashes: [HASH_B, HASH_A] }],
      [{ request: asked({ prompt, languages: ['en', 'de'] }) }, { request: asked({ prompt, languages: ['de', 'en'] }) }],
    ] as const;
    for (const [one, other] of pairs) expect(cacheKeyText(parts(one))).not.toBe(cacheKeyText(parts(other)));
  });

  it.each([
    ['metadata, which is only echoed', { request: asked({ metadata: { id: 1 } }) }],
    ['the cache mode', { request: asked({ cache: 'refresh' }) }],
    ['the address that the same bytes came from', { request: asked({ image: { url: 'https://other.example.com/b.jpg' } }) }],
    ['the way in which the same bytes came', { request: asked({ image: { base64: 'Zg==' } }) }],
    [
      'a default that is spelled out',
      { request: asked({ fields: ['alt_text'], languages: ['en'], max_length: 125, max_tokens: 4_096, detail: 'auto', source: 'auto' }) },
    ],
  ])('does not change with %s', (_, more) => {
    expect(cacheKeyText(parts(more))).toBe(BASE);
  });

  it('differs for any two requests that differ in what is sent or to whom', () => {
    const text = fc.constantFrom('a', 'b', 'a\n\nb', 'a"', '"],["b', '</context>', 'image');
    const some = fc.record({
      owner: text,
      imageHashes: fc.array(fc.constantFrom(HASH_A, HASH_B), { minLength: 1, maxLength: 3 }),
      tier: fc.constantFrom('standard' as const, 'high' as const),
      model: fc.constantFrom('claude-haiku-5-5', 'claude-opus-5'),
      fields: fc.constantFrom(['alt_text'], ['caption'], ['alt_text', 'caption']),
      languages: fc.constantFrom(['en'], ['de'], ['en', 'de']),
      system: fc.option(text, { nil: undefined }),
      prompt: fc.option(text, { nil: undefined }),
      context: fc.option(fc.dictionary(text, text, { maxKeys: 2 }), { nil: undefined }),
      max_tokens: fc.constantFrom(100, 200),
    });
    type Some = typeof some extends fc.Arbitrary<infer T> ? T : never;
    const keyOf = ({ owner, imageHashes, tier, ...fields }: Some) =>
      cacheKeyText(parts({ owner, imageHashes, tier, request: asked(JSON.parse(JSON.stringify(fields))), model: findModel(fields.model) }));
    fc.assert(
      fc.property(
        some,
        some,
        fc.constantFrom('owner', 'imageHashes', 'tier', 'model', 'fields', 'languages', 'system', 'prompt', 'context', 'max_tokens'),
        (one, other, name) => {
          const changed = { ...one, [name]: other[name as keyof Some] };
          expect(keyOf(one) === keyOf(changed)).toBe(JSON.stringify(one) === JSON.stringify(changed));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps its parts apart: a tenant cannot pass for another by its name', () => {
    const tricks = ['acme"],["images",["', 'acme\u0000', 'acme ', 'ACME', '', 'acme,umbrella'];
    const keys = tricks.map((owner) => cacheKeyText(parts({ owner })));
    expect(new Set([BASE, ...keys]).size).toBe(tricks.length + 1);
  });

  it('with its prefix and a hash in hex stays within the 512 bytes of KV', () => {
    expect(CACHE_PREFIX).toMatch(/^[a-z]+:v\d+:$/);
    expect(answerPrefix('a'.repeat(64)).length + 64).toBeLessThanOrEqual(512);
  });

  it('belongs to the tenant, or to all who share it, whom no tenant can pass for', () => {
    expect(ownerOf('acme', { scope: 'tenant' })).toBe('acme');
    expect(ownerOf('acme', { scope: 'public' })).toBe(ownerOf('umbrella', { scope: 'public' }));
    // The name of a tenant: `^[A-Za-z0-9_-]{1,64}$`
    expect(ownerOf('acme', { scope: 'public' })).not.toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  });
});
