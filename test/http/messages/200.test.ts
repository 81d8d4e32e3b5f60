import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngPicture } from '../../support/picture.ts';
import { emptyStorage } from '../../support/storage.ts';
import { imageBlock, QUESTION, startRelay } from './relay.ts';

describe('POST /v1/messages', () => {
  beforeEach(emptyStorage);

  it('a request without images reaches Claude byte for byte, and the answer comes back as it is', async () => {
    const service = startRelay();
    const body = '{ "model":"claude-haiku-5-5",\n"max_tokens":1e2, "metadata":{"user_id":"\\u00fc"},"messages":[{"role":"user","content":"H\\u0065llo ☕"}]  }';
    const response = await service.sendText(body);
    expect(response.status).toBe(200);
    expect(service.outgoing.map(({ text }) => text)).toEqual([body]);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('request-id')).toMatch(/^req_/);
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(response.headers.get('anthropic-ratelimit-requests-limit')).toBe('4000');
    expect(response.headers.get('anthropic-organization-id')).toBe(null);
    expect(await response.json()).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
  });

  it('an image that fits and is right stays as it is', async () => {
    const service = startRelay();
    const response = await service.ask([imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg'), QUESTION]);
    expect(response.status).toBe(200);
    expect(service.sentContent()).toEqual([imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg'), QUESTION]);
    expect(JSON.parse(response.headers.get('x-vignette-plan') ?? '')).toMatchObject({ images: 1, untouched: 1, base64: 1, image_tokens: 6 });
    expect(service.work.transcodes).toBe(0);
  });

  it('an image that is too large is brought to the size that Claude sees, and guarded', async () => {
    const service = startRelay();
    const response = await service.ask([imageBlock(await pngPicture(4032, 3024), 'image/png', { cache_control: { type: 'ephemeral' } }), QUESTION]);
    expect(response.status).toBe(200);
    // The documented algorithm gives 2212x1659 for 4032x3024 in the high tier.
    const [seen] = (await service.calls())[0].images;
    const { width, height } = seen;
    expect(seen).toMatchObject({ resized: { width, height }, oversized_image: 'error', decoded: true });
    expect([width, height]).toEqual([2212, 1659]);
    expect(service.sentContent()[0]).toMatchObject({ type: 'image', cache_control: { type: 'ephemeral' }, transformations: { oversized_image: 'error' } });
    expect(JSON.parse(response.headers.get('x-vignette-plan') ?? '')).toMatchObject({ images: 1, resized: 1, image_tokens: seen.image_tokens });
  });
});
