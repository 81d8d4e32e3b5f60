import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { hexHash } from '../../support/hash.ts';
import { pngClaim } from '../../support/picture.ts';
import { emptyStorage } from '../../support/storage.ts';
import { errorOf, imageBlock, QUESTION, startRelay } from './relay.ts';

const SMALL = imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg');
const ofAddress = { type: 'image', source: { type: 'url', url: 'https://images.example.com/a.png' } };

async function count(service: ReturnType<typeof startRelay>, content: unknown[], headers: Record<string, string> = {}) {
  const response = await service.post('/v1/messages/count_tokens', { model: 'claude-haiku-5-5', messages: [{ role: 'user', content }] }, headers);
  expect(response.status, await response.clone().text()).toBe(200);
  return { tokens: ((await response.json()) as any).input_tokens as number, plan: JSON.parse(response.headers.get('x-vignette-plan') ?? '') };
}

describe('POST /v1/messages/count_tokens', () => {
  beforeEach(emptyStorage);

  it('leaves to the API what it counts itself', async () => {
    const service = startRelay();
    const { plan } = await count(service, [SMALL, QUESTION]);
    expect(service.sentContent()).toEqual([SMALL, QUESTION]);
    expect(service.outgoing[0]?.url.pathname).toBe('/v1/messages/count_tokens');
    expect(plan).toMatchObject({ images: 1, image_tokens: 6 });
  });

  it.each([
    // Tokens of the documentation's tables: 4032x3024 is 2212x1659 in the high tier, 79 by 60 patches.
    ['a large image', imageBlock(pngClaim(4032, 3024), 'image/png'), 4740],
    ['a large image of an address', ofAddress, 4740],
    ['an image in the wrong media type', imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/png'), 6],
  ])('counts %s as Claude sees it', async (_, block, tokens) => {
    const service = startRelay({ origin: () => new Response(pngClaim(4032, 3024)) });
    const without = await count(service, [QUESTION]);
    const small = await count(service, [SMALL, QUESTION]);
    const counted = await count(service, [block, QUESTION]);
    expect(counted.tokens - without.tokens).toBe(small.tokens - without.tokens - 6 + tokens);
    expect(counted.plan.image_tokens).toBe(tokens);
    expect(service.work.transcodes).toBe(0);
  });

  it('counts what Claude would fetch, too', async () => {
    const service = startRelay({ origin: () => new Response(pngClaim(28, 56)) });
    expect((await count(service, [ofAddress], { 'x-vignette-source': 'url' })).plan.image_tokens).toBe(2);
    expect(service.fetchedByClaude).toEqual([]);
  });

  it('counts stored images, and a message that holds nothing else', async () => {
    const service = startRelay();
    await service.upload('/v1/images', fixture('png-rgb8.png'), 'image/png');
    const block = { type: 'image', source: { type: 'url', url: `vignette:sha256:${await hexHash(fixture('png-rgb8.png'))}` } };
    const { plan } = await count(service, [block]);
    expect(plan).toMatchObject({ images: 1, image_tokens: expect.any(Number) });
  });

  it('passes an error of the API on as it is', async () => {
    const service = startRelay();
    await service.fail({ kind: 'overloaded', route: 'count_tokens' });
    const response = await service.post('/v1/messages/count_tokens', { model: 'claude-haiku-5-5', messages: [{ role: 'user', content: [ofAddress] }] });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).message).toMatch(/^messages\.0\.content\.0: The server answered 404/);
    const refused = await service.post('/v1/messages/count_tokens', { model: 'claude-haiku-5-5', messages: [{ role: 'user', content: [QUESTION] }] });
    expect([refused.status, (await errorOf(refused)).type]).toEqual([529, 'overloaded_error']);
  });
});
