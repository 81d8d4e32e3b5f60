import type { MemoryTarget } from './png.ts';
import { allocated, predictRgbaBytes, STATIC_BYTES } from './rgba.ts';

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
export function predictGifDecodeBytes(facts: GifMemoryFacts, target: MemoryTarget, staticBytes = STATIC_BYTES): number {
  return (
    staticBytes +
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
