/**
 * The decoded picture into the encoder.
 *
 * YCbCr and gray planes are coded as they lie, block by block. Other colours go through RGBA rows, a strip at a time; so do YCbCr
 * ones of another RGB space than sRGB.
 */
import { beginRun, encodeMcuRow, encoderPlane, openEncoder, runIsComplete, setEncoderTurn } from '../encode/jpeg';
import { openStrip, restartStrip, rowsToStripEnd, takeRow } from '../encode/jpeg-strip';
import { colourConvert, colourConvertGray } from '../resample/rgba-colour';
import { PADDING } from '../resample/plane';
import { colourModel, GRAY, YCBCR } from './colour';
import { component, componentCount } from './frame';
import { readRows, uprightHeight, uprightWidth } from './picture';
import { DONE, OUT_OF_MEMORY, OUTPUT_READY, UNDECODABLE } from './status';
import { chromaIsHalf, flipsX, flipsY, swapsAxes, targetOrientation } from './target';

let isOpen: bool = false;
let usesStrips: bool = false;
let convertsColours: bool = false;
let nextRow: i32 = 0;

/** Forgets the previous job's encoder. */
export function resetTranscoder(): void {
  isOpen = false;
  convertsColours = false;
}

/** Colours are converted on the way, by the tables of `colourTables`; before the first run of a job, whose chroma is of full size. */
export function convertColours(): void {
  convertsColours = true;
}

/** Begins a run at `quality` 1 to 100; the first one of a job allocates. False when memory is exhausted. */
export function beginTranscode(quality: i32, halfChroma: bool): bool {
  const isAgain = isOpen;
  const model = colourModel();
  usesStrips = model != GRAY && (model != YCBCR || convertsColours);
  nextRow = 0;
  if (!isAgain) {
    isOpen = usesStrips ? openStrip(uprightWidth(), uprightHeight(), quality, halfChroma) : openPlanes();
    if (!isOpen) return false;
  }
  if (!usesStrips) beginRun(quality);
  else if (isAgain) restartStrip(quality);
  return true;
}

function openPlanes(): bool {
  const turn = targetOrientation();
  if (!openEncoder(uprightWidth(), uprightHeight(), colourModel() == GRAY, chromaIsHalf())) return false;
  setEncoderTurn(swapsAxes(turn), flipsX(turn), flipsY(turn));
  for (let i = 0; i < componentCount; i++) {
    const from = component(i).plane;
    const into = encoderPlane(i);
    into.data = from.output;
    into.stride = from.outputStride;
    into.width = from.outputWidth;
    into.height = from.outputHeight;
    // The border that is repeated around the picture too.
    if (convertsColours) colourConvertGray(from.output - PADDING * from.outputStride - PADDING, from.outputStride * (from.outputHeight + 2 * PADDING));
  }
  return true;
}

/** Codes one more MCU row: OUTPUT_READY, DONE with the last bytes; OUT_OF_MEMORY; UNDECODABLE when no run was begun. */
export function stepTranscode(): i32 {
  if (!isOpen) return UNDECODABLE;
  if (runIsComplete()) return DONE;
  if (usesStrips) {
    const count = rowsToStripEnd();
    const rows = readRows(nextRow);
    if (rows == 0) return OUT_OF_MEMORY;
    if (convertsColours) colourConvert(rows, count * uprightWidth());
    for (let y = 0; y < count; y++) takeRow(rows + <usize>(4 * uprightWidth() * y));
    nextRow += count;
  } else {
    encodeMcuRow(0);
  }
  return runIsComplete() ? DONE : OUTPUT_READY;
}
