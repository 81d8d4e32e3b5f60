import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { hexHash } from '../../support/hash.ts';
import { pngPicture } from '../../support/picture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

describe('POST /v1/describe', () => {
  beforeEach(emptyStorage);

  it('describes an uploaded image and says what Claude saw', async () => {
    const service = startService();
    const bytes = fixture('jpeg-baseline-420.jpg');
    const response = await service.upload('/v1/describe', bytes);
    const sha256 = await hexHash(bytes);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const body = (await response.json()) as any;
    expect(body).toEqual({
      id: response.headers.get('x-request-id'),
      type: 'description',
      descriptions: [{ language: 'en', alt_text: expect.stringMatching(/^Simulated description: landscape graphic/) }],
      images: [
        {
          image_id: `sha256:${sha256}`,
          media_type: 'image/jpeg',
          width: 64,
          height: 32,
          orientation: 1,
          bytes: 296,
          // 64 x 32 px are 3 x 2 patches of 28 px.
          sent: { media_type: 'image/jpeg', width: 64, height: 32, bytes: 296, sha256, source: 'base64', transform: 'none', image_tokens: 6 },
        },
      ],
      model: 'claude-haiku-5-5',
      stop_reason: 'end_turn',
      usage: {
        input_tokens: expect.any(Number),
        output_tokens: expect.any(Number),
        cost_usd: expect.any(Number),
        estimated_input_tokens: expect.any(Number),
        drift_tokens: expect.any(Number),
      },
      cache: { status: 'miss', age_seconds: 0 },
      warnings: [{ code: 'small_image', message: expect.stringContaining('64x32'), image: 0 }],
    });
  });

  it('reports the tokens and the cost that the API billed', async () => {
    const service = startService();
    const { usage } = (await (await service.upload('/v1/describe', fixture('png-rgb8.png'), 'image/png')).json()) as any;
    const { total } = await service.simulate('bill');
    expect(total.calls).toBe(1);
    expect(usage).toMatchObject({ input_tokens: total.input_tokens, output_tokens: total.output_tokens });
    expect(usage.cost_usd).toBeCloseTo(total.cost_usd, 8);
  });

  it('turns an image upright before it is sent, and says so', async () => {
    const service = startService();
    const { images } = (await (await service.upload('/v1/describe', fixture('jpeg-orientation-6-big-endian.jpg'))).json()) as any;
    expect(images[0]).toMatchObject({ width: 64, height: 32, orientation: 6, sent: { width: 64, height: 32, transform: 'reencoded' } });
    const [seen] = (await service.calls())[0].images;
    expect(seen).toMatchObject({ width: 64, height: 32, orientation: 1, sha256: images[0].sent.sha256, bytes: images[0].sent.bytes });
    // The pattern of the fixtures: red, green, blue, yellow. Lossy, so a distance.
    const colours = [
      [220, 40, 40],
      [40, 180, 60],
      [40, 70, 210],
      [240, 210, 40],
    ];
    for (const [index, colour] of colours.entries())
      for (const [channel, value] of colour.entries()) expect(Math.abs(seen.quadrants[index][channel] - value)).toBeLessThan(24);
  });

  it('brings a larger image to the size that Claude would', async () => {
    const service = startService();
    const { images } = (await (await service.upload('/v1/describe', await pngPicture(1920, 1080), 'image/png')).json()) as any;
    expect(images[0].sent).toMatchObject({ width: 1456, height: 819, image_tokens: 1560, transform: 'resized' });
    expect((await service.calls())[0].images[0]).toMatchObject({
      width: 1456,
      height: 819,
      resized: { width: 1456, height: 819 },
      image_tokens: 1560,
      sha256: images[0].sent.sha256,
    });
  });

  it('keeps more detail when it is asked to', async () => {
    const service = startService();
    const { images } = (await (await service.upload('/v1/describe?detail=high', await pngPicture(1920, 1080), 'image/png')).json()) as any;
    expect(images[0].sent).toMatchObject({ width: 1920, height: 1080, image_tokens: 2691, transform: 'none' });
  });

  it('sends the request to the Messages API with the image first and the question last', async () => {
    const service = startService();
    await service.post('/v1/describe', {
      image: { base64: fixture('gif-still.gif').toBase64() },
      fields: ['alt_text', 'caption', 'description'],
      languages: ['en', 'pt-BR'],
      system: 'Mind the brand voice.',
      context: { page_title: 'A </context> B' },
      max_length: 90,
      max_tokens: 2222,
      model: 'claude-opus-5-5',
    });
    const [{ body, model, stream }] = await service.calls();
    expect({ model, stream }).toEqual({ model: 'claude-opus-5-5', stream: false });
    expect(body.max_tokens).toBe(2222);
    expect(body.system).toMatch(/^You describe images/);
    expect(body.system).toMatch(/\n\nMind the brand voice\.$/);
    const [image, question] = body.messages[0].content;
    expect(body.messages[0].content).toHaveLength(2);
    expect(image).toMatchObject({ type: 'image', source: { type: 'base64', media_type: 'image/gif' } });
    expect(question.text).toContain('<context>{"page_title":"A \\u003c/context\\u003e B"}</context>');
    expect(question.text).toContain('en, pt-BR');
    expect(question.text).toContain('within 90 characters');
    expect(body.output_config.format.schema.properties.descriptions.items).toEqual({
      type: 'object',
      properties: {
        language: { type: 'string', enum: ['en', 'pt-BR'] },
        alt_text: { type: 'string' },
        caption: { type: 'string' },
        description: { type: 'string' },
      },
      required: ['language', 'alt_text', 'caption', 'description'],
      additionalProperties: false,
    });
  });

  it('asks the API to refuse, not to resize, images that were sized here', async () => {
    const service = startService();
    await service.upload('/v1/describe', fixture('png-gray8.png'));
    expect((await service.calls())[0].body.messages[0].content[0].transformations).toEqual({ oversized_image: 'error' });
  });

  it('leaves that guard out when the operator switches it off', async () => {
    const service = startService({ environment: { OVERSIZED_IMAGE_GUARD: 'off' } });
    await service.upload('/v1/describe', fixture('png-gray8.png'));
    expect((await service.calls())[0].body.messages[0].content[0]).not.toHaveProperty('transformations');
  });

  it('warns about a wrong declared type, animation and an unlisted model, and still answers', async () => {
    const service = startService();
    const bytes = fixture('gif-animated.gif');
    const { warnings } = (await (await service.upload('/v1/describe', bytes, 'image/png')).json()) as any;
    expect(warnings.map((warning: any) => warning.code)).toEqual(['media_type_corrected', 'first_frame_only', 'small_image']);
    expect(warnings[0].message).toMatch(/image\/png.*image\/gif/);
    expect(warnings[1].message).toContain('3 frames');
  });

  it('gives no cost, and a warning, for a model without a published price', async () => {
    const service = startService();
    const body = (await (await service.upload('/v1/describe?model=claude-fable-5-2', fixture('png-gray8.png'), 'image/png')).json()) as any;
    expect(body.usage.cost_usd).toBeNull();
    expect(body.warnings).toContainEqual({ code: 'price_unknown', message: expect.stringContaining('claude-fable-5-2') });
  });

  it('reads only the text of an answer that begins with thinking', async () => {
    const service = startService();
    await service.fail('thinking_first');
    const body = (await (await service.upload('/v1/describe?max_tokens=4000', fixture('png-gray8.png'))).json()) as any;
    expect(body.descriptions[0].alt_text).toMatch(/^Simulated description/);
  });

  it('gives ids of its own and of the API, timings, and forbids storing the answer', async () => {
    const service = startService();
    const { headers } = await service.send('/v1/describe', {
      method: 'POST',
      headers: { 'content-type': 'image/png', 'x-request-id': 'chosen-by-the-caller' },
      body: fixture('png-gray8.png'),
    });
    expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
    expect(headers.get('x-upstream-request-id')).toBe((await service.calls())[0].request_id);
    expect(headers.get('server-timing')).toMatch(
      /^body;dur=\d+, load;dur=\d+, cache;dur=\d+, flight;dur=\d+, transcode;dur=\d+, model;dur=\d+, total;dur=\d+, overhead;dur=\d+$/,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
