import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { hexHash } from '../../support/hash.ts';
import { joined, pngClaim, pngPicture } from '../../support/picture.ts';
import { ACME_KEY } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';
import { imageBlock, QUESTION, startRelay } from './relay.ts';

const JPEG = fixture('jpeg-baseline-420.jpg');
const JPEG_BLOCK = imageBlock(JPEG, 'image/jpeg');

describe('an image block', () => {
  beforeEach(emptyStorage);

  it.each([
    ['another media type', 'image/png', JPEG.toBase64()],
    ['image/jpg', 'image/jpg', JPEG.toBase64()],
    ['a media type that is none', 'photo', JPEG.toBase64()],
  ])('with %s gets the right one, and nothing else changes', async (_, mediaType, data) => {
    const service = startRelay();
    const body = `{"model":"claude-haiku-5-5","max_tokens":64,"messages":[{"role":"user","content":[{"source":{"data":"${data}","media_type" : "${mediaType}","type":"base64"},"type":"image"}]}]}`;
    expect((await service.sendText(body)).status).toBe(200);
    expect(service.outgoing.map(({ text }) => text)).toEqual([body.replace(`"${mediaType}"`, '"image/jpeg"')]);
  });

  it.each([
    ['a data URI', `data:image/png;base64,${JPEG.toBase64()}`],
    ['line breaks', JPEG.toBase64().replace(/.{76}/g, '$&\r\n')],
    ['no padding', JPEG.toBase64().replace(/=+$/, '')],
    ['the URL alphabet', JPEG.toBase64().replaceAll('+', '-').replaceAll('/', '_')],
  ])('in %s becomes plain base64 of the same bytes', async (_, data) => {
    const service = startRelay();
    // Without a difference the case would prove nothing.
    expect(data).not.toBe(JPEG.toBase64());
    const response = await service.ask([{ type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data } }, QUESTION]);
    expect(response.status).toBe(200);
    expect(service.sentContent()).toEqual([JPEG_BLOCK, QUESTION]);
    expect(service.work.transcodes).toBe(0);
  });

  it('with slashes escaped, as PHP writes them, is right as it stands', async () => {
    const service = startRelay();
    const body = JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 64, messages: [{ role: 'user', content: [JPEG_BLOCK] }] }).replaceAll('/', '\\/');
    expect(body).toContain('\\/9j');
    expect((await service.sendText(body)).status).toBe(200);
    expect(service.outgoing.map(({ text }) => text)).toEqual([body]);
  });

  it('without a media type gets one', async () => {
    const service = startRelay();
    const response = await service.ask([{ type: 'image', source: { type: 'base64', data: JPEG.toBase64() } }]);
    expect(response.status).toBe(200);
    expect(service.sentContent()).toEqual([JPEG_BLOCK]);
  });

  it('that stands on its side is turned upright', async () => {
    const service = startRelay();
    const response = await service.ask([imageBlock(fixture('jpeg-orientation-6-big-endian.jpg'), 'image/jpeg'), QUESTION]);
    expect(response.status).toBe(200);
    expect((await service.calls())[0].images[0]).toMatchObject({ width: 64, height: 32, orientation: 1, oversized_image: 'error' });
    expect(JSON.parse(response.headers.get('x-vignette-plan') ?? '')).toMatchObject({ reencoded: 1, untouched: 0, resized: 0 });
  });

  it('keeps what its caller says about oversized images, and is sized all the same', async () => {
    const service = startRelay();
    const response = await service.ask([imageBlock(await pngPicture(1, 3000), 'image/png', { transformations: { oversized_image: 'downsize' } }), QUESTION]);
    expect(response.status).toBe(200);
    const [block] = service.sentContent();
    expect(block.transformations).toEqual({ oversized_image: 'downsize' });
    expect((await service.calls())[0].images[0]).toMatchObject({ width: 1, height: 2576, resized: { width: 1, height: 2576 } });
  });

  it('has no guard where the operator switched it off', async () => {
    const service = startRelay({ environment: { OVERSIZED_IMAGE_GUARD: 'off' } });
    expect((await service.ask([imageBlock(await pngPicture(1, 3000), 'image/png')])).status).toBe(200);
    expect(Object.keys(service.sentContent()[0])).toEqual(['type', 'source']);
  });

  it('in a tool result and in a document is made right, where it stands', async () => {
    const service = startRelay();
    const wrong = imageBlock(JPEG, 'image/gif', { cache_control: { type: 'ephemeral' } });
    const right = { ...wrong, source: JPEG_BLOCK.source };
    const messages = (block: unknown) => [
      { role: 'user', content: [{ type: 'document', title: 'Two', source: { type: 'content', content: [{ type: 'text', text: 'a' }, block] } }, QUESTION] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: { picture: wrong } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', is_error: false, content: [block, { type: 'text', text: 'b' }] }] },
    ];
    const tools = [{ name: 'look', input_schema: { type: 'object' } }];
    const response = await service.post('/v1/messages', { model: 'claude-haiku-5-5', messages: messages(wrong), tools, max_tokens: 64 });
    expect([response.status, await response.clone().text()]).toEqual([200, expect.any(String)]);
    expect(service.outgoing[0]?.text).toBe(JSON.stringify({ model: 'claude-haiku-5-5', messages: messages(right), tools, max_tokens: 64 }));
  });

  it('of an address is fetched once, here, and sent as base64', async () => {
    const service = startRelay({ origin: () => new Response(JPEG) });
    const response = await service.ask([{ type: 'image', source: { type: 'url', url: 'https://images.example.com/a.jpg' } }, QUESTION]);
    expect(response.status).toBe(200);
    expect(service.fetched.map(({ url }) => url)).toEqual(['https://images.example.com/a.jpg']);
    expect(service.fetchedByClaude).toEqual([]);
    expect(service.sentContent()).toEqual([JPEG_BLOCK, QUESTION]);
  });

  it('of an address is left to Claude where that is asked', async () => {
    const service = startRelay({ origin: () => new Response(JPEG, { headers: { 'content-type': 'image/jpeg' } }) });
    const block = { type: 'image', source: { type: 'url', url: 'https://images.example.com/a.jpg' } };
    const response = await service.ask([block, QUESTION], {}, { 'x-vignette-source': 'url' });
    expect(response.status).toBe(200);
    expect(service.fetched).toEqual([]);
    expect(service.sentContent()).toEqual([block, QUESTION]);
    expect(JSON.parse(response.headers.get('x-vignette-plan') ?? '')).toMatchObject({ url: 1, base64: 0, image_tokens: null });
  });

  it('of an address whose picture is too large is made smaller before the next is fetched', async () => {
    const large = await pngPicture(3000, 20);
    const service = startRelay({ origin: () => new Response(large) });
    const block = { type: 'image', source: { type: 'url', url: 'https://images.example.com/a.png' } };
    expect((await service.ask([block, block, QUESTION])).status).toBe(200);
    expect((await service.calls())[0].images.map(({ width }: { width: number }) => width)).toEqual([2576, 2576]);
    expect(service.work.transcodes).toBe(2);
  });

  it('of an address is fetched beside three others, and each answer finds its place', async () => {
    let inFlight = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const service = startRelay({
      wire: async () => Response.json({ type: 'message' }),
      origin: async ({ url }) => {
        most = Math.max(most, ++inFlight);
        if (inFlight === 4) gate.resolve();
        await gate.promise;
        inFlight -= 1;
        return new Response(pngClaim(Number(/(\d+)\.png$/.exec(url)?.[1]), 1));
      },
    });
    const widths = [1, 2, 3, 4, 5, 6];
    const content = widths.map((width) => ({ type: 'image', source: { type: 'url', url: `https://images.example.com/${width}.png` } }));
    expect((await service.ask(content)).status).toBe(200);
    expect(most).toBe(4);
    expect(service.sentContent().map(({ source }) => source.data)).toEqual(widths.map((width) => pngClaim(width, 1).toBase64()));
  });

  it('that is stored here is named by its id', async () => {
    const service = startRelay();
    expect((await service.upload('/v1/images', JPEG)).status).toBe(201);
    const url = `vignette:sha256:${await hexHash(JPEG)}`;
    expect((await service.ask([{ type: 'image', source: { type: 'url', url } }])).status).toBe(200);
    expect(service.sentContent()).toEqual([JPEG_BLOCK]);
  });

  it('of a model of the standard tier is sized for that', async () => {
    const service = startRelay();
    expect((await service.ask([imageBlock(await pngPicture(2000, 10), 'image/png')], { model: 'claude-haiku-4-5' })).status).toBe(200);
    expect((await service.calls())[0].images[0]).toMatchObject({ width: 1568, height: 8 });
  });

  it('gives back all memory that it took', async () => {
    const service = startRelay();
    await service.ask([imageBlock(await pngPicture(3000, 100), 'image/png'), imageBlock(joined([JPEG, new Uint8Array(9)]), 'image/png')]);
    expect(service.ledger.peakBytes()).toBeGreaterThan(3000 * 3);
    // All of the ledger's 112 MiB: refused where anything else is still held.
    const all = await service.ledger.reserve(111 * 1024 * 1024);
    all.grow(1024 * 1024);
    all.release();
  });
});

describe('a conversation of many images', () => {
  beforeEach(emptyStorage);

  it('above twenty brings every side to 2,000 px, and says so', async () => {
    const wide = imageBlock(await pngPicture(2100, 4), 'image/png');
    const twenty = Array.from({ length: 20 }, () => wide);
    const few = startRelay();
    expect((await few.ask([...twenty, QUESTION])).headers.get('x-vignette-plan')).toContain('"max_side_px":null');
    expect((await few.calls())[0].images[0].width).toBe(2100);
    const many = startRelay();
    const response = await many.ask([...twenty, wide, QUESTION]);
    expect(response.headers.get('x-vignette-plan')).toContain('"max_side_px":2000');
    expect((await many.calls())[0].images.map(({ width }: { width: number }) => width)).toEqual(Array.from({ length: 21 }, () => 2000));
  });

  it('has a short plan with 600 images', async () => {
    const service = startRelay({ wire: async () => Response.json({ type: 'message' }) });
    const small = imageBlock(JPEG, 'image/jpeg');
    const response = await service.ask([...Array.from({ length: 600 }, () => small), QUESTION]);
    expect(response.status).toBe(200);
    const plan = response.headers.get('x-vignette-plan') ?? '';
    expect(plan.length).toBeLessThan(400);
    expect(plan).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(plan)).toMatchObject({ images: 600, untouched: 600, image_tokens: 3600, max_side_px: 2000 });
  });

  it('is refused with the numbers above what the model takes', async () => {
    const service = startRelay();
    const small = imageBlock(pngClaim(28, 28), 'image/png');
    const response = await service.ask(
      Array.from({ length: 101 }, () => small),
      { model: 'claude-haiku-4-5' },
    );
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('holds 101 images; claude-haiku-4-5 takes at most 100');
    expect(service.outgoing).toEqual([]);
  });
});

describe('with either version of the API', () => {
  it.each([
    ['2023-06-01', { 'x-api-key': ACME_KEY }],
    ['2026-10-21', { authorization: `Bearer ${ACME_KEY}` }],
  ])('%s', async (version, key) => {
    const service = startRelay();
    const response = await service.ask([JPEG_BLOCK], {}, { 'anthropic-version': version, ...key });
    expect(response.status).toBe(200);
    expect((await service.calls())[0].anthropic_version).toBe(version);
  });
});
