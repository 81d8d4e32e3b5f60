import { describe, expect, it } from 'vitest';
import { type ImageInfo, inspectImage } from '../../../src/core/image/info.ts';
import readme from '../../fixture/README.md?raw';
import { fixture } from '../../support/fixture.ts';

/** The page that came with the files says what each is; its rows are `| file | what it is | bytes | sha256 |`. */
const ROWS = readme.split('\n').flatMap((line) => {
  const [, file, , bytes, sha256] = line.split('|').map((cell) => cell.trim());
  return file !== undefined && /\.(jpg|png|gif|webp|bmp)$/.test(file) ? [{ file, bytes: Number(bytes), sha256 }] : [];
});

const three = (horizontal: number, vertical: number) => ({
  format: 'jpeg',
  components: [
    { horizontal, vertical },
    { horizontal: 1, vertical: 1 },
    { horizontal: 1, vertical: 1 },
  ],
});

const PNG_8 = { format: 'png', isInterlaced: false } as const;

/** What the names and the page say, beyond size and orientation. */
const FACTS: Readonly<Record<string, Partial<Record<keyof ImageInfo, unknown>>>> = {
  'jpeg-baseline-420.jpg': { colourModel: 'ycbcr', bitDepth: 8, detail: { ...three(2, 2), coding: 'baseline' } },
  'jpeg-baseline-444.jpg': { colourModel: 'ycbcr', bitDepth: 8, detail: { ...three(1, 1), coding: 'baseline' } },
  'jpeg-progressive.jpg': { colourModel: 'ycbcr', bitDepth: 8, detail: { ...three(2, 2), coding: 'progressive' } },
  'jpeg-gray.jpg': { colourModel: 'gray', detail: { format: 'jpeg', coding: 'baseline', components: [expect.anything()] } },
  'jpeg-gray-progressive.jpg': { colourModel: 'gray', detail: { format: 'jpeg', coding: 'progressive', components: [expect.anything()] } },
  'jpeg-cmyk.jpg': { detail: { format: 'jpeg', coding: 'baseline', components: Array.from({ length: 4 }, () => expect.anything()) } },
  'png-rgb8.png': { colourModel: 'rgb', bitDepth: 8, detail: { ...PNG_8, channels: 3 } },
  'png-rgba8.png': { colourModel: 'rgb', bitDepth: 8, hasAlpha: true, detail: { ...PNG_8, channels: 4 } },
  'png-rgb16.png': { colourModel: 'rgb', bitDepth: 16, detail: { ...PNG_8, channels: 3 } },
  'png-rgba16-interlaced.png': { colourModel: 'rgb', bitDepth: 16, hasAlpha: true, detail: { format: 'png', isInterlaced: true, channels: 4 } },
  'png-gray8.png': { colourModel: 'gray', bitDepth: 8, detail: { ...PNG_8, channels: 1 } },
  'png-palette.png': { colourModel: 'palette', detail: { ...PNG_8, channels: 1 } },
  'png-palette-trns.png': { colourModel: 'palette', hasAlpha: true, detail: { ...PNG_8, channels: 1 } },
  'png-interlaced.png': { colourModel: 'rgb', bitDepth: 8, detail: { format: 'png', isInterlaced: true, channels: 3 } },
  // The encoder of these GIFs declares a transparent colour in every file, so their headers cannot rule transparency out.
  'gif-still.gif': { colourModel: 'palette', hasAlpha: true, detail: { format: 'gif' } },
  'gif-transparent.gif': { colourModel: 'palette', hasAlpha: true },
  'gif-animated.gif': { frames: 3, hasAlpha: true },
  'webp-vp8-lossy.webp': { detail: { format: 'webp', coding: 'lossy' } },
  'webp-vp8l-lossless.webp': { detail: { format: 'webp', coding: 'lossless' } },
  'webp-vp8l-alpha.webp': { hasAlpha: true, detail: { format: 'webp', coding: 'lossless' } },
  'webp-vp8x-alpha.webp': { hasAlpha: true, detail: { format: 'webp', coding: 'lossy' } },
  'webp-vp8x-animated.webp': { frames: 3 },
  'bmp-rgb24.bmp': { colourModel: 'rgb', detail: { format: 'bmp', coding: 'plain' } },
  'bmp-os2-palette4.bmp': { colourModel: 'palette', detail: { format: 'bmp', coding: 'plain' } },
  'bmp-rle8.bmp': { colourModel: 'palette', hasAlpha: true, detail: { format: 'bmp', coding: 'rle' } },
  'bmp-v5-alpha.bmp': { colourModel: 'rgb', hasAlpha: true, detail: { format: 'bmp', coding: 'bit-fields' } },
};

const MEDIA_TYPES: Readonly<Record<string, string>> = { jpg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp', bmp: 'image/bmp' };

describe('the facts of a file', () => {
  it('are known for every fixture: the page and the folder agree', () => {
    const files = Object.keys(import.meta.glob('../../fixture/*.{jpg,png,gif,webp,bmp}')).map((path) => path.slice(path.lastIndexOf('/') + 1));
    expect(ROWS.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
    for (const { file } of ROWS) expect(FACTS[file] !== undefined || file.includes('orientation')).toBe(true);
  });

  it.each(ROWS)('$file are those its page gives', ({ file, bytes }) => {
    const orientation = Number(/orientation-(\d)/.exec(file)?.[1] ?? 1);
    const stored = orientation >= 5 ? { storedWidth: 32, storedHeight: 64 } : { storedWidth: 64, storedHeight: 32 };
    expect(inspectImage(fixture(file))).toMatchObject({
      mediaType: MEDIA_TYPES[file.slice(file.lastIndexOf('.') + 1)],
      width: 64,
      height: 32,
      ...stored,
      orientation,
      bytes,
      frames: 1,
      hasAlpha: false,
      ...FACTS[file],
    });
  });

  it.each(ROWS)('$file are read from the very bytes that its page names', async ({ file, sha256 }) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', fixture(file)));
    expect(digest.toHex()).toBe(sha256);
  });

  it('do not depend on where the bytes lie in a larger buffer', () => {
    for (const { file } of ROWS) {
      const bytes = fixture(file);
      const larger = new Uint8Array(bytes.length + 64).fill(0xff);
      larger.set(bytes, 31);
      expect(inspectImage(larger.subarray(31, 31 + bytes.length))).toEqual(inspectImage(bytes));
    }
  });

  it('are not changed by bytes after the end of the picture', () => {
    for (const { file } of ROWS) {
      const bytes = fixture(file);
      const longer = new Uint8Array(bytes.length + 22);
      longer.set(bytes);
      longer.set([0x50, 0x4b, 0x05, 0x06], bytes.length);
      expect(inspectImage(longer)).toEqual({ ...inspectImage(bytes), bytes: longer.length });
    }
  });
});
