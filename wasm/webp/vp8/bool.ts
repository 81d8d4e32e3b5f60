// The boolean decoder, RFC 6386 §7, over a window of the file.

import { Source } from '../source';

/** A boolean decoder. `value` holds the bits of the stream from its top; the 8 topmost are compared with the split. */
@unmanaged
export class BoolReader extends Source {
  value: u64;
  /** 128 to 255 between symbols. */
  range: u32;
  /** Valid bits in `value` beyond the 8 that the next symbol needs; negative when bytes must be fetched. */
  bits: i32;
  /** 1 once a symbol needed a byte behind the end of the range. */
  isPast: u32;
}

/** Makes ready to read the first symbol (§7.3, init_bool_decoder). */
export function startBool(reader: BoolReader): void {
  reader.value = 0;
  reader.range = 255;
  reader.bits = -8;
  reader.isPast = 0;
}

/** Tops up `value`, called when `bits` is negative. Behind the end of the range there are zeros, and `isPast` is set. */
export function refill(reader: BoolReader): void {
  const have = reader.bits + 8;
  if (reader.end - reader.read >= 8) {
    reader.value |= bswap<u64>(load<u64>(reader.read)) >> (<u64>have);
    const bytes = (64 - have) >> 3;
    reader.read += bytes;
    reader.bits += bytes << 3;
    return;
  }
  if (reader.read < reader.end) {
    reader.value |= ((<u64>load<u8>(reader.read)) << 56) >> (<u64>have);
    reader.read++;
  } else {
    reader.isPast = 1;
  }
  reader.bits += 8;
}

/** One symbol that is 0 with a chance of `probability` in 256. */
export function readBool(reader: BoolReader, probability: u32): i32 {
  if (reader.bits < 0) refill(reader);
  const range = reader.range;
  const split = 1 + (((range - 1) * probability) >> 8);
  const bound = (<u64>split) << 56;
  let left: u32;
  let bit: i32;
  if (reader.value >= bound) {
    reader.value -= bound;
    left = range - split;
    bit = 1;
  } else {
    left = split;
    bit = 0;
  }
  const shift = <i32>clz(left) - 24;
  reader.range = left << shift;
  reader.value <<= <u64>shift;
  reader.bits -= shift;
  return bit;
}

/** A flag with even chances. */
export function readFlag(reader: BoolReader): bool {
  return readBool(reader, 128) != 0;
}

/** An unsigned number of `bits`, the highest first (§8.2, read_literal). */
export function readLiteral(reader: BoolReader, bits: i32): i32 {
  let value = 0;
  while (bits-- > 0) value = (value << 1) | readBool(reader, 128);
  return value;
}

/** A magnitude of `bits` and a sign (§8.2, read_signed_literal with the sign behind). */
export function readSigned(reader: BoolReader, bits: i32): i32 {
  const value = readLiteral(reader, bits);
  return readFlag(reader) ? -value : value;
}

/** A signed number when a flag says that there is one, otherwise 0. */
export function readOptionalSigned(reader: BoolReader, bits: i32): i32 {
  return readFlag(reader) ? readSigned(reader, bits) : 0;
}
