import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeJpegRgba } from '../../src/codec/scanline/jpeg.ts';
import { makeJpeg, psnr, referencePixels, toRgb } from './jpeg-picture.ts';
import { loadJpeg } from './load-jpeg.ts';

const exports = loadJpeg();

async function distance(file: Uint8Array, width: number, height: number): Promise<number> {
  const ours = decodeJpegRgba(exports, file, { width, height, orientation: 1 });
  expect([ours.width, ours.height, ours.warnings]).toEqual([width, height, 0]);
  return psnr(toRgb(ours.rgba, 4), await referencePixels(file, width, height));
}

describe('a JPEG at its own size has the pixels that libjpeg gives', () => {
  // Subsampled chroma is interpolated differently on purpose (Lanczos3 against libjpeg's triangle).
  const rows: [string, sharp.JpegOptions, number][] = [
    ['4:4:4', { chromaSubsampling: '4:4:4' }, 50],
    ['4:2:0', { chromaSubsampling: '4:2:0' }, 32],
    ['4:4:4 progressive', { chromaSubsampling: '4:4:4', progressive: true }, 50],
    ['4:2:0 progressive', { chromaSubsampling: '4:2:0', progressive: true }, 32],
    ['standard Huffman tables', { chromaSubsampling: '4:4:4', optimiseCoding: false }, 50],
    ['quality 100', { chromaSubsampling: '4:4:4', quality: 100 }, 50],
    ['quality 5', { chromaSubsampling: '4:4:4', quality: 5 }, 45],
  ];
  it.each(rows)('%s', async (_, options, least) => {
    for (const [width, height] of [
      [1, 1],
      [7, 5],
      [8, 8],
      [17, 9],
      [33, 64],
      [203, 151],
    ] as const) {
      const file = await makeJpeg(width, height, options);
      expect(await distance(file, width, height), `${width}x${height}`).toBeGreaterThan(least);
    }
  });

  it('gray', async () => {
    const file = await sharp(await makeJpeg(203, 151))
      .greyscale()
      .jpeg({ quality: 90 })
      .toBuffer();
    expect(await distance(file, 203, 151)).toBeGreaterThan(50);
  });
});

describe('a JPEG scaled down is close to a full decode resized with Lanczos3', () => {
  const options: [string, sharp.JpegOptions][] = [
    ['baseline 4:2:0', { chromaSubsampling: '4:2:0' }],
    ['progressive 4:2:0', { chromaSubsampling: '4:2:0', progressive: true }],
    ['baseline 4:4:4', { chromaSubsampling: '4:4:4' }],
    ['progressive 4:4:4', { chromaSubsampling: '4:4:4', progressive: true }],
  ];
  // Every N from 1 to 8 is met on the way; sizes are odd, so that phase and edges count.
  it.each(options)('%s', async (_, jpegOptions) => {
    const file = await makeJpeg(1201, 803, jpegOptions);
    const scales = new Set<number>();
    for (const width of [50, 120, 180, 230, 280, 340, 400, 470, 560, 900]) {
      const height = Math.round((803 * width) / 1201);
      expect(await distance(file, width, height), `${width}x${height}`).toBeGreaterThan(42);
      scales.add(exports.jpegScale(0));
    }
    expect([...scales].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('a target with one pixel, a row and a column', async () => {
    const file = await makeJpeg(640, 480);
    for (const [width, height] of [
      [1, 1],
      [300, 1],
      [1, 200],
    ] as const) {
      expect(await distance(file, width, height)).toBeGreaterThan(36);
    }
  });
});

describe('sequential scans of one component each', () => {
  it('are decoded as the interleaved picture would be', async () => {
    const width = 77;
    const height = 53;
    const pixels = await sharp(await makeJpeg(width, height))
      .raw()
      .toBuffer();
    const planes = await Promise.all([0, 1, 2].map((channel) => grayJpeg(pixels, width, height, channel)));
    const file = joinScans(planes);
    expect((await sharp(file).metadata()).width).toBe(width);
    expect(await distance(file, width, height)).toBeGreaterThan(50);
    expect(await distance(file, 40, 27)).toBeGreaterThan(40);
  });
});

/** Channel `channel` of RGB pixels as a gray JPEG. */
function grayJpeg(pixels: Buffer, width: number, height: number, channel: number): Promise<Buffer> {
  const plane = Buffer.alloc(width * height);
  for (let i = 0; i < plane.length; i++) plane[i] = pixels[i * 3 + channel] ?? 0;
  return sharp(plane, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** One three-component file out of three gray ones: their tables and scans one after the other, components named R, G, B. */
function joinScans(files: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0xff, 0xd8])];
  files.forEach((file, index) => {
    for (let at = 2; at < file.length;) {
      const marker = file[at + 1] ?? 0;
      const end = at + 2 + file.readUInt16BE(at + 2);
      const segment = Buffer.from(file.subarray(at, end));
      if (marker === 0xdb && index === 0) parts.push(segment);
      if (marker === 0xc0 && index === 0) {
        const size = segment.subarray(4, 9);
        parts.push(Buffer.from([0xff, 0xc0, 0, 17, ...size, 3, 0x52, 0x11, 0, 0x47, 0x11, 0, 0x42, 0x11, 0]));
      }
      if (marker === 0xc4) parts.push(segment);
      if (marker === 0xda) {
        segment[5] = [0x52, 0x47, 0x42][index] ?? 0;
        parts.push(segment, file.subarray(end, file.length - 2));
        break;
      }
      at = end;
    }
  });
  return Buffer.concat([...parts, Buffer.from([0xff, 0xd9])]);
}

/** The segments of a file before its frame, with Adobe's replaced. */
function withAdobe(file: Buffer, replacement: Uint8Array): Buffer {
  const at = file.indexOf('Adobe') - 4;
  expect(at).toBeGreaterThan(0);
  return Buffer.concat([file.subarray(0, at), replacement, file.subarray(at + 2 + file.readUInt16BE(at + 2))]);
}

function adobe(...content: number[]): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xee, 0, 7 + content.length]), Buffer.from('Adobe'), Buffer.from(content)]);
}

const JFIF = Buffer.from([0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);

describe('inks', () => {
  // libvips gives the amounts of ink; without a profile the light that is left is (255 - ink) · (255 - black) / 255.
  it.each([
    ['CMYK of an Adobe file', adobe(0, 100, 0, 0, 0, 0, 0)],
    ['YCCK of an Adobe file', adobe(0, 100, 0, 0, 0, 0, 2)],
    ['YCCK with a transform that nobody has defined', adobe(0, 100, 0, 0, 0, 0, 1)],
    ['CMYK whose metadata were stripped', Buffer.alloc(0)],
    ['CMYK of a JFIF file', JFIF],
    ['CMYK with an Adobe segment that is too short to tell', adobe(0, 100, 0, 0)],
  ])('%s', async (_, segment) => {
    const original = await sharp(await makeJpeg(120, 90))
      .toColourspace('cmyk')
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const file = withAdobe(original, segment);
    const inks = await sharp(file, { failOn: 'none' }).pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer({ resolveWithObject: true });
    expect(inks.info.channels).toBe(4);
    const expected = new Uint8Array(120 * 90 * 3);
    for (let i = 0; i < expected.length; i++) {
      const at = Math.floor(i / 3) * 4;
      expected[i] = Math.round(((255 - (inks.data[at + (i % 3)] ?? 0)) * (255 - (inks.data[at + 3] ?? 0))) / 255);
    }
    const ours = decodeJpegRgba(exports, file, { width: 120, height: 90, orientation: 1 });
    expect(psnr(toRgb(ours.rgba, 4), expected)).toBeGreaterThan(45);
  });
});
