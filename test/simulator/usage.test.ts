import { describe, expect, it } from 'vitest';
import { Client, errorOf, imageBlock, request, type Message } from './client.ts';
import { BLUE, draw, encodePng, pngHeaderOf } from './picture.ts';

async function usageOf(response: Response): Promise<Message['usage']> {
  const message: Message = await response.json();
  return message.usage;
}

describe('usage', () => {
  // Text is a quarter of its bytes; 12 characters are 3 tokens. Image tokens by the documented table.
  it.each([
    ['claude-haiku-4-5', 1_920, 1_080, 1_560],
    ['claude-haiku-5-5', 1_920, 1_080, 69 * 39],
    ['claude-haiku-4-5', 200, 200, 64],
    ['claude-haiku-5-5', 8_000, 8_000, 69 * 69],
  ])('%s bills %i x %i with the tokens of what it sees', async (model, width, height, tokens) => {
    const file = imageBlock(await pngHeaderOf(width, height), 'image/png');
    const client = new Client();
    // Only files above the decoding bound may lack pixels here; smaller ones are drawn.
    const image = width * height > 4_000_000 ? file : imageBlock(await encodePng(draw(width, height, () => BLUE)), 'image/png');
    const usage = await usageOf(await client.ask([image, { type: 'text', text: 'twelve chars' }], { model }));
    expect(usage.input_tokens).toBe(tokens + 3);
  });

  it('counting tokens gives what the call then bills, and is free', async () => {
    const client = new Client();
    const image = imageBlock(await encodePng(draw(300, 200, () => BLUE)), 'image/png');
    const fields = {
      system: 'Be brief.',
      output_config: { format: { type: 'json_schema', schema: { type: 'string' } } },
    };
    const body = request([image, { type: 'text', text: 'Zwölf Boxkämpfer' }], fields);
    const { max_tokens: _, ...counted } = body;
    const count: { input_tokens: number } = await (await client.post('/v1/messages/count_tokens', counted)).json();
    expect((await client.bill()).total).toMatchObject({ calls: 0 });
    expect((await usageOf(await client.post('/v1/messages', body))).input_tokens).toBe(count.input_tokens);
  });

  it.each([
    ['url', { type: 'url', url: 'https://example.com/a.png' }],
    ['file', { type: 'file', file_id: 'file_1' }],
  ])('counting refuses %s sources', async (_, source) => {
    const body = {
      model: 'claude-haiku-5-5',
      messages: [{ role: 'user', content: [{ type: 'image', source }] }],
    };
    const error = await errorOf(await new Client().post('/v1/messages/count_tokens', body));
    expect(error.message).toMatch(/sources are not supported for token counting$/);
  });

  it('an answer longer than max_tokens is cut and says so', async () => {
    const message: Message = await (await new Client().ask('Hello', { max_tokens: 5 })).json();
    expect(message).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 5 } });
    expect(message.content[0]?.text).toBe('Simulated descriptio');
  });

  it('an answer ends before a stop sequence', async () => {
    const message: Message = await (await new Client().ask('Hello', { stop_sequences: [' holds'] })).json();
    expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: ' holds' });
    expect(message.content[0]?.text).toBe('Simulated description: the request');
  });

  it('a prompt longer than the context window is refused with the numbers', async () => {
    const response = await new Client().ask('x'.repeat(800_004), { model: 'claude-haiku-4-5' });
    expect((await errorOf(response)).message).toBe('prompt is too long: 200001 tokens > 200000 maximum');
  });
});

describe('the bill', () => {
  // 0.10 and 0.50 US$ a million tokens up to a prompt of 100,000; 0.50 and 2.50 above.
  it.each([
    [100_000, 0.1, 0.5],
    [100_001, 0.5, 2.5],
  ])('haiku-5-5 with a prompt of %i tokens costs its band', async (tokens, input, output) => {
    const client = new Client();
    const usage = await usageOf(await client.ask('x'.repeat(tokens * 4)));
    expect(usage.input_tokens).toBe(tokens);
    expect((await client.bill()).total['cost_usd']).toBeCloseTo((tokens * input + usage.output_tokens * output) / 1e6, 12);
  });

  it('sums calls by model, counts errors as nothing and names calls without a price', async () => {
    const client = new Client();
    await client.ask('Hello', { model: 'claude-sonnet-4-6' });
    await client.ask('Hello', { model: 'claude-fable-5-2' });
    await client.ask('Hello', { max_tokens: 0 });
    const bill = await client.bill();
    expect(bill).toMatchObject({
      total: { calls: 2, unpriced_calls: 1 },
      models: { 'claude-sonnet-4-6': { calls: 1, unpriced_calls: 0 }, 'claude-fable-5-2': { cost_usd: 0 } },
    });
  });
});
