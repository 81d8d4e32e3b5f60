import { describe, expect, it } from 'vitest';
import { costFactsOf } from '../../../src/core/relay/cost-facts.ts';

const PLAIN = { model: 'claude-haiku-5-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };

function withContent(...content: unknown[]) {
  return { ...PLAIN, messages: [{ role: 'user', content }] };
}

describe('what a bound has to know of a Messages request', () => {
  it('is nothing special of a plain one', () => {
    expect(costFactsOf(PLAIN)).toEqual({ outputTokensMax: 100, cacheWrite: 'none', hasDocuments: false, presetTools: 0 });
  });

  it.each([
    ['at the top', { ...PLAIN, cache_control: { type: 'ephemeral' } }, '5m'],
    ['of a system block', { ...PLAIN, system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '5m' } }] }, '5m'],
    ['of a tool', { ...PLAIN, tools: [{ name: 'x', input_schema: {}, cache_control: { type: 'ephemeral', ttl: '1h' } }] }, '1h'],
    [
      'of an image, the longest of several',
      withContent({ type: 'image', cache_control: { type: 'ephemeral', ttl: '1h' } }, { type: 'text', cache_control: { type: 'ephemeral' } }),
      '1h',
    ],
    ['inside a tool result', withContent({ type: 'tool_result', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] }), '5m'],
    ['null', withContent({ type: 'text', text: 'x', cache_control: null }), 'none'],
    ['in a text', withContent({ type: 'text', text: '"cache_control":{"ttl":"1h"}' }), 'none'],
  ])('is how long a cache_control asks for: %s', (_, body, expected) => {
    expect(costFactsOf(body).cacheWrite).toBe(expected);
  });

  it.each([
    ['a PDF', { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' } }, true],
    ['a PDF by address', { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } }, true],
    ['a document of a kind that is not known', { type: 'document' }, true],
    ['text in a document', { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } }, false],
    ['an image', { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }, false],
  ])('is whether there are pages: %s', (_, block, expected) => {
    expect(costFactsOf(withContent(block)).hasDocuments).toBe(expected);
    expect(costFactsOf(withContent({ type: 'tool_result', content: [block] })).hasDocuments).toBe(expected);
  });

  it('is whether a text is cut into pieces that can be cited', () => {
    const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } };
    expect(costFactsOf(withContent({ ...document, citations: { enabled: true } })).hasDocuments).toBe(true);
    expect(costFactsOf(withContent({ ...document, citations: { enabled: false } })).hasDocuments).toBe(false);
  });

  it('is how many tools have a preamble of the API', () => {
    const tools = [{ name: 'a' }, { type: 'custom', name: 'b' }, { type: 'bash_20250124', name: 'bash' }, { type: 'computer_20251124', name: 'computer' }];
    expect(costFactsOf({ ...PLAIN, tools }).presetTools).toBe(2);
    const added = { type: 'tool_addition', tool: { type: 'tool_definition', definition: { type: 'memory_20250818', name: 'memory' } } };
    expect(costFactsOf({ ...withContent(added), tools }).presetTools).toBe(3);
  });

  it.each([undefined, null, '100', -1, 1.5, 1e300])('is no bound of the output when max_tokens is %j', (maxTokens) => {
    expect(costFactsOf({ ...PLAIN, max_tokens: maxTokens }).outputTokensMax).toBeUndefined();
  });

  it.each([null, 7, 'x', [], {}, { messages: 7, tools: 'x', system: null }])('is found in anything: %j', (body) => {
    expect(costFactsOf(body)).toMatchObject({ cacheWrite: 'none', hasDocuments: false, presetTools: 0 });
  });

  it('is found at any depth without recursion, and in lists of any length', () => {
    let deep: unknown = { cache_control: { type: 'ephemeral' } };
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(costFactsOf({ messages: deep }).cacheWrite).toBe('5m');
    expect(costFactsOf({ messages: Array.from({ length: 200_000 }, () => ({ cache_control: {} })) }).cacheWrite).toBe('5m');
  });
});
