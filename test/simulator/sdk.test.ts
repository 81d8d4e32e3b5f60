import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { Client, MODEL, toBase64 } from './client.ts';
import { BLUE, draw, encodePng, RED } from './picture.ts';

function connect(): { sdk: Anthropic; client: Client } {
  const client = new Client();
  const sdk = new Anthropic({
    apiKey: 'test',
    baseURL: 'https://simulator.test',
    maxRetries: 0,
    fetch: async (input, init) => client.app.fetch(new Request(input, init)),
  });
  return { sdk, client };
}

async function image(colour: typeof BLUE): Promise<Anthropic.ImageBlockParam> {
  const data = toBase64(await encodePng(draw(60, 40, () => colour)));
  return { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
}

const ASK = { model: MODEL, max_tokens: 512 };

describe('the Anthropic SDK works against the simulator', () => {
  it('create, with Bearer and the version of the SDK', async () => {
    const { sdk, client } = connect();
    const content = [await image(BLUE), { type: 'text', text: 'What is this?' } as const];
    const message = await sdk.messages.create({ ...ASK, messages: [{ role: 'user', content }] });
    expect(message.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('mostly blue') });
    // 3 x 2 patches, and 13 characters of text.
    expect(message.usage.input_tokens).toBe(6 + 4);
    expect((await client.records())[0]).toMatchObject({
      authentication: 'bearer',
      anthropic_version: '2026-10-21',
    });
  });

  it('stream gives the same message', async () => {
    const { sdk } = connect();
    const body = { ...ASK, messages: [{ role: 'user' as const, content: [await image(RED)] }] };
    const created = await sdk.messages.create(body);
    const streamed = await sdk.messages.stream(body).finalMessage();
    expect(streamed.content).toEqual(created.content);
    expect(streamed.usage.output_tokens).toBe(created.usage.output_tokens);
    expect(streamed.stop_reason).toBe('end_turn');
  });

  it('four images over two turns, by file id', async () => {
    const { sdk } = connect();
    const files = await Promise.all(
      [BLUE, RED, BLUE, RED].map(async (colour, index) => {
        const bytes = await encodePng(draw(60, 40, () => colour));
        const file = await toFile(bytes, `${index}.png`, { type: 'image/png' });
        return sdk.files.upload({ file, expires_in_seconds: 3_600 });
      }),
    );
    const block = (index: number): Anthropic.ImageBlockParam => ({
      type: 'image',
      source: { type: 'file', file_id: files[index]?.id ?? '' },
    });
    const message = await sdk.messages.create({
      ...ASK,
      system: 'Respond only in Spanish.',
      messages: [
        { role: 'user', content: [block(0), block(1)] },
        { role: 'assistant', content: 'Two pictures.' },
        { role: 'user', content: [block(2), block(3), { type: 'text', text: 'And these?' }] },
      ],
    });
    expect(message.content[0]).toMatchObject({
      text: expect.stringMatching(/of 4 images[\s\S]*Image 4: .*mostly red/),
    });
    const listed: string[] = [];
    for await (const file of sdk.files.list({ limit: 3 })) listed.push(file.id);
    expect(listed.sort()).toEqual(files.map(({ id }) => id).sort());
    expect(await sdk.files.delete(files[0]?.id ?? '')).toEqual({ id: files[0]?.id, type: 'file_deleted' });
  });

  it('countTokens, models and parse', async () => {
    const { sdk } = connect();
    const content = [await image(BLUE)];
    const count = await sdk.messages.countTokens({ model: MODEL, messages: [{ role: 'user', content }] });
    expect(count.input_tokens).toBe(6);
    const models: string[] = [];
    for await (const model of sdk.models.list({ limit: 5 })) models.push(model.id);
    expect(models).toContain('claude-opus-4-5');
    expect(new Set(models).size).toBe(models.length);
    expect(await sdk.models.retrieve(MODEL)).toMatchObject({
      display_name: 'Claude Haiku 5.5',
      max_input_tokens: 1_000_000,
    });
  });

  it('batches and their results', async () => {
    const { sdk } = connect();
    const params = { ...ASK, messages: [{ role: 'user' as const, content: [await image(RED)] }] };
    const batch = await sdk.messages.batches.create({ requests: [{ custom_id: 'only', params }] });
    const results: unknown[] = [];
    for await (const result of await sdk.messages.batches.results(batch.id)) results.push(result);
    expect(results).toMatchObject([{ custom_id: 'only', result: { type: 'succeeded' } }]);
  });

  it('errors become the classes of the SDK, and it retries what heals', async () => {
    const { sdk, client } = connect();
    const hello = { ...ASK, messages: [{ role: 'user' as const, content: 'Hello' }] };
    await client.fault('spend_cap', 'overloaded');
    await expect(sdk.messages.create(hello)).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await expect(sdk.messages.create(hello)).rejects.toMatchObject({ status: 529, type: 'overloaded_error' });
    await expect(sdk.messages.create({ ...hello, model: 'nobody' })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await client.fault({ kind: 'rate_limit', retry_after_seconds: 0 });
    const retried = await sdk.messages.create(hello, { maxRetries: 1 });
    expect(retried.stop_reason).toBe('end_turn');
  });

  it('a reset in the middle of a stream is an error, not a short answer', async () => {
    const { sdk, client } = connect();
    await client.fault({ kind: 'reset', after_events: 4 });
    const stream = sdk.messages.stream({ ...ASK, messages: [{ role: 'user', content: 'Hello' }] });
    await expect(stream.finalMessage()).rejects.toThrow();
  });
});
