import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryLedger } from '../../../src/isolate/memory-ledger.ts';
import { listModels } from '../../../src/core/vision/model.ts';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { pngPicture } from '../../support/picture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

/** One model of the table as an operator may price it, dear below 3,000 tokens and cheap above. */
const ENVIRONMENT = {
  MODEL_OVERRIDES: JSON.stringify({
    'claude-haiku-4-5': {
      price: { base: { input: 9, output: 9, cacheRead: 1 }, long: { aboveInputTokens: 3_000, price: { input: 1, output: 1, cacheRead: 0.1 } } },
    },
  }),
};
const ORIGIN = 'https://images.example.com';
const models = fc.constantFrom(
  ...listModels()
    .filter(({ price }) => price !== undefined)
    .map(({ id }) => id),
);
const text = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }), fc.constantFrom('What is this?', 'Wie viele Bäume? 木'.repeat(150)))
  .filter(isAsked);
const runs = { numRuns: 25, seed: 20_261_121 };

function isAsked(value: string): boolean {
  return value.trim() !== '';
}

/** As the wire has amounts: whole nano-US$. */
function oneNanoUsdLess(usd: number): number {
  return (Math.round(usd * 1e9) - 1) / 1e9;
}

/** What an estimate says is set aside; the most of the likely prompt never passes it. */
async function reservedFor(service: ReturnType<typeof startService>, body: object, headers: Record<string, string> = {}): Promise<number> {
  const response = await service.post('/v1/estimate', body, headers);
  expect(response.status).toBe(200);
  const [{ cost_usd: cost }] = ((await response.json()) as any).estimates;
  expect(cost.reserved).toBeGreaterThanOrEqual(cost.max);
  return cost.reserved;
}

async function pictures() {
  return [fixture('jpeg-baseline-420.jpg'), fixture('jpeg-orientation-6-big-endian.jpg'), await pngPicture(900, 700), await pngPicture(2_000, 50)];
}

describe('"cost_usd.reserved" of an estimate', { timeout: 120_000 }, () => {
  beforeEach(emptyStorage);

  it('is the least "max_cost_usd" that the same describe passes with', async () => {
    const bytes = await pictures();
    const service = startService({ environment: ENVIRONMENT, origin: () => new Response(bytes[2]) });
    const image = fc.oneof(
      fc.constantFrom(...bytes).map((one) => ({ base64: one.toBase64() })),
      fc.constantFrom('/a.png', '/b.png').map((path) => ({ url: ORIGIN + path })),
    );
    const request = fc.record(
      {
        model: models,
        images: fc.array(image, { minLength: 1, maxLength: 3 }),
        prompt: text,
        system: text,
        fields: fc.subarray(['alt_text', 'caption', 'description'], { minLength: 1 }),
        languages: fc.subarray(['en', 'de', 'ja'], { minLength: 1 }),
        detail: fc.constantFrom('auto', 'standard', 'high'),
        source: fc.constantFrom('auto', 'base64', 'url'),
        max_tokens: fc.integer({ min: 400, max: 4_000 }),
      },
      { requiredKeys: ['model', 'images'] },
    );
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const areAddresses = asked.images.every((one) => 'url' in one);
        const body = { ...asked, ...(areAddresses ? {} : { source: 'auto' }), cache: 'bypass' };
        const reserved = await reservedFor(service, body);
        const refused = await service.post('/v1/describe', { ...body, max_cost_usd: oneNanoUsdLess(reserved) });
        expect(await refused.json()).toMatchObject({ status: 402, budget: { needed: reserved } });
        const calls = (await service.calls()).length;
        await service.post('/v1/describe', { ...body, max_cost_usd: reserved });
        expect(await service.calls()).toHaveLength(calls + 1);
      }),
      runs,
    );
  });

  it('is the least "x-vignette-max-cost-usd" that the same Messages request passes with', async () => {
    const bytes = await pictures();
    const service = startService({ environment: ENVIRONMENT, origin: () => new Response(bytes[2]) });
    const block = fc.oneof(
      fc.constantFrom(...bytes).map((one) => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: one.toBase64() } })),
      fc.constant({ type: 'image', source: { type: 'url', url: `${ORIGIN}/a.png` } }),
      text.map((value) => ({ type: 'text', text: value })),
      text.map((value) => ({ type: 'text', text: value, cache_control: { type: 'ephemeral', ttl: '1h' } })),
    );
    const request = fc.record(
      {
        model: models,
        max_tokens: fc.integer({ min: 1, max: 4_000 }),
        messages: fc.array(block, { minLength: 1, maxLength: 4 }).map((content) => [{ role: 'user', content }]),
        system: text,
        tools: fc.constantFrom([{ type: 'bash_20250124', name: 'bash' }], [{ name: 'look_up', input_schema: { type: 'object' } }]),
      },
      { requiredKeys: ['model', 'max_tokens', 'messages'] },
    );
    await fc.assert(
      fc.asyncProperty(request, fc.constantFrom('auto', 'url'), async (body, source) => {
        const headers = { 'x-vignette-source': source };
        const reserved = await reservedFor(service, body, headers);
        const most = (usd: number) => ({ ...headers, 'x-vignette-max-cost-usd': String(usd) });
        const refused = await service.post('/v1/messages', body, most(oneNanoUsdLess(reserved)));
        expect(refused.status).toBe(402);
        expect(((await refused.json()) as any).error.details.budget).toMatchObject({ scope: 'request', needed: reserved });
        const answer = await service.post('/v1/messages', body, most(reserved));
        await answer.text();
        expect(answer.status).toBe(200);
      }),
      runs,
    );
  });

  it('is what a budget is charged with while the call is under way, image tokens too', async () => {
    const service = startService();
    const body = { image: { base64: (await pngPicture(900, 700)).toBase64() }, model: 'claude-sonnet-5-5', cache: 'bypass' };
    const [{ cost_usd: cost, reserved_image_tokens: imageTokens }] = ((await (await service.post('/v1/estimate', body)).json()) as any).estimates;
    const { header } = await makeKey({ limits: { usd_per_day: cost.reserved, image_tokens_per_day: imageTokens } });
    const answer = await service.post('/v1/describe', body, header);
    expect(answer.status).toBe(200);
    const row = await (await service.send(`/v1/usage/${answer.headers.get('x-request-id')}`, { headers: header })).json();
    expect(row).toMatchObject({ reserved_usd: cost.reserved, image_tokens: imageTokens });
  });

  it('is more than the likely cost for a picture that Claude fetches: nobody here knows what it will see', async () => {
    const service = startService({ origin: () => new Response(fixture('jpeg-baseline-420.jpg')) });
    const body = { image: { url: `${ORIGIN}/a.jpg` }, model: 'claude-haiku-4-5' };
    const of = async (source: string) => ((await (await service.post('/v1/estimate', { ...body, source })).json()) as any).estimates[0];
    expect(await of('auto')).toMatchObject({ image_tokens: 6, reserved_image_tokens: 6 });
    expect(await of('url')).toMatchObject({ image_tokens: 6, reserved_image_tokens: 1_568 });
  });

  it('stands in the OpenAPI document, as every other member does', async () => {
    const service = startService();
    const document = (await (await service.send('/openapi.json')).json()) as any;
    const { properties, required } = document.components.schemas.Estimate;
    const answer = (await (await service.post('/v1/estimate', { image: { base64: fixture('jpeg-gray.jpg').toBase64() }, metadata: {} })).json()) as any;
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(answer)));
    expect(Object.keys(answer)).toEqual(expect.arrayContaining(required));
    const of = properties.estimates.items;
    expect(Object.keys(answer.estimates[0]).toSorted()).toEqual(of.required.toSorted());
    expect(Object.keys(answer.estimates[0].cost_usd)).toEqual(of.properties.cost_usd.required);
  });

  it('is null where no bound can be given, with the reason as a warning', async () => {
    const body = {
      model: 'claude-haiku-5-5',
      max_tokens: 10,
      messages: [{ role: 'user', content: 'x' }],
      tools: [{ type: 'web_search_20260209', name: 'web_search' }],
    };
    const answer = (await (await startService().post('/v1/estimate', body)).json()) as any;
    expect(answer.estimates[0].cost_usd).toMatchObject({ min: expect.any(Number), max: expect.any(Number), reserved: null });
    expect(answer.warnings).toEqual([{ code: 'cost_unbounded', message: expect.stringContaining('tools.0') }]);
  });

  it('is null, and the rest is there, where memory is too short to read the text of a request for its bound', async () => {
    const body = { model: 'claude-haiku-5-5', max_tokens: 10, messages: [{ role: 'user', content: 'x'.repeat(200_000) }] };
    const of = async (bytesMax: number) => {
      const response = await startService({ ports: { ledger: memoryLedger(bytesMax) } }).post('/v1/estimate', body);
      expect(response.status).toBe(200);
      return (await response.json()) as any;
    };
    const short = await of(500_000);
    expect(short.estimates[0].cost_usd.reserved).toBeNull();
    expect(short.warnings).toEqual([{ code: 'cost_unbounded', message: expect.stringContaining('memory') }]);
    const enough = await of(5_000_000);
    expect(enough.estimates[0].cost_usd.reserved).toBeGreaterThan(0);
    expect(enough.warnings).toEqual([]);
    expect({ ...short.estimates[0], cost_usd: null }).toEqual({ ...enough.estimates[0], cost_usd: null });
  });
});
