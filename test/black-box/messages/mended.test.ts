/** What the API refuses about pictures, and the service answers; and what it refuses as well, by name. */
import Anthropic from '@anthropic-ai/sdk';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { sample } from '../support/origin.ts';
import { connect, lendRig, type Rig } from './support/rig.ts';
import { MODEL } from './support/shape.ts';

type Block = Anthropic.ContentBlockParam;

const base64 = (data: string, media_type: string): Block => ({ type: 'image', source: { type: 'base64', media_type: media_type as 'image/png', data } });
const receipt = sample('receipt.jpg').toString('base64');
const QUESTION: Block = { type: 'text', text: 'What is this?' };

/** Beginnings of an HEIC file (ISO/IEC 14496-12 §4.3: a box `ftyp` of brand `heic`). */
const HEIC = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.from([0, 0, 0, 0]), Buffer.from('mif1heic'), Buffer.alloc(200)]);

describe('pictures that the API refuses', () => {
  let rig: Rig;
  let large: string;
  beforeAll(async () => {
    rig = await lendRig();
    large = (await sharp(sample('dashboard.png')).jpeg({ quality: 60 }).toBuffer()).toString('base64');
  });

  const ask = (name: 'direct' | 'vignette', content: Block[]): Promise<Anthropic.Message> =>
    connect(rig[name]).messages.create({ model: MODEL, max_tokens: 4_096, messages: [{ role: 'user', content: [...content, QUESTION] }] });

  it.each<readonly [string, () => Block[], RegExp]>([
    ['another media type than the bytes have', () => [base64(receipt, 'image/png')], /image\/png media type, but the image appears to be a image\/jpeg/],
    ['a media type that does not exist', () => [base64(receipt, 'image/jpg')], /Input should be/],
    ['a data: prefix', () => [base64(`data:image/jpeg;base64,${receipt}`, 'image/jpeg')], /invalid base64 data/],
    ['base64 in lines', () => [base64(receipt.replace(/.{76}/g, '$&\n'), 'image/jpeg')], /invalid base64 data/],
    ['21 pictures of 2,720 pixels', () => Array.from({ length: 21 }, () => base64(large, 'image/jpeg')), /many-image requests: 2000 pixels/],
    [
      'an address that robots.txt keeps from Claude',
      () => [{ type: 'image', source: { type: 'url', url: `${rig.origin}/private/receipt.jpg` } }],
      /robots\.txt/,
    ],
  ])('%s: answered through the service', async (_, content, refusal) => {
    const refused = await ask('direct', content()).catch((error) => error);
    expect(refused).toBeInstanceOf(Anthropic.BadRequestError);
    expect(refused.message).toMatch(refusal);
    expect((await ask('vignette', content())).stop_reason).toBe('end_turn');
  });

  it('what nobody can read is named by its place, and the others are not to blame', async () => {
    const bad = base64(HEIC.toString('base64'), 'image/jpeg');
    const before = await rig.calls();
    const refused = await ask('vignette', [base64(receipt, 'image/jpeg'), bad, base64(receipt, 'image/jpeg')]).catch((error) => error);
    expect(refused).toBeInstanceOf(Anthropic.BadRequestError);
    expect(refused).toMatchObject({ type: 'invalid_request_error', error: { error: { message: expect.stringMatching(/^messages\.0\.content\.1\b.*HEIC/s) } } });
    expect(refused.message).not.toMatch(/content\.[02]/);
    expect(await rig.calls()).toBe(before);
  });
});
