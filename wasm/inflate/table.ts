/**
 * Huffman decoding tables of DEFLATE (RFC 1951 §3.2.2). One 32-bit entry answers a look-up completely:
 *
 * - bits 0..7: bits to consume, extra bits included; bits 8..11: length of the code alone
 * - bits 16..30: literal, base length, base distance, or first entry of a second-level table
 * - bit 31: literal; bit 15: anything that is neither literal, length nor distance, told apart by
 *   bit 14 (end of block), bit 13 (no such code), or neither (second-level table of `bits 8..11` more bits)
 */

export const LITERAL: u32 = 0x80000000;
export const EXCEPTIONAL: u32 = 0x8000;
export const END_OF_BLOCK: u32 = 0x4000;
export const NO_CODE: u32 = 0x2000;

/** Bits of the first-level look-ups. Literals of photographs rarely exceed 11 bits. */
export const LITERAL_BITS: i32 = 11;
export const DISTANCE_BITS: i32 = 9;
export const PRECODE_BITS: i32 = 7;

/** Entries reserved: the worst cases are 2,342 (288 symbols, 11 bits) and 594 (32 symbols, 9 bits). */
export const LITERAL_ENTRIES: i32 = 2400;
export const DISTANCE_ENTRIES: i32 = 640;
export const PRECODE_ENTRIES: i32 = 128;

const CODE_BITS_MAX: i32 = 15;

// RFC 1951 §3.2.5: base and extra bits of length symbols 257..285 and distance symbols 0..29.
const LENGTH_BASE = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const LENGTH_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const DISTANCE_BASE = memory.data<u16>([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]);

const lengthCount = memory.data(32, 2);
const lengthOffset = memory.data(32, 2);
const sortedSymbol = memory.data(640, 2);

/** Which alphabet a table decodes. */
export const ALPHABET_PRECODE: i32 = 0;
export const ALPHABET_LITERAL: i32 = 1;
export const ALPHABET_DISTANCE: i32 = 2;

function symbolEntry(alphabet: i32, symbol: i32): u32 {
  if (alphabet == ALPHABET_PRECODE) return <u32>symbol << 16;
  if (alphabet == ALPHABET_DISTANCE) {
    if (symbol > 29) return EXCEPTIONAL | NO_CODE;
    const extra: u32 = symbol < 4 ? 0 : (symbol >> 1) - 1;
    return (<u32>load<u16>(DISTANCE_BASE + (<usize>symbol << 1)) << 16) | extra;
  }
  if (symbol < 256) return LITERAL | (<u32>symbol << 16);
  if (symbol == 256) return EXCEPTIONAL | END_OF_BLOCK;
  if (symbol > 285) return EXCEPTIONAL | NO_CODE;
  const index = <usize>(symbol - 257);
  return (<u32>load<u16>(LENGTH_BASE + (index << 1)) << 16) | <u32>load<u8>(LENGTH_EXTRA + index);
}

/** The next code of `bits` bits in bit-reversed order, as DEFLATE packs codes from their first bit upwards. */
@inline
function nextReversed(code: u32, bits: i32): u32 {
  let step: u32 = 1 << (bits - 1);
  while (code & step) step >>= 1;
  return step ? (code & (step - 1)) + step : 0;
}

/**
 * Builds the table at `table` from `symbols` code lengths of a byte each at `lengths`.
 * False when the lengths over-subscribe the code space, or leave a part of it unused in a way that zlib refuses too:
 * only a lone one-bit code, or no code at all, may be incomplete, and their unused entries are errors when met.
 */
export function buildTable(table: usize, alphabet: i32, mainBits: i32, lengths: usize, symbols: i32): bool {
  memory.fill(lengthCount, 0, 32);
  for (let i = 0; i < symbols; i++) {
    const at = lengthCount + (<usize>load<u8>(lengths + i) << 1);
    store<u16>(at, load<u16>(at) + 1);
  }
  store<u16>(lengthCount, 0);
  let longest = CODE_BITS_MAX;
  while (longest > 0 && load<u16>(lengthCount + (longest << 1)) == 0) longest--;

  let left: i32 = 1;
  let offset: u16 = 0;
  for (let bits = 1; bits <= CODE_BITS_MAX; bits++) {
    const count = load<u16>(lengthCount + (bits << 1));
    left = (left << 1) - <i32>count;
    if (left < 0) return false;
    store<u16>(lengthOffset + (bits << 1), offset);
    offset += count;
  }
  if (left > 0 && (alphabet == ALPHABET_PRECODE || longest > 1)) return false;

  for (let symbol = 0; symbol < symbols; symbol++) {
    const bits = load<u8>(lengths + symbol);
    if (!bits) continue;
    const at = lengthOffset + (<usize>bits << 1);
    const place = load<u16>(at);
    store<u16>(sortedSymbol + (<usize>place << 1), <u16>symbol);
    store<u16>(at, place + 1);
  }
  if (left > 0) {
    const unused = EXCEPTIONAL | NO_CODE | 1;
    for (let i = 0; i < 1 << mainBits; i++) store<u32>(table + (<usize>i << 2), unused);
  }
  fillTable(table, alphabet, mainBits, longest);
  return true;
}

function fillTable(table: usize, alphabet: i32, mainBits: i32, longest: i32): void {
  let sorted = sortedSymbol;
  let code: u32 = 0;
  const mainSize: u32 = 1 << mainBits;
  let secondStart: u32 = mainSize;
  let secondBits: i32 = 0;
  let prefix: u32 = 0xffffffff;
  for (let bits = 1; bits <= longest; bits++) {
    let remaining = <i32>load<u16>(lengthCount + (bits << 1));
    for (; remaining > 0; remaining--) {
      let entry = symbolEntry(alphabet, <i32>load<u16>(sorted));
      sorted += 2;
      if (bits <= mainBits) {
        entry += <u32>bits * 0x101;
        for (let i = code; i < mainSize; i += 1 << bits) store<u32>(table + (<usize>i << 2), entry);
      } else {
        if ((code & (mainSize - 1)) != prefix) {
          prefix = code & (mainSize - 1);
          if (secondBits) secondStart += 1 << secondBits;
          secondBits = bits - mainBits;
          // The second level is as wide as the longest code that shares this prefix.
          let space: i32 = remaining;
          while (space < 1 << secondBits) {
            secondBits++;
            space = (space << 1) + <i32>load<u16>(lengthCount + ((mainBits + secondBits) << 1));
          }
          const pointer = EXCEPTIONAL | (secondStart << 16) | (<u32>secondBits << 8) | <u32>mainBits;
          store<u32>(table + (<usize>prefix << 2), pointer);
        }
        const own = bits - mainBits;
        entry += <u32>own * 0x101;
        for (let i = code >> mainBits; i < <u32>(1 << secondBits); i += 1 << own) {
          store<u32>(table + (<usize>(secondStart + i) << 2), entry);
        }
      }
      code = nextReversed(code, bits);
    }
  }
}
