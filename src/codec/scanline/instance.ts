/**
 * Instances of the codec module. A clean one is kept for the next picture, with the memory that it has grown to: faulting that memory in
 * again costs a large picture as much time as its decoding. It is dropped after any fault, so that nothing of one picture reaches
 * the next, and when the isolate needs the room.
 */
import type { IdleMemory } from '../../port/memory.ts';
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

/** Where nobody accounts for memory, an idle instance keeps what it has. */
const UNACCOUNTED: IdleMemory = { keepIdle: () => undefined };

/** The idle instance of a module, if there is one. */
const idle = new WeakMap<WebAssembly.Module, ScanlineExports>();

/**
 * Runs a job on an instance of its own. The job must be synchronous: that is what keeps two pictures from
 * sharing an instance, and an isolate from decoding two at once. `memory` is told what stays allocated afterwards.
 */
export function withInstance<T>(module: WebAssembly.Module, job: (exports: ScanlineExports) => T, memory = UNACCOUNTED): T {
  const exports = idle.get(module) ?? instantiate(module);
  const drop = () => idle.delete(module);
  drop();
  let isClean = false;
  try {
    const result = job(exports);
    isClean = true;
    idle.set(module, exports);
    return result;
  } finally {
    memory.keepIdle(isClean ? exports.memory.buffer.byteLength : 0, drop);
  }
}
