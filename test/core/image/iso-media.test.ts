/** Boxes written by hand after ISO/IEC 14496-12 and 23008-12. */
import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { faultOf } from '../outcome.ts';
import { be16, be32, join, type Piece } from './build.ts';

function box(type: string, ...content: readonly Piece[]): Uint8Array {
  const body = join(...content);
  return join(be32(8 + body.length), type, body);
}
const fullBox = (type: string, ...content: readonly Piece[]) => box(type, [0, 0, 0, 0], ...content);

interface Options {
  readonly brand?: string;
  /** Sizes of two items; the second is the primary one. */
  readonly sizes?: readonly [readonly [number, number], readonly [number, number]];
  /** Quarter turns against the clock. */
  readonly turns?: number;
  readonly extra?: readonly Uint8Array[];
}

/** A thumbnail as the first item, and the image as the second: its number, not its place, says which is primary. */
function file({
  brand = 'heic',
  sizes = [
    [160, 120],
    [4032, 3024],
  ],
  turns = 0,
  extra = [],
}: Options = {}): Uint8Array {
  // prettier-ignore
  const [thumbnail, image] = sizes.map(([width, height]) => fullBox('ispe', be32(width), be32(height)));
  const properties = [thumbnail!, image!, box('irot', turns), fullBox('pixi', 3, 10, 10, 10), ...extra];
  const associations = fullBox('ipma', be32(2), be16(7), 1, 0x81, be16(9), 3, 0x82, 0x83, 0x04);
  const meta = fullBox(
    'meta',
    fullBox('hdlr', be32(0), 'pict', join(be32(0), be32(0), be32(0)), 0),
    fullBox('pitm', be16(9)),
    box('iprp', box('ipco', ...properties), associations),
  );
  return join(box('ftyp', brand, be32(0), 'mif1', brand), box('free', 'x'), meta, box('mdat', new Uint8Array(64)));
}

const inspect = (bytes: Uint8Array) => inspectImage(bytes, { canConvert: true });

describe('the header of a HEIC or AVIF', () => {
  it.each([
    ['heic', 'heic', 'image/heic'],
    ['heix', 'heic', 'image/heic'],
    ['avif', 'avif', 'image/avif'],
    ['avis', 'avif', 'image/avif'],
  ])('gives the size of the primary image: %s', (brand, format, mediaType) => {
    expect(inspect(file({ brand }))).toMatchObject({ format, mediaType, width: 4032, height: 3024, orientation: 1, bitDepth: 10, hasAlpha: false });
  });

  it.each([
    [0, 4032, 3024],
    [1, 3024, 4032],
    [2, 4032, 3024],
    [3, 3024, 4032],
  ])('upright after %i quarter turns', (turns, width, height) => {
    expect(inspect(file({ turns }))).toMatchObject({ width, height, orientation: 1 });
  });

  it('says that there is alpha, by the auxiliary image', () => {
    expect(inspect(file({ extra: [fullBox('auxC', 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0')] })).hasAlpha).toBe(true);
    expect(inspect(file({ extra: [fullBox('auxC', 'urn:mpeg:hevc:2015:auxid:2\0')] })).hasAlpha).toBe(false);
  });

  it('is refused at every byte before its last box, never with another error', () => {
    const whole = file();
    for (let length = 12; length < whole.length - 72 - 20; length++) {
      expect(['image_undecodable', 'unsupported_media_type']).toContain(faultOf(() => inspect(whole.subarray(0, length))).code);
    }
  });

  it.each([
    ['a size of 0', file({ sizes: [[1, 1], [0, 9]] }), 'image_undecodable'], // prettier-ignore
    ['a size of four thousand million', file({ sizes: [[1, 1], [0xffffffff, 9]] }), 'image_too_large'], // prettier-ignore
    ['boxes of no length', join(box('ftyp', 'heic', be32(0)), be32(4), 'meta'), 'image_undecodable'],
    ['no description', box('ftyp', 'heic', be32(0), 'mif1'), 'image_undecodable'],
  ])('with nonsense is refused: %s', (_, bytes, code) => {
    expect(faultOf(() => inspect(bytes)).code).toBe(code);
  });

  it('is not taken where no conversion service is bound; the fault tells both remedies', () => {
    expect(faultOf(() => inspectImage(file()))).toMatchObject({
      code: 'unsupported_media_type',
      message: expect.stringMatching(/This is a HEIC file.*Most Compatible.*operator.*IMAGE_CONVERTER/),
    });
  });
});
