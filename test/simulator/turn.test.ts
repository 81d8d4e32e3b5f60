import { describe, expect, it } from 'vitest';
import { Client, errorOf, type Message } from './client.ts';

const TOOL = { name: 'note', input_schema: { type: 'object', properties: { language: { type: 'string' } }, required: ['language'] } };
const CALL = { type: 'tool_use', id: 'toolu_1', name: 'note', input: {} };
const RESULT = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'Noted.' };

async function refusal(messages: unknown): Promise<string> {
  const error = await errorOf(await new Client().ask('', { messages }));
  expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
  return error.message;
}

describe('turns that belong together', () => {
  it('a tool is called, its result goes back with a picture, and the answer follows', async () => {
    const client = new Client();
    const question = { role: 'user', content: 'Look it up.' };
    const called: Message & { content: { id: string }[] } = await (
      await client.ask('', { messages: [question], tools: [TOOL], tool_choice: { type: 'any' }, thinking: { type: 'adaptive' } })
    ).json();
    expect(called.content.map(({ type }) => type)).toEqual(['thinking', 'tool_use']);
    const result = { type: 'tool_result', tool_use_id: called.content[1]?.id, content: [{ type: 'text', text: 'es' }] };
    const messages = [question, { role: 'assistant', content: called.content }, { role: 'user', content: [result] }];
    expect(await (await client.ask('', { messages, tools: [TOOL] })).json()).toMatchObject({ stop_reason: 'end_turn' });
  });

  it.each([
    ['in the first turn', [{ role: 'user', content: [RESULT] }], 0],
    [
      'after a turn without calls',
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 'y' },
        { role: 'user', content: [RESULT] },
      ],
      2,
    ],
    [
      'after another call',
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: [CALL] },
        { role: 'user', content: [{ ...RESULT, tool_use_id: 'toolu_2' }] },
      ],
      2,
    ],
  ])('a result %s is refused by name', async (_, messages, place) => {
    expect(await refusal(messages)).toMatch(new RegExp(`^messages\\.${place}\\.content\\.0: unexpected \`tool_use_id\` found`));
  });

  it('a call without its result is refused by name', async () => {
    const messages = [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: [CALL] },
      { role: 'user', content: 'Well?' },
    ];
    expect(await refusal(messages)).toMatch(/^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1\./);
  });
});

describe('thinking', () => {
  const ask = async (thinking: unknown, maxTokens = 4_096): Promise<Message> =>
    (await new Client().ask('Hello', { thinking, max_tokens: maxTokens })).json() as Promise<Message>;

  it.each([
    [{ type: 'enabled', budget_tokens: 1_024 }, ['thinking', 'text']],
    [{ type: 'adaptive' }, ['thinking', 'text']],
    [{ type: 'disabled' }, ['text']],
    [{ type: 'between_tools' }, ['text']],
  ])('%j brings %j', async (thinking, types) => {
    expect((await ask(thinking)).content.map(({ type }) => type)).toEqual(types);
  });

  it('that is omitted is billed and signed, and its text stays away', async () => {
    const [shown, omitted] = [await ask({ type: 'adaptive' }), await ask({ type: 'adaptive', display: 'omitted' })];
    expect(omitted.content[0]).toEqual({ ...shown.content[0], thinking: '' });
    expect(omitted.usage.output_tokens).toBe(shown.usage.output_tokens);
  });

  it.each([
    [{ type: 'enabled', budget_tokens: 1_023 }, 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024'],
    [{ type: 'enabled', budget_tokens: 4_096 }, '`max_tokens` must be greater than `thinking.budget_tokens`'],
    [{ type: 'deep' }, "thinking.type: Input should be 'enabled', 'disabled', 'between_tools' or 'adaptive'"],
  ])('%j is refused', async (thinking, message) => {
    const response = await new Client().ask('Hello', { thinking, max_tokens: 4_096 });
    expect((await errorOf(response)).message).toBe(message);
  });

  it('comes back as it was given out, or is refused', async () => {
    const { content } = await ask({ type: 'adaptive' });
    const turns = (block: unknown): unknown[] => [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: [block, { type: 'text', text: 'Hello.' }] },
      { role: 'user', content: 'Again.' },
    ];
    expect((await new Client().ask('', { messages: turns(content[0]) })).status).toBe(200);
    const altered = [
      { ...content[0], thinking: 'Other thoughts.' },
      { ...content[0], signature: 'bm9ib2R5' },
      { ...content[0], thinking: '', signature: '!' },
    ];
    for (const block of altered) expect(await refusal(turns(block))).toBe('messages.1.content.0: Invalid `signature` in `thinking` block');
  });
});
