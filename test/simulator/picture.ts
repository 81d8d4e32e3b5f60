import jpegEncoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.js';
import jpegEncoderModule from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import { defaultOptions as jpegDefaults } from '@jsquash/jpeg/meta.js';
import webpEncoder from '@jsquash/webp/codec/enc/webp_enc.js';
import webpEncoderModule from '@jsquash/webp/codec/enc/webp_enc.wasm';
import { defaultOptions as webpDefaults } from '@jsquash/webp/meta.js';

/** An opaque sRGB colour. */
export type Colour = readonly [red: number, green: number, blue: number];

export const WHITE: Colour = [255, 255, 255];
export const BLACK: Colour = [0, 0, 0];
export const BLUE: Colour = [32, 64, 192];
export const RED: Colour = [210, 30, 30];

/** A picture drawn by a rule, RGBA. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Draws a picture: the colour of each pixel by its coordinates. */
export function draw(width: number, height: number, colourAt: (x: number, y: number) => Colour): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([...colourAt(x, y), 255], (y * width + x) * 4);
  }
  return { width, height, data };
}

/** White with a rectangle of one colour: something whose place and colour an answer can get wrong. */
export function rectangleOnWhite(width: number, height: number, box: { left: number; top: number; right: number; bottom: number }, colour: Colour): Picture {
  const isInside = (x: number, y: number): boolean => x >= box.left && x < box.right && y >= box.top && y < box.bottom;
  return draw(width, height, (x, y) => (isInside(x, y) ? colour : WHITE));
}

/** A PNG of the picture: RGBA, filter 0 (W3C PNG, Third Edition). */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  const rowBytes = picture.width * 4;
  const raw = new Uint8Array((rowBytes + 1) * picture.height);
  for (let y = 0; y < picture.height; y++) {
    raw.set(picture.data.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  }
  return assemblePng(picture.width, picture.height, await deflate(raw));
}

/** A PNG that says a size and holds image data of one pixel: right for tests that only read headers. */
export async function pngHeaderOf(width: number, height: number): Promise<Uint8Array> {
  return assemblePng(width, height, await deflate(new Uint8Array(5)));
}

function assemblePng(width: number, height: number, imageData: Uint8Array): Uint8Array {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return concatenate([signature, chunk('IHDR', header), chunk('IDAT', imageData), chunk('IEND', new Uint8Array(0))]);
}

/** A JPEG of the picture at quality 90. */
export async function encodeJpeg(picture: Picture): Promise<Uint8Array> {
  const encoder = await jpegEncoder({ instantiateWasm: instantiate(jpegEncoderModule) } as never);
  const { data, width, height } = picture;
  return new Uint8Array(encoder.encode(data, width, height, { ...jpegDefaults, quality: 90 }));
}

/** A lossy WebP of the picture at quality 90. */
export async function encodeWebp(picture: Picture): Promise<Uint8Array> {
  const encoder = await webpEncoder({ instantiateWasm: instantiate(webpEncoderModule) } as never);
  const { data, width, height } = picture;
  const encoded = encoder.encode(data, width, height, { ...webpDefaults, quality: 90 });
  if (encoded === null) throw new Error('the WebP encoder gave nothing');
  return new Uint8Array(encoded);
}

/** A GIF89a of two colours; LZW without growth: a clear code before each pixel keeps every code at 3 bits. */
export function encodeGif(picture: Picture, palette: readonly [Colour, Colour]): Uint8Array {
  const codes: number[] = [];
  for (let at = 0; at < picture.data.length; at += 4) {
    const isSecond = palette[1].every((channel, index) => picture.data[at + index] === channel);
    codes.push(4, isSecond ? 1 : 0);
  }
  codes.push(5);
  const packed = packCodes(codes, 3);
  const blocks: number[] = [];
  for (let start = 0; start < packed.length; start += 255) {
    const block = packed.slice(start, start + 255);
    blocks.push(block.length, ...block);
  }
  const sides = [picture.width & 255, picture.width >> 8, picture.height & 255, picture.height >> 8];
  // A global table of four colours, of which two are used.
  const globalTable = [0x81, 0, 0, ...palette[0], ...palette[1], 0, 0, 0, 0, 0, 0];
  const descriptor = [0x2c, 0, 0, 0, 0, ...sides, 0];
  return Uint8Array.from([...new TextEncoder().encode('GIF89a'), ...sides, ...globalTable, ...descriptor, 2, ...blocks, 0, 0x3b]);
}

/** The JPEG with an Exif segment that holds nothing but an orientation, big-endian. */
export function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const exif = [...new TextEncoder().encode('Exif'), 0, 0, ...tiff];
  const segment = Uint8Array.from([0xff, 0xe1, 0, exif.length + 2, ...exif]);
  return concatenate([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

function packCodes(codes: readonly number[], bits: number): number[] {
  const bytes: number[] = [];
  let buffer = 0;
  let buffered = 0;
  for (const code of codes) {
    buffer |= code << buffered;
    buffered += bits;
    for (; buffered >= 8; buffered -= 8) {
      bytes.push(buffer & 255);
      buffer >>= 8;
    }
  }
  if (buffered > 0) bytes.push(buffer);
  return bytes;
}

function instantiate(module: WebAssembly.Module) {
  return (imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance) => void) => {
    const instance = new WebAssembly.Instance(module, imports);
    ready(instance);
    return instance.exports;
  };
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const typed = concatenate([new TextEncoder().encode(type), data]);
  const framed = new Uint8Array(typed.length + 8);
  new DataView(framed.buffer).setUint32(0, data.length);
  framed.set(typed, 4);
  new DataView(framed.buffer).setUint32(typed.length + 4, crc32(typed));
  return framed;
}

/** CRC-32 of ISO 3309, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
