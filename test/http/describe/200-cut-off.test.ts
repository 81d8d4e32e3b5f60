import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngPicture } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';
import { imageBlock, QUESTION, startRelay } from '../messages/relay.ts';

/** A picture that needs no resizing, so that the whole file would go out as it is. */
async function cut(share: number): Promise<Uint8Array<ArrayBuffer>> {
  const whole = await pngPicture(300, 300);
  return whole.slice(0, Math.floor(whole.length * share));
}

describe('a picture of the right size that is cut off', () => {
  beforeEach(emptyStorage);

  it.each([0.5, 0.8])('is refused here, and Claude is not asked, when %f of it are there', async (share) => {
    const service = startService();
    const problem = await expectProblem(await service.upload('/v1/describe', await cut(share)), 'image_undecodable');
    expect(problem).toMatchObject({ param: 'body', billed: false, detail: expect.stringMatching(/ends before its picture does.*Upload it again/) });
    expect(await service.calls()).toEqual([]);
  });

  it.each(['gif-still.gif', 'webp-vp8-lossy.webp', 'webp-vp8l-lossless.webp', 'jpeg-baseline-420.jpg', 'jpeg-baseline-444.jpg', 'jpeg-gray.jpg'])(
    'is refused here as half of %s, too',
    async (name) => {
      const service = startService();
      const whole = fixture(name);
      await expectProblem(await service.upload('/v1/describe', whole.slice(0, Math.floor(whole.length * 0.7))), 'image_undecodable');
      expect(await service.calls()).toEqual([]);
    },
  );

  it('is mended, with a warning, when less than a tenth is missing', async () => {
    const service = startService();
    const response = await service.upload('/v1/describe', await cut(0.95));
    expect(response.status).toBe(200);
    const body = (await response.json()) as any;
    expect(body.images[0].sent).toMatchObject({ width: 300, height: 300, transform: 'reencoded' });
    expect(body.warnings).toContainEqual(expect.objectContaining({ code: 'damaged_file' }));
    expect((await service.calls()).at(-1).images[0]).toMatchObject({ resized: { width: 300, height: 300 } });
  });

  it.each([
    ['its last bytes', (whole: Uint8Array) => whole.slice(0, -6), true],
    ['its end marker alone', (whole: Uint8Array) => whole.slice(0, -2), false],
  ])('is mended, as a JPEG that lacks %s', async (_, cutFrom, isDamaged) => {
    const service = startService();
    const body = (await (await service.upload('/v1/describe', cutFrom(fixture('jpeg-baseline-444.jpg')))).json()) as any;
    expect(body.images[0].sent.transform).toBe('reencoded');
    expect(body.warnings.some(({ code }: { code: string }) => code === 'damaged_file')).toBe(isDamaged);
    expect((await service.calls()).at(-1).images[0].media_type).toBe('image/jpeg');
  });

  it('is written again when its container breaks a rule that Claude may insist on', async () => {
    const service = startService();
    const whole = fixture('jpeg-baseline-444.jpg');
    const twice = Uint8Array.from([0xff, 0xd8, ...whole]);
    const body = (await (await service.upload('/v1/describe', twice)).json()) as any;
    expect(body.images[0].sent.transform).toBe('reencoded');
    expect(body.warnings).not.toContainEqual(expect.objectContaining({ code: 'damaged_file' }));
  });

  it('goes out as it was when only what stands behind the picture is missing', async () => {
    const service = startService();
    const whole = await pngPicture(300, 300);
    const body = (await (await service.upload('/v1/describe', whole.slice(0, -4))).json()) as any;
    expect(body.images[0].sent.transform).toBe('none');
  });

  it('is the same on /v1/messages', async () => {
    const service = startRelay();
    const refused = await service.ask([imageBlock(await cut(0.5), 'image/png'), QUESTION]);
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ error: expect.objectContaining({ details: expect.objectContaining({ error_code: 'image_undecodable' }) }) }),
    ]);
    expect(await service.calls()).toEqual([]);
    expect((await service.ask([imageBlock(await cut(0.95), 'image/png'), QUESTION])).status).toBe(200);
  });

  it('is refused in the same way under the id that it was stored under', async () => {
    const service = startService();
    const { image_id } = (await (await service.upload('/v1/images', await cut(0.5))).json()) as any;
    await expectProblem(await service.post('/v1/describe', { image: { image_id } }), 'image_undecodable');
    expect(await service.calls()).toEqual([]);
  });
});
