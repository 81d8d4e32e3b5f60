// What the WebP tests share: the compiled decoder, pictures to encode, and sharp as the oracle.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sharp, { type Sharp } from 'sharp';
import { decodeWebp, type WebpDecodeOptions, type WebpDecoded, type WebpExports } from '../../src/codec/scanline/webp.ts';

const path = new URL('../../dist/codec.wasm', import.meta.url);
if (!existsSync(path)) throw new Error('dist/codec.wasm is missing: run `npm run build:wasm` first');
const module = new WebAssembly.Module(readFileSync(path));

/** A fresh decoder. */
export function webpInstance(): WebpExports {
  return new WebAssembly.Instance(module).exports as unknown as WebpExports;
}

export interface Picture extends WebpDecoded {
  /** RGBA, 4 · width bytes a row. */
  readonly rgba: Uint8Array;
}

/** Decodes a file to one bitmap, and holds that slices come in order and miss no row. */
export function decodeWhole(file: Uint8Array, exports = webpInstance(), options: WebpDecodeOptions = {}): Picture {
  let rgba = new Uint8Array(0);
  let width = 0;
  let next = 0;
  const decoded = decodeWebp(
    exports,
    file,
    (slice) => {
      if (slice.kind !== 'rgba' || slice.y !== next) throw new Error(`slice ${slice.kind} at ${slice.y}, not ${next}`);
      const { bytes, stride } = slice.pixels;
      for (let i = 0; i < slice.rows; i++) {
        rgba.set(bytes.subarray(i * stride, i * stride + width * 4), (slice.y + i) * width * 4);
      }
      next += slice.rows;
    },
    {
      ...options,
      onHeader(header) {
        width = header.width;
        rgba = new Uint8Array(header.width * header.height * 4);
      },
    },
  );
  if (next !== decoded.height) throw new Error(`${next} rows of ${decoded.height}`);
  return { ...decoded, rgba };
}

/** What libwebp makes of the file, through sharp: RGBA of the first frame. */
export async function oracle(file: Uint8Array): Promise<{ width: number; height: number; rgba: Uint8Array }> {
  const { data, info } = await sharp(file, { failOn: 'error' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}

/** The largest difference between two bitmaps of one size, 0 to 255. */
export function largestDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} bytes against ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return largest;
}

/** The largest difference between our picture and the oracle's, whose size must be the same. */
export async function differenceFromOracle(file: Uint8Array): Promise<number> {
  const ours = decodeWhole(file);
  const theirs = await oracle(file);
  if (ours.width !== theirs.width || ours.height !== theirs.height) {
    throw new Error(`${ours.width} × ${ours.height}, not ${theirs.width} × ${theirs.height}`);
  }
  return largestDifference(ours.rgba, theirs.rgba);
}

export type Content = 'gradient' | 'noise' | 'few colours' | 'photograph';

/** Pixels of a picture with that content, 3 or 4 channels. Content is made by arithmetic and always the same. */
export function paint(width: number, height: number, channels: 3 | 4, content: Content): Buffer {
  const pixels = Buffer.alloc(width * height * channels);
  const palette = [0, 60, 130, 255];
  let seed = width * 31 + height;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++, at++) {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        const noise = seed >>> 24;
        const shape = Math.sin(x / 17) * Math.cos(y / 13) > 0.2 ? 90 : 0;
        if (content === 'noise') pixels[at] = noise;
        else if (content === 'gradient') pixels[at] = (x * (c + 1) + y * 3) & 255;
        else if (content === 'few colours') pixels[at] = palette[((x >> 2) + (y >> 2) + (c === 3 ? x : 0)) & 3] ?? 0;
        else pixels[at] = Math.min(255, 40 + shape + (((x * (c + 1) + y) >> 2) & 63) + (noise & 15));
      }
    }
  }
  return pixels;
}

/** The same as a picture to encode. */
export function picture(width: number, height: number, channels: 3 | 4, content: Content): Sharp {
  return sharp(paint(width, height, channels, content), { raw: { width, height, channels } });
}

/** libwebp's encoder with every switch that sharp does not have. The picture has opacities unless `isOpaque`. */
export async function encodeWithSwitches(
  width: number,
  height: number,
  content: Content,
  switches: Record<string, number>,
  isOpaque = false,
): Promise<Uint8Array> {
  const encoder = await import('@jsquash/webp/encode.js');
  const require = createRequire(import.meta.url);
  const wasm = readFileSync(require.resolve('@jsquash/webp/codec/enc/webp_enc_simd.wasm'));
  await encoder.init(await WebAssembly.compile(wasm));
  const data = new Uint8ClampedArray(paint(width, height, 4, content));
  if (isOpaque) for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return new Uint8Array(await encoder.default({ data, width, height, colorSpace: 'srgb' } as ImageData, switches));
}
