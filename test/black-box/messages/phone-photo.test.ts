/** The photo that fails everywhere else: 48 megapixels, sideways by EXIF, declared as what it is not, longer in base64 than the API takes. */
import { randomFillSync } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Rig, sample, startRig } from './support/rig.ts';
import { MODEL } from './support/shape.ts';

const [WIDTH, HEIGHT] = [8_000, 6_000];
const BASE64_CHARACTERS_MAX = 10_485_760;

describe('a 48-megapixel photo from a phone', () => {
  let rig: Rig;
  let data: string;
  beforeAll(async () => {
    rig = await startRig();
    data = (await phonePhoto()).toString('base64');
  }, 120_000);
  afterAll(() => rig?.stop());

  const ask = (client: Anthropic, media_type: 'image/png' | 'image/jpeg' = 'image/png'): Promise<Anthropic.Message> =>
    client.messages.create({
      model: MODEL,
      max_tokens: 512,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type, data } },
            { type: 'text', text: 'What is this?' },
          ],
        },
      ],
    });

  it('is refused by the API, whatever is said of its type', async () => {
    expect(data.length).toBeGreaterThan(BASE64_CHARACTERS_MAX);
    for (const type of ['image/png', 'image/jpeg'] as const) {
      const error = await ask(connect(rig.direct), type).catch((cause) => cause);
      expect(error).toBeInstanceOf(Anthropic.BadRequestError);
      expect(error.message).toContain('image exceeds 10 MB maximum');
    }
  });
});

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
