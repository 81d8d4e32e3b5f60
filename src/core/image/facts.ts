/** The words in which header readers report, and their one form of fault. */
import { Fault } from '../fault.ts';

/** EXIF orientation, tag 0x0112: how the stored rows are to be turned to stand upright (1: as they are). */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export type ColourModel = 'gray' | 'rgb' | 'palette' | 'ycbcr' | 'cmyk' | 'ycck';

/**
 * What a header reader gives; sizes are those of the stored rows, before orientation. `Detail`: what only one format has, and what
 * decides whether and how it can be decoded.
 */
export interface HeaderFacts<Detail extends { readonly format: string }> {
  readonly storedWidth: number;
  readonly storedHeight: number;
  readonly orientation: Orientation;
  readonly hasAlpha: boolean;
  /** Pictures in an animation; 1 for a still one. Claude sees only the first. */
  readonly frames: number;
  /** Bits a sample. */
  readonly bitDepth: number;
  readonly colourModel: ColourModel;
  readonly detail: Detail;
  /**
   * The file ends before its (first) picture does, as far as its container tells; how much is missing, only decoding it does. For a JPEG:
   * no end marker stands near the file's end.
   */
  readonly isCutOff?: true;
  /** The container breaks a rule that lenient readers overlook and others, Claude among them, may not: it is written again, not passed on. */
  readonly isMalformed?: true;
}

/** Whether an orientation exchanges width and height (5 to 8 do). */
export function swapsAxes(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** A header fault in one form: what is wrong, and what to do. */
export function undecodable(format: string, reason: string): Fault {
  return new Fault('image_undecodable', `The ${format} file cannot be read: ${reason}. Check that it is complete and opens elsewhere, or save it again.`);
}
