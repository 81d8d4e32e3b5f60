import { expect, test } from 'vitest';
import { utf8Length } from '../../../src/core/message/utf8-length.ts';

const TEXTS = ['', 'plain', 'naïve café', 'Ελληνικά', '東京タワー', '🗼👩‍👩‍👧', 'a\u0000b', '\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}'];
const LONELY = ['\ud800', '\udc00', '\ud800a', 'a\udfff', '\ud800\ud800\udc00', '\udc00\ud800', '🗼\ud83d'];

test.each([...TEXTS, ...LONELY, [...TEXTS, ...LONELY].join('')])('%j has as many bytes as the encoder makes', (text) => {
  expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
});

test('every code unit counts as the encoder counts it', () => {
  const wrong = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(
    (text) => utf8Length(text) !== new TextEncoder().encode(text).length,
  );
  expect(wrong).toEqual([]);
});
