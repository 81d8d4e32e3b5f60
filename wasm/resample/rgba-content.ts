/**
 * What a bitmap holds, for choosing the output format: how much horizontal neighbours differ, and how many colours there
 * are. Every fourth row is looked at. The host decides by these numbers.
 */

const ROW_STEP: i32 = 4;
/** Colours are counted up to one more than a PNG palette holds, by a hash table four times the size. */
const COLOURS_MAX: i32 = 257;
const SLOT_BITS: u32 = 10;
/** The largest difference of a channel, from which on two neighbours differ clearly, and strongly. */
const CLEAR_FROM: i8 = 9;
const STRONG_FROM: i8 = 32;

const slots = memory.data(4096, 16);
let colours: i32 = 0;
let pairs: i32 = 0;
let equal: i32 = 0;
let clearOrStrong: i32 = 0;
let strong: i32 = 0;

/** Measures the `width` · `height` RGBA bitmap at `bitmap`, rows packed; the getters then give the result. */
export function rgbaMeasure(bitmap: usize, width: i32, height: i32): void {
  memory.fill(slots, 0, 4 << SLOT_BITS);
  colours = pairs = equal = clearOrStrong = strong = 0;
  for (let y = 0; y < height; y += ROW_STEP) {
    const row = bitmap + ((<usize>y * <usize>width) << 2);
    comparePairs(row, width - 1);
    if (colours < COLOURS_MAX) noteRow(row, width);
  }
}

/** Counts the `count` pairs of neighbours from `at`, four at a time; those after the last whole four are left out. */
function comparePairs(at: usize, count: i32): void {
  if (count < 4) {
    for (let i = 0; i < count; i++, at += 4) if (load<u32>(at) == load<u32>(at, 4)) equal++;
    else strong++, clearOrStrong++;
    pairs += count;
    return;
  }
  const whole = count & ~3;
  const end = at + ((<usize>whole) << 2);
  const clearFrom = i8x16.splat(CLEAR_FROM);
  const strongFrom = i8x16.splat(STRONG_FROM);
  const zero = i32x4.splat(0);
  let equals = zero;
  let faints = zero;
  let weaks = zero;
  for (; at < end; at += 16) {
    const left = v128.load(at);
    const right = v128.load(at, 4);
    const difference = v128.or(i8x16.sub_sat_u(left, right), i8x16.sub_sat_u(right, left));
    // Each comparison gives -1 where it holds.
    equals = i32x4.sub(equals, i32x4.eq(left, right));
    faints = i32x4.sub(faints, i32x4.eq(i8x16.ge_u(difference, clearFrom), zero));
    weaks = i32x4.sub(weaks, i32x4.eq(i8x16.ge_u(difference, strongFrom), zero));
  }
  pairs += whole;
  equal += sumLanes(equals);
  clearOrStrong += whole - sumLanes(faints);
  strong += whole - sumLanes(weaks);
}

@inline
function sumLanes(four: v128): i32 {
  return i32x4.extract_lane(four, 0) + i32x4.extract_lane(four, 1) + i32x4.extract_lane(four, 2) + i32x4.extract_lane(four, 3);
}

function noteRow(at: usize, width: i32): void {
  const end = at + ((<usize>width) << 2);
  let last = ~load<u32>(at);
  for (; at < end; at += 4) {
    const colour = load<u32>(at);
    if (colour == last) continue;
    last = colour;
    note(colour);
    if (colours == COLOURS_MAX) return;
  }
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
      store<u32>(at, key);
      colours++;
      return;
    }
    slot = (slot + 1) & ((1 << SLOT_BITS) - 1);
  }
}

/** Pairs of neighbours that were compared. */
export function rgbaPairs(): i32 {
  return pairs;
}

/** Pairs of exactly the same colour. */
export function rgbaEqualPairs(): i32 {
  return equal;
}

/** Pairs of which a channel differs by 9 to 31 levels, and none by more. */
export function rgbaClearPairs(): i32 {
  return clearOrStrong - strong;
}

/** Pairs of which a channel differs by 32 levels or more. */
export function rgbaStrongPairs(): i32 {
  return strong;
}

/** Distinct colours in the rows looked at; 257 stands for that many or more. */
export function rgbaColours(): i32 {
  return colours;
}
