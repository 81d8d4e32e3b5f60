import Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usageIn } from '../../../src/core/message/usage.ts';
import { MessageFold, streamOf } from '../../../src/core/relay/message-fold.ts';
import { EventReader, writeEvent } from '../../../src/core/json/sse.ts';

/** Everything that a stream says, cut into chunks of this many bytes. */
function fold(stream: string, chunkBytes = 1_000): MessageFold {
  const bytes = new TextEncoder().encode(stream);
  const reader = new EventReader();
  const folded = new MessageFold(true);
  for (let at = 0; at < bytes.length; at += chunkBytes) for (const event of reader.push(bytes.subarray(at, at + chunkBytes)).events) folded.add(event);
  return folded;
}

const event = (data: Record<string, unknown> & { type: string }) => writeEvent(data);
const start = event({
  type: 'message_start',
  message: { id: 'msg_1', type: 'message', content: [], stop_reason: null, usage: { input_tokens: 9, output_tokens: 1, cache_read_input_tokens: 4 } },
});
const block = (content_block: object, ...deltas: object[]) =>
  event({ type: 'content_block_start', index: 0, content_block }) +
  deltas.map((delta) => event({ type: 'content_block_delta', index: 0, delta })).join('') +
  event({ type: 'content_block_stop', index: 0 });
const end =
  event({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 7, input_tokens: null } }) +
  event({ type: 'message_stop' });

describe('the Message that a stream spells', () => {
  it('has all of its parts, and the last usage', () => {
    const folded = fold(
      start + event({ type: 'ping' }) + block({ type: 'text', text: '' }, { type: 'text_delta', text: 'Ye' }, { type: 'text_delta', text: 's.' }) + end,
    );
    expect(folded.isComplete).toBe(true);
    expect(folded.message()).toEqual({
      id: 'msg_1',
      type: 'message',
      content: [{ type: 'text', text: 'Yes.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 9, output_tokens: 7, cache_read_input_tokens: 4 },
    });
    expect(usageIn(folded.frame ?? {})).toEqual({ inputTokens: 9, outputTokens: 7, cacheCreationInputTokens: 0, cacheReadInputTokens: 4 });
  });

  it('keeps thinking with its signature, and citations', () => {
    const thinking = fold(
      start +
        block({ type: 'thinking', thinking: '', signature: '' }, { type: 'thinking_delta', thinking: 'Hm.' }, { type: 'signature_delta', signature: 'abc' }) +
        end,
    );
    expect(thinking.message()?.['content']).toEqual([{ type: 'thinking', thinking: 'Hm.', signature: 'abc' }]);
    const cited = fold(
      start + block({ type: 'text', text: '', citations: [] }, { type: 'citations_delta', citation: { n: 1 } }, { type: 'text_delta', text: 'a' }) + end,
    );
    expect(cited.message()?.['content']).toEqual([{ type: 'text', text: 'a', citations: [{ n: 1 }] }]);
  });

  it('has the input of a tool, in one piece', () => {
    const call = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };
    const delta = (partial_json: string) => ({ type: 'input_json_delta', partial_json });
    expect(fold(start + block(call, delta(''), delta('{"at": [1,'), delta(' "é"]}')) + end).message()?.['content']).toEqual([
      { ...call, input: { at: [1, 'é'] } },
    ]);
    expect(fold(start + block(call, delta('')) + end).message()?.['content']).toEqual([call]);
    expect(fold(start + block(call) + end).message()?.['content']).toEqual([call]);
  });

  it.each([
    ['with an input that was cut off', start + block({ type: 'tool_use', input: {} }, { type: 'input_json_delta', partial_json: '{"at": [1' }) + end],
    [
      'with an input whose block has no end',
      start +
        event({ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', input: {} } }) +
        event({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{}' } }) +
        end,
    ],
    ['that has no end', start + block({ type: 'text', text: '' })],
    ['that ends in an error', start + event({ type: 'error', error: { type: 'overloaded_error' } })],
    ['with a delta that is not known', start + block({ type: 'text', text: '' }, { type: 'later_delta' }) + end],
    ['with a delta of a block that is not there', start + event({ type: 'content_block_delta', index: 3, delta: { type: 'text_delta', text: 'a' } }) + end],
    ['with a block out of order', start + event({ type: 'content_block_start', index: 1, content_block: { type: 'text' } }) + end],
    ['without an index', start + event({ type: 'content_block_start', content_block: { type: 'text' } }) + end],
    ['with data that is not JSON', `${start}event: x\ndata: {"type":\n\n${end}`],
    ['without a reason to stop', start + block({ type: 'text', text: 'a' }) + event({ type: 'message_stop' })],
    [
      'without a count of its output',
      start + block({ type: 'text', text: 'a' }) + event({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }) + event({ type: 'message_stop' }),
    ],
    ['with text that is none', start + block({ type: 'text', text: '' }, { type: 'text_delta', text: null }) + end],
    ['with a text that began as none', start + block({ type: 'text', text: 5 }, { type: 'text_delta', text: 'a' }) + end],
    ['with content as a string', event({ type: 'message_start', message: { content: 'a', usage: {} } }) + block({ type: 'text', text: 'a' }) + end],
    ['with two beginnings', start + start + block({ type: 'text', text: 'a' }) + end],
    ['with a block that has no end', start + event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'a' } }) + end],
    ['that goes on after its end', start + block({ type: 'text', text: 'a' }) + end + event({ type: 'message_delta', delta: { stop_reason: 'refusal' } })],
    ['without a beginning', event({ type: 'message_stop' })],
  ])('is none for a stream %s', (_, stream) => {
    expect(fold(stream).message()).toBe(undefined);
  });

  it('is not kept where nobody wants it, its usage is', () => {
    const folded = new MessageFold(false);
    for (const data of new EventReader().push(new TextEncoder().encode(start + block({ type: 'text', text: 'a' }) + end)).events) folded.add(data);
    expect(folded.message()).toBe(undefined);
    expect(usageIn(folded.frame ?? {})?.outputTokens).toBe(7);
  });

  it('is the same that was replayed, in chunks of any size', () => {
    const text = fc.string({ unit: 'binary' });
    const content = fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('text'), text }),
        fc.record({ type: fc.constant('text'), text, citations: fc.array(fc.record({ cited_text: text }), { minLength: 1, maxLength: 2 }) }),
        fc.record({ type: fc.constant('thinking'), thinking: text, signature: text }),
        fc.record({ type: fc.constant('redacted_thinking'), data: text }),
        fc.record({
          type: fc.constant('tool_use'),
          id: text,
          name: text,
          input: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text))),
        }),
      ),
      { maxLength: 4 },
    );
    const usage = fc.record({ input_tokens: fc.nat(), output_tokens: fc.nat(), service_tier: fc.constant('standard') });
    const message = fc.record({
      id: text,
      type: fc.constant('message'),
      role: fc.constant('assistant'),
      model: text,
      content,
      stop_reason: fc.constant('end_turn'),
      stop_sequence: fc.constant(null),
      usage,
    });
    fc.assert(
      fc.property(message, fc.integer({ min: 1, max: 300 }), (value, chunkBytes) => {
        expect(fold(streamOf(value), chunkBytes).message()).toEqual(value);
      }),
    );
  });
});

describe('a replay', () => {
  it("is read by the API's own client as the Message that it was made of", async () => {
    const content = [
      { type: 'thinking', thinking: 'Hm.', signature: 'abc' },
      { type: 'text', text: 'I look at "it".' },
      { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: ['é', 1.5, null], deep: { a: {} } } },
      { type: 'tool_use', id: 'toolu_2', name: 'wait', input: {} },
    ];
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-5-5',
      content,
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: { input_tokens: 9, output_tokens: 7 },
    };
    const fetch = async () => new Response(streamOf(message), { headers: { 'content-type': 'text/event-stream' } });
    const client = new Anthropic({ apiKey: 'any', baseURL: 'https://api.example.com', maxRetries: 0, fetch });
    const asked = { model: 'claude-haiku-5-5', max_tokens: 9, messages: [{ role: 'user' as const, content: 'Look.' }] };
    expect(await client.messages.stream(asked).finalMessage()).toMatchObject(message);
  });
});

describe('usage', () => {
  it('is absent where the API says none', () => {
    expect(usageIn({})).toBe(undefined);
    expect(usageIn({ usage: { input_tokens: '5' } })).toBe(undefined);
  });
});

describe('events on their way through', () => {
  it('pass whole and unchanged, whatever the chunks, and never in halves', () => {
    const written = fc.array(
      fc.tuple(
        fc.constantFrom('\n', '\r\n'),
        fc.string({ unit: 'binary' }).map((text) => JSON.stringify({ text })),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(written, fc.integer({ min: 1, max: 40 }), (events, chunkBytes) => {
        const stream = events.map(([line, data]) => `event: x${line}data: ${data}${line}${line}`).join('');
        const bytes = new TextEncoder().encode(`${stream}data: half`);
        const reader = new EventReader();
        let passed = '';
        const seen: unknown[] = [];
        for (let at = 0; at < bytes.length; at += chunkBytes) {
          const { whole, events: found } = reader.push(bytes.subarray(at, at + chunkBytes));
          const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(whole);
          expect(text === '' || /\n\r?\n$/.test(text)).toBe(true);
          passed += text;
          seen.push(...found);
        }
        expect(passed).toBe(stream);
        expect(seen).toEqual(events.map(([, data]) => JSON.parse(data)));
      }),
    );
  });

  it('of more than 4 MiB break the stream off', () => {
    const reader = new EventReader();
    const chunk = new Uint8Array(1024 * 1024).fill(0x61);
    for (let part = 0; part < 4; part++) expect(reader.push(chunk).whole).toHaveLength(0);
    expect(() => reader.push(chunk)).toThrow(/more than 4194304 bytes/);
  });
});
