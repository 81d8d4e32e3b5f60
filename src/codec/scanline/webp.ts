// Drives the WebP decoder of the codec module: container, bytes in, slices of rows out. Pure compute.

import { findWebpImage, type WebpLayout } from './webp-container.ts';

/** What `wasm/webp/index.ts` exports; see there for the meaning of each. */
export interface WebpExports {
  readonly memory: WebAssembly.Memory;
  webpReset(): number;
  webpOpen(isVp8l: number, offset: number, bytes: number, alphaOffset: number, alphaBytes: number): number;
  webpInput(): number;
  webpSpace(): number;
  webpOffset(): number;
  webpPush(bytes: number, isFinal: number): number;
  webpWidth(): number;
  webpHeight(): number;
  webpHasAlpha(): number;
  webpConfigure(width: number, height: number, x: number, y: number, planar: number): number;
  webpRowsY(): number;
  webpRowsCount(): number;
  webpRows(): number;
  webpStride(): number;
  webpRowsU(): number;
  webpRowsV(): number;
  webpChromaStride(): number;
  webpRowsAlpha(): number;
  webpAlphaStride(): number;
  webpWarnings(): number;
  webpPeak(): number;
}

/** One plane of a slice: `rows` rows of `width` bytes, `stride` bytes apart, at `pointer` of the module's memory. */
export interface WebpPlane {
  readonly pointer: number;
  readonly stride: number;
  readonly width: number;
  readonly rows: number;
  /** The same bytes; valid during the call only. */
  readonly bytes: Uint8Array;
}

/** At most eight finished rows, from row `y` of the picture. Slices come from top to bottom and miss none. */
export type WebpSlice =
  /** RGBA, not premultiplied; `pixels.width` counts bytes. */
  | { readonly kind: 'rgba'; readonly y: number; readonly rows: number; readonly pixels: WebpPlane }
  /** Y′CbCr of BT.601 in studio swing, 4:2:0: chroma has (rows + 1) / 2 rows from row `y` / 2. */
  | {
      readonly kind: 'planar';
      readonly y: number;
      readonly rows: number;
      readonly luma: WebpPlane;
      readonly u: WebpPlane;
      readonly v: WebpPlane;
      readonly alpha: WebpPlane | undefined;
    };

/** Facts known before the first row. Pixels; an animation's canvas. */
export interface WebpHeader {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  readonly isAnimated: boolean;
  /** What slices will be: planes are given only when they were asked for, of a lossy picture that fills its canvas. */
  readonly kind: WebpSlice['kind'];
}

export interface WebpDecodeOptions {
  /** Ask for the planes of a lossy picture instead of RGBA. */
  readonly isPlanar?: boolean;
  /** Called once, before the first slice. */
  readonly onHeader?: (header: WebpHeader) => void;
}

export interface WebpDecoded extends WebpHeader {
  /** Damage that was tolerated: a file shorter than it says, an end of the picture that was made up (a tenth at most). */
  readonly warnings: number;
  /** The most bytes of the module's memory in use at once. */
  readonly peakBytes: number;
}

/** Why a WebP could not be decoded. */
export type WebpFailure = 'undecodable' | 'truncated' | 'out_of_memory';

export class WebpDecodeError extends Error {
  readonly code: WebpFailure;

  constructor(code: WebpFailure, message: string) {
    super(message);
    this.name = 'WebpDecodeError';
    this.code = code;
  }
}

const HEADER = 1;
const DONE = 2;
const ROWS = 3;
const FAILURES: Readonly<Record<number, WebpFailure>> = {
  [-1]: 'undecodable',
  [-2]: 'truncated',
  [-4]: 'out_of_memory',
};

/**
 * Decodes the picture of a WebP file, or the first frame of an animation on its canvas, and gives its rows to `onRows`.
 * What `onRows` throws passes through. The module's memory is reset first.
 *
 * @throws {WebpDecodeError} when the file holds no picture that can be decoded.
 */
export function decodeWebp(exports: WebpExports, file: Uint8Array, onRows: (slice: WebpSlice) => void, options: WebpDecodeOptions = {}): WebpDecoded {
  const layout = findWebpImage(file);
  if (layout === undefined) throw new WebpDecodeError('undecodable', 'the file holds no WebP picture');
  check(exports.webpReset());
  const { image, alpha } = layout;
  const isLossless = layout.compression === 'lossless' ? 1 : 0;
  check(exports.webpOpen(isLossless, image.offset, image.bytes, alpha?.offset ?? 0, alpha?.bytes ?? 0));
  let header: WebpHeader | undefined;
  for (let status = push(exports, 0, 0); status !== DONE;) {
    if (status === HEADER) {
      header = configure(exports, layout, options.isPlanar === true);
      options.onHeader?.(header);
      status = push(exports, 0, 0);
    } else if (status === ROWS && header !== undefined) {
      onRows(sliceOf(exports, header));
      status = push(exports, 0, 0);
    } else {
      status = feed(exports, file);
    }
  }
  if (header === undefined) throw new WebpDecodeError('undecodable', 'the WebP decoder ended without a header');
  const warnings = Math.max(exports.webpWarnings(), layout.isTruncated ? 1 : 0);
  return { ...header, warnings, peakBytes: exports.webpPeak() };
}

/** Puts the bytes that the decoder asks for into its memory. */
function feed(exports: WebpExports, file: Uint8Array): number {
  const pointer = exports.webpInput();
  const offset = exports.webpOffset() >>> 0;
  const bytes = Math.max(0, Math.min(exports.webpSpace(), file.length - offset));
  if (bytes > 0) new Uint8Array(exports.memory.buffer, pointer, bytes).set(file.subarray(offset, offset + bytes));
  return push(exports, bytes, offset + bytes >= file.length ? 1 : 0);
}

function configure(exports: WebpExports, layout: WebpLayout, isPlanarWanted: boolean): WebpHeader {
  const frameWidth = exports.webpWidth();
  const frameHeight = exports.webpHeight();
  const { width, height } = layout.canvas ?? { width: frameWidth, height: frameHeight };
  const isWhole = width === frameWidth && height === frameHeight;
  const isExpected = layout.isAnimated ? layout.frameWidth === frameWidth && layout.frameHeight === frameHeight : isWhole;
  if (!isExpected) {
    const size = `${frameWidth} × ${frameHeight}`;
    throw new WebpDecodeError('undecodable', `the image data are ${size} px; the container says otherwise`);
  }
  const isPlanar = isPlanarWanted && isWhole && layout.compression === 'lossy';
  check(exports.webpConfigure(width, height, layout.x, layout.y, isPlanar ? 1 : 0));
  const hasAlpha = exports.webpHasAlpha() !== 0 || !isWhole;
  return { width, height, hasAlpha, isAnimated: layout.isAnimated, kind: isPlanar ? 'planar' : 'rgba' };
}

function sliceOf(exports: WebpExports, header: WebpHeader): WebpSlice {
  const y = exports.webpRowsY();
  const rows = exports.webpRowsCount();
  const plane = (pointer: number, stride: number, width: number, count: number): WebpPlane => ({
    pointer,
    stride,
    width,
    rows: count,
    bytes: new Uint8Array(exports.memory.buffer, pointer, stride * (count - 1) + width),
  });
  if (header.kind === 'rgba') {
    return { kind: 'rgba', y, rows, pixels: plane(exports.webpRows(), exports.webpStride(), header.width * 4, rows) };
  }
  const chromaWidth = (header.width + 1) >> 1;
  const chromaRows = (rows + 1) >> 1;
  const chromaStride = exports.webpChromaStride();
  const alpha = exports.webpRowsAlpha();
  return {
    kind: 'planar',
    y,
    rows,
    luma: plane(exports.webpRows(), exports.webpStride(), header.width, rows),
    u: plane(exports.webpRowsU(), chromaStride, chromaWidth, chromaRows),
    v: plane(exports.webpRowsV(), chromaStride, chromaWidth, chromaRows),
    alpha: alpha === 0 ? undefined : plane(alpha, exports.webpAlphaStride(), header.width, rows),
  };
}

function push(exports: WebpExports, bytes: number, isFinal: number): number {
  return check(exports.webpPush(bytes, isFinal));
}

/** Turns a negative status into an error. */
function check(status: number): number {
  if (status >= 0) return status;
  const code = FAILURES[status] ?? 'undecodable';
  throw new WebpDecodeError(code, `the WebP picture is ${code.replaceAll('_', ' ')}`);
}
