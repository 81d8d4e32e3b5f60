import { beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES, fixture } from '../../support/fixture.ts';
import { deepJpegClaim, pngClaim, pngPicture } from '../../support/picture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

type Service = ReturnType<typeof startService>;

async function estimateOf(service: Service, request: object): Promise<any> {
  const response = await service.post('/v1/estimate', request);
  expect(response.status).toBe(200);
  return response.json();
}

/** Estimates a request, then sends it, and holds the two together. */
async function expectEqual(service: Service, request: object): Promise<void> {
  const estimate = await estimateOf(service, request);
  const described = (await (await service.post('/v1/describe', request)).json()) as any;
  const [{ images, input_tokens, image_tokens, max_output_tokens }] = estimate.estimates;
  const sizes = (list: any[]) => list.map(({ width, height, image_tokens, transform }) => ({ width, height, image_tokens, transform }));
  expect(sizes(images)).toEqual(sizes(described.images.map((image: any) => image.sent)));
  expect(estimate.images.map((image: any, index: number) => ({ ...image, sent: described.images[index].sent }))).toEqual(described.images);
  expect(input_tokens).toBe(described.usage.estimated_input_tokens);
  const call = (await service.calls()).at(-1);
  expect(image_tokens).toBe(call.images.reduce((sum: number, image: any) => sum + image.image_tokens, 0));
  expect(sizes(images).map(({ width, height }) => ({ width, height }))).toEqual(call.images.map((image: any) => image.resized));
  expect(max_output_tokens).toBe(call.body.max_tokens);
  expect(estimate.warnings).toEqual(described.warnings.filter((warning: any) => warning.code !== 'alpha_flattened'));
}

describe('POST /v1/estimate', () => {
  beforeEach(emptyStorage);

  it.each(['standard', 'high'])('foresees exactly what a describe sends, for every fixture, with detail %s', async (detail) => {
    const service = startService();
    for (const name of FIXTURES) await expectEqual(service, { image: { base64: fixture(name).toBase64() }, detail, cache: 'bypass' });
    expect((await service.calls()).length).toBe(FIXTURES.length);
  });

  it.each(['standard', 'high'])('foresees a resize, several images and all settings, with detail %s', async (detail) => {
    const service = startService();
    const base64 = (await pngPicture(1920, 1080)).toBase64();
    await expectEqual(service, { image: { base64 }, detail });
    await expectEqual(service, {
      images: [{ base64 }, { base64: fixture('jpeg-baseline-444.jpg').toBase64() }],
      detail,
      fields: ['alt_text', 'description'],
      languages: ['en', 'ja'],
      prompt: 'Welche Farben überwiegen?',
      system: 'Be brief.',
      context: { page_title: 'x' },
      max_tokens: 3_210,
      model: 'claude-sonnet-4-6',
    });
  });

  it('predicts the text around the images within a twentieth of what is billed', async () => {
    const service = startService();
    const request = { image: { base64: (await pngPicture(1000, 1000)).toBase64() } };
    const [{ input_tokens }] = (await estimateOf(service, request)).estimates;
    const { usage } = (await (await service.post('/v1/describe', request)).json()) as any;
    expect(Math.abs(input_tokens - usage.input_tokens) / usage.input_tokens).toBeLessThan(0.05);
  });

  it.each([
    [20, 2_400, 40],
    [21, 2_000, 33],
  ])('keeps the lower side limit of requests with many images: %i of 2400 x 40 px are seen at %i x %i', async (count, width, height) => {
    const base64 = pngClaim(2_400, 40).toBase64();
    const { estimates } = await estimateOf(startService(), { images: Array.from({ length: count }, () => ({ base64 })), detail: 'high' });
    expect(estimates[0].images).toHaveLength(count);
    for (const image of estimates[0].images) expect(image).toMatchObject({ width, height });
  });

  it('asks nobody, decodes nothing and stores nothing', async () => {
    const service = startService();
    await service.upload('/v1/estimate', fixture('jpeg-orientation-6-big-endian.jpg'));
    expect(await service.calls()).toEqual([]);
    expect(service.work.transcodes).toBe(0);
    expect(await storedNames()).toEqual([]);
  });

  it('gives the cost as a range, from no output to all that is allowed', async () => {
    const request = { image: { base64: (await pngPicture(1000, 1000)).toBase64() }, model: 'claude-opus-4-6', max_tokens: 1_000 };
    const [estimate] = (await estimateOf(startService(), request)).estimates;
    expect(estimate).toMatchObject({ model: 'claude-opus-4-6', tier: 'standard', image_tokens: 1296, max_output_tokens: 1_000 });
    // US$ 5 and 25 per million tokens.
    expect(estimate.cost_usd.min).toBeCloseTo((estimate.input_tokens * 5) / 1e6, 7);
    expect(estimate.cost_usd.max - estimate.cost_usd.min).toBeCloseTo(0.025, 7);
  });

  it('covers the real bill', async () => {
    const service = startService();
    const request = { image: { base64: fixture('png-rgb8.png').toBase64() }, model: 'claude-opus-5' };
    const [{ cost_usd }] = (await estimateOf(service, request)).estimates;
    await service.post('/v1/describe', request);
    const { cost_usd: billed } = (await service.simulate('bill')).total;
    expect(billed).toBeGreaterThan(cost_usd.min * 0.9);
    expect(billed).toBeLessThan(cost_usd.max);
  });

  it('compares all models for "*", each in its own tier', async () => {
    const service = startService();
    const { estimates } = await estimateOf(service, { image: { base64: (await pngPicture(1920, 1080)).toBase64() }, model: '*', detail: 'high' });
    const models = ((await (await service.send('/v1/models')).json()) as any).data;
    expect(estimates.map((estimate: any) => [estimate.model, estimate.tier])).toEqual(models.map((model: any) => [model.id, model.tier]));
    for (const estimate of estimates) {
      expect(estimate.images[0]).toMatchObject(estimate.tier === 'high' ? { width: 1920, image_tokens: 2691 } : { width: 1456, image_tokens: 1560 });
    }
    const priceless = models.filter((model: any) => model.price_usd_per_million_tokens === null).map((model: any) => model.id);
    expect(estimates.filter((estimate: any) => estimate.cost_usd === null).map((estimate: any) => estimate.model)).toEqual(priceless);
    expect(priceless.length).toBeGreaterThan(0);
  });

  it('says for "*" which models do not take the request, and why', async () => {
    const images = Array.from({ length: 101 }, () => ({ base64: fixture('png-gray8.png').toBase64() }));
    const { estimates } = await estimateOf(startService(), { images, model: '*' });
    const [small] = estimates.filter((estimate: any) => estimate.model === 'claude-haiku-4-5');
    expect(small).toMatchObject({ cost_usd: null, error: { code: 'invalid_request', detail: expect.stringContaining('at most 100') } });
    const [large] = estimates.filter((estimate: any) => estimate.model === 'claude-haiku-5-5');
    expect(large).toMatchObject({ image_tokens: 606 });
    expect(large.error).toBeUndefined();
  });

  it('sizes for the standard tier, with a warning and without a cost, for a model that nobody knows', async () => {
    const body = await estimateOf(startService(), { image: { base64: (await pngPicture(1569, 100)).toBase64() }, model: 'somebody/model-7', detail: 'high' });
    expect(body.estimates[0]).toMatchObject({ model: 'somebody/model-7', tier: 'standard', cost_usd: null, image_tokens: 224 });
    expect(body.warnings.map((warning: any) => warning.code)).toEqual(['model_unknown', 'price_unknown', 'small_image']);
  });

  it('tells whether the answer is cached, for each model', async () => {
    const service = startService();
    const image = { base64: fixture('png-rgb8.png').toBase64() };
    expect((await estimateOf(service, { image })).estimates[0].cache).toEqual({ status: 'miss' });
    await service.post('/v1/describe', { image });
    expect((await estimateOf(service, { image })).estimates[0].cache).toEqual({ status: 'hit' });
    const all = (await estimateOf(service, { image, model: '*' })).estimates;
    expect(all.filter((estimate: any) => estimate.cache.status === 'hit').map((estimate: any) => estimate.model)).toEqual(['claude-haiku-5-5']);
  });

  it('echoes metadata and has a request id', async () => {
    const service = startService();
    const response = await service.post('/v1/estimate', { image: { base64: fixture('png-rgb8.png').toBase64() }, metadata: { sku: 7 } });
    const body = (await response.json()) as any;
    expect(body).toMatchObject({ id: response.headers.get('x-request-id'), type: 'estimate', metadata: { sku: 7 } });
  });

  it('says when Claude would have to resize the image itself', async () => {
    const body = await estimateOf(startService(), { image: { base64: deepJpegClaim(3_000, 1_000).toBase64() } });
    expect(body.estimates[0].images[0]).toMatchObject({ transform: 'none', resized_by: 'claude' });
    expect(body.warnings).toContainEqual({
      code: 'resized_by_claude',
      message: expect.stringMatching(/jpeg of 12 bits a sample cannot be decoded.*Claude resizes it to/),
      image: 0,
    });
  });
});
