/**
 * Drives the JPEG part of the scanline codec: feeds a file through the WebAssembly module and collects what comes out.
 *
 * Pure compute over an instance that the caller owns. After any fault the instance may be used again: every job begins
 * with a reset.
 */
import { iccSegmentBytes, joinFile, readIccProfile } from './jpeg-icc.ts';

/** The exports of the module that JPEG needs; see wasm/jpeg/index.ts. */
export interface JpegExports {
  readonly memory: WebAssembly.Memory;
  jpegReset(): number;
  jpegInput(): number;
  jpegSpace(): number;
  jpegPush(bytes: number, isFinal: number): number;
  jpegWidth(): number;
  jpegHeight(): number;
  jpegColour(): number;
  jpegIsProgressive(): number;
  jpegScale(component: number): number;
  jpegWarnings(): number;
  jpegPeakBytes(): number;
  jpegConfigure(width: number, height: number, orientation: number, output: number): number;
  jpegOutputWidth(): number;
  jpegOutputHeight(): number;
  jpegReadRgba(firstRow: number): number;
  jpegTranscodeBegin(quality: number, halfChroma: number): number;
  jpegTranscodeStep(): number;
  jpegOutput(): number;
  jpegOutputLength(): number;
  jpegDrained(): void;
  jpegEncodeBegin(width: number, height: number, quality: number, subsampling: number): number;
  jpegEncodeAgain(quality: number): void;
  jpegEncodeRowsRgba(rgba: number, rows: number): number;
  jpegEncodeEnd(): number;
}

/** Why a file was not decoded; the numbers are the module's statuses. */
export type JpegFaultCode = 'undecodable' | 'truncated' | 'unsupported' | 'out_of_memory' | 'work_bound';

const FAULT_CODES: Record<number, JpegFaultCode> = {
  [-1]: 'undecodable',
  [-2]: 'truncated',
  [-3]: 'unsupported',
  [-4]: 'out_of_memory',
  [-5]: 'work_bound',
};

/** Thrown when a JPEG cannot be decoded or does not fit in the module's memory. */
export class JpegFault extends Error {
  readonly code: JpegFaultCode;

  constructor(code: JpegFaultCode, options?: ErrorOptions) {
    super(`JPEG is ${code.replaceAll('_', ' ')}`, options);
    this.name = 'JpegFault';
    this.code = code;
  }
}

/** What a picture is brought to. `width` and `height` are in stored axes, before `orientation` (Exif, 1 to 8) is applied. */
export interface JpegTarget {
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
}

/** A target with what the output file should be. */
export interface JpegJob extends JpegTarget {
  /** 1 to 100, on libjpeg's scale. */
  readonly quality: number;
  readonly subsampling: '4:2:0' | '4:4:4';
  /** When the file would be larger, the quality is lowered step by step, down to `qualityMin`. */
  readonly bytesMax?: number;
  /** Default 40. At this quality the file is given even if it is larger than `bytesMax`. */
  readonly qualityMin?: number;
}

/** A finished file; `width` and `height` are upright, `peakBytes` is the peak of WebAssembly memory in use. */
export interface TranscodedJpeg {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly quality: number;
  /** Damage that was tolerated in the source. */
  readonly warnings: number;
  readonly peakBytes: number;
}

/** Upright pixels, row-major, four bytes each, alpha 255. */
export interface DecodedJpeg {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly warnings: number;
  readonly peakBytes: number;
}

/** What the planes are decoded for: see `jpegConfigure` in wasm/jpeg/index.ts. */
const TO_PIXELS = 0;
const TO_FILE_HALF = 1;
const TO_FILE_FULL = 2;

const HEADER_KNOWN = 1;
const DONE = 2;
/** As many bytes as are worth copying at once; the module's window is a little larger. */
const SLICE_BYTES = 65_536;
const QUALITY_MIN_DEFAULT = 40;

/**
 * Decodes `bytes`, resizes to the job's target, turns it upright and encodes it again; YCbCr stays YCbCr throughout.
 * An RGB or gray ICC profile of the source goes along.
 * @throws {JpegFault} when the file cannot be decoded or the job does not fit in memory
 */
export function transcodeJpeg(exports: JpegExports, bytes: Uint8Array, job: JpegJob): TranscodedJpeg {
  const halfChroma = job.subsampling === '4:2:0' ? 1 : 0;
  decode(exports, bytes, job, halfChroma === 1 ? TO_FILE_HALF : TO_FILE_FULL);
  const colour = exports.jpegColour();
  const profile = readIccProfile(bytes, colour === 0 ? 1 : colour > 2 ? 4 : 3);
  const bytesMax = (job.bytesMax ?? Infinity) - (profile === undefined ? 0 : iccSegmentBytes(profile));
  const qualityMin = Math.min(job.qualityMin ?? QUALITY_MIN_DEFAULT, job.quality);
  let quality = job.quality;
  for (;;) {
    const isLast = quality <= qualityMin;
    const parts = encode(exports, quality, halfChroma, isLast ? Infinity : bytesMax);
    if (parts !== undefined) {
      return {
        bytes: joinFile(parts, profile),
        width: exports.jpegOutputWidth(),
        height: exports.jpegOutputHeight(),
        quality,
        warnings: exports.jpegWarnings(),
        peakBytes: exports.jpegPeakBytes(),
      };
    }
    quality = Math.max(qualityMin, quality - Math.max(3, Math.round((quality - qualityMin) / 4)));
  }
}

/**
 * Decodes `bytes` to upright RGBA of the target's size.
 * @throws {JpegFault} when the file cannot be decoded or the job does not fit in memory
 */
export function decodeJpegRgba(exports: JpegExports, bytes: Uint8Array, target: JpegTarget): DecodedJpeg {
  decode(exports, bytes, target, TO_PIXELS);
  const width = exports.jpegOutputWidth();
  const height = exports.jpegOutputHeight();
  const rgba = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row += 16) {
    const at = exports.jpegReadRgba(row);
    if (at === 0) throw new JpegFault('out_of_memory');
    const rows = Math.min(16, height - row);
    rgba.set(new Uint8Array(exports.memory.buffer, at, rows * width * 4), row * width * 4);
  }
  return { rgba, width, height, warnings: exports.jpegWarnings(), peakBytes: exports.jpegPeakBytes() };
}

/** Leaves the resampled planes of the picture in the module. */
function decode(exports: JpegExports, bytes: Uint8Array, target: JpegTarget, output: number): void {
  check(exports.jpegReset());
  let at = 0;
  let status = 0;
  while (status !== DONE) {
    const into = exports.jpegInput();
    const length = Math.min(SLICE_BYTES, exports.jpegSpace(), bytes.length - at);
    new Uint8Array(exports.memory.buffer, into, length).set(bytes.subarray(at, at + length));
    at += length;
    status = check(exports.jpegPush(length, at === bytes.length ? 1 : 0));
    if (status === 0 && at === bytes.length) throw new JpegFault('truncated');
    if (status !== HEADER_KNOWN) continue;
    check(exports.jpegConfigure(target.width, target.height, target.orientation, output));
    status = check(exports.jpegPush(0, at === bytes.length ? 1 : 0));
  }
}

/** The file's parts at `quality`, or `undefined` as soon as they pass `bytesMax`. */
function encode(exports: JpegExports, quality: number, halfChroma: number, bytesMax: number): Uint8Array[] | undefined {
  check(exports.jpegTranscodeBegin(quality, halfChroma));
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const status = check(exports.jpegTranscodeStep());
    const length = exports.jpegOutputLength();
    parts.push(new Uint8Array(exports.memory.buffer, exports.jpegOutput(), length).slice());
    exports.jpegDrained();
    size += length;
    if (size > bytesMax) return undefined;
    if (status === DONE) return parts;
  }
}

function check(status: number): number {
  if (status < 0) throw new JpegFault(FAULT_CODES[status] ?? 'undecodable');
  return status;
}
