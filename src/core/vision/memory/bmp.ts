import type { BmpDetail } from '../../image/bmp.ts';
import type { HeaderFacts } from '../../image/facts.ts';
import type { MemoryTarget } from './png.ts';
import { allocated, predictRgbaBytes } from './rgba.ts';
import { CODEC_STATIC_BYTES, RASTER_PIXELS_MAX } from './static.ts';

const INPUT_BYTES = 65_536 + 16;
const ROW_TAIL = 96;

/**
 * Peak bytes of linear memory while a BMP is decoded into its target; equals what the module allocates. `undefined` beyond the pixels that
 * the module begins with.
 */
export function bmpDecodeBytes({ storedWidth: width, storedHeight: height, hasAlpha }: HeaderFacts<BmpDetail>, target: MemoryTarget): number | undefined {
  if (width * height > RASTER_PIXELS_MAX) return undefined;
  return (
    CODEC_STATIC_BYTES +
    allocated(INPUT_BYTES) +
    // One row as it is stored, at 32 bits a pixel at most, and one of RGBA.
    2 * allocated(width * 4 + ROW_TAIL) +
    predictRgbaBytes({ width, height, targetWidth: target.width, targetHeight: target.height, channels: 4, mayHaveAlpha: hasAlpha, isScattered: false })
  );
}
