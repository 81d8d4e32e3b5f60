import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/core/fault.ts';
import { decodeBase64 } from '../../../src/core/input/base64.ts';
import { decodedBytesMax, decodeSpan } from '../../../src/core/json/base64-span.ts';
import { JsonReader } from '../../../src/core/json/reader.ts';

/** Decodes a JSON string as it stands, quotes included. */
function decode(json: string, chunkCharacters?: number) {
  const body = new TextEncoder().encode(json);
  const span = new JsonReader(body).readString();
  const decoded = decodeSpan(body, span, 'messages.0.content.0', chunkCharacters);
  expect(decoded.bytes.length).toBeLessThanOrEqual(decodedBytesMax(span));
  return decoded;
}

function outcome(work: () => Uint8Array): string {
  try {
    return work().toHex();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

describe('base64 in a body', () => {
  it.each([
    ['as the API takes it', '"aGVsbG8gd29ybGQ="', true],
    ['with its slashes escaped, as PHP writes them', '"\\/+\\/\\/"', true],
    ['in the URL alphabet', '"_-__"', false],
    ['without padding', '"aGVsbG8gd29ybGQ"', false],
    ['with line breaks', '"aGVsbG8g\\r\\nd29ybGQ=\\n"', false],
    ['with a prefix', '"data:image/png;base64,aGVsbG8gd29ybGQ="', false],
    ['with a prefix whose slash is escaped', '"data:image\\/png;charset=x;base64,aGVsbG8gd29ybGQ="', false],
    ['empty', '""', true],
  ])('%s: read, and known for what it is', (_, json, isCanonical) => {
    const decoded = decode(json);
    expect(decoded.isCanonical).toBe(isCanonical);
    expect(decoded.bytes.toHex()).toBe(decodeBase64(JSON.parse(json), 'x').toHex());
  });

  it.each(['"a"', '"aGVs!G8="', '"aGVsbG8=aGVs"', '"+_8="', '"data:text/plain,hello"', '"data:image/png;base64"', '"\\\\"', '"====" ', '"\u00e9\u00e9"'])(
    '%s is refused',
    (json) => {
      for (const chunk of [1, 2, 3, 4, 5, 65_536]) expect(() => decode(json, chunk)).toThrow(Fault);
    },
  );

  it('means the same as in /v1/describe, in chunks of any size, or ends in the same fault', () => {
    const real = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.constantFrom('', '\n', '\r\n', ' ')).map(
      ([bytes, gap]) =>
        bytes
          .toBase64()
          .match(/.{1,9}/g)
          ?.join(gap) ?? '',
    );
    const odd = fc.string({ unit: fc.constantFrom(...'AB/+-_=\n \\"'), maxLength: 30 });
    const prefixed = fc.tuple(fc.constantFrom('', 'data:image/png;base64,', ' DATA:;base64,', 'data:,'), fc.oneof(real, odd)).map((parts) => parts.join(''));
    const written = fc.constantFrom<(json: string) => string>(
      (json) => json,
      (json) => json.replaceAll('/', '\\/'),
      (json) => json.replaceAll('B', '\\u0042'),
    );
    fc.assert(
      fc.property(prefixed, written, fc.integer({ min: 6, max: 40 }), (text, write, chunk) => {
        expect(outcome(() => decode(write(JSON.stringify(text)), chunk).bytes)).toBe(outcome(() => decodeBase64(text, 'x')));
      }),
      { numRuns: 2_000 },
    );
  });

  it('what is called canonical is what encoding gives back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.integer({ min: 6, max: 40 }), (bytes, chunk) => {
        const decoded = decode(JSON.stringify(bytes.toBase64()), chunk);
        expect(decoded).toEqual({ bytes, isCanonical: true });
      }),
    );
  });
});
