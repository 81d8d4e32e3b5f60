/**
 * jSquash's resizer: Lanczos3 on 8-bit samples. Its defaults (linear light, float) lighten text and take four times the memory.
 *
 * The package's own API keeps one instance for the life of the isolate, whose memory never shrinks: after a picture of 5 megapixels
 * it holds 62.6 MiB for good, half of what an isolate has. So its module is instantiated here for each picture, and dropped.
 */
import type { Size } from '../../core/vision/tier.ts';
import { type Bitmap, isOpaque, premultiply, unpremultiply } from '../bitmap.ts';
import type { PeakCounter } from '../peak.ts';
import { type BindgenExports, readResult, withArgument } from './bindgen.ts';

interface ResizeExports extends BindgenExports {
  resize(
    result: number,
    pointer: number,
    length: number,
    width: number,
    height: number,
    targetWidth: number,
    targetHeight: number,
    kernel: number,
    premultiplies: number,
    isLinear: number,
  ): void;
}

const LANCZOS3 = 3;

/** Resizes; takes over the bitmap, whose samples it may change. */
export function resize(module: WebAssembly.Module, bitmap: Bitmap, target: Size, peak: PeakCounter): Bitmap {
  const isTransparent = !isOpaque(bitmap);
  if (isTransparent) premultiply(bitmap);
  const exports = new WebAssembly.Instance(module, {}).exports as unknown as ResizeExports;
  const slot = exports.__wbindgen_add_to_stack_pointer(-16);
  exports.resize(slot, withArgument(exports, bitmap.data), bitmap.data.length, bitmap.width, bitmap.height, target.width, target.height, LANCZOS3, 0, 0);
  const resized = { width: target.width, height: target.height, data: readResult(exports, slot) };
  peak.hold(exports.memory.buffer.byteLength + resized.data.length);
  peak.drop(exports.memory.buffer.byteLength + bitmap.data.length);
  if (isTransparent) unpremultiply(resized);
  return resized;
}
