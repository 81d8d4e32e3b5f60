/**
 * What kind of picture the bitmap holds, for choosing the output format: flat graphics and text compress well and
 * exactly as PNG, photographs as JPEG. Every fourth row is looked at.
 */
import { rgbaTarget, rgbaTargetHeight, rgbaTargetWidth } from './rgba-target';

const ROW_STEP: i32 = 4;
/** Distinct colours are counted up to this many, by a hash table four times the size. */
const COLOURS_MAX: i32 = 4096;
const SLOT_BITS: u32 = 14;

const slots = memory.data(65536, 16);
let flatPermille: i32 = 0;
let colours: i32 = 0;

/** Measures the `width` · `height` RGBA bitmap at `bitmap`, rows packed; the two getters then give the result. */
export function measureContent(bitmap: usize, width: i32, height: i32): void {
  memory.fill(slots, 0, 4 << SLOT_BITS);
  colours = 0;
  let flat: i64 = 0;
  let pairs: i64 = 0;
  for (let y = 0; y < height; y += ROW_STEP) {
    let at = bitmap + ((<usize>y * <usize>width) << 2);
    const end = at + ((<usize>width) << 2);
    let left = load<u32>(at);
    note(left);
    for (at += 4; at < end; at += 4) {
      const colour = load<u32>(at);
      if (colour == left) flat++;
      else {
        left = colour;
        if (colours < COLOURS_MAX) note(colour);
      }
    }
    pairs += <i64>width - 1;
  }
  flatPermille = pairs ? <i32>((flat * 1000) / pairs) : 1000;
}

function note(colour: u32): void {
  // Zero marks a free slot: transparent black shares its slot with an odd neighbour, which costs one count at most.
  const key = colour ? colour : 1;
  let slot = (key * 0x9e3779b1) >> (32 - SLOT_BITS);
  while (true) {
    const at = slots + ((<usize>slot) << 2);
    const held = load<u32>(at);
    if (held == key) return;
    if (!held) {
      if (colours < COLOURS_MAX) {
        store<u32>(at, key);
        colours++;
      }
      return;
    }
    slot = (slot + 1) & ((1 << SLOT_BITS) - 1);
  }
}

/** Measures the target bitmap. */
export function rgbaMeasure(): void {
  measureContent(rgbaTarget(), rgbaTargetWidth(), rgbaTargetHeight());
}

/** Of a thousand horizontal neighbours, how many have exactly the same colour. */
export function rgbaFlatPermille(): i32 {
  return flatPermille;
}

/** Distinct colours in the rows looked at; 4,096 stands for that many or more. */
export function rgbaColours(): i32 {
  return colours;
}
