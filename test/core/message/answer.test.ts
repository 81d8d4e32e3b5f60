import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Message, parseAnswer } from '../../../src/core/message/answer.ts';
import { usageIn } from '../../../src/core/message/usage.ts';
import { faultOf, valueOrCode } from '../outcome.ts';
import { anyText, asked } from './asked.ts';

const USAGE = { input_tokens: 100, output_tokens: 7 };

function message(content: Message['content'], stopReason: string | null = 'end_turn'): Message {
  return { type: 'message', role: 'assistant', model: 'claude-haiku-5-5', content, stop_reason: stopReason, usage: USAGE };
}

function said(text: string): Message {
  return message([{ type: 'text', text }]);
}

function described(...descriptions: readonly Record<string, unknown>[]): Message {
  return said(JSON.stringify({ descriptions }));
}

const EN = { language: 'en', alt_text: 'A boat.' };
const QUESTION = asked({ prompt: 'How many boats?' });

describe('an answer', () => {
  it('is the structured one, in the order of the languages asked for', () => {
    const request = asked({ languages: ['en', 'de'], fields: ['alt_text', 'caption'] });
    const answer = parseAnswer(
      described({ caption: 'C-de', language: 'de', alt_text: 'A-de' }, { language: 'en', alt_text: 'A-en', caption: 'C-en' }),
      request,
    );
    expect(answer).toEqual({
      descriptions: [
        { language: 'en', alt_text: 'A-en', caption: 'C-en' },
        { language: 'de', alt_text: 'A-de', caption: 'C-de' },
      ],
      answer: undefined,
      stopReason: 'end_turn',
    });
  });

  it('to a question alone is its text', () => {
    expect(parseAnswer(said(' Three.\n'), QUESTION)).toEqual({ descriptions: [], answer: 'Three.', stopReason: 'end_turn' });
  });

  it('to a question with fields is both', () => {
    const answer = parseAnswer(described({ ...EN, answer: 'Three.' }), asked({ prompt: 'How many?', fields: ['alt_text'] }));
    expect(answer).toEqual({ descriptions: [EN], answer: 'Three.', stopReason: 'end_turn' });
  });

  it('has only what was asked for', () => {
    expect(parseAnswer(described({ ...EN, caption: 'x', secret: 'y' }, { language: 'fr', alt_text: 'z' }), asked()).descriptions).toEqual([EN]);
  });

  it('is found behind blocks of thinking', () => {
    const blocks = [
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'redacted_thinking', data: '…' },
      { type: 'text', text: 'Three.' },
    ];
    expect(parseAnswer(message(blocks), QUESTION).answer).toBe('Three.');
  });

  it('in several text blocks is put together', () => {
    const [head, tail] = [JSON.stringify({ descriptions: [EN] }).slice(0, 20), JSON.stringify({ descriptions: [EN] }).slice(20)];
    expect(
      parseAnswer(
        message([
          { type: 'text', text: head },
          { type: 'text', text: tail },
        ]),
        asked(),
      ).descriptions,
    ).toEqual([EN]);
  });

  it.each(['end_turn', 'stop_sequence'])('keeps its stop reason: %s', (stopReason) => {
    expect(parseAnswer(message([{ type: 'text', text: 'x' }], stopReason), QUESTION).stopReason).toBe(stopReason);
  });
});

describe('what is no answer', () => {
  it.each([
    ['a refusal', message([{ type: 'text', text: 'No.' }], 'refusal'), QUESTION, 'model_refused'],
    ['a refusal with a full answer in it', { ...described(EN), stop_reason: 'refusal' }, asked(), 'model_refused'],
    ['a truncation', message([{ type: 'text', text: 'Thr' }], 'max_tokens'), QUESTION, 'model_truncated'],
    ['a truncation that looks complete', { ...described(EN), stop_reason: 'max_tokens' }, asked(), 'model_truncated'],
    ['thinking that ate every token', message([{ type: 'thinking' }], 'max_tokens'), QUESTION, 'model_truncated'],
    ['a full context window', message([], 'model_context_window_exceeded'), QUESTION, 'model_truncated'],
    ['a call of a tool', { ...described(EN), stop_reason: 'tool_use' }, asked(), 'upstream_error'],
    ['a pause', { ...described(EN), stop_reason: 'pause_turn' }, asked(), 'upstream_error'],
    ['a reason that came later', { ...described(EN), stop_reason: 'later' }, asked(), 'upstream_error'],
    ['no reason to stop', { ...described(EN), stop_reason: null }, asked(), 'upstream_error'],
    ['no blocks', message([]), QUESTION, 'upstream_error'],
    ['only thinking', message([{ type: 'thinking' }]), QUESTION, 'upstream_error'],
    ['empty text', said(''), QUESTION, 'upstream_error'],
    ['blank text', said(' \n\t'), QUESTION, 'upstream_error'],
    ['text without a form', said('\u200b\u2060\ufeff\u00a0'), QUESTION, 'upstream_error'],
    ['text that is not JSON', said('A boat.'), asked(), 'upstream_error'],
    ['JSON cut off', said('{"descriptions":[{"language":"en","alt_te'), asked(), 'upstream_error'],
    ['JSON in a code fence', said('```json\n{"descriptions":[]}\n```'), asked(), 'upstream_error'],
    ['JSON of another shape', said('[]'), asked(), 'upstream_error'],
    ['null', said('null'), asked(), 'upstream_error'],
    ['descriptions that are no list', said('{"descriptions":{"language":"en"}}'), asked(), 'upstream_error'],
    ['no descriptions', described(), asked(), 'upstream_error'],
    ['a missing language', described(EN), asked({ languages: ['en', 'de'] }), 'upstream_error'],
    ['a language in another spelling', described({ ...EN, language: 'EN' }), asked(), 'upstream_error'],
    ['a missing field', described({ language: 'en' }), asked(), 'upstream_error'],
    ['an empty field', described({ language: 'en', alt_text: ' ' }), asked(), 'upstream_error'],
    ['a field that is no text', described({ language: 'en', alt_text: ['A boat.'] }), asked(), 'upstream_error'],
    ['a field of control characters alone', described({ language: 'en', alt_text: '\u0007\u001b[0m' }), asked(), 'upstream_error'],
    ['a missing answer to the question', described(EN), asked({ prompt: 'How many?', fields: ['alt_text'] }), 'upstream_error'],
  ])('is a fault that says it was billed: %s', (_, reply, request, code) => {
    expect(faultOf(() => parseAnswer(reply, request))).toMatchObject({ code, billed: true });
  });

  it('points at max_tokens when that was the reason', () => {
    expect(faultOf(() => parseAnswer(message([], 'max_tokens'), QUESTION))).toMatchObject({
      param: 'max_tokens',
      message: expect.stringContaining('7 output tokens'),
    });
  });

  it('is not told back to the caller', () => {
    expect(faultOf(() => parseAnswer(said('attack text'), asked())).message).not.toContain('attack');
  });
});

describe('the text of an answer', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b[1;38;5;196mbold\u001b[m', 'bold'],
    ['\u001b[2J\u001b[Hcleared', 'cleared'],
    ['\u001b[?25lhidden', 'hidden'],
    ['a\u0000b\u0007c\u0008d\u007fe', 'abcde'],
    ['line\r\nline', 'line\nline'],
    ['tab\tstays\nas does this', 'tab\tstays\nas does this'],
    ['\u0085next\u009bline', 'nextline'],
    ['größe 日本 👩‍👩‍👧', 'größe 日本 👩‍👩‍👧'],
  ])('has no terminal escapes or control characters: %j is %j', (text, clean) => {
    expect(parseAnswer(said(text), QUESTION).answer).toBe(clean);
    expect(parseAnswer(described({ language: 'en', alt_text: text }), asked()).descriptions).toEqual([{ language: 'en', alt_text: clean }]);
  });

  it('never has any, whatever the model says', () => {
    const text = anyText('\u001b[31m', '\u001b]0;x\u0007', '\u009b1m', '\r\n', '\u001b\u001b[[');
    fc.assert(
      fc.property(text, (raw) => {
        const outcome = valueOrCode(() => parseAnswer(said(raw), QUESTION));
        if (typeof outcome === 'object') expect(outcome.answer).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 300 },
    );
  });

  it('of any JSON gives an answer or a fault', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const outcome = valueOrCode(() => parseAnswer(said(json), asked()));
        expect(typeof outcome === 'object' || outcome === 'upstream_error').toBe(true);
      }),
    );
  });
});

describe('the usage of a call', () => {
  it.each([
    [{}, 0, 0],
    [{ cache_creation_input_tokens: null, cache_read_input_tokens: null }, 0, 0],
    [{ cache_creation_input_tokens: 5, cache_read_input_tokens: 6 }, 5, 6],
  ])('has 0 for what the API leaves out: %j', (more, cacheCreationInputTokens, cacheReadInputTokens) => {
    expect(usageIn({ ...said('x'), usage: { ...USAGE, ...more } })).toEqual({
      inputTokens: 100,
      outputTokens: 7,
      cacheCreationInputTokens,
      cacheReadInputTokens,
    });
  });

  it('tells what was written to the cache for an hour', () => {
    const cacheCreation = { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 };
    expect(usageIn({ ...said('x'), usage: { ...USAGE, cache_creation_input_tokens: 5, cache_creation: cacheCreation } })).toEqual({
      inputTokens: 100,
      outputTokens: 7,
      cacheCreationInputTokens: 5,
      cacheCreation1hInputTokens: 3,
      cacheReadInputTokens: 0,
    });
  });
});
