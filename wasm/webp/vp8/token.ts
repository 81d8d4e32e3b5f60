// Coefficient tokens, RFC 6386 §13: one block of up to 16 coefficients, dequantized as it is read.

import { BoolReader, readBool, refill } from './bool';

/** Bytes of the token partition that one macroblock may take at most: 25 blocks of 16 tokens of at most 17 symbols. */
export const RESIDUE_BYTES_MAX: usize = 6144;

/** Bytes of one context in the probability tables: 11 nodes. */
const CONTEXT_BYTES: usize = 11;

/**
 * Byte offset of the band of each position (coeff_bands, §13.3; a band is 3 contexts); the 17th follows the last
 * coefficient and is never read.
 */
const BAND: usize = memory.data<u16>([0, 33, 66, 99, 198, 132, 165, 198, 198, 198, 198, 198, 198, 198, 198, 231, 0]);
/** Byte offset of each position's 16-bit coefficient in the block (zigzag, §13). */
const ZIGZAG: usize = memory.data<u8>([0, 2, 8, 16, 10, 4, 6, 12, 18, 24, 26, 20, 14, 22, 28, 30]);

/** Pcat3 to Pcat6, §13.2, each ended by a zero. */
const CATEGORY_3: usize = memory.data<u8>([173, 148, 140, 0]);
const CATEGORY_4: usize = memory.data<u8>([176, 155, 140, 135, 0]);
const CATEGORY_5: usize = memory.data<u8>([180, 157, 141, 134, 130, 0]);
const CATEGORY_6: usize = memory.data<u8>([254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129, 0]);

/**
 * Reads one block into `block`, 16 cleared 16-bit numbers in raster order, and gives the position behind its last token.
 *
 * `plane` is the probability table of the block's type, `context` counts the non-empty neighbours, `first` is 1 when the
 * DC is coded elsewhere, `dc` and `ac` are the steps. The decoder's state is kept in locals: this loop is most of the
 * time of a decode.
 */
export function readBlock(reader: BoolReader, plane: usize, context: usize, first: i32, dc: i32, ac: i32, block: usize): i32 {
  let value = reader.value;
  let range = reader.range;
  let bits = reader.bits;
  let position = first;
  let step = first == 0 ? dc : ac;
  let p = plane + <usize>load<u16>(BAND + (position << 1)) + context * CONTEXT_BYTES;

  while (position < 16) {
    if (bits < 0) {
      reader.value = value;
      reader.bits = bits;
      refill(reader);
      value = reader.value;
      bits = reader.bits;
    }
    // Is there a token, or is the block at its end?
    let split = 1 + (((range - 1) * <u32>load<u8>(p)) >> 8);
    let bound = (<u64>split) << 56;
    if (bound > value) {
      const shift = <i32>clz(split) - 24;
      range = split << shift;
      value <<= <u64>shift;
      bits -= shift;
      break;
    }
    value -= bound;
    range -= split;
    let shift = <i32>clz(range) - 24;
    range <<= shift;
    value <<= <u64>shift;
    bits -= shift;

    // Zeros: behind one, the block cannot end.
    for (;;) {
      if (bits < 0) {
        reader.value = value;
        reader.bits = bits;
        refill(reader);
        value = reader.value;
        bits = reader.bits;
      }
      split = 1 + (((range - 1) * <u32>load<u8>(p, 1)) >> 8);
      bound = (<u64>split) << 56;
      if (value >= bound) break;
      shift = <i32>clz(split) - 24;
      range = split << shift;
      value <<= <u64>shift;
      bits -= shift;
      position++;
      step = ac;
      if (position == 16) {
        reader.value = value;
        reader.range = range;
        reader.bits = bits;
        return position;
      }
      p = plane + <usize>load<u16>(BAND + (position << 1));
    }
    value -= bound;
    range -= split;
    shift = <i32>clz(range) - 24;
    range <<= shift;
    value <<= <u64>shift;
    bits -= shift;

    // One, or more?
    if (bits < 0) {
      reader.value = value;
      reader.bits = bits;
      refill(reader);
      value = reader.value;
      bits = reader.bits;
    }
    split = 1 + (((range - 1) * <u32>load<u8>(p, 2)) >> 8);
    bound = (<u64>split) << 56;
    let magnitude = 1;
    const follower = plane + <usize>load<u16>(BAND + (position << 1) + 2);
    if (value >= bound) {
      value -= bound;
      range -= split;
      shift = <i32>clz(range) - 24;
      range <<= shift;
      value <<= <u64>shift;
      bits -= shift;
      reader.value = value;
      reader.range = range;
      reader.bits = bits;
      magnitude = readLarge(reader, p);
      value = reader.value;
      range = reader.range;
      bits = reader.bits;
      p = follower + 2 * CONTEXT_BYTES;
    } else {
      shift = <i32>clz(split) - 24;
      range = split << shift;
      value <<= <u64>shift;
      bits -= shift;
      p = follower + CONTEXT_BYTES;
    }

    // The sign is as good as random: no branch.
    if (bits < 0) {
      reader.value = value;
      reader.bits = bits;
      refill(reader);
      value = reader.value;
      bits = reader.bits;
    }
    split = (range + 1) >> 1;
    bound = (<u64>split) << 56;
    const isNegative = value >= bound;
    const mask = -(<i32>isNegative);
    value -= bound & (<u64>(<i64>mask));
    range = select<u32>(range - split, split, isNegative);
    shift = <i32>clz(range) - 24;
    range <<= shift;
    value <<= <u64>shift;
    bits -= shift;
    store<i16>(block + <usize>load<u8>(ZIGZAG + position), <i16>(((magnitude ^ mask) - mask) * step));
    position++;
    step = ac;
  }
  reader.value = value;
  reader.range = range;
  reader.bits = bits;
  return position;
}

/** The part of coeff_tree (§13.2) that stands for 2 and more. */
function readLarge(reader: BoolReader, p: usize): i32 {
  if (readBool(reader, load<u8>(p, 3)) == 0) {
    if (readBool(reader, load<u8>(p, 4)) == 0) return 2;
    return 3 + readBool(reader, load<u8>(p, 5));
  }
  if (readBool(reader, load<u8>(p, 6)) == 0) {
    if (readBool(reader, load<u8>(p, 7)) == 0) return 5 + readBool(reader, 159);
    const high = readBool(reader, 165);
    return 7 + 2 * high + readBool(reader, 145);
  }
  if (readBool(reader, load<u8>(p, 8)) == 0) {
    return readBool(reader, load<u8>(p, 9)) == 0 ? 11 + readExtra(reader, CATEGORY_3) : 19 + readExtra(reader, CATEGORY_4);
  }
  return readBool(reader, load<u8>(p, 10)) == 0 ? 35 + readExtra(reader, CATEGORY_5) : 67 + readExtra(reader, CATEGORY_6);
}

function readExtra(reader: BoolReader, category: usize): i32 {
  let extra = 0;
  for (let probability = load<u8>(category); probability != 0; probability = load<u8>(++category)) {
    extra = (extra << 1) | readBool(reader, probability);
  }
  return extra;
}
