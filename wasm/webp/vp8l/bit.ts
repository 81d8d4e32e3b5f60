// Bits of a VP8L stream, the lowest of each byte first (RFC 9649 §3), over a window of the file.

import { Source } from '../source';

/** A bit reader. The lowest `bits` bits of `value` come next; the bits above them are 0 or right. */
@unmanaged
export class BitReader extends Source {
  value: u64;
  /** Negative after bits were used that the range does not have. */
  bits: i32;
  /** 1 once that has happened. */
  isPast: u32;
}

/** Makes ready to read the first bit. */
export function startBits(reader: BitReader): void {
  reader.value = 0;
  reader.bits = 0;
  reader.isPast = 0;
}

/** Tops `value` up to 56 bits or more; behind the end of the range there are zeros. */
export function fill(reader: BitReader): void {
  if (reader.bits < 0) {
    reader.isPast = 1;
    return;
  }
  if (reader.end - reader.read >= 8) {
    reader.value |= load<u64>(reader.read) << (<u64>reader.bits);
    reader.read += (63 - reader.bits) >> 3;
    reader.bits |= 56;
    return;
  }
  while (reader.bits <= 56 && reader.read < reader.end) {
    reader.value |= (<u64>load<u8>(reader.read++)) << (<u64>reader.bits);
    reader.bits += 8;
  }
}

/** An unsigned number of at most 32 bits. */
export function readBits(reader: BitReader, bits: i32): u32 {
  if (reader.bits < bits) fill(reader);
  const value = <u32>(reader.value & (((<u64>1) << (<u64>bits)) - 1));
  reader.value >>= <u64>bits;
  reader.bits -= bits;
  if (reader.bits < 0) reader.isPast = 1;
  return value;
}
