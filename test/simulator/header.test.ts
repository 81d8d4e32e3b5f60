import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../../simulator/image/header.ts';
import { Client, imageBlock } from './client.ts';
import { BLUE, draw, encodeGif, encodeJpeg, encodePng, encodeWebp, WHITE, withOrientation } from './picture.ts';

const PICTURE = draw(19, 11, (x) => (x < 9 ? BLUE : WHITE));

const FORMATS: readonly (readonly [mediaType: string, encode: () => Uint8Array | Promise<Uint8Array>])[] = [
  ['image/jpeg', async () => withOrientation(await encodeJpeg(PICTURE), 6)],
  ['image/png', () => encodePng(PICTURE)],
  ['image/gif', () => encodeGif(PICTURE, [WHITE, BLUE])],
  ['image/webp', () => encodeWebp(PICTURE)],
];

describe.each(FORMATS)('headers of %s', (mediaType, encode) => {
  it('give the type, the stored size and the orientation', async () => {
    expect(readImageHeader(await encode())).toMatchObject({
      mediaType,
      width: 19,
      height: 11,
      orientation: mediaType === 'image/jpeg' ? 6 : 1,
    });
  });

  it('cut at any byte give the right size or nothing', async () => {
    const file = await encode();
    for (let length = 0; length < file.length; length++) {
      const header = readImageHeader(file.slice(0, length));
      if (header !== undefined) expect([header.width, header.height]).toEqual([19, 11]);
    }
  });

  it('of files cut anywhere never fail the API', async () => {
    const file = await encode();
    const client = new Client();
    for (let length = 1; length < file.length; length += 7) {
      const response = await client.ask([imageBlock(file.slice(0, length), mediaType)]);
      expect([200, 400]).toContain(response.status);
    }
  });
});
