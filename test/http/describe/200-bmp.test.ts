import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

/** A format that Claude does not take: it is read, and leaves as another one, on every route. */
describe('a BMP', () => {
  beforeEach(emptyStorage);

  it.each(['bmp-rgb24.bmp', 'bmp-os2-palette4.bmp', 'bmp-rle8.bmp', 'bmp-v5-alpha.bmp'])('is described: %s', async (name) => {
    const service = startService();
    const response = await service.upload('/v1/describe', fixture(name), 'image/bmp');
    expect(response.status).toBe(200);
    const { images, warnings } = (await response.json()) as any;
    expect(images[0]).toMatchObject({ media_type: 'image/bmp', width: 64, height: 32, sent: { width: 64, height: 32, transform: 'reencoded' } });
    expect(['image/png', 'image/jpeg']).toContain(images[0].sent.media_type);
    expect(warnings.map(({ code }: any) => code)).not.toContain('media_type_corrected');
    const [call] = await service.calls();
    const source = call.body.messages[0].content.find(({ type }: any) => type === 'image').source;
    expect(source.media_type).toBe(images[0].sent.media_type);
  });

  it('goes through /v1/messages as what Claude takes', async () => {
    const service = startService();
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/bmp', data: fixture('bmp-rgb24.bmp').toBase64() } };
    const messages = [{ role: 'user', content: [image, { type: 'text', text: 'What is this?' }] }];
    const response = await service.post('/v1/messages', { model: 'claude-haiku-5-5', max_tokens: 50, messages });
    expect(response.status).toBe(200);
    const [call] = await service.calls();
    expect(call.body.messages[0].content[0].source.media_type).toMatch(/^image\/(png|jpeg)$/);
  });
});
