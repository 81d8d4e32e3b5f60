/**
 * What the drivers of PNG, GIF and WebP share: the shape of a job; for PNG and GIF also pushing a file through a streaming
 * decoder of the WebAssembly module and viewing the bitmap it leaves there. Pure compute; the instance belongs to the
 * caller, who drops it after a big job.
 */

/** What to make of a picture. Sizes are in stored axes, before the orientation; the bitmap comes out upright. */
export interface RgbaJob {
  readonly targetWidth: number;
  readonly targetHeight: number;
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
  /** 0xRRGGBB to flatten on; absent: alpha is kept. */
  readonly background?: number;
}

/** Why a picture could not be decoded. The codec never throws for what is in the bytes. */
export type RgbaFailure = 'undecodable' | 'truncated' | 'unsupported' | 'out_of_memory' | 'work_bound';

export interface DecodedRgba {
  readonly kind: 'decoded';
  /** Upright size in pixels. */
  readonly width: number;
  readonly height: number;
  /** True when the bitmap may hold alpha other than 255. */
  readonly hasAlpha: boolean;
  /** Faults in the file that were tolerated. */
  readonly warnings: number;
  /** Highest address in use inside linear memory, in bytes. */
  readonly peakBytes: number;
  /** RGBA, row-major, 4 · width bytes a row. A view into the module's memory: gone at its next job, and when encoding makes the memory grow. */
  readonly rgba: Uint8Array;
}

export type RgbaOutcome = DecodedRgba | { readonly kind: 'failed'; readonly reason: RgbaFailure };

/** What the module exports for the bitmap, whichever decoder filled it. */
export interface RgbaTargetExports {
  readonly memory: WebAssembly.Memory;
  peak(): number;
  rgbaTarget(): number;
  rgbaTargetWidth(): number;
  rgbaTargetHeight(): number;
  rgbaTargetStride(): number;
}

/** One streaming decoder of the module, its export names without the prefix. */
export interface StreamingDecoder {
  reset(): number;
  input(): number;
  space(): number;
  push(bytes: number, isFinal: number): number;
  configure(targetWidth: number, targetHeight: number, orientation: number, background: number): number;
  mayHaveAlpha(): number;
  warnings(): number;
}

const NEED_INPUT = 0;
const HEADER_KNOWN = 1;
const DONE = 2;
const KEEP_ALPHA = -1;

const FAILURE_BY_STATUS: Readonly<Record<number, RgbaFailure>> = {
  [-1]: 'undecodable',
  [-2]: 'truncated',
  [-3]: 'unsupported',
  [-4]: 'out_of_memory',
  [-5]: 'work_bound',
};

function failed(status: number): RgbaOutcome {
  return { kind: 'failed', reason: FAILURE_BY_STATUS[status] ?? 'undecodable' };
}

/** Runs `decoder` over `bytes`. Takes time by bytes and declared pixels, and memory by the plan of core/vision/memory. */
export function runRgbaJob(target: RgbaTargetExports, decoder: StreamingDecoder, bytes: Uint8Array, job: RgbaJob): RgbaOutcome {
  let status = decoder.reset();
  let offset = 0;
  while (status === NEED_INPUT) {
    const taken = Math.min(decoder.space(), bytes.length - offset);
    new Uint8Array(target.memory.buffer, decoder.input(), taken).set(bytes.subarray(offset, offset + taken));
    offset += taken;
    const isFinal = offset === bytes.length;
    status = decoder.push(taken, isFinal ? 1 : 0);
    if (status === HEADER_KNOWN) {
      const background = job.background ?? KEEP_ALPHA;
      status = decoder.configure(job.targetWidth, job.targetHeight, job.orientation, background);
      if (status === NEED_INPUT) status = decoder.push(0, isFinal ? 1 : 0);
    }
    if (status === NEED_INPUT && (isFinal || decoder.space() === 0)) return failed(-2);
  }
  if (status !== DONE) return failed(status);
  const width = target.rgbaTargetWidth();
  const height = target.rgbaTargetHeight();
  return {
    kind: 'decoded',
    width,
    height,
    hasAlpha: decoder.mayHaveAlpha() !== 0 && job.background === undefined,
    warnings: decoder.warnings(),
    peakBytes: target.peak(),
    rgba: new Uint8Array(target.memory.buffer, target.rgbaTarget(), height * target.rgbaTargetStride()),
  };
}
