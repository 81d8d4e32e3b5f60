import type { HeaderFacts } from '../../image/facts.ts';
import type { GifDetail } from '../../image/gif.ts';
import type { MemoryTarget } from './png.ts';
import { allocated, predictRgbaBytes } from './rgba.ts';
import { CODEC_STATIC_BYTES, RASTER_PIXELS_MAX } from './static.ts';

/** What a GIF's header and first image descriptor say. Sizes are the canvas. */
export interface GifMemoryFacts {
  readonly width: number;
  readonly height: number;
  readonly isInterlaced: boolean;
}

const INPUT_BYTES = 65_536 + 16;
const LZW_TABLE_BYTES = 4_096 * (8 + 2 + 2 + 1);
const LZW_OUTPUT_BYTES = 65_536 + 4_112;
const ROW_TAIL = 96;

/** Peak bytes of linear memory while a GIF's first frame is decoded into its target; equals what the module allocates. */
export function predictGifDecodeBytes(facts: GifMemoryFacts, target: MemoryTarget): number {
  return (
    CODEC_STATIC_BYTES +
    allocated(INPUT_BYTES) +
    LZW_TABLE_BYTES +
    LZW_OUTPUT_BYTES +
    allocated(facts.width * 4 + ROW_TAIL) +
    predictRgbaBytes({
      width: facts.width,
      height: facts.height,
      targetWidth: target.width,
      targetHeight: target.height,
      channels: 4,
      mayHaveAlpha: true,
      isScattered: facts.isInterlaced,
    })
  );
}

/** The same from the facts of a header; `undefined` beyond the pixels that the module begins with. */
export function gifDecodeBytes({ storedWidth: width, storedHeight: height, detail }: HeaderFacts<GifDetail>, target: MemoryTarget): number | undefined {
  return width * height > RASTER_PIXELS_MAX ? undefined : predictGifDecodeBytes({ width, height, isInterlaced: detail.isInterlaced }, target);
}
