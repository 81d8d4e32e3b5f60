import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/core/fault.ts';
import { JsonReader } from '../../../src/core/json/reader.ts';
import { JSON_DEPTH_MAX } from '../../../src/core/json/limit.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** Whether the reader takes the bytes as one JSON value; anything thrown but a 400 ends the test. */
function isTaken(bytes: Uint8Array): boolean {
  const reader = new JsonReader(bytes);
  try {
    reader.skipValue();
    reader.end();
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === 'invalid_request') return false;
    throw error;
  }
}

/** What `JSON.parse` says of the same bytes, a byte order mark kept. */
function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

describe('reading JSON takes exactly what JSON.parse takes', () => {
  it.each([
    '0', '-0', '-', '01', '1.', '.5', '1.5e+10', '1e', '1E-', '1e999', '+1', 'NaN', '0x10', '--1',
    'true', 'truee', 'tru', 'nul', 'null ', ' false\n', 'True', '',
    '""', '"', '"\\u12"', '"\\u12g4"', '"\\ud800"', '"\\x41"', '"\t"', '"\u007f"', '"\\/\\b\\f\\n\\r\\t\\"\\\\"', '"a" "b"', '"\\',
    '[]', '[', ']', '[1,]', '[,1]', '[1 2]', '[[],{}]', '{}', '{"a":1,}', '{"a"}', '{"a":}', '{a:1}', '{"a":1 "b":2}', '{"a":1,"a":2}', "{'a':1}",
    '\ufeff{}', '{}\u00a0', '\u2028', '[1]//', '"\u2028é😀"', '[1}', '{"a":[}]',
  ])('%j', (text) => expect(isTaken(encode(text))).toBe(isJson(encode(text)))); // prettier-ignore

  it.each([
    ['a lone continuation', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong form of three bytes', [0xe0, 0x80, 0xaf]],
    ['an overlong form of four bytes', [0xf0, 0x8f, 0xbf, 0xbf]],
    ['the least of three bytes', [0xe0, 0xa0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['the last before the surrogates', [0xed, 0x9f, 0xbf]],
    ['the last character', [0xf4, 0x8f, 0xbf, 0xbf]],
    ['beyond the last character', [0xf4, 0x90, 0x80, 0x80]],
    ['a first byte that never is', [0xf8, 0x80, 0x80, 0x80]],
    ['a sequence cut by the quote', [0xe2, 0x82]],
    ['two bytes', [0xc2, 0x80]],
  ])('UTF-8: %s', (_, bytes) => {
    const text = Uint8Array.of(0x22, ...bytes, 0x22);
    expect(isTaken(text)).toBe(isJson(text));
  });

  it('any value, however it is spaced', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 1, '\t', ' \r\n'), (value, space) => {
        const text = JSON.stringify(value, null, space) ?? 'null';
        expect(isTaken(encode(text))).toBe(true);
      }),
    );
  });

  it('any value with some bytes changed, taken out or put in', () => {
    const change = fc.record({ at: fc.nat(), remove: fc.nat({ max: 3 }), put: fc.uint8Array({ maxLength: 3 }) });
    const syntax = fc.string({ unit: fc.constantFrom(...'{}[],:"\\ue0123.-+tfn \n'), maxLength: 40 }).map(encode);
    const broken = fc.tuple(fc.jsonValue(), fc.array(change, { maxLength: 3 })).map(([value, changes]) =>
      changes.reduce(
        (bytes, { at, remove, put }) => {
          const start = at % (bytes.length + 1);
          return Uint8Array.of(...bytes.subarray(0, start), ...put, ...bytes.subarray(start + remove));
        },
        encode(JSON.stringify(value)),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(broken, syntax, fc.uint8Array({ maxLength: 20 })), (bytes) => {
        expect(isTaken(bytes)).toBe(isJson(bytes));
      }),
      { numRuns: 3_000 },
    );
  });

  it('a long string with any byte anywhere, wherever it lies in memory', () => {
    for (let offset = 0; offset < 4; offset++) {
      for (let at = 120; at < 128; at++) {
        for (let byte = 0; byte < 256; byte++) {
          const bytes = new Uint8Array(160).subarray(offset, offset + 150).fill(0x41);
          bytes[0] = 0x22;
          bytes[at] = byte;
          bytes[149] = 0x22;
          expect(isTaken(bytes), `${byte} at ${at}`).toBe(isJson(bytes));
        }
      }
    }
  });

  it.each([
    [JSON_DEPTH_MAX, true],
    [JSON_DEPTH_MAX + 1, false],
    [1_000_000, false],
  ])('%i levels: %s', (depth, expected) => {
    expect(isTaken(encode('['.repeat(depth) + ']'.repeat(depth)))).toBe(expected);
  });
});

describe('what is read', () => {
  it('a string is given as its span, and as text when it is short', () => {
    const body = encode(' "caf\u00e9 \\u00e9\\n" ');
    const reader = new JsonReader(body);
    const span = reader.readString();
    expect(span).toEqual({ start: 2, end: body.length - 2, hasEscapes: true });
    expect(reader.textOf(span, 100)).toBe('café é\n');
    expect(reader.textOf(span, 13)).toBe(undefined);
    expect(reader.textOf(span, 14)).toBe('café é\n');
  });
});
