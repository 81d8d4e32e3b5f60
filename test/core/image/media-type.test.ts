import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { recogniseFile } from '../../../src/core/image/media-type.ts';
import { faultOf } from '../outcome.ts';
import { be32, join, le16, le32 } from './build.ts';

/** Bytes that make a file long enough for its name to be the only thing that is judged. */
const REST = new Uint8Array(64);

function isoMedia(major: string, ...compatible: readonly string[]): Uint8Array {
  return join(be32(16 + 4 * compatible.length), 'ftyp', major, be32(0), ...compatible, be32(8), 'mdat');
}

describe('a file of another kind', () => {
  it.each([
    ['HEIC of a phone', isoMedia('heic', 'mif1', 'heic'), 'HEIC', 'Most Compatible'],
    ['HEIC with a general major brand', isoMedia('mif1', 'mif1', 'heic'), 'HEIC', 'Convert it to JPEG'],
    ['HEIC, ten bits', isoMedia('heix', 'mif1'), 'HEIC', 'Convert it to JPEG'],
    ['HEIC sequence', isoMedia('hevc', 'msf1'), 'HEIC', 'Convert it to JPEG'],
    ['AVIF', isoMedia('avif', 'avif', 'mif1', 'miaf'), 'AVIF', 'Convert it'],
    ['AVIF that calls itself mif1', isoMedia('mif1', 'avif'), 'AVIF', 'Convert it'],
    ['AVIF sequence', isoMedia('avis', 'msf1'), 'AVIF', 'Convert it'],
    ['MP4', isoMedia('isom', 'mp41'), 'MP4', 'Extract a frame'],
    ['QuickTime', isoMedia('qt  '), 'QuickTime', 'Extract a frame'],
    ['TIFF, little-endian', join('II*\0', le32(8), REST), 'TIFF', 'Convert it'],
    ['TIFF, big-endian', join('MM\0*', be32(8), REST), 'TIFF', 'Convert it'],
    ['BMP', join('BM', le32(70), le32(0), le32(54), REST), 'BMP', 'Convert it'],
    ['PDF', join('%PDF-1.7\n', REST), 'PDF', 'Render the page'],
    ['JPEG XL, bare', join(0xff, 0x0a, REST), 'JPEG XL', 'Convert it'],
    ['JPEG XL, boxed', join('\0\0\0\fJXL \r\n\x87\n', REST), 'JPEG XL', 'Convert it'],
    ['JPEG 2000', join('\0\0\0\fjP  \r\n\x87\n', REST), 'JPEG 2000', 'Convert it'],
    ['Photoshop', join('8BPS\0\x01', REST), 'Photoshop', 'Convert it'],
    ['ICO', join(0, 0, 1, 0, le16(1), REST), 'ICO', 'Convert it'],
    ['ZIP', join('PK\x03\x04', REST), 'ZIP', 'not an archive'],
    ['gzip', join(0x1f, 0x8b, 8, REST), 'gzip', 'uncompressed'],
    ['SVG', join('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'SVG', 'Render it to PNG'],
    ['SVG behind a declaration', join('<?xml version="1.0"?>\n<!-- x -->\n<svg/>'), 'SVG', 'Render it to PNG'],
    ['SVG behind a byte order mark and spaces', join('\xef\xbb\xbf \n<SVG>'), 'SVG', 'Render it to PNG'],
    ['HTML', join('<!DOCTYPE html><title>404</title>'), 'HTML', 'address of the image itself'],
    ['HTML without a declaration', join('\n<html><body>'), 'HTML', 'address of the image itself'],
  ])('is named and gets its remedy: %s', (_, bytes, name, remedy) => {
    const fault = faultOf(() => inspectImage(bytes));
    expect(fault.code).toBe('unsupported_media_type');
    expect(fault.message).toMatch(/^This is (an (AVIF|ICO|MP4|SVG|HTML)|a [^AEIO]\S*) .*file; /);
    expect(fault.message).toContain(name);
    expect(fault.message).toContain(remedy);
  });

  it.each([
    ['text', join('hello, world')],
    ['JSON', join('{"error":"not found"}')],
    ['zeros', REST],
    ['one byte', join(0xff)],
    ['two bytes of a JPEG', join(0xff, 0xd8)],
    ['seven bytes of a PNG', join(0x89, 'PNG\r\n\x1a')],
    ['a PNG whose line ends were translated', join(0x89, 'PNG\n\x1a\n', REST)],
    ['GIF of a version that never was', join('GIF88a', REST)],
    ['RIFF that is a sound', join('RIFF', le32(36), 'WAVEfmt ', REST)],
    ['RIFF cut off', join('RIFF', le32(36), 'WEB')],
    ['XML that is no picture', join('<?xml version="1.0"?><rss/>')],
    ['an SVG tag beyond the first 512 bytes', join('<?xml version="1.0"?>', ' '.repeat(512), '<svg/>')],
  ])('that nobody knows is refused all the same: %s', (_, bytes) => {
    expect(recogniseFile(bytes)).toBeUndefined();
    const fault = faultOf(() => inspectImage(bytes));
    expect(fault.code).toBe('unsupported_media_type');
    expect(fault.message).toContain('JPEG, PNG, GIF or WebP');
  });

  it('of no bytes at all is called empty', () => {
    expect(faultOf(() => inspectImage(new Uint8Array()))).toMatchObject({ code: 'image_undecodable', message: expect.stringContaining('empty (0 bytes)') });
  });

  it.each([
    ['jpeg', join(0xff, 0xd8, 0xff)],
    ['png', join(0x89, 'PNG\r\n\x1a\n')],
    ['gif', join('GIF87a')],
    ['gif', join('GIF89a/*<script>alert(1)</script>*/')],
    ['webp', join('RIFF', le32(4), 'WEBP')],
  ])('is not confused with a %s, which its first bytes alone make', (format, bytes) => {
    expect(recogniseFile(bytes)).toEqual({ kind: 'image', format });
  });
});
