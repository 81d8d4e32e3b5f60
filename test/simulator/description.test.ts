import { describe, expect, it } from 'vitest';
import { Client, imageBlock, textOf } from './client.ts';
import { BLACK, BLUE, draw, encodeGif, encodeJpeg, encodePng, encodeWebp, rectangleOnWhite, RED, WHITE, withOrientation } from './picture.ts';

const BOX = { left: 32, top: 16, right: 64, bottom: 48 };
const PICTURE = rectangleOnWhite(160, 80, BOX, BLUE);
const SEEN = 'with a blue area of 32 x 32 pixels at 32, 16';

describe('descriptions come from decoded pixels', () => {
  it('every format of the same picture is described alike', async () => {
    const client = new Client();
    const files = [
      imageBlock(await encodePng(PICTURE), 'image/png'),
      imageBlock(await encodeJpeg(PICTURE), 'image/jpeg'),
      imageBlock(await encodeWebp(PICTURE), 'image/webp'),
      imageBlock(encodeGif(PICTURE, [WHITE, BLUE]), 'image/gif'),
    ];
    for (const file of files) {
      const text = await textOf(await client.ask([file]));
      expect(text).toMatch(/^Simulated description: a landscape graphic of 160 x 80 pixels, mostly white/);
      expect(text).toContain(SEEN);
    }
  });

  it('another picture gets another description', async () => {
    const client = new Client();
    const night = draw(90, 120, (_, y) => (y < 60 ? BLACK : RED));
    const text = await textOf(await client.ask([imageBlock(await encodePng(night), 'image/png')]));
    expect(text).toContain('a portrait graphic of 90 x 120 pixels, mostly black and red, dark');
    expect(text).toContain('brighter in the lower half');
  });

  it('many colours make a photographic picture', async () => {
    const gradient = draw(128, 128, (x, y) => [x * 2, y * 2, (x * y) % 256]);
    const text = await textOf(await new Client().ask([imageBlock(await encodePng(gradient), 'image/png')]));
    expect(text).toContain('a square photographic picture');
  });

  it('transparent pixels lie on white', async () => {
    const clear = { width: 40, height: 30, data: new Uint8ClampedArray(40 * 30 * 4) };
    const text = await textOf(await new Client().ask([imageBlock(await encodePng(clear), 'image/png')]));
    expect(text).toContain('mostly white');
  });

  // Where the rectangle at the stored top left must appear, by Exif 2.32 §4.6.4.
  it.each([
    [1, '160 x 80', 32, 16],
    [2, '160 x 80', 160 - 64, 16],
    [3, '160 x 80', 160 - 64, 80 - 48],
    [4, '160 x 80', 32, 80 - 48],
    [5, '80 x 160', 16, 32],
    [6, '80 x 160', 80 - 48, 32],
    [7, '80 x 160', 80 - 48, 160 - 64],
    [8, '80 x 160', 16, 160 - 64],
  ])('Exif orientation %i turns the picture upright', async (orientation, size, left, top) => {
    const file = withOrientation(await encodeJpeg(PICTURE), orientation);
    const text = await textOf(await new Client().ask([imageBlock(file, 'image/jpeg')]));
    expect(text).toContain(`of ${size} pixels`);
    const [, x, y] = /pixels at (\d+), (\d+)/.exec(text) ?? [];
    // Two pixels of tolerance for what JPEG does to an edge.
    expect(Math.abs(Number(x) - left)).toBeLessThanOrEqual(2);
    expect(Math.abs(Number(y) - top)).toBeLessThanOrEqual(2);
  });

  it('several images are numbered in order', async () => {
    const blue = imageBlock(await encodePng(draw(64, 32, () => BLUE)), 'image/png');
    const red = imageBlock(await encodePng(draw(32, 64, () => RED)), 'image/png');
    const text = await textOf(await new Client().ask([{ type: 'text', text: 'Image 1:' }, blue, red]));
    expect(text).toMatch(/^Simulated description of 2 images\.\nImage 1: a landscape .*blue.*\nImage 2: a portrait .*red/);
  });

  it('a system prompt leaves a mark, and other words another one', async () => {
    const client = new Client();
    const first = await textOf(await client.ask('What?', { system: 'Respond only in Spanish.' }));
    const second = await textOf(await client.ask('Why?', { system: 'Respond only in Spanish.' }));
    expect(first).toContain('a system prompt of 24 characters seen');
    expect(second).not.toBe(first);
    expect(await textOf(await client.ask('What?', { system: 'Respond only in Spanish.' }))).toBe(first);
  });

  it('a hundred broken files do not spoil the next good one', async () => {
    const client = new Client();
    const broken = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, ...new TextEncoder().encode('hello'));
    const good = await encodeJpeg(PICTURE);
    // A frame header makes the decoder start, a missing table makes it fail.
    const headed = Uint8Array.from([...good.subarray(0, 200), 0xff, 0xd9]);
    for (let count = 0; count < 100; count++) {
      const file = count % 2 === 0 ? broken : headed;
      expect((await client.ask([imageBlock(file, 'image/jpeg')])).status).toBe(400);
    }
    expect(await textOf(await client.ask([imageBlock(good, 'image/jpeg')]))).toContain(SEEN);
  });
});
