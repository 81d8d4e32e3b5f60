import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText, type KeyParts } from '../../../src/core/relay/canonical.ts';

const parts: Omit<KeyParts, 'body'> = { tenant: 'acme', sources: [], sizing: 'sent', version: '2026-10-21', betas: '' };
const textOf = (body: string, more: Partial<KeyParts> = {}) => canonicalText({ ...parts, body: new TextEncoder().encode(body), ...more });

/** The same value in another order of members. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, turned(member)]),
  );
}

describe('the text behind a key', () => {
  it('is one for all spellings of a request', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.constantFrom('stream', 'metadata'), fc.jsonValue()), (value, irrelevant) => {
        const { stream: _, metadata: __, ...relevant } = value;
        expect(textOf(JSON.stringify(turned({ ...relevant, ...irrelevant }), null, ' '))).toBe(textOf(JSON.stringify(relevant)));
      }),
    );
  });

  it('is another for another request', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        fc.pre(JSON.stringify(turned(one)) !== JSON.stringify(turned(other)) && JSON.stringify(one) !== JSON.stringify(other));
        const isSame = textOf(JSON.stringify({ a: one })) === textOf(JSON.stringify({ a: other }));
        // Members in another order are the same request; nothing else is.
        if (isSame) expect(sorted(one)).toEqual(sorted(other));
      }),
    );
  });

  it.each([
    ['tenant', { tenant: 'umbrella' }],
    ['version', { version: '2023-06-01' }],
    ['betas', { betas: 'files' }],
    ['sizing', { sizing: 'high' }],
  ])('is another for another %s', (_, more) => {
    expect(textOf('{"a":1}', more)).not.toBe(textOf('{"a":1}'));
  });

  it.each([
    '{"max_tokens":1,"model":"a","model":"b"}',
    String.raw`{"model":"a","mod\u0065l":"b"}`,
    '{"messages":[{"role":"user","content":"one","content":"two"}]}',
    '{"metadata":{"user_id":"u"},"metadata":{}}',
  ])('is none where a name stands twice, of which the API may take the other: %s', (body) => {
    expect(textOf(body)).toBeUndefined();
  });

  it('is none with a document that Claude fetches, which may be another one next time', () => {
    const withSource = (source: object) => textOf(JSON.stringify({ messages: [{ role: 'user', content: [{ type: 'document', source }] }] }));
    expect(withSource({ type: 'url', url: 'https://example.com/report.pdf' })).toBeUndefined();
    expect(withSource({ type: 'text', media_type: 'text/plain', data: 'url' })).toBeDefined();
  });

  it('takes betas in any order, and images by their hash', () => {
    expect(textOf('{}', { betas: 'a, b' })).toBe(textOf('{}', { betas: 'b,a' }));
    const of = (data: string, sha256: string) => {
      const body = `{"x":[{"type":"image","source":${data}}]}`;
      return textOf(body, { sources: [{ span: { start: body.indexOf(data), end: body.indexOf(data) + data.length }, sha256 }] });
    };
    expect(of('{"data":"one"}', 'aa')).toBe(of('{"type":"url"}', 'aa'));
    expect(of('{"data":"one"}', 'aa')).not.toBe(of('{"data":"one"}', 'bb'));
  });

  it('is none above 4 MiB of text', () => {
    const body = (characters: number) => `{"a":"${'x'.repeat(characters - 8)}"}`;
    expect(textOf(body(4 * 1024 * 1024))).toBeTypeOf('string');
    expect(textOf(body(4 * 1024 * 1024 + 1))).toBe(undefined);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.entries(value)
    .map(([name, member]) => [name, sorted(member)])
    .sort();
}
