import { runRgbaJob, type RgbaJob, type RgbaOutcome, type RgbaTargetExports } from './rgba-job.ts';

/** The PNG decoder's exports; see `wasm/png/index.ts`. */
export interface PngDecoderExports extends RgbaTargetExports {
  pngReset(): number;
  pngInput(): number;
  pngSpace(): number;
  pngPush(bytes: number, isFinal: number): number;
  pngConfigure(targetWidth: number, targetHeight: number, orientation: number, background: number): number;
  pngWidth(): number;
  pngHeight(): number;
  pngColourType(): number;
  pngIsInterlaced(): number;
  pngMayHaveAlpha(): number;
  pngWarnings(): number;
}

/** Decodes a PNG (or an APNG's default image) into the module's target bitmap, resized and upright. */
export function decodePngToTarget(exports: PngDecoderExports, bytes: Uint8Array, job: RgbaJob): RgbaOutcome {
  return runRgbaJob(
    exports,
    {
      reset: exports.pngReset,
      input: exports.pngInput,
      space: exports.pngSpace,
      push: exports.pngPush,
      configure: exports.pngConfigure,
      mayHaveAlpha: exports.pngMayHaveAlpha,
      warnings: exports.pngWarnings,
    },
    bytes,
    job,
  );
}
