/**
 * Instances of the codec module. Every job gets its own and drops it: no fault of one picture reaches the next, and
 * WebAssembly memory, which never shrinks, goes with it. Making one takes well under a millisecond.
 */
import type { GifDecoderExports } from './gif.ts';
import type { JpegExports } from './jpeg.ts';
import type { PngEncoderExports } from './png-encode.ts';
import type { PngDecoderExports } from './png.ts';
import type { WebpExports } from './webp.ts';

/** What the module exports beside its decoders and encoders. */
interface SharedExports {
  readonly memory: WebAssembly.Memory;
  /** Highest address in use since the job began, in bytes. */
  peak(): number;
  webpTargetBegin(width: number, height: number, orientation: number, background: number, mayHaveAlpha: number): number;
  webpTargetRows(): void;
  rgbaMeasure(): void;
  rgbaFlatPermille(): number;
}

export type ScanlineExports = SharedExports & JpegExports & PngDecoderExports & PngEncoderExports & GifDecoderExports & WebpExports;

/** A fresh instance. Its memory begins at 512 KiB and can never pass 64 MiB. */
export function instantiate(module: WebAssembly.Module): ScanlineExports {
  return new WebAssembly.Instance(module, {}).exports as unknown as ScanlineExports;
}
