/** The parts of Anthropic's own client that the shapes do not show: structured output, tools, thinking, counting, files, both versions. */
import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mediaTypeOf, sample } from '../support/origin.ts';
import { connect, lendRig, type Rig, type Target, TARGETS } from './support/rig.ts';
import { MODEL } from './support/shape.ts';

function image(name: string): Anthropic.ImageBlockParam {
  return { type: 'image', source: { type: 'base64', media_type: mediaTypeOf(name), data: sample(name).toString('base64') } };
}

const turn = (...content: Anthropic.ContentBlockParam[]): Anthropic.MessageParam => ({ role: 'user', content });
const QUESTION = { type: 'text', text: 'What is the total?' } as const;
const ASK = { model: MODEL, max_tokens: 1_024 };

let rig: Rig;
beforeAll(async () => {
  rig = await lendRig();
});

describe.each(TARGETS)('through %s', (name) => {
  let target: Target;
  let client: Anthropic;
  beforeAll(() => {
    target = rig[name];
    client = connect(target);
  });
  beforeEach(() => rig.reset());

  it('parse gives an object that follows the schema', async () => {
    const format = jsonSchemaOutputFormat({
      type: 'object',
      properties: { title: { type: 'string' }, is_paid: { type: 'boolean' } },
      required: ['title', 'is_paid'],
      additionalProperties: false,
    });
    const message = await client.messages.parse({ ...ASK, messages: [turn(image('receipt.jpg'), QUESTION)], output_config: { format } });
    expect(message.parsed_output).toEqual({ title: expect.stringMatching(/^Simulated/), is_paid: expect.any(Boolean) });
  });

  it('countTokens gives what create then bills', async () => {
    const messages = [turn(image('receipt.jpg'), QUESTION)];
    const { input_tokens } = await client.messages.countTokens({ model: MODEL, messages });
    const { usage } = await client.messages.create({ ...ASK, messages });
    expect(input_tokens).toBe(usage.input_tokens);
  });

  it('a tool looks, and its picture goes back in a result', async () => {
    const tools: Anthropic.Tool[] = [{ name: 'camera', input_schema: { type: 'object', properties: { view: { type: 'string' } }, required: ['view'] } }];
    const question = turn({ type: 'text', text: 'Take a picture.' });
    const called = await client.messages.stream({ ...ASK, messages: [question], tools, tool_choice: { type: 'any' } }).finalMessage();
    const call = called.content.find((block) => block.type === 'tool_use');
    expect(called.stop_reason).toBe('tool_use');
    const result = turn({ type: 'tool_result', tool_use_id: call?.id ?? '', content: [image('phone-photo.jpg')] });
    const answer = await client.messages.create({ ...ASK, messages: [question, { role: 'assistant', content: called.content }, result], tools });
    expect(answer.content[0]).toMatchObject({ text: expect.stringContaining('a portrait') });
    expect((await rig.seen()).at(-1)?.images).toMatchObject([{ path: 'messages.2.content.0.tool_result.content.0' }]);
  });

  it('thinking goes back and forth with its signature', async () => {
    const thinking = { type: 'adaptive' } as const;
    const first = turn(image('logo.png'), QUESTION);
    const answer = await client.messages.stream({ ...ASK, thinking, messages: [first] }).finalMessage();
    expect(answer.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    const again = [first, { role: 'assistant' as const, content: answer.content }, turn({ type: 'text', text: 'Sure?' })];
    expect((await client.messages.create({ ...ASK, thinking, messages: again })).stop_reason).toBe('end_turn');
  });

  it('headers that clients read come through', async () => {
    const { response, request_id } = await client.messages.create({ ...ASK, messages: [turn(QUESTION)] }).withResponse();
    expect(request_id).toMatch(/^req_/);
    expect(response.headers.get('anthropic-ratelimit-requests-limit')).toBe('4000');
  });

  it.each([
    ['x-api-key and 2023-06-01', (key: string) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }), 200],
    ['Bearer and 2026-10-21', (key: string) => ({ authorization: `Bearer ${key}`, 'anthropic-version': '2026-10-21' }), 400],
  ])('temperature with %s answers as that version does', async (_, headers, status) => {
    const response = await fetch(`${target.url}/v1/messages`, {
      method: 'POST',
      headers: { ...headers(target.key), 'content-type': 'application/json' },
      body: JSON.stringify({ ...ASK, temperature: 0.5, messages: [turn(QUESTION)] }),
    });
    expect(response.status).toBe(status);
    expect((await rig.seen()).at(-1)).toMatchObject({ anthropic_version: headers('')['anthropic-version'] });
  });

  it('a beta is passed on', async () => {
    await client.messages.create({ ...ASK, messages: [turn(QUESTION)] }, { headers: { 'anthropic-beta': 'some-beta-2026-01-01' } });
    expect((await rig.seen()).at(-1)).toMatchObject({ anthropic_beta: 'some-beta-2026-01-01' });
  });

  it('a file is uploaded, looked up, asked about and deleted', async () => {
    const uploaded = await client.files.upload({ file: await toFile(sample('receipt.jpg'), 'receipt.jpg', { type: 'image/jpeg' }), expires_in_seconds: 3_600 });
    expect(uploaded).toMatchObject({ type: 'file', filename: 'receipt.jpg', mime_type: 'image/jpeg', expires_at: expect.any(String) });
    expect(await client.files.retrieveMetadata(uploaded.id)).toMatchObject({ id: uploaded.id, mime_type: 'image/jpeg' });
    const messages = [turn({ type: 'image', source: { type: 'file', file_id: uploaded.id } }, QUESTION)];
    const answer = await client.messages.create({ ...ASK, messages });
    expect(answer.content[0]).toMatchObject({ text: expect.stringContaining('1200 x 1600 pixels') });
    expect(await client.files.delete(uploaded.id)).toEqual({ id: uploaded.id, type: 'file_deleted' });
    await expect(client.files.retrieveMetadata(uploaded.id)).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(client.messages.create({ ...ASK, messages })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });

  it.each([
    ['no field', {}, 'invalid_request_error'],
    ['an unknown model', { ...ASK, model: 'claude-nobody-9', messages: [turn(QUESTION)] }, 'not_found_error'],
    [
      'a picture that is none',
      { ...ASK, messages: [turn({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGVsbG8=' } })] },
      'invalid_request_error',
    ],
  ])('%s is refused in the envelope of the API', async (_, body, type) => {
    const response = await fetch(`${target.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': target.key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type, message: expect.any(String) },
      request_id: response.headers.get('request-id'),
    });
    expect(await rig.calls()).toBe(0);
  });
});
