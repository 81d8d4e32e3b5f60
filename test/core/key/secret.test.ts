import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatKeyId, formatSecret, isKeyId, isSecret } from '../../../src/core/key/secret.ts';

const random = fc.uint8Array({ minLength: 20, maxLength: 20 });

describe('a secret', () => {
  it('is a prefix, 160 bits and the CRC-32 of both, here as zlib computed it', () => {
    const secret = formatSecret(Uint8Array.from({ length: 20 }, (_, index) => index));
    expect(secret).toBe('vgn_000102030405060708090a0b0c0d0e0f1011121375459285');
    expect(isSecret(secret)).toBe(true);
  });

  it('is made of 20 bytes and of no other number', () => {
    for (const length of [0, 16, 19, 21, 32]) expect(() => formatSecret(new Uint8Array(length))).toThrow(RangeError);
  });

  it('is known by its form, whatever its bits', () => {
    fc.assert(fc.property(random, (bytes) => isSecret(formatSecret(bytes))));
  });

  it('with any one character changed, left out or doubled is none', () => {
    fc.assert(
      fc.property(random, fc.nat(51), fc.string({ minLength: 1, maxLength: 1 }), (bytes, at, character) => {
        const secret = formatSecret(bytes);
        if (character !== secret[at]) expect(isSecret(secret.slice(0, at) + character + secret.slice(at + 1))).toBe(false);
        expect(isSecret(secret.slice(0, at) + secret.slice(at + 1))).toBe(false);
        expect(isSecret(secret.slice(0, at) + secret[at] + secret.slice(at))).toBe(false);
      }),
    );
  });

  it.each(['', 'vgn_', 'VGN_' + '0'.repeat(48), 'vgn_' + '0'.repeat(48), 'vgn_' + 'g'.repeat(48), 'sk-ant-api03-abc', 'vgn_0123456789abcdef0123456789abcdef'])(
    'is not "%s"',
    (text) => {
      expect(isSecret(text)).toBe(false);
    },
  );
});

describe('an id of a key', () => {
  it('sorts by time', () => {
    const ids = [0, 1, 1_790_000_000_000, 1_790_000_000_001, 4_000_000_000_000].map((ms) => formatKeyId(ms, new Uint8Array(6).fill(255 - (ms % 200))));
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.every(isKeyId)).toBe(true);
  });

  it.each([
    '',
    'key_',
    `key_${'0'.repeat(23)}`,
    `key_${'0'.repeat(25)}`,
    `key_${'A'.repeat(24)}`,
    `key:v1:${'0'.repeat(24)}`,
    '../key',
    `key_${'0'.repeat(24)}\n`,
  ])('is not %j', (text) => {
    expect(isKeyId(text)).toBe(false);
  });
});
