import { describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngClaim } from '../../support/picture.ts';
import { problemOf, startService } from '../../support/service.ts';
import { imageBlock, QUESTION } from '../messages/relay.ts';

const conversation = (content: unknown[], more: object = {}) => ({
  model: 'claude-haiku-5-5',
  max_tokens: 1_000,
  messages: [{ role: 'user', content }],
  ...more,
});

describe('POST /v1/estimate with the body of a Messages request', () => {
  it('tells sizes, tokens, cost and the plan, without asking Claude', async () => {
    const service = startService({ origin: () => new Response(pngClaim(28, 29)) });
    const content = [
      imageBlock(pngClaim(4032, 3024), 'image/png'),
      imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/png'),
      { type: 'image', source: { type: 'url', url: 'https://images.example.com/a.png' } },
      QUESTION,
    ];
    const response = await service.post('/v1/estimate', conversation(content));
    expect(response.status).toBe(200);
    const body = (await response.json()) as any;
    expect(body).toMatchObject({
      id: response.headers.get('x-request-id'),
      type: 'estimate',
      images: [
        { path: 'messages.0.content.0', media_type: 'image/png', width: 4032, height: 3024 },
        { path: 'messages.0.content.1', media_type: 'image/jpeg', width: 64, height: 32, orientation: 1, bytes: 296 },
        { path: 'messages.0.content.2', width: 28, height: 29 },
      ],
      estimates: [
        {
          model: 'claude-haiku-5-5',
          tier: 'high',
          images: [
            { width: 2212, height: 1659, image_tokens: 4740, transform: 'resized', resized_by: 'vignette' },
            { width: 64, height: 32, image_tokens: 6, transform: 'none', resized_by: null },
            { width: 28, height: 29, image_tokens: 2, transform: 'none', resized_by: null },
          ],
          image_tokens: 4748,
          max_output_tokens: 1_000,
          cache: { status: 'bypass' },
        },
      ],
      plan: { images: 3, untouched: 1, retyped: 1, resized: 1, image_tokens: 4748, max_side_px: null, bytes_sent: null },
    });
    const [estimate] = body.estimates;
    // US$ 0.10 and 0.50 a million tokens.
    expect(estimate.cost_usd).toEqual({
      min: expect.closeTo(estimate.input_tokens * 1e-7, 8),
      max: expect.closeTo(estimate.input_tokens * 1e-7 + 1_000 * 5e-7, 8),
      reserved: expect.any(Number),
    });
    expect(estimate.input_tokens).toBeGreaterThan(4748);
    expect(await service.calls()).toEqual([]);
    expect(service.work.transcodes).toBe(0);
  });

  it('knows what is cached', async () => {
    const service = startService();
    const request = conversation([imageBlock(fixture('jpeg-gray.jpg'), 'image/jpeg'), QUESTION]);
    const headers = { 'x-vignette-cache': 'default' };
    const status = async () => ((await (await service.post('/v1/estimate', request, headers)).json()) as any).estimates[0].cache.status;
    expect(await status()).toBe('miss');
    await service.post('/v1/messages', request, headers);
    expect(await status()).toBe('hit');
  });

  it('names what is wrong in a problem of its own form', async () => {
    const response = await startService().post('/v1/estimate', conversation([imageBlock(new Uint8Array(), 'image/png')]));
    expect(await problemOf(response)).toMatchObject({ status: 422, code: 'image_undecodable', param: 'messages.0.content.0' });
    expect(await problemOf(await startService().post('/v1/estimate', { messages: [] }))).toMatchObject({ status: 400, param: 'model' });
  });
});
