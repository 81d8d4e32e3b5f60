import { deflateSync, crc32 } from 'node:zlib';

/** A deterministic picture with gradients, edges, noise and, when asked, every kind of alpha: RGBA, row-major. */
export function makePicture(width: number, height: number, hasAlpha: boolean): Uint8Array {
  const pixels = new Uint8Array(width * height * 4);
  let noise = 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      noise = (Math.imul(noise, 1103515245) + 12345) | 0;
      const at = (y * width + x) * 4;
      const isStripe = ((x >> 3) + (y >> 4)) % 5 === 0;
      pixels[at] = isStripe ? 20 : (x * 255) / width;
      pixels[at + 1] = isStripe ? 200 : (y * 255) / height;
      pixels[at + 2] = 90 + ((noise >>> 20) & 31);
      const distance = Math.hypot(x - width / 2, y - height / 2) / Math.min(width, height);
      pixels[at + 3] = hasAlpha ? Math.max(0, Math.min(255, 640 - distance * 1100)) : 255;
    }
  }
  return pixels;
}

/** Peak signal to noise ratio in dB over colours premultiplied with alpha, and the largest difference. */
export function compareRgba(a: Uint8Array, b: Uint8Array): { psnr: number; largest: number } {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const isAlpha = (i & 3) === 3;
    const x = isAlpha ? a[i]! : (a[i]! * a[i | 3]!) / 255;
    const y = isAlpha ? b[i]! : (b[i]! * b[i | 3]!) / 255;
    const difference = Math.abs(x - y);
    squares += difference * difference;
    largest = Math.max(largest, difference);
  }
  return { psnr: squares === 0 ? Infinity : 10 * Math.log10((65025 * a.length) / squares), largest };
}

/** One PNG chunk: length, type, data, CRC. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
  return chunk;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A PNG made of IHDR fields, chunks before IDAT, and filtered rows to be deflated. */
export function makePng(
  header: { width: number; height: number; depth: number; colourType: number; interlace?: number },
  filteredRows: Uint8Array,
  chunks: Uint8Array[] = [],
  level = 6,
): Uint8Array {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header.width, 0);
  ihdr.writeUInt32BE(header.height, 4);
  ihdr.set([header.depth, header.colourType, 0, 0, header.interlace ?? 0], 8);
  const data = deflateSync(filteredRows, { level });
  return Buffer.concat([SIGNATURE, pngChunk('IHDR', ihdr), ...chunks, pngChunk('IDAT', data), pngChunk('IEND', new Uint8Array(0))]);
}
