/** Files in which luma, not chroma, is the component at half size: no common encoder writes them, and every decoder reads them. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { transcodeScanline } from '../../src/codec/scanline/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { jpegSubsampling } from '../../src/core/vision/memory/memory.ts';
import { psnr } from './jpeg-picture.ts';
import { loadModules } from './modules.ts';

const [WIDTH, HEIGHT] = [160, 96];

/** A gray JPEG; `value` gives each sample. */
function gray(width: number, height: number, value: (x: number, y: number) => number): Promise<Buffer> {
  const plane = Buffer.from(Array.from({ length: width * height }, (_, at) => value(at % width, Math.floor(at / width))));
  return sharp(plane, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** One file of three gray ones of their own sizes, a scan each (ITU-T T.81 B.2.3), with the sampling factors given. */
function join(files: readonly Buffer[], samplings: readonly number[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0xff, 0xd8])];
  for (const [index, file] of files.entries()) {
    for (let at = 2; at < file.length;) {
      const marker = file[at + 1] ?? 0;
      const end = at + 2 + file.readUInt16BE(at + 2);
      const segment = Buffer.from(file.subarray(at, end));
      if (marker === 0xc4 || (marker === 0xdb && index === 0)) parts.push(segment);
      if (marker === 0xc0 && index === 0) {
        const components = samplings.flatMap((sampling, i) => [i + 1, sampling, 0]);
        parts.push(Buffer.from([0xff, 0xc0, 0, 17, 8, HEIGHT >> 8, HEIGHT & 255, WIDTH >> 8, WIDTH & 255, 3, ...components]));
      }
      if (marker === 0xda) {
        segment[5] = index + 1;
        parts.push(segment, file.subarray(end, file.length - 2));
        break;
      }
      at = end;
    }
  }
  return Buffer.concat([...parts, Buffer.from([0xff, 0xd9])]);
}

async function lumaAtHalf(): Promise<Uint8Array<ArrayBuffer>> {
  const luma = gray(WIDTH / 2, HEIGHT / 2, (x, y) => 90 + ((x + y) % 60));
  const stripes = gray(WIDTH, HEIGHT, (x) => (x % 4 < 2 ? 96 : 160));
  const slope = gray(WIDTH, HEIGHT, (_, y) => 80 + y);
  return new Uint8Array(join(await Promise.all([luma, stripes, slope]), [0x11, 0x22, 0x22]));
}

describe('a picture whose luma is subsampled below its chroma', () => {
  it('keeps its chroma at full size', async () => {
    const file = await lumaAtHalf();
    const info = inspectImage(file);
    const { bytes } = transcodeScanline(loadModules().scanline, file, info, { width: WIDTH, height: HEIGHT }, 1_000_000);
    expect((await sharp(bytes).metadata()).chromaSubsampling).toBe('4:4:4');
    const theirs = await sharp(file).raw().toBuffer();
    // Stripes of two pixels in blue would be gone at half size: 22 dB.
    expect(psnr(await sharp(bytes).raw().toBuffer(), theirs)).toBeGreaterThan(33);
  });

  it.each([
    ['4:2:0', [0x22, 0x11, 0x11], '4:2:0'],
    ['4:2:2', [0x21, 0x11, 0x11], '4:2:0'],
    ['4:4:4', [0x11, 0x11, 0x11], '4:4:4'],
    ['one chroma component of full size', [0x22, 0x22, 0x11], '4:4:4'],
    ['luma at half height', [0x21, 0x22, 0x22], '4:4:4'],
    ['gray', [0x11], '4:2:0'],
  ] as const)('%s is written as it came', async (_, samplings, expected) => {
    const info = inspectImage(await lumaAtHalf());
    const components = samplings.map((sampling) => ({ horizontal: sampling >> 4, vertical: sampling & 15 }));
    expect(jpegSubsampling({ ...info, detail: { format: 'jpeg', coding: 'baseline', components } })).toBe(expected);
  });
});
