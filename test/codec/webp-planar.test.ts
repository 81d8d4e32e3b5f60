import { describe, expect, it } from 'vitest';
import { decodeWebp, type WebpPlane } from '../../src/codec/scanline/webp.ts';
import { decodeWhole, largestDifference, oracle, picture, webpInstance } from './load-webp.ts';

/** Planes put together from slices, one byte a sample. */
function planesOf(file: Uint8Array) {
  let planes: { luma: Uint8Array; u: Uint8Array; v: Uint8Array; alpha: Uint8Array } | undefined;
  let width = 0;
  const put = (from: WebpPlane, to: Uint8Array, row: number) => {
    for (let i = 0; i < from.rows; i++) {
      to.set(from.bytes.subarray(i * from.stride, i * from.stride + from.width), (row + i) * from.width);
    }
  };
  const decoded = decodeWebp(
    webpInstance(),
    file,
    (slice) => {
      if (slice.kind !== 'planar' || planes === undefined) throw new Error('no planes');
      put(slice.luma, planes.luma, slice.y);
      put(slice.u, planes.u, slice.y >> 1);
      put(slice.v, planes.v, slice.y >> 1);
      if (slice.alpha !== undefined) put(slice.alpha, planes.alpha, slice.y);
    },
    {
      isPlanar: true,
      onHeader(header) {
        width = header.width;
        const chroma = ((header.width + 1) >> 1) * ((header.height + 1) >> 1);
        planes = {
          luma: new Uint8Array(width * header.height),
          u: new Uint8Array(chroma),
          v: new Uint8Array(chroma),
          alpha: new Uint8Array(width * header.height).fill(255),
        };
      },
    },
  );
  if (planes === undefined) throw new Error('no header');
  return { ...decoded, ...planes };
}

/** The matrix of BT.601 for studio swing, in floating point, with chroma interpolated by 9, 3, 3 and 1 sixteenths. */
function toRgba({ width, height, luma, u, v, alpha }: ReturnType<typeof planesOf>): Uint8Array {
  const across = (width + 1) >> 1;
  const down = (height + 1) >> 1;
  const chroma = (plane: Uint8Array, x: number, y: number) => {
    const x2 = Math.min(Math.max((x >> 1) + ((x & 1) * 2 - 1), 0), across - 1);
    const y2 = Math.min(Math.max((y >> 1) + ((y & 1) * 2 - 1), 0), down - 1);
    const at = (cx: number, cy: number) => plane[cy * across + cx] ?? 0;
    const sum = 9 * at(x >> 1, y >> 1) + 3 * at(x2, y >> 1) + 3 * at(x >> 1, y2) + at(x2, y2);
    return (sum + 8) >> 4;
  };
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const light = ((luma[y * width + x] ?? 0) - 16) * (255 / 219);
      const blue = chroma(u, x, y) - 128;
      const red = chroma(v, x, y) - 128;
      rgba[at] = light + 1.596 * red;
      rgba[at + 1] = light - 0.391 * blue - 0.813 * red;
      rgba[at + 2] = light + 2.018 * blue;
      rgba[at + 3] = alpha[y * width + x] ?? 0;
    }
  }
  return new Uint8Array(rgba.buffer);
}

describe('the planes of a lossy WebP', () => {
  it.each([
    [1, 1],
    [15, 17],
    [16, 16],
    [33, 41],
    [130, 77],
  ])("make libwebp's picture, %i × %i", async (width, height) => {
    for (const channels of [3, 4] as const) {
      const file = await picture(width, height, channels, 'photograph').webp({ quality: 75 }).toBuffer();
      const planes = planesOf(file);
      expect(planes.kind).toBe('planar');
      expect(largestDifference(toRgba(planes), (await oracle(file)).rgba)).toBeLessThanOrEqual(1);
    }
  });

  it('are not given of a lossless picture: its rows stay RGBA', async () => {
    const file = await picture(30, 20, 3, 'gradient').webp({ lossless: true }).toBuffer();
    expect(decodeWhole(file, webpInstance(), { isPlanar: true }).kind).toBe('rgba');
  });
});
