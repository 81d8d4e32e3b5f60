import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheEntry, readCacheEntry } from '../../../src/core/cache/entry.ts';

const KEY = 'description:v1:0123';
const SENT = { mediaType: 'image/jpeg', width: 952, height: 1270, bytes: 180_000, sha256: 'a'.repeat(64), transform: 'resized', imageTokens: 1564 } as const;
const ENTRY: CacheEntry = {
  key: KEY,
  createdAtSeconds: 1_790_000_000,
  descriptions: [{ language: 'en', alt_text: 'A boat.' }],
  answer: 'Three.',
  stopReason: 'end_turn',
  sent: [SENT],
  warnings: [{ code: 'original_sent', message: 'x', image: 0 }],
  costUsd: 0.00017,
};

const stored = (): Record<string, unknown> => JSON.parse(JSON.stringify(ENTRY));

describe('a cache entry', () => {
  it('comes back as it was written', () => {
    expect(readCacheEntry(stored(), KEY)).toEqual(ENTRY);
  });

  it.each(['answer', 'costUsd'])('may lack its %s', (name) => {
    const { [name]: _, ...rest } = stored();
    expect(readCacheEntry(rest, KEY)).toEqual(rest);
  });

  it.each(['', 'description:v1:0124', `${KEY} `, KEY.toUpperCase()])('is refused under the key of another: %j', (key) => {
    expect(readCacheEntry(stored(), key)).toBeUndefined();
  });

  it.each(['key', 'createdAtSeconds', 'descriptions', 'stopReason', 'sent', 'warnings'])('is refused without its %s', (name) => {
    const { [name]: _, ...rest } = stored();
    expect(readCacheEntry(rest, KEY)).toBeUndefined();
  });

  it.each([
    ['a further field', { extra: 1 }],
    ['a time before time', { createdAtSeconds: -1 }],
    ['a time in text', { createdAtSeconds: '1790000000' }],
    ['descriptions that are none', { descriptions: {} }],
    ['a description without a language', { descriptions: [{ alt_text: 'x' }] }],
    ['a description of numbers', { descriptions: [{ language: 'en', alt_text: 1 }] }],
    ['a description of objects', { descriptions: [{ language: 'en', alt_text: { html: '<b>' } }] }],
    ['an answer that is no text', { answer: 3 }],
    ['an answer of null', { answer: null }],
    ['a picture of another type', { sent: [{ ...SENT, mediaType: 'image/svg+xml' }] }],
    ['a picture without width', { sent: [{ ...SENT, width: 0 }] }],
    ['a picture of half pixels', { sent: [{ ...SENT, height: 12.5 }] }],
    ['a picture without bytes', { sent: [{ ...SENT, bytes: 0 }] }],
    ['a picture without tokens', { sent: [{ ...SENT, imageTokens: 0 }] }],
    ['a short hash', { sent: [{ ...SENT, sha256: 'a'.repeat(63) }] }],
    ['a hash in capitals', { sent: [{ ...SENT, sha256: 'A'.repeat(64) }] }],
    ['an unknown transform', { sent: [{ ...SENT, transform: 'cropped' }] }],
    ['a picture with a further field', { sent: [{ ...SENT, url: 'https://x' }] }],
    ['a warning without a code', { warnings: [{ message: 'x' }] }],
    ['a price in text', { costUsd: '0.1' }],
  ])('is refused with %s', (_, more) => {
    expect(readCacheEntry({ ...stored(), ...more }, KEY)).toBeUndefined();
  });

  it.each([[null], [undefined], ['text'], [42], [[]], [[ENTRY]], [{}]])('is not seen in %j', (value) => {
    expect(readCacheEntry(value, KEY)).toBeUndefined();
  });

  it('is not seen in any JSON whatever, and reading it never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readCacheEntry(value, KEY)).toBeUndefined();
      }),
    );
  });

  it('is refused with any one of its values replaced by one of another kind', () => {
    const other = fc.constantFrom<unknown>(null, true, [], {}, [[]], -1.5);
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(ENTRY)), other, (name, value) => {
        const isEmptyList = Array.isArray(value) && value.length === 0 && Array.isArray(ENTRY[name as keyof CacheEntry]);
        const isNumber = name === 'costUsd' && typeof value === 'number';
        if (!isEmptyList && !isNumber) expect(readCacheEntry({ ...stored(), [name]: value }, KEY)).toBeUndefined();
      }),
    );
  });
});
