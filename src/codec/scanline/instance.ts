/**
 * Instances of the codec module. A clean one is kept for the next picture; after any fault it is dropped, so that nothing of
 * one picture reaches the next, and after a large job too, since WebAssembly memory never shrinks.
 */
import type { ContentExports } from './content.ts';
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
}

export type ScanlineExports = SharedExports & ContentExports & JpegExports & PngDecoderExports & PngEncoderExports & GifDecoderExports & WebpExports;

/** A fresh instance. Its memory begins at 512 KiB and can never pass 64 MiB. */
export function instantiate(module: WebAssembly.Module): ScanlineExports {
  return new WebAssembly.Instance(module, {}).exports as unknown as ScanlineExports;
}

/** Memory that an idle instance may hold on to: a 12-megapixel photograph takes 3 to 12 MB. */
const IDLE_BYTES_MAX = 16 * 1024 * 1024;

/** The idle instance of a module, if there is one. */
const idle = new WeakMap<WebAssembly.Module, ScanlineExports>();

/**
 * Runs a job on an instance of its own. The job must be synchronous: that is what keeps two pictures from
 * sharing an instance, and an isolate from decoding two at once.
 */
export function withInstance<T>(module: WebAssembly.Module, job: (exports: ScanlineExports) => T): T {
  const exports = idle.get(module) ?? instantiate(module);
  idle.delete(module);
  const result = job(exports);
  // Reached only without a fault.
  if (exports.memory.buffer.byteLength <= IDLE_BYTES_MAX) idle.set(module, exports);
  return result;
}
