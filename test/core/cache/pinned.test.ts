/**
 * Keys and an entry as earlier versions wrote them. They were taken from the code before the fields stood in a catalogue, and never
 * change without a new prefix: else every cached answer is paid for again.
 */
import { describe, expect, it } from 'vitest';
import { readCacheEntry } from '../../../src/core/cache/entry.ts';
import { cacheKeyText, type KeyParts } from '../../../src/core/cache/key.ts';
import { TRANSCODE_VERSION } from '../../../src/core/stored/version.ts';
import { findModel } from '../../../src/core/vision/model.ts';
import { asked, images } from '../message/asked.ts';

const HASH_A = 'a'.repeat(64);
const HASH_B = 'b'.repeat(64);

const PINNED: readonly (readonly [string, Record<string, unknown>, Partial<KeyParts>, string])[] = [
  ['the default', {}, {}, 'c5a321f9d71f8991e86b704cd651020c36227853b2c4fa8f907ded843517b395'],
  ['each field', { fields: ['alt_text', 'caption', 'description'] }, {}, '5fd6b8da474926eadc58185d8ba7044a0697e56ba8c22b90c07c213cb9ede8e2'],
  ['a caption in two languages', { fields: ['caption'], languages: ['de', 'en'] }, {}, '229d3502a6a020ba4fcd48f60a18659b9bd7618c64f94f89590f3dc7bbe42605'],
  [
    'alt text in eight languages',
    { languages: ['ar', 'de', 'en', 'es', 'fr', 'ja', 'pt-BR', 'zh-Hant'] },
    {},
    '0cd4129ae8070b82b270b5702457b4cc76a0ddf4d19a91d232ddd274f25ac2da',
  ],
  ['a length', { max_length: 80 }, {}, '2362b72335f10a1ca38cc00d8849d0cd41397bb6a4308a00e41a5d0be8ce947d'],
  [
    'a description without alt text and with a length',
    { fields: ['description'], max_length: 80 },
    {},
    '07a9f8a3e6bb630ebd971acee552a29cf578ea53bfc127122c521e2790b48528',
  ],
  ['a question', { prompt: 'How many boats?' }, {}, '1f054e5fb419726717dd19d746d02438a87a8e4933e955aac78620b623e27b87'],
  [
    'a question in two languages',
    { prompt: 'How many boats?', languages: ['en', 'de'] },
    {},
    'b3a73e261a03c643d85c13319ed9d7597eef7a7e625c1d0d7f6ea33a45391c9d',
  ],
  [
    'a question beside fields',
    { prompt: 'How many boats?', fields: ['alt_text', 'description'], languages: ['de', 'en'] },
    {},
    'd2c5e0704da9df442421e9031bc21895702721492fc1abb0b03b82f7f6a48e9c',
  ],
  [
    'a system prompt, context and an output limit',
    { system: 'Be brief.', context: { page_title: '</context>' }, max_tokens: 300 },
    {},
    '7c2c14ec3e5a1e286ea7e0bc5ece3e9fff184391cb7050013e14f38566b128cc',
  ],
  [
    'two images in the high tier by another model',
    { images: images(2), model: 'claude-opus-5', detail: 'high', fields: ['alt_text', 'caption'] },
    { imageHashes: [HASH_A, HASH_B], tier: 'high', owner: '@public' },
    '9cd46a30105ba4640fd10e4465e1073488f0d945ac4d9e2bafdc10f7f21d48fd',
  ],
];

async function keyOf(body: Record<string, unknown>, more: Partial<KeyParts> = {}): Promise<string> {
  const request = asked(body);
  const text = cacheKeyText({ owner: 'acme', imageHashes: [HASH_A], request, model: findModel(request.model), tier: 'standard', ...more });
  // Pixels that are sent otherwise make other keys, rightly: that version is not what is pinned here.
  const pinned = text.replace(`["transcode",${TRANSCODE_VERSION},`, '["transcode",2,');
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pinned))).toHex();
}

describe('the key of a stored answer stays what it was', () => {
  it.each(PINNED)('to %s', async (_, body, more, sha256) => {
    expect(await keyOf(body, more)).toBe(sha256);
  });

  it('in whatever order the caller names fields and languages', async () => {
    const pinned = (name: string) => PINNED.find(([named]) => named === name)?.[3];
    expect(await keyOf({ fields: ['description', 'caption', 'alt_text', 'caption'] })).toBe(pinned('each field'));
    expect(await keyOf({ fields: ['caption'], languages: ['en', 'de'] })).toBe(pinned('a caption in two languages'));
    expect(await keyOf({ prompt: 'How many boats?', fields: ['description', 'alt_text'], languages: ['en', 'de'] })).toBe(pinned('a question beside fields'));
  });
});

describe('a stored answer', () => {
  const key = `description:v2:acme:${HASH_A}`;
  const stored = {
    key,
    createdAtSeconds: 1_795_000_000,
    descriptions: [
      { language: 'en', alt_text: 'A boat.', description: 'A boat on the sand.' },
      { language: 'de', alt_text: 'Ein Boot.', description: 'Ein Boot auf dem Sand.' },
    ],
    answer: 'One.\n\nEines.',
    stopReason: 'end_turn',
    sent: [{ mediaType: 'image/jpeg', width: 952, height: 1270, bytes: 180_000, sha256: HASH_B, transform: 'resized', imageTokens: 1564 }],
    warnings: [],
    costUsd: 0.0005,
  };

  it('of an earlier version is read', () => {
    expect(readCacheEntry(JSON.parse(JSON.stringify(stored)), key)).toEqual(stored);
  });

  it('with a field that no version has is not', () => {
    expect(readCacheEntry({ ...stored, descriptions: [{ language: 'en', headline: 'A boat' }] }, key)).toBeUndefined();
  });
});
