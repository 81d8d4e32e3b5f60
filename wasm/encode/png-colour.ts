/**
 * Chooses the smallest PNG colour type that holds the bitmap exactly: palette of at most 256 colours (with tRNS), gray,
 * RGB, gray with alpha, RGBA. One pass over the pixels, which stops early once nothing is left to find out.
 */

export const KIND_GRAY: i32 = 0;
export const KIND_RGB: i32 = 2;
export const KIND_PALETTE: i32 = 3;
export const KIND_GRAY_ALPHA: i32 = 4;
export const KIND_RGBA: i32 = 6;

const PALETTE_MAX: i32 = 256;
const SLOTS: u32 = 1024;

/** Hash table from colour to palette index: colour, index + 1 (0: free). */
const slots = memory.data(8192, 16);
/** The palette's RGBA colours, translucent ones first so that tRNS is as short as can be. */
export const palette = memory.data(1024, 16);
export let paletteCount: i32 = 0;
/** Palette entries that are not opaque. */
export let translucentCount: i32 = 0;
export let kind: i32 = KIND_RGBA;
export let sampleBits: i32 = 8;

@inline
function slotOf(colour: u32): usize {
  let slot = (colour * 0x9e3779b1) >> 22;
  while (true) {
    const at = slots + (<usize>slot << 3);
    if (!load<u32>(at, 4) || load<u32>(at) == colour) return at;
    slot = (slot + 1) & (SLOTS - 1);
  }
}

/** Index of a colour that is in the palette. */
export function paletteIndex(colour: u32): u32 {
  return load<u32>(slotOf(colour), 4) - 1;
}

/** Looks at `pixels` RGBA pixels at `from` and sets `kind`, `sampleBits` and the palette. */
export function chooseColour(from: usize, pixels: i32): void {
  memory.fill(slots, 0, 8192);
  paletteCount = translucentCount = 0;
  let isGray = true;
  let isOpaque = true;
  let last: u32 = 0;
  const end = from + (<usize>pixels << 2);
  for (let at = from; at < end; at += 4) {
    const colour = load<u32>(at);
    if (colour == last && at != from) continue;
    last = colour;
    if (colour < 0xff000000) isOpaque = false;
    if (isGray && ((colour ^ (colour >> 8)) & 0xffff)) isGray = false;
    if (paletteCount <= PALETTE_MAX) addColour(colour);
    else if (!isGray && !isOpaque) break;
  }
  sampleBits = 8;
  if (paletteCount <= PALETTE_MAX && (paletteCount <= 16 || !isGray || !isOpaque)) {
    kind = KIND_PALETTE;
    sampleBits = paletteCount <= 2 ? 1 : paletteCount <= 4 ? 2 : paletteCount <= 16 ? 4 : 8;
    orderPalette();
  } else if (isGray) kind = isOpaque ? KIND_GRAY : KIND_GRAY_ALPHA;
  else kind = isOpaque ? KIND_RGB : KIND_RGBA;
}

@inline
function addColour(colour: u32): void {
  const at = slotOf(colour);
  if (load<u32>(at, 4)) return;
  if (paletteCount < PALETTE_MAX) {
    store<u32>(at, colour);
    store<u32>(at, paletteCount + 1, 4);
    store<u32>(palette + (<usize>paletteCount << 2), colour);
  }
  paletteCount++;
}

/** Insertion sort by alpha, then green: neighbours in the palette then are neighbours in brightness. */
function orderPalette(): void {
  for (let i = 1; i < paletteCount; i++) {
    const colour = load<u32>(palette + (<usize>i << 2));
    let hole = i;
    while (hole > 0 && rank(load<u32>(palette + (<usize>(hole - 1) << 2))) > rank(colour)) {
      store<u32>(palette + (<usize>hole << 2), load<u32>(palette + (<usize>(hole - 1) << 2)));
      hole--;
    }
    store<u32>(palette + (<usize>hole << 2), colour);
  }
  for (let i = 0; i < paletteCount; i++) {
    const colour = load<u32>(palette + (<usize>i << 2));
    store<u32>(slotOf(colour), i + 1, 4);
    if (colour < 0xff000000) translucentCount++;
  }
}

@inline
function rank(colour: u32): u32 {
  return (colour & 0xff000000) | ((colour & 0xff00) << 8) | ((colour & 0xff) << 8) | ((colour >> 16) & 0xff);
}

/** Channels of a stored pixel. */
export function channels(): i32 {
  if (kind == KIND_RGB) return 3;
  if (kind == KIND_RGBA) return 4;
  return kind == KIND_GRAY_ALPHA ? 2 : 1;
}

/** Packs `pixels` RGBA pixels to stored samples at `to`. Writes up to 16 bytes past the end. */
export function packRow(from: usize, to: usize, pixels: i32): void {
  const end = from + (<usize>pixels << 2);
  if (kind == KIND_RGBA) memory.copy(to, from, end - from);
  else if (kind == KIND_RGB) {
    for (; from < end; from += 16, to += 12) {
      const four = v128.load(from);
      v128.store(to, v128.shuffle<i8>(four, four, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0));
    }
  } else if (kind == KIND_GRAY) {
    for (; from < end; from += 4) store<u8>(to++, load<u8>(from));
  } else if (kind == KIND_GRAY_ALPHA) {
    for (; from < end; from += 4, to += 2) {
      store<u8>(to, load<u8>(from));
      store<u8>(to, load<u8>(from, 3), 1);
    }
  } else packIndices(from, to, end);
}

function packIndices(from: usize, to: usize, end: usize): void {
  let byte: u32 = 0;
  let room = 8;
  let last: u32 = load<u32>(from);
  let index = paletteIndex(last);
  for (; from < end; from += 4) {
    const colour = load<u32>(from);
    if (colour != last) {
      last = colour;
      index = paletteIndex(colour);
    }
    room -= sampleBits;
    byte |= index << room;
    if (!room) {
      store<u8>(to++, <u8>byte);
      byte = 0;
      room = 8;
    }
  }
  if (room < 8) store<u8>(to, <u8>byte);
}
