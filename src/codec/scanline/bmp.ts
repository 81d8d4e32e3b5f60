import { runRgbaJob, type RgbaJob, type RgbaOutcome, type RgbaTargetExports } from './rgba-job.ts';

/** The BMP decoder's exports; see `wasm/bmp/index.ts`. */
export interface BmpDecoderExports extends RgbaTargetExports {
  bmpReset(): number;
  bmpIgnoreAlpha(): void;
  bmpInput(): number;
  bmpSpace(): number;
  bmpPush(bytes: number, isFinal: number): number;
  bmpConfigure(targetWidth: number, targetHeight: number, orientation: number, background: number): number;
  bmpMayHaveAlpha(): number;
  bmpIsAllClear(): number;
  bmpWarnings(): number;
}

/**
 * Decodes a BMP into the module's target bitmap, resized and upright. Where its mask for alpha gives 0 for every pixel, which writers do that
 * mean an opaque picture, it is decoded once more without.
 */
export function decodeBmpToTarget(exports: BmpDecoderExports, bytes: Uint8Array, job: RgbaJob): RgbaOutcome {
  const outcome = run(exports, bytes, job, exports.bmpReset);
  if (outcome.kind === 'failed' || exports.bmpIsAllClear() === 0) return outcome;
  return run(exports, bytes, job, () => {
    const status = exports.bmpReset();
    exports.bmpIgnoreAlpha();
    return status;
  });
}

function run(exports: BmpDecoderExports, bytes: Uint8Array, job: RgbaJob, reset: () => number): RgbaOutcome {
  return runRgbaJob(
    exports,
    {
      reset,
      input: exports.bmpInput,
      space: exports.bmpSpace,
      push: exports.bmpPush,
      configure: exports.bmpConfigure,
      mayHaveAlpha: exports.bmpMayHaveAlpha,
      warnings: exports.bmpWarnings,
    },
    bytes,
    job,
  );
}
