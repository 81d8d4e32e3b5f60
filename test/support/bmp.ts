/** BMP files of every kind that Windows and OS/2 write, made byte for byte after their documentation. */

/** Red, green, blue, alpha. */
export type Pixel = readonly [number, number, number, number];

export interface BmpOptions {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 4 | 8 | 16 | 24 | 32;
  /** Bytes of the header: 12 is OS/2's first, 40 the usual one, 108 and 124 are versions 4 and 5. */
  readonly header?: 12 | 40 | 52 | 56 | 64 | 108 | 124;
  readonly isTopDown?: boolean;
  /** Red, green, blue and alpha; makes it a file of bit fields. */
  readonly masks?: readonly [number, number, number, number];
  readonly palette?: readonly Pixel[];
  /** `biCompression`, with `data` as its bytes. */
  readonly compression?: number;
  readonly data?: Uint8Array;
  /** Bytes between palette and pixels. */
  readonly gap?: number;
}

/** `pixelOf` gives the index (1 to 8 bits) or the raw pixel (16 to 32 bits) of upright column x and row y. */
export function bmp(options: BmpOptions, pixelOf: (x: number, y: number) => number = () => 0): Uint8Array<ArrayBuffer> {
  const { width, height, depth, header = 40, isTopDown = false, masks, palette = [], gap = 0 } = options;
  const compression = options.compression ?? (masks === undefined ? 0 : masks[3] !== 0 && header === 40 ? 6 : 3);
  const entryBytes = header === 12 ? 3 : 4;
  const maskBytes = masks === undefined || header !== 40 ? 0 : compression === 6 ? 16 : 12;
  const pixelsAt = 14 + header + maskBytes + palette.length * entryBytes + gap;
  const data = options.data ?? rows(width, height, depth, isTopDown, pixelOf);
  const file = new Uint8Array(pixelsAt + data.length);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, pixelsAt, true);
  view.setUint32(14, header, true);
  if (header === 12) {
    [width, height, 1, depth].forEach((value, index) => view.setUint16(18 + index * 2, value, true));
  } else {
    view.setInt32(18, width, true);
    view.setInt32(22, isTopDown ? -height : height, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, depth, true);
    view.setUint32(30, compression, true);
    view.setUint32(34, data.length, true);
    view.setUint32(46, palette.length, true);
  }
  masks?.forEach((mask, index) => {
    if (index < 3 || header >= 56 || compression === 6) view.setUint32(54 + index * 4, mask, true);
  });
  // "sRGB", bV4CSType.
  if (header >= 108) view.setUint32(14 + 56, 0x73524742, true);
  palette.forEach(([red, green, blue], index) => file.set([blue, green, red], 14 + header + maskBytes + index * entryBytes));
  file.set(data, pixelsAt);
  return file;
}

function rows(width: number, height: number, depth: number, isTopDown: boolean, pixelOf: (x: number, y: number) => number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 32) * 4;
  const data = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const at = (isTopDown ? y : height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++) {
      const value = pixelOf(x, y);
      if (depth < 8) data[at + ((x * depth) >> 3)]! |= value << (8 - depth - ((x * depth) & 7));
      else for (let byte = 0; byte < depth / 8; byte++) data[at + (x * depth) / 8 + byte] = value >>> (8 * byte);
    }
  }
  return data;
}

/** Blue, green, red as 24 or 32 bits. */
export const rgb24 = ([red, green, blue]: Pixel, unused = 0) => ((unused << 24) | (red << 16) | (green << 8) | blue) >>> 0;
