import { runRgbaJob, type RgbaJob, type RgbaOutcome, type RgbaTargetExports } from './rgba-job.ts';

/** The GIF decoder's exports; see `wasm/gif/index.ts`. */
export interface GifDecoderExports extends RgbaTargetExports {
  gifReset(): number;
  gifInput(): number;
  gifSpace(): number;
  gifPush(bytes: number, isFinal: number): number;
  gifConfigure(targetWidth: number, targetHeight: number, orientation: number, background: number): number;
  gifWidth(): number;
  gifHeight(): number;
  gifMayHaveAlpha(): number;
  gifWarnings(): number;
}

/** Decodes a GIF's first frame, on its canvas, into the module's target bitmap, resized and upright. */
export function decodeGifToTarget(exports: GifDecoderExports, bytes: Uint8Array, job: RgbaJob): RgbaOutcome {
  return runRgbaJob(
    exports,
    {
      reset: exports.gifReset,
      input: exports.gifInput,
      space: exports.gifSpace,
      push: exports.gifPush,
      configure: exports.gifConfigure,
      mayHaveAlpha: exports.gifMayHaveAlpha,
      warnings: exports.gifWarnings,
    },
    bytes,
    job,
  );
}
