import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText, type KeyParts } from '../../../src/core/relay/canonical.ts';

const parts: Omit<KeyParts, 'body'> = { tenant: 'acme', sources: [], sizing: 'sent', headers: [['anthropic-version', '2026-10-21']] };
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
    ['version', { headers: [['anthropic-version', '2023-06-01']] }],
    [
      'set of betas',
      {
        headers: [
          ['anthropic-version', '2026-10-21'],
          ['anthropic-beta', 'files'],
        ],
      },
    ],
    [
      'workspace',
      {
        headers: [
          ['anthropic-version', '2026-10-21'],
          ['anthropic-workspace-id', 'w'],
        ],
      },
    ],
    [
      'profile',
      {
        headers: [
          ['anthropic-version', '2026-10-21'],
          ['anthropic-user-profile-id', 'p'],
        ],
      },
    ],
    [
      'header that came later',
      {
        headers: [
          ['anthropic-version', '2026-10-21'],
          ['anthropic-later', 'x'],
        ],
      },
    ],
    ['sizing', { sizing: 'high' }],
  ] satisfies [string, Partial<KeyParts>][])('is another for another %s', (_, more) => {
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

  it.each([
    ['9007199254740993', '9007199254740992'],
    ['0', '-0'],
    ['0.0', '-0.0'],
    ['0.1', '0.1000000000000000055'],
    ['1e400', '2e400'],
    ['1e-400', '0'],
    ['"#9007199254740993"', '9007199254740993'],
  ])('is another for %s and %s, which JavaScript may hold as one', (one, other) => {
    const inTool = (number: string) => textOf(`{"messages":[{"content":[{"type":"tool_use","input":{"id":${number}}}]}]}`);
    expect(inTool(one)).toBeDefined();
    expect(inTool(one)).not.toBe(inTool(other));
  });

  it.each([
    ['1', '1.0'],
    ['100', '1e2'],
    ['0.5', '5E-1'],
  ])('is one for %s and %s', (one, other) => {
    expect(textOf(`{"a":${one}}`)).toBe(textOf(`{"a":${other}}`));
  });

  it('is none with a document that Claude fetches, which may be another one next time', () => {
    const withSource = (source: object) => textOf(JSON.stringify({ messages: [{ role: 'user', content: [{ type: 'document', source }] }] }));
    expect(withSource({ type: 'url', url: 'https://example.com/report.pdf' })).toBeUndefined();
    expect(withSource({ type: 'text', media_type: 'text/plain', data: 'url' })).toBeDefined();
  });

  it('takes betas in any order, and images by their hash', () => {
    expect(textOf('{}', { headers: [['anthropic-beta', 'a, b']] })).toBe(
      textOf('{}', {
        headers: [
          ['accept', '*/*'],
          ['anthropic-beta', 'b,a'],
        ],
      }),
    );
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
