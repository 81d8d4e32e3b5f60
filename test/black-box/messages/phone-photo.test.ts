/** The photo that fails everywhere else: 48 megapixels, sideways by EXIF, declared as what it is not, longer in base64 than the API takes. */
import { randomFillSync } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { sample } from '../support/origin.ts';
import { connect, lendRig, type Rig } from './support/rig.ts';
import { MODEL } from './support/shape.ts';

const [WIDTH, HEIGHT] = [8_000, 6_000];
const BASE64_CHARACTERS_MAX = 10_485_760;
const QUESTION = { model: MODEL, max_tokens: 512 };

describe('a 48-megapixel photo from a phone', () => {
  let rig: Rig;
  let photo: Buffer;
  let data: string;
  beforeAll(async () => {
    rig = await lendRig();
    photo = await phonePhoto();
    data = photo.toString('base64');
  }, 120_000);

  const image = (media_type: 'image/png' | 'image/jpeg'): Anthropic.ImageBlockParam => ({ type: 'image', source: { type: 'base64', media_type, data } });

  it('is refused by the API, whatever is said of its type', async () => {
    expect(data.length).toBeGreaterThan(BASE64_CHARACTERS_MAX);
    for (const type of ['image/png', 'image/jpeg'] as const) {
      const error = await connect(rig.direct)
        .messages.create({ ...QUESTION, messages: [{ role: 'user', content: [image(type)] }] })
        .catch((cause) => cause);
      expect(error).toBeInstanceOf(Anthropic.BadRequestError);
      expect(error.message).toContain('image exceeds 10 MB maximum');
    }
  });

  it('is answered through the service: upright, of its true type, at the size that Claude sees', async () => {
    const { data: message, response } = await connect(rig.vignette)
      .messages.create({ ...QUESTION, messages: [{ role: 'user', content: [image('image/png'), { type: 'text', text: 'What is this?' }] }] })
      .withResponse();
    expect(message.content[0]).toMatchObject({ text: expect.stringMatching(/^Simulated description: a portrait .* of 1659 x 2212 pixels/) });
    const [seen] = (await rig.seen()).at(-1)?.images ?? [];
    // 6000 x 8000 upright; 60 x 79 patches, and one pixel more would be a row too many (vision docs 2026-08, "Evaluate image size").
    expect(seen).toMatchObject({
      media_type: 'image/jpeg',
      width: 1_659,
      height: 2_212,
      orientation: 1,
      resized: { width: 1_659, height: 2_212 },
      image_tokens: 4_740,
    });
    expect(JSON.parse(response.headers.get('x-vignette-plan') ?? '')).toMatchObject({ images: 1, resized: 1, image_tokens: 4_740 });
    const expected = await quarters(photo);
    const differences = (seen?.quadrants ?? []).flat().map((value, index) => Math.abs(value - (expected.flat()[index] ?? Infinity)));
    expect(differences).toHaveLength(12);
    expect(Math.max(...differences)).toBeLessThan(4);
  });
});

/** Mean colours of the quarters of a photo that sharp has turned upright: top left, top right, bottom left, bottom right. */
async function quarters(photo: Buffer): Promise<number[][]> {
  const upright = await sharp(photo).rotate().resize(600, 800, { fit: 'fill' }).raw().toBuffer();
  const corners = [0, 400].flatMap((top) => [0, 300].map((left) => ({ left, top, width: 300, height: 400 })));
  return Promise.all(
    corners.map(async (corner) => {
      const { channels } = await sharp(
        await sharp(upright, { raw: { width: 600, height: 800, channels: 3 } })
          .extract(corner)
          .png()
          .toBuffer(),
      ).stats();
      return channels.map(({ mean }) => mean);
    }),
  );
}

/** A rendered sample, enlarged, with grain; its top lies towards an edge of the file, as a phone that is held upright writes it (EXIF 6). */
async function phonePhoto(): Promise<Buffer> {
  const [width, height] = [1_000, 750];
  const grain = randomFillSync(Buffer.alloc(width * height * 3)).map((value) => 108 + value * 0.16);
  const picture = await sharp(sample('street-sign.jpg')).resize(WIDTH, HEIGHT, { fit: 'fill' }).raw().toBuffer();
  return sharp(picture, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .composite([{ input: grain, raw: { width, height, channels: 3 }, tile: true, blend: 'hard-light' }])
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 85 })
    .toBuffer();
}
