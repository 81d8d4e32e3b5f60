/** The PNG encoder's exports; see `wasm/encode/png.ts`. */
export interface PngEncoderExports {
  readonly memory: WebAssembly.Memory;
  pngEncodeBegin(bitmap: number, width: number, height: number, strideBytes: number, isFlat: number): number;
  pngEncodeRun(): number;
  pngEncodeAbandon(): void;
  pngEncodeOutput(): number;
  pngEncodeBytes(): number;
  pngEncodeColourType(): number;
}

/** An RGBA bitmap in the module's memory: its address and size in pixels, rows packed. */
export interface RgbaBitmap {
  readonly address: number;
  readonly width: number;
  readonly height: number;
}

export interface PngOptions {
  /** Default: no limit. */
  readonly bytesMax?: number;
  /** Repeated pixels are expected to pay more than small differences: see `isFlat` in content.ts. */
  readonly isFlat: boolean;
}

const DONE = 2;
const BYTES_PER_PIXEL = 4;

/**
 * Encodes a bitmap of the module's memory as PNG, in the smallest colour type that holds it exactly. `undefined` when
 * memory is short, or as soon as the file passes `bytesMax`. Peak: the plan of core/vision/memory and the file itself.
 */
export function encodePng(exports: PngEncoderExports, bitmap: RgbaBitmap, options: PngOptions): Uint8Array<ArrayBuffer> | undefined {
  const { bytesMax = Number.POSITIVE_INFINITY } = options;
  let status = exports.pngEncodeBegin(bitmap.address, bitmap.width, bitmap.height, bitmap.width * BYTES_PER_PIXEL, options.isFlat ? 1 : 0);
  if (status < 0) return undefined;
  const pieces: Uint8Array[] = [];
  let total = 0;
  while (status !== DONE) {
    status = exports.pngEncodeRun();
    const piece = new Uint8Array(exports.memory.buffer, exports.pngEncodeOutput(), exports.pngEncodeBytes()).slice();
    total += piece.length;
    if (total > bytesMax) {
      exports.pngEncodeAbandon();
      return undefined;
    }
    pieces.push(piece);
  }
  const file = new Uint8Array(total);
  let offset = 0;
  for (const piece of pieces) {
    file.set(piece, offset);
    offset += piece.length;
  }
  return file;
}
