import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../../src/core/input/base64.ts';
import { faultOf } from '../outcome.ts';

/** RFC 4648 §10, and the two characters in which the alphabets differ. */
const VECTORS = [
  ['', []],
  ['Zg==', [0x66]],
  ['Zm8=', [0x66, 0x6f]],
  ['Zm9v', [0x66, 0x6f, 0x6f]],
  ['Zm9vYmFy', [0x66, 0x6f, 0x6f, 0x62, 0x61, 0x72]],
  ['+/+/', [0xfb, 0xff, 0xbf]],
] as const;

describe('base64', () => {
  it.each(VECTORS)('%j is read as RFC 4648 has it', (text, bytes) => {
    expect([...decodeBase64(text, 'image.base64')]).toEqual(bytes);
  });

  it.each([
    ['without padding', 'Zg', 'Zg=='],
    ['in the URL alphabet', '-_-_', '+/+/'],
    ['in the URL alphabet, without padding', '-_8', '+/8='],
    ['with line breaks', 'Zm9v\r\nYmFy\n', 'Zm9vYmFy'],
    ['with spaces and tabs', ' Zm9v\tYmFy ', 'Zm9vYmFy'],
    ['as a data URI', 'data:image/png;base64,Zm9v', 'Zm9v'],
    ['as a data URI in capitals', 'DATA:IMAGE/PNG;BASE64,Zm9v', 'Zm9v'],
    ['as a data URI without a type', 'data:;base64,Zm9v', 'Zm9v'],
    ['as a data URI with parameters', 'data:image/png;name=a.png;base64,Zm9v', 'Zm9v'],
    ['as a data URI behind a line break', '\n data:image/png;base64,\nZm9v', 'Zm9v'],
    ['as a data URI in the URL alphabet, whose own hyphen is no sign of it', 'data:image/svg-x;base64,+/+/', '+/+/'],
    ['as an empty data URI', 'data:image/png;base64,', ''],
  ])('is read %s', (_, text, plain) => {
    expect(decodeBase64(text, 'image.base64')).toEqual(Uint8Array.fromBase64(plain));
  });

  it.each([
    ['other characters', 'Zm9v!'],
    ['letters of other scripts', 'Zm9ö'],
    ['a NUL', 'Zm9v\0'],
    ['both alphabets at once', '+/-_'],
    ['a length that cannot be', 'Zm9vY'],
    ['padding in the middle', 'Zg==Zg=='],
    ['too much padding', 'Zg==='],
    ['padding alone', '='],
    ['percent-encoding', 'Zg%3D%3D'],
    ['a data URI in a data URI', 'data:image/png;base64,data:image/png;base64,Zg=='],
    ['a data URI that is not base64', 'data:image/svg+xml,<svg/>'],
    ['a data URI without a comma', 'data:image/png;base64'],
    ['a data URI whose type only ends so', 'data:image/xbase64,Zg=='],
    ['a URL', 'https://images.example.com/a.jpg'],
  ])('is refused with %s', (_, text) => {
    expect(faultOf(() => decodeBase64(text, 'images.3.base64'))).toMatchObject({ code: 'invalid_request', param: 'images.3.base64' });
  });

  it.each([
    [255, true],
    [256, true],
    [257, false],
  ])('with a data URI whose comma stands at %i is read: %s', (comma, isRead) => {
    const prefix = `data:image/png;${'x'.repeat(comma - 'data:image/png;;base64'.length)};base64`;
    expect(prefix).toHaveLength(comma);
    if (isRead) expect([...decodeBase64(`${prefix},Zg==`, 'x')]).toEqual([0x66]);
    else expect(faultOf(() => decodeBase64(`${prefix},Zg==`, 'x')).code).toBe('invalid_request');
  });

  it('of any bytes gives them back, however it is broken into lines', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 76 }), fc.boolean(), (bytes, width, isUrl) => {
        const plain = bytes.toBase64();
        const text = isUrl ? plain.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : plain;
        expect(decodeBase64(text.replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n'), 'x')).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it('of any text gives bytes or a fault, and the text is not told back', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (text) => {
        try {
          decodeBase64(text, 'x');
        } catch {
          const fault = faultOf(() => decodeBase64(text, 'x'));
          expect(fault.code).toBe('invalid_request');
          expect(fault.message).not.toContain(text);
        }
      }),
    );
  });
});
