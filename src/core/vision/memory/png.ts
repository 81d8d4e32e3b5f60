import type { HeaderFacts } from '../../image/facts.ts';
import type { PngDetail } from '../../image/png.ts';
import { allocated, predictRgbaBytes } from './rgba.ts';
import { CODEC_STATIC_BYTES, RASTER_PIXELS_MAX } from './static.ts';

/** What a PNG's header says, tRNS included. */
export interface PngMemoryFacts {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** As in IHDR: 0, 2, 3, 4 or 6. */
  readonly colourType: number;
  readonly hasTransparency: boolean;
  readonly isInterlaced: boolean;
}

/** The target in stored axes. */
export interface MemoryTarget {
  readonly width: number;
  readonly height: number;
}

const INPUT_BYTES = 65_536 + 16;
const ROW_TAIL = 96;
const INFLATE_TABLE_BYTES = 2_400 * 4 + 640 * 4;
const FEED_BYTES = 65_536 + 640 + 64;
const HISTORY_BYTES = 32_768;
const WINDOW_ROOM = 131_072;
const WINDOW_SLACK = 320;
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Peak bytes of linear memory while a PNG is decoded into its target; equals what the module allocates.
 */
export function predictPngDecodeBytes(facts: PngMemoryFacts, target: MemoryTarget): number {
  const rowBytes = Math.ceil((facts.width * (SAMPLES[facts.colourType] ?? 4) * facts.bitDepth) / 8);
  const room = Math.max(WINDOW_ROOM, (rowBytes + 1) * 2);
  return (
    CODEC_STATIC_BYTES +
    allocated(INPUT_BYTES) +
    2 * allocated(rowBytes + ROW_TAIL) +
    allocated(facts.width * 4 + ROW_TAIL) +
    INFLATE_TABLE_BYTES +
    allocated(FEED_BYTES) +
    allocated(HISTORY_BYTES + room + WINDOW_SLACK) +
    predictRgbaBytes({
      width: facts.width,
      height: facts.height,
      targetWidth: target.width,
      targetHeight: target.height,
      channels: facts.colourType === 2 && !facts.hasTransparency ? 3 : 4,
      mayHaveAlpha: facts.hasTransparency || facts.colourType === 4 || facts.colourType === 6,
      isScattered: facts.isInterlaced,
    })
  );
}

/** The same from the facts of a header; `undefined` beyond the pixels that the module begins with. */
export function pngDecodeBytes(facts: HeaderFacts<PngDetail>, target: MemoryTarget): number | undefined {
  const { storedWidth: width, storedHeight: height, bitDepth, detail } = facts;
  if (width * height > RASTER_PIXELS_MAX) return undefined;
  const colourType = colourTypeOf(facts);
  const hasTransparency = facts.hasAlpha && colourType <= 3;
  return predictPngDecodeBytes({ width, height, bitDepth, colourType, hasTransparency, isInterlaced: detail.isInterlaced }, target);
}

/** As in IHDR (PNG specification, third edition, table 11.1). */
function colourTypeOf({ colourModel, detail: { channels } }: HeaderFacts<PngDetail>): number {
  if (colourModel === 'palette') return 3;
  return channels === 1 ? 0 : channels === 2 ? 4 : channels === 3 ? 2 : 6;
}

const ENCODER_ROW_SLACK = 48;
const ENCODER_OUTPUT_BYTES = 8 + 25 + 780 + 268 + (16_384 * 6 + 512) + 12 + 16 + 12 + 16;
const ENCODER_TABLE_BYTES = 131_072 + 131_072 + 16_386 * 4;

/**
 * Bytes that encoding adds on top of whatever holds the bitmap, at most (a palette or gray needs less). The file itself
 * is collected outside linear memory.
 */
export function predictPngEncodeBytes(target: MemoryTarget): number {
  const rowBytes = target.width * 4;
  return (
    2 * allocated(rowBytes + ENCODER_ROW_SLACK) +
    allocated(ENCODER_OUTPUT_BYTES) +
    allocated(HISTORY_BYTES + WINDOW_ROOM + rowBytes + 1 + 32 + 16) +
    ENCODER_TABLE_BYTES
  );
}
