import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStreamUsage, interruptedUsage } from '../../../src/core/message/stream-usage.ts';

const encoder = new TextEncoder();

/** Events in the form of the API's documentation ("Streaming messages"). */
const START = `event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-haiku-5-5","stop_reason":null,"usage":{"input_tokens":1702,"cache_creation_input_tokens":248,"cache_read_input_tokens":1800,"cache_creation":{"ephemeral_5m_input_tokens":148,"ephemeral_1h_input_tokens":100},"output_tokens":1}}}\n\n`;
const TEXT = `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\\"type\\":\\"message_delta\\" – ein Hafen"}}\n\n`;
const DELTA = `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":48}}\n\n`;
const STOP = `event: message_stop\ndata: {"type":"message_stop"}\n\n`;
const PROMPT = { inputTokens: 1702, cacheCreationInputTokens: 248, cacheReadInputTokens: 1800, cacheCreation1hInputTokens: 100 };

function read(...chunks: readonly (string | Uint8Array)[]) {
  const usage = createStreamUsage();
  for (const chunk of chunks) usage.push(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
  return usage;
}

describe('usage of a stream', () => {
  it('is the prompt of its start and the output of its last delta', () => {
    const usage = read(START, TEXT, DELTA, STOP);
    expect(usage.seen()).toEqual({ ...PROMPT, outputTokens: 48 });
    expect(usage.isComplete()).toBe(true);
  });

  it('is the same wherever the bytes are cut', () => {
    const bytes = encoder.encode(START + TEXT + DELTA + STOP);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        const ends = [...cuts.toSorted((one, other) => one - other), bytes.length];
        const usage = read(...ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)));
        expect(usage.seen()).toEqual({ ...PROMPT, outputTokens: 48 });
        expect(usage.isComplete()).toBe(true);
      }),
    );
  });

  it('is unknown before the first event, and open until a reason to stop is told', () => {
    expect(read('').seen()).toBeUndefined();
    const usage = read(START, TEXT, 'data: {"type":"message_delta","delta":{},"usage":{"output_tokens":20}}\n');
    expect(usage.seen()).toEqual({ ...PROMPT, outputTokens: 20 });
    expect(usage.isComplete()).toBe(false);
  });

  it('takes totals of the prompt from a later event, and keeps what is left out', () => {
    const usage = read(START, 'data:{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":1710,"output_tokens":5}}\r\n');
    expect(usage.seen()).toEqual({ ...PROMPT, inputTokens: 1710, outputTokens: 5 });
  });

  it.each([
    ['not JSON', 'data: {"type":"message_delta",\n'],
    ['without usage', 'data: {"type":"message_delta"}\n'],
    ['of null', 'data: {"type":"message_delta","usage":null,"delta":null}\n'],
    ['negative', 'data: {"type":"message_delta","usage":{"output_tokens":-1}}\n'],
    ['not a number', 'data: {"type":"message_delta","usage":{"output_tokens":"48"}}\n'],
    ['beyond whole numbers', 'data: {"type":"message_delta","usage":{"output_tokens":1e308}}\n'],
  ])('keeps what it knows when an event is %s', (_, line) => {
    expect(read(START, line).seen()).toEqual({ ...PROMPT, outputTokens: 1 });
  });

  it('passes over a line that is too long, and reads the next', () => {
    const long = `data: {"type":"message_delta","usage":{"output_tokens":7},"delta":{"text":"${'x'.repeat(70_000)}"}}\n`;
    expect(read(START, long).seen()).toEqual({ ...PROMPT, outputTokens: 1 });
    expect(read(START, long, DELTA).seen()).toEqual({ ...PROMPT, outputTokens: 48 });
  });

  it('that broke off counts with all the output that was allowed', () => {
    expect(interruptedUsage({ ...PROMPT, outputTokens: 20 }, 1024)).toEqual({ ...PROMPT, outputTokens: 1024 });
    expect(interruptedUsage({ ...PROMPT, outputTokens: 20 }, 10)).toEqual({ ...PROMPT, outputTokens: 20 });
  });
});
