import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Edit, splice, splicedBytes } from '../../../src/core/json/splice.ts';

function joined(chunks: Iterable<Uint8Array>): string {
  return Array.from(chunks, (chunk) => new TextDecoder().decode(chunk)).join('');
}

const encode = (text: string) => new TextEncoder().encode(text);

describe('splicing a body', () => {
  it('without edits gives a view of the body itself', () => {
    const body = encode('{"a":1}');
    expect([...splice(body, [])]).toEqual([body]);
    expect([...splice(body, [])][0]?.buffer).toBe(body.buffer);
  });

  it('replaces, inserts and removes, in the order of the body', () => {
    const edits: Edit[] = [
      { span: { start: 8, end: 8 }, pieces: [',x'] },
      { span: { start: 5, end: 8 }, pieces: ['"', { base64Of: encode('hello') }, '"'] },
      { span: { start: 0, end: 1 }, pieces: [] },
    ];
    expect(joined(splice(encode('{"a":123}'), edits))).toBe('"a":"aGVsbG8=",x}');
  });

  it('has the length that was announced, and what base64 encoding gives, beyond one chunk as well', () => {
    const bytes = Uint8Array.from({ length: 393_216 * 2 + 5 }, (_, index) => index * 7);
    const edits: Edit[] = [{ span: { start: 1, end: 2 }, pieces: [{ base64Of: bytes }] }];
    const text = joined(splice(encode('[_]'), edits));
    expect(text).toBe(`[${bytes.toBase64()}]`);
    expect(splicedBytes(encode('[_]'), edits)).toBe(text.length);
  });

  it('announces the length of any body and edits', () => {
    const piece = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', '{', '"') }),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => ({ base64Of: bytes })),
    );
    const part = fc.record({ kept: fc.nat({ max: 9 }), removed: fc.nat({ max: 9 }), pieces: fc.array(piece, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.nat({ max: 9 }), (parts, tail) => {
        let at = 0;
        const edits = parts.map(({ kept, removed, pieces }): Edit => {
          const start = at + kept;
          at = start + removed;
          return { span: { start, end: at }, pieces };
        });
        const body = new Uint8Array(at + tail).fill(0x2e);
        const text = joined(splice(body, edits.toReversed()));
        expect(splicedBytes(body, edits)).toBe(text.length);
      }),
    );
  });
});
