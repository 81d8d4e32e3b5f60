import { beforeEach, describe, expect, it } from 'vitest';
import type { ConvertOptions, ImageConverter } from '../../../src/port/converter.ts';
import { be16, be32, join, type Piece } from '../../core/image/build.ts';
import { fixture } from '../../support/fixture.ts';
import { deepJpegClaim, pngPicture } from '../../support/picture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const box = (type: string, ...content: readonly Piece[]) => join(be32(8 + join(...content).length), type, ...content);

/** The header of a HEIC file (ISO/IEC 23008-12): one image of this size. */
function heicClaim(width: number, height: number): Uint8Array<ArrayBuffer> {
  const none = [0, 0, 0, 0];
  const properties = box('iprp', box('ipco', box('ispe', none, be32(width), be32(height))), box('ipma', none, be32(1), be16(1), 1, 0x81));
  return join(box('ftyp', 'heic', be32(0), 'mif1'), box('meta', none, box('pitm', none, be16(1)), properties), box('mdat', new Uint8Array(16)));
}

/** A service that makes a PNG of whatever it is given, and notes what was asked. */
function painter(make: (options: ConvertOptions) => Promise<Uint8Array<ArrayBuffer>> = ({ size }) => pngPicture(size.width, size.height)) {
  const asked: ConvertOptions[] = [];
  const converter: ImageConverter = {
    convert: async (_, options) => {
      asked.push(options);
      return make(options);
    },
  };
  return { converter, asked };
}

describe('where a conversion service is bound', () => {
  beforeEach(emptyStorage);

  it('a HEIC is converted at exactly the size that Claude sees', async () => {
    const { converter, asked } = painter();
    const service = startService({ converter });
    const response = await service.upload('/v1/describe', heicClaim(3024, 4032), 'image/heic');
    expect(response.status).toBe(200);
    const { images } = (await response.json()) as any;
    expect(images[0]).toMatchObject({ media_type: 'image/heic', width: 3024, height: 4032, sent: { transform: 'converted', media_type: 'image/png' } });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ mediaType: 'image/jpeg', size: { width: images[0].sent.width, height: images[0].sent.height } });
    const [call] = await service.calls();
    expect(call.body.messages[0].content.find(({ type }: any) => type === 'image').source.media_type).toBe('image/png');
    // The answer is remembered by the file's own hash: nothing is converted again.
    const again = (await (await service.upload('/v1/describe', heicClaim(3024, 4032), 'image/heic')).json()) as any;
    expect([again.cache.status, asked.length]).toEqual(['hit', 1]);
  });

  it('so is what the memory of a Worker cannot hold', async () => {
    const { converter, asked } = painter();
    const response = await startService({ converter }).upload('/v1/describe', deepJpegClaim(4_000, 3_000));
    expect(response.status).toBe(200);
    expect(((await response.json()) as any).images[0].sent.transform).toBe('converted');
    expect(asked).toHaveLength(1);
  });

  it('what our codec reads is not', async () => {
    const { converter, asked } = painter();
    const response = await startService({ converter }).upload('/v1/describe', fixture('bmp-rgb24.bmp'), 'image/bmp');
    expect([response.status, asked.length]).toEqual([200, 0]);
  });

  it('/v1/messages converts as well', async () => {
    const service = startService({ converter: painter().converter });
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/heic', data: heicClaim(800, 600).toBase64() } };
    const messages = [{ role: 'user', content: [image, { type: 'text', text: 'What is this?' }] }];
    const response = await service.post('/v1/messages', { model: 'claude-haiku-5-5', max_tokens: 50, messages });
    expect(response.status).toBe(200);
    expect((await service.calls())[0].body.messages[0].content[0].source.media_type).toBe('image/png');
  });

  it.each([
    [20, 200],
    [21, 413],
  ])('%i conversions in one request end in %i', async (count, status) => {
    const service = startService({ converter: painter().converter });
    const images = Array.from({ length: count }, (_, index) => ({ base64: heicClaim(300 + index, 200).toBase64() }));
    const response = await service.post('/v1/describe', { images });
    expect(response.status).toBe(status);
    if (status === 413) expect((await expectProblem(response, 'image_too_large')).detail).toMatch(/21 images.*20/);
  });

  it('another size than was asked for is not sent', async () => {
    const service = startService({ converter: painter(() => pngPicture(10, 10)).converter });
    const problem = await expectProblem(await service.upload('/v1/describe', heicClaim(800, 600)), 'image_undecodable');
    expect(problem.billed).toBe(false);
    expect(await service.calls()).toEqual([]);
  });

  it('a side beyond what the service takes is refused by the header', async () => {
    const { converter, asked } = painter();
    await expectProblem(await startService({ converter }).upload('/v1/describe', heicClaim(12_001, 10)), 'image_too_large');
    expect(asked).toEqual([]);
  });
});

it('without one a HEIC is refused, with what the caller and the operator can do', async () => {
  const problem = await expectProblem(await startService().upload('/v1/describe', heicClaim(800, 600)), 'unsupported_media_type');
  expect(problem.detail).toMatch(/HEIC.*Most Compatible.*IMAGE_CONVERTER/);
});
