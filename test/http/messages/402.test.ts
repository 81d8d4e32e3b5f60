import { beforeEach, describe, expect, it } from 'vitest';
import { memoryLedger } from '../../../src/isolate/memory-ledger.ts';
import { fixture } from '../../support/fixture.ts';
import { emptyStorage } from '../../support/storage.ts';
import { errorOf, imageBlock, QUESTION, startRelay } from './relay.ts';

const PICTURE = [imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg'), QUESTION];
/** US$ 10 and 50 per million tokens. */
const DEAR = { model: 'claude-fable-5' };

async function rowOf(service: ReturnType<typeof startRelay>, response: Response): Promise<any> {
  return (await service.send(`/v1/usage/${response.headers.get('x-request-id')}`)).json();
}

describe('POST /v1/messages with a budget', () => {
  beforeEach(emptyStorage);

  it('300 requests at once, streams among them, never spend more than was allowed', { timeout: 180_000 }, async () => {
    const service = startRelay({ environment: { BUDGET_USD_DAY: '0.5' }, ports: { ledger: memoryLedger(Number.MAX_SAFE_INTEGER) } });
    const statuses: number[] = [];
    for (let wave = 0; wave < 40; wave++) {
      const answers = await Promise.all(
        Array.from({ length: wave === 0 ? 300 : 30 }, async (_, index) => {
          const response = await service.ask(PICTURE, { ...DEAR, max_tokens: 200, stream: index % 2 === 0 });
          await response.text();
          return response.status;
        }),
      );
      statuses.push(...answers);
      if (wave > 0 && answers.every((status) => status === 402)) break;
    }
    expect(new Set(statuses)).toEqual(new Set([200, 402]));
    const { total } = await service.simulate('bill');
    expect(total.cost_usd).toBeLessThanOrEqual(0.5);
    expect(total.cost_usd).toBeGreaterThan(0.4);
    const usage = (await (await service.send('/v1/usage')).json()) as any;
    expect(usage.total.cost_usd).toBeCloseTo(total.cost_usd, 9);
    expect(usage.total).toMatchObject({ calls: total.calls, overrun_usd: 0, assumed_calls: 0 });
  });

  it.each([
    ['below', '0.000001', 402],
    ['above', '1', 200],
  ])('x-vignette-max-cost-usd %s the maximum is held to', async (_, limit, status) => {
    const service = startRelay();
    const response = await service.ask(PICTURE, DEAR, { 'x-vignette-max-cost-usd': limit });
    expect(response.status).toBe(status);
    if (status === 402) expect((await errorOf(response)).details).toMatchObject({ error_code: 'budget_exceeded', param: 'x-vignette-max-cost-usd' });
    expect(await service.calls()).toHaveLength(status === 402 ? 0 : 1);
  });

  it('x-vignette-max-cost-usd that is no amount is refused', async () => {
    expect((await errorOf(await startRelay().ask(PICTURE, DEAR, { 'x-vignette-max-cost-usd': 'a dollar' }))).details.param).toBe('x-vignette-max-cost-usd');
  });

  it('counts writing to the cache, documents and presets of tools', async () => {
    const service = startRelay();
    const isRefused = async (more: Record<string, unknown>, usd: number) =>
      (await service.ask(PICTURE, { ...DEAR, max_tokens: 1, ...more }, { 'x-vignette-max-cost-usd': String(usd) })).status === 402;
    const plainUsd = 0.02;
    expect(await isRefused({}, plainUsd)).toBe(false);
    expect(await isRefused({ system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } }] }, plainUsd)).toBe(true);
    expect(await isRefused({ tools: [{ type: 'bash_20250124', name: 'bash' }] }, plainUsd)).toBe(true);
    expect(
      await isRefused({ messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } }] }] }, 9),
    ).toBe(true);
    expect(await isRefused({ max_tokens: 1_000 }, plainUsd)).toBe(true);
    expect(await service.calls()).toHaveLength(1);
  });
});

describe('what is given twice under a budget in US$', () => {
  beforeEach(emptyStorage);
  const SEARCH = '[{"type":"web_search_20260209","name":"web_search"}]';
  const bodyWith = (fields: string) => `{"model":"claude-fable-5","max_tokens":1,"messages":[{"role":"user","content":"x"}],${fields}}`;

  it.each([
    ['tools', `"tools":${SEARCH},"tools":[]`],
    ['tools', String.raw`"tools":${SEARCH},"t\u006fols":[]`],
    ['type', '"tools":[{"type":"web_search_20260209","name":"web_search","type":"custom"}]'],
    ['speed', '"speed":"fast","speed":"standard"'],
  ])('is not sent: "%s" in %s', async (param, fields) => {
    const service = startRelay();
    const response = await service.sendText(bodyWith(fields), { 'x-vignette-max-cost-usd': '100' });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).details).toMatchObject({ error_code: 'invalid_request', param });
    expect(service.outgoing).toEqual([]);
  });

  it('is sent where it says nothing of the cost', async () => {
    const service = startRelay();
    const tools = String.raw`"tools":[{"name":"a","input_schema":{"x":1,"x":2}}]`;
    expect((await service.sendText(bodyWith(tools), { 'x-vignette-max-cost-usd': '100' })).status).toBe(200);
  });
});

describe('the ledger of POST /v1/messages', () => {
  beforeEach(emptyStorage);

  it.each([false, true])('has the bill of an answer (stream: %s)', async (stream) => {
    const service = startRelay();
    const response = await service.ask(PICTURE, { ...DEAR, stream });
    await response.text();
    const { total } = await service.simulate('bill');
    const row = await rowOf(service, response);
    expect(row).toMatchObject({
      route: '/v1/messages',
      status: 200,
      cost_basis: 'billed',
      input_tokens: total.input_tokens,
      output_tokens: total.output_tokens,
    });
    expect(row.cost_usd).toBeCloseTo(total.cost_usd, 9);
    expect(row.image_tokens).toBe(6);
  });

  it('counts a stream that broke off with all the output that was allowed', async () => {
    const service = startRelay();
    await service.fail('truncated');
    const response = await service.ask(PICTURE, { ...DEAR, stream: true, max_tokens: 100 });
    await response.text();
    const row = await rowOf(service, response);
    expect(row).toMatchObject({ cost_basis: 'assumed', output_tokens: 100 });
    expect(row.cost_usd).toBeCloseTo((row.input_tokens * 10 + 100 * 50) / 1_000_000, 9);
  });

  it('is free of charge for what the API refuses', async () => {
    const service = startRelay();
    await service.fail('overloaded');
    expect(await rowOf(service, await service.ask(PICTURE, DEAR))).toMatchObject({ cost_basis: 'free', cost_usd: 0 });
  });

  it('has a cached answer with what it saved', async () => {
    const service = startRelay();
    const header = { 'x-vignette-cache': 'default' };
    const first = await service.ask(PICTURE, DEAR, header);
    const { cost_usd: cost } = await rowOf(service, first);
    expect(await rowOf(service, await service.ask(PICTURE, DEAR, header))).toMatchObject({
      cost_basis: 'free',
      cache_status: 'hit',
      cost_usd: 0,
      saved_usd: cost,
    });
  });
});
