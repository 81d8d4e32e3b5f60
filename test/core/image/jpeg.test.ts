import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { faultOf } from '../outcome.ts';
import { be16, frame, type FrameHeader, join, jpeg, SCAN, segment, tiff } from './build.ts';

function adobe(transform: number): Uint8Array {
  return segment(0xee, 'Adobe', be16(100), be16(0), be16(0), transform);
}

function components(...ids: readonly number[]): NonNullable<FrameHeader['components']> {
  return ids.map((id) => [id, 0x11] as const);
}

function exif(orientation: number, isLittle = true): Uint8Array {
  return segment(0xe1, 'Exif\0\0', tiff(isLittle, [0x0112, 3, orientation]));
}

describe('a JPEG header', () => {
  it.each([
    [0xc0, 'baseline'],
    [0xc1, 'extended'],
    [0xc2, 'progressive'],
    [0xc3, 'lossless'],
    [0xc9, 'arithmetic'],
    [0xca, 'arithmetic-progressive'],
    [0xcb, 'lossless'],
  ])('with frame marker FF %i is told apart as %s', (marker, coding) => {
    expect(inspectImage(jpeg(frame({ marker })))).toMatchObject({ width: 640, height: 480, detail: { coding } });
  });

  it.each([
    ['one component is gray', frame({ components: components(1) }), 'gray'],
    ['three are YCbCr', frame(), 'ycbcr'],
    ['three named R, G and B are RGB', frame({ components: components(0x52, 0x47, 0x42) }), 'rgb'],
    ['Adobe transform 0 is RGB', join(adobe(0), frame()), 'rgb'],
    ['Adobe transform 1 is YCbCr, whatever the names', join(adobe(1), frame({ components: components(0x52, 0x47, 0x42) })), 'ycbcr'],
    ['JFIF is YCbCr, whatever Adobe says', join(segment(0xe0, 'JFIF\0', be16(257), 0, be16(1), be16(1), be16(0)), adobe(0), frame()), 'ycbcr'],
    ['four are CMYK', frame({ components: components(1, 2, 3, 4) }), 'cmyk'],
    ['four with Adobe transform 0 are CMYK', join(adobe(0), frame({ components: components(1, 2, 3, 4) })), 'cmyk'],
    ['four with Adobe transform 1, which nobody has defined, are YCCK', join(adobe(1), frame({ components: components(1, 2, 3, 4) })), 'ycck'],
    ['four with Adobe transform 2 are YCCK', join(adobe(2), frame({ components: components(1, 2, 3, 4) })), 'ycck'],
  ])('knows its colours: %s', (_, header, colourModel) => {
    expect(inspectImage(jpeg(header)).colourModel).toBe(colourModel);
  });

  it.each([
    ['fill bytes before a marker', join(0xff, 0xff, 0xff, frame())],
    ['stray bytes between segments', join(segment(0xe0), 0x00, 0x01, 0x02, frame())],
    ['a stuffed FF 00 between segments', join(0xff, 0x00, frame())],
    ['a restart marker on its own', join(0xff, 0xd0, frame())],
    ['a second SOI', join(0xff, 0xd8, frame())],
    ['a comment that looks like a frame', join(segment(0xfe, frame({ width: 9, height: 9 })), frame())],
    ['tables before the frame', join(segment(0xdb, 0, new Uint8Array(64)), segment(0xc4, 0, new Uint8Array(16)), frame())],
    ['a segment length of 0, read as 2', join(0xff, 0xe0, 0, 0, frame())],
  ])('is found behind %s', (_, header) => {
    expect(inspectImage(jpeg(header))).toMatchObject({ width: 640, height: 480 });
  });

  it.each([
    [1, 1],
    [65_534, 65_535],
    [65_535, 1],
  ])('may claim %i x %i px', (width, height) => {
    expect(inspectImage(jpeg(frame({ width, height })))).toMatchObject({ width, height });
  });

  it.each([
    ['its width is 0', jpeg(frame({ width: 0 })), 'width is 0'],
    ['its height is 0', jpeg(frame({ height: 0 })), 'DNL'],
    ['it has no components', jpeg(frame({ components: [] })), '0 colour components'],
    ['it has five components', jpeg(frame({ components: components(1, 2, 3, 4, 5) })), '5 colour components'],
    ['a sampling factor is 0', jpeg(frame({ components: [[1, 0x01]] })), 'sampling'],
    ['a sampling factor is 5', jpeg(frame({ components: [[1, 0x15]] })), 'sampling'],
    ['its frame header is shorter than it claims', jpeg(segment(0xc0, 8, be16(1), be16(1), 3, 1, 0x11, 0)), 'cut short'],
    ['it has two frame headers', jpeg(frame(), frame()), 'two frame headers'],
    ['its scan comes first', join(0xff, 0xd8, SCAN, frame()), 'before the frame'],
    ['it has a frame and no scan', join(0xff, 0xd8, frame(), 0xff, 0xd9), 'no picture data'],
    ['it ends at once', join(0xff, 0xd8, 0xff), 'before the frame'],
    ['it ends at once, with EOI', join(0xff, 0xd8, 0xff, 0xd9), 'before the frame'],
    ['its tables are followed by nothing', join(0xff, 0xd8, 0xff, 0xe0), 'ends within segment FFE0'],
    ['a segment claims more than there is', join(0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 'hello'), 'claims 65535 bytes'],
    ['it is the poison of platform decoders', join(0xff, 0xd8, 0xff, 0xe0, 'hello'), 'segment FFE0'],
  ])('is refused when %s', (_, bytes, reason) => {
    const fault = faultOf(() => inspectImage(bytes));
    expect(fault.code).toBe('image_undecodable');
    expect(fault.message).toContain(reason);
    expect(fault.message).toContain('JPEG');
  });

  it.each([
    [99_999, 640],
    [100_000, undefined],
    [100_001, undefined],
  ])('is looked for behind %i other segments: width %s', (count, width) => {
    // With the frame and the scan, 99,998 others make 100,000 segments.
    const before = new Uint8Array((count - 1) * 4);
    for (let at = 0; at < before.length; at += 4) before.set([0xff, 0xe0, 0, 2], at);
    const bytes = jpeg(before, frame());
    if (width === undefined) expect(faultOf(() => inspectImage(bytes)).message).toContain('more than 100000 segments');
    else expect(inspectImage(bytes).width).toBe(width);
  });

  it.each([
    ['little-endian', exif(6, true), 6],
    ['big-endian', exif(8, false), 8],
    ['the first of two', join(exif(3), exif(6)), 3],
    ['XMP before it is not EXIF', join(segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta tiff:Orientation="6"/>'), exif(3)), 3],
    ['XMP alone says nothing', segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta tiff:Orientation="6"/>'), 1],
    ['behind the frame, it still counts', join(frame(), exif(5)), 5],
    ['an empty block', segment(0xe1, 'Exif\0\0'), 1],
  ])('gives the orientation: %s', (_, segments, orientation) => {
    const bytes = jpeg(...(segments[1] === 0xc0 ? [segments] : [segments, frame()]));
    const swaps = orientation >= 5;
    expect(inspectImage(bytes)).toMatchObject({ orientation, width: swaps ? 480 : 640, height: swaps ? 640 : 480, storedWidth: 640 });
  });
});
