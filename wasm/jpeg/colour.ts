/** Which colours the components are, by the rules that libjpeg set where T.81 is silent. */
import { component, componentCount } from './frame';

export const GRAY: i32 = 0;
export const YCBCR: i32 = 1;
export const RGB: i32 = 2;
export const CMYK: i32 = 3;
export const YCCK: i32 = 4;
/** Two components: nobody knows what they mean. */
export const UNKNOWN: i32 = -1;

let hasJfif: bool = false;
let adobeTransform: i32 = -1;

/** Forgets the previous file. */
export function resetColour(): void {
  hasJfif = false;
  adobeTransform = -1;
}

/** Looks into an APP0 or APP14 segment's first bytes, `bytes` of them. */
export function noteApplicationSegment(marker: i32, at: usize, bytes: i32): void {
  if (marker == 0xe0 && bytes >= 5 && load<u32>(at) == 0x4649464a && load<u8>(at, 4) == 0) hasJfif = true;
  if (marker == 0xee && bytes >= 12 && load<u32>(at) == 0x626f6441 && load<u8>(at, 4) == 0x65) {
    adobeTransform = load<u8>(at, 11);
  }
}

/**
 * One of the constants above. Inks are stored inverted in every file: Adobe's segment only tells CMYK from YCCK, and editors
 * that strip metadata leave inverted CMYK without it.
 */
export function colourModel(): i32 {
  if (componentCount == 1) return GRAY;
  if (componentCount == 4) return adobeTransform > 0 ? YCCK : CMYK;
  if (componentCount != 3) return UNKNOWN;
  if (hasJfif) return YCBCR;
  if (adobeTransform >= 0) return adobeTransform == 0 ? RGB : YCBCR;
  const isNamed = component(0).identifier == 0x52 && component(1).identifier == 0x47 && component(2).identifier == 0x42;
  return isNamed ? RGB : YCBCR;
}
