/** A small gray version of a picture, upright and on white, for its perceptual hash. */
import type { ImageInfo } from '../../core/image/info.ts';
import type { IdleMemory } from '../../port/memory.ts';
import { type ScanlineExports, withInstance } from './instance.ts';
import { decodeJpegRgba } from './jpeg.ts';
import { decodeRgba } from './rgba-decode.ts';

const WHITE = 0xffffff;

/**
 * `sidePx`² gray pixels, row-major, whatever the shape of the picture; `undefined` where our codec does not read it. The caller
 * has planned the memory.
 */
export function grayThumbnail(
  module: WebAssembly.Module,
  bytes: Uint8Array<ArrayBuffer>,
  info: ImageInfo,
  sidePx: number,
  memory?: IdleMemory,
): Uint8Array | undefined {
  const job = (exports: ScanlineExports) => {
    const { format } = info;
    if (format === 'jpeg') {
      return toGray(decodeJpegRgba(exports, bytes, { width: sidePx, height: sidePx, orientation: info.orientation }).rgba);
    }
    const target = { targetWidth: sidePx, targetHeight: sidePx, orientation: info.orientation, background: WHITE };
    const outcome = decodeRgba(exports, bytes, format, target);
    return outcome.kind === 'failed' ? undefined : toGray(outcome.rgba);
  };
  return withInstance(module, job, memory);
}

/** Luma of ITU-R BT.601-7 §2.5.1, in 256ths. */
function toGray(rgba: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: rgba.length / 4 }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = rgba.subarray(at * 4, at * 4 + 3);
    return (77 * red + 150 * green + 29 * blue) >> 8;
  });
}
