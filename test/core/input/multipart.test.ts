import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multipartBoundary, parseMultipart } from '../../../src/core/input/multipart.ts';
import { join, type Piece } from '../image/build.ts';
import { faultOf, valueOrCode } from '../outcome.ts';

const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW';

function part(headers: string, content: Piece): Piece {
  return join(`--${BOUNDARY}\r\n${headers}\r\n\r\n`, content, '\r\n');
}

function named(name: string, content: Piece): Piece {
  return part(`Content-Disposition: form-data; name="${name}"`, content);
}

function body(...parts: readonly Piece[]): Uint8Array<ArrayBuffer> {
  return join(...parts, `--${BOUNDARY}--\r\n`);
}

const latin1 = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const parse = (bytes: Uint8Array<ArrayBuffer>) => parseMultipart(bytes, BOUNDARY);

describe('the boundary', () => {
  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['multipart/form-data;boundary=abc', 'abc'],
    ['multipart/form-data; charset=utf-8; boundary=abc', 'abc'],
    ['multipart/form-data; boundary=abc; charset=utf-8', 'abc'],
    ['multipart/form-data; BOUNDARY=aBc', 'aBc'],
    ['multipart/form-data; boundary="a b:c"', 'a b:c'],
    [`multipart/form-data; boundary=${'x'.repeat(69)}`, 'x'.repeat(69)],
    [`multipart/form-data; boundary=${'x'.repeat(70)}`, 'x'.repeat(70)],
    [`multipart/form-data; boundary="${'x'.repeat(71)}"`, undefined],
    ['multipart/form-data', undefined],
    ['multipart/form-data; boundary=', undefined],
    ['multipart/form-data; boundary=""', undefined],
  ])('of %j is %j', (contentType, boundary) => {
    expect(multipartBoundary(contentType)).toBe(boundary);
  });
});

describe('a multipart body', () => {
  it('gives its parts in order, with name, file name and type', () => {
    const parts = parse(
      body(
        part('Content-Disposition: form-data; name="image"; filename="a b.jpg"\r\nContent-Type: image/jpeg', join(0xff, 0xd8, 0xff)),
        named('prompt', 'What is it?'),
      ),
    );
    expect(parts).toEqual([
      { name: 'image', filename: 'a b.jpg', contentType: 'image/jpeg', bytes: join(0xff, 0xd8, 0xff) },
      { name: 'prompt', filename: undefined, contentType: undefined, bytes: join('What is it?') },
    ]);
  });

  it('is read in place: no part is copied', () => {
    const whole = body(named('image', new Uint8Array(1000)));
    expect(parse(whole)[0]?.bytes.buffer).toBe(whole.buffer);
  });

  it.each([
    ['headers in small letters', part('content-disposition: form-data; name="a"', 'x'), { name: 'a' }],
    ['headers in another order', part('Content-Type: image/png\r\nContent-Disposition: form-data; name="a"', 'x'), { name: 'a', contentType: 'image/png' }],
    ['a name without quotes', part('Content-Disposition: form-data; name=a; filename=b.png', 'x'), { name: 'a', filename: 'b.png' }],
    ['no space after the semicolon', part('Content-Disposition: form-data;name="a";filename="b.png"', 'x'), { name: 'a', filename: 'b.png' }],
    ['the file name first', part('Content-Disposition: form-data; filename="b.png"; name="a"', 'x'), { name: 'a', filename: 'b.png' }],
    [
      'a file name that looks like a parameter',
      part('Content-Disposition: form-data; filename="x; name=evil"; name="a"', 'x'),
      { name: 'a', filename: 'x; name=evil' },
    ],
    ['a name that looks like a parameter', part('Content-Disposition: form-data; name="a; filename=b"', 'x'), { name: 'a; filename=b', filename: undefined }],
    ['an escaped quote in a file name', part('Content-Disposition: form-data; name="a"; filename="b\\".png"', 'x'), { name: 'a', filename: 'b".png' }],
    ['a path in a file name', part('Content-Disposition: form-data; name="a"; filename="C:\\new\\b.png"', 'x'), { filename: 'C:\\new\\b.png' }],
    ['an extended file name, which is left aside', part('Content-Disposition: form-data; name="a"; filename*=UTF-8\'\'b.png', 'x'), { filename: undefined }],
    ['an empty file name', part('Content-Disposition: form-data; name="a"; filename=""', 'x'), { name: 'a', filename: '' }],
    ['an empty name', part('Content-Disposition: form-data; name=""', 'x'), { name: '' }],
    [
      'a name in UTF-8',
      join(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="`, new TextEncoder().encode('größe'), '"\r\n\r\nx\r\n'),
      { name: 'größe' },
    ],
    ['further headers', part('X-A: name="no"\r\nContent-Disposition: form-data; name="a"\r\nContent-Length: 1', 'x'), { name: 'a' }],
    [
      'a type with parameters',
      part('Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=utf-8 ', 'x'),
      { contentType: 'text/plain; charset=utf-8' },
    ],
  ])('is read with %s', (_, piece, expected) => {
    expect(parse(body(piece))).toEqual([expect.objectContaining(expected)]);
  });

  it.each([
    ['a preamble', join('This is a preamble.\r\n', body(named('a', 'x')))],
    ['an empty line in front', join('\r\n', body(named('a', 'x')))],
    ['an epilogue', join(body(named('a', 'x')), 'This is an epilogue.\r\n--other\r\n')],
    ['spaces after a boundary', join(`--${BOUNDARY} \t\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--${BOUNDARY}--`)],
    ['no line break at its end', join(named('a', 'x'), `--${BOUNDARY}--`)],
  ])('is read with %s', (_, bytes) => {
    expect(parse(bytes).map((one) => [one.name, text(one.bytes)])).toEqual([['a', 'x']]);
  });

  it.each([
    ['nothing', ''],
    ['a line break', '\r\n'],
    ['two line breaks', '\r\n\r\n'],
    ['dashes', '--'],
    ['the boundary without a line break before it', `x--${BOUNDARY}`],
    ['the boundary after a line feed alone', `x\n--${BOUNDARY}\n`],
    ['a boundary that is one character short', `x\r\n--${BOUNDARY.slice(0, -1)}\r\n`],
    ['the boundary with one dash', `x\r\n-${BOUNDARY.slice(2)}\r\n`],
    ['the start of a boundary at its end', `x\r\n--${BOUNDARY.slice(0, 9)}`],
    ['carriage returns', '\r\r\r\r\n\r'],
    ['headers', 'Content-Disposition: form-data; name="b"\r\n\r\n'],
  ])('gives a part of exactly %s', (_, content) => {
    expect(parse(body(named('a', content), named('b', 'y'))).map((one) => [one.name, text(one.bytes)])).toEqual([
      ['a', content],
      ['b', 'y'],
    ]);
  });

  it('gives back any bytes that do not hold its boundary', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(join('\r\n--'), join('\r\n'), join(`\r\n--${BOUNDARY.slice(0, 12)}`), join(`--${BOUNDARY}`), join('\r')),
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 5 }), { maxLength: 5 }), (contents) => {
        const wanted = contents.map((pieces) => join(...pieces)).filter((bytes) => !latin1(join('\r\n', bytes)).includes(`\r\n--${BOUNDARY}`));
        const parts = parse(body(...wanted.map((bytes, index) => named(`p${index}`, bytes))));
        expect(parts.map(({ name }) => name)).toEqual(wanted.map((_, index) => `p${index}`));
        for (const [index, bytes] of wanted.entries()) expect(parts[index]?.bytes).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('without parts is empty', () => {
    expect(parse(body())).toEqual([]);
  });

  it.each([
    [639, 639],
    [640, 640],
    [641, 'more than 640 parts'],
  ])('of %i parts gives %s', (count, expected) => {
    const bytes = body(...Array.from({ length: count }, (_, index) => named(`p${index}`, 'x')));
    if (typeof expected === 'number') expect(parse(bytes)).toHaveLength(expected);
    else expect(faultOf(() => parse(bytes)).message).toContain(expected);
  });

  it.each([
    [8_191, true],
    [8_192, true],
    [8_193, false],
  ])('with %i bytes of headers in a part is read: %s', (count, isRead) => {
    const disposition = 'Content-Disposition: form-data; name="a"\r\nX-Filler: ';
    // Counted from the line end of the boundary to the end of the empty line.
    const headers = disposition + 'x'.repeat(count - 2 - disposition.length - 4);
    const bytes = body(part(headers, 'x'));
    if (isRead) expect(parse(bytes)).toHaveLength(1);
    else expect(faultOf(() => parse(bytes)).message).toContain('headers of a part do not end within 8192 bytes');
  });

  it.each([
    ['nothing at all', join(''), 'boundary does not occur'],
    ['another boundary', join('--other\r\n\r\nx\r\n--other--'), 'boundary does not occur'],
    ['no closing boundary', join(named('a', 'x')), 'closing boundary is missing'],
    ['an end within a boundary line', join(`--${BOUNDARY}`), 'ends within a part'],
    ['an end within headers', join(`--${BOUNDARY}\r\nContent-Disposition: form-data; na`), 'headers of a part do not end'],
    ['a part without headers', body(`--${BOUNDARY}\r\n\r\nx\r\n`), 'no name'],
    ['a part without a name', body(part('Content-Disposition: form-data; filename="a.png"', 'x')), 'no name'],
    ['a part that is an attachment', body(part('Content-Disposition: attachment; name="a"', 'x')), 'no name'],
    ['a name only in another header', body(part('X-Disposition: form-data; name="a"', 'x')), 'no name'],
  ])('is refused with %s', (_, bytes, reason) => {
    expect(faultOf(() => parse(bytes))).toMatchObject({ code: 'invalid_request', param: 'body', message: expect.stringContaining(reason) });
  });

  it('cut off anywhere, or with any byte changed, gives parts or a fault', () => {
    const whole = body(part('Content-Disposition: form-data; name="image"; filename="a"\r\nContent-Type: image/png', join(1, 2, 3)), named('b', 'y'));
    for (let at = 0; at < whole.length; at++) {
      expect(['object', 'invalid_request']).toContain(kindOf(whole.slice(0, at)));
      for (const value of [0, 0x0a, 0x0d, 0x22, 0x2d, 0x3b, 0xff]) {
        const bent = whole.slice();
        bent[at] = value;
        expect(['object', 'invalid_request']).toContain(kindOf(bent));
      }
    }
  });

  function kindOf(bytes: Uint8Array<ArrayBuffer>): string {
    const outcome = valueOrCode(() => parse(bytes));
    return typeof outcome === 'string' ? outcome : 'object';
  }
});
