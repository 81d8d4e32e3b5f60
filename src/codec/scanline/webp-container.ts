// The RIFF container of a WebP file, RFC 9649 §2: finds the image data of the picture, or of the first frame of an
// animation, without touching them. Colour profiles and metadata are skipped; others read them.

import { paddingAfter } from '../../core/image/webp-padding.ts';

/** A range of the file, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly bytes: number;
}

/** Where the image data of a WebP file lie, and where on its canvas they go. Sizes and places are in pixels. */
export interface WebpLayout {
  /** The canvas of an extended file; `undefined` when the image data alone say how large the picture is. */
  readonly canvas: { readonly width: number; readonly height: number } | undefined;
  readonly isAnimated: boolean;
  /** Upper left corner of the frame on the canvas. */
  readonly x: number;
  readonly y: number;
  /** Size that an animation gives for its frame; 0 when it is not one. */
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly compression: 'lossy' | 'lossless';
  readonly image: ByteRange;
  /** The `ALPH` payload that belongs to a lossy image. */
  readonly alpha: ByteRange | undefined;
  /** True when the file ends before the container says so. */
  readonly isTruncated: boolean;
}

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const VP8X_BYTES = 10;
const ANMF_HEADER_BYTES = 16;
const ALPHA_FLAG = 0x10;

interface Chunk extends ByteRange {
  readonly name: string;
}

/** Finds the image data; `undefined` when `file` is no WebP or holds no picture. Reads chunk headers only. */
export function findWebpImage(file: Uint8Array): WebpLayout | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < RIFF_HEADER_BYTES || nameAt(file, 0) !== 'RIFF' || nameAt(file, 8) !== 'WEBP') return undefined;
  const declared = CHUNK_HEADER_BYTES + view.getUint32(4, true);
  // A size that says less than the file holds is wrong, or bytes follow the picture: its chunks say where it ends.
  const end = file.length;
  let canvas: WebpLayout['canvas'];
  let hasAlpha = false;
  let alpha: ByteRange | undefined;
  for (const chunk of chunksIn(file, view, RIFF_HEADER_BYTES, end)) {
    if (chunk.name === 'VP8X' && chunk.bytes >= VP8X_BYTES && chunk.offset + VP8X_BYTES <= end) {
      hasAlpha = (view.getUint8(chunk.offset) & ALPHA_FLAG) !== 0;
      canvas = { width: uint24(view, chunk.offset + 4) + 1, height: uint24(view, chunk.offset + 7) + 1 };
    } else if (chunk.name === 'ANMF' && canvas !== undefined) {
      return frameLayout(file, view, chunk, end, canvas, declared > file.length);
    } else if (chunk.name === 'ALPH' && hasAlpha) {
      // §2.7: the flag decides; without it libwebp and browsers leave the chunk aside.
      alpha = within(chunk, end);
    } else if (chunk.name === 'VP8 ' || chunk.name === 'VP8L') {
      return {
        canvas,
        isAnimated: false,
        x: 0,
        y: 0,
        frameWidth: 0,
        frameHeight: 0,
        ...imageOf(chunk, alpha),
        isTruncated: declared > file.length,
      };
    }
  }
  return undefined;
}

/** The first frame of an animation, §2.7.1.1: its place, then chunks of its own. */
function frameLayout(file: Uint8Array, view: DataView, frame: Chunk, end: number, canvas: WebpLayout['canvas'], isTruncated: boolean): WebpLayout | undefined {
  const start = frame.offset + ANMF_HEADER_BYTES;
  if (frame.bytes < ANMF_HEADER_BYTES || start > end) return undefined;
  const frameEnd = Math.min(end, frame.offset + frame.bytes);
  let alpha: ByteRange | undefined;
  for (const chunk of chunksIn(file, view, start, frameEnd)) {
    if (chunk.name === 'ALPH') alpha = within(chunk, frameEnd);
    if (chunk.name !== 'VP8 ' && chunk.name !== 'VP8L') continue;
    return {
      canvas,
      isAnimated: true,
      x: 2 * uint24(view, frame.offset),
      y: 2 * uint24(view, frame.offset + 3),
      frameWidth: uint24(view, frame.offset + 6) + 1,
      frameHeight: uint24(view, frame.offset + 9) + 1,
      ...imageOf(chunk, alpha),
      isTruncated,
    };
  }
  return undefined;
}

function imageOf(chunk: Chunk, alpha: ByteRange | undefined) {
  const isLossy = chunk.name === 'VP8 ';
  return {
    compression: isLossy ? ('lossy' as const) : ('lossless' as const),
    // What the file does not hold stays in the range: a decoder must see that it is missing.
    image: { offset: chunk.offset, bytes: chunk.bytes },
    alpha: isLossy ? alpha : undefined,
  };
}

/** The chunks whose headers lie before `end`. Payloads are padded to an even size (or should be); the last one may pass the end. */
function* chunksIn(file: Uint8Array, view: DataView, from: number, end: number): Generator<Chunk> {
  let at = from;
  while (at + CHUNK_HEADER_BYTES <= end) {
    const bytes = view.getUint32(at + 4, true);
    yield { name: nameAt(file, at), offset: at + CHUNK_HEADER_BYTES, bytes };
    const payloadEnd = at + CHUNK_HEADER_BYTES + bytes;
    at = payloadEnd + paddingAfter(file, payloadEnd, bytes);
  }
}

function within(chunk: Chunk, end: number): ByteRange {
  return { offset: chunk.offset, bytes: Math.max(0, Math.min(chunk.bytes, end - chunk.offset)) };
}

function nameAt(file: Uint8Array, at: number): string {
  return String.fromCharCode(file[at] ?? 0, file[at + 1] ?? 0, file[at + 2] ?? 0, file[at + 3] ?? 0);
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}
