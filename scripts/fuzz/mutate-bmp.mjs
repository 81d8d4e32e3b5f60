/** Structure-aware mutations of BMP files: fields of both headers, masks and palette, run lengths, pixels. */
import { mutateBytes } from './mutate-bytes.mjs';

/** Offsets of what steers the decoder: pixels' offset, header size, sides, depth, compression, colours, masks. */
const FIELDS = [10, 14, 18, 19, 22, 23, 25, 28, 30, 46, 54, 58, 62, 66];
const TELLING = { 14: [12, 16, 40, 52, 56, 64, 108, 124], 28: [1, 4, 8, 16, 24, 32], 30: [0, 1, 2, 3, 4, 5, 6] };
const HEADERS_BYTES = 54;

/** A mutant of `source`, decided by `random`; `source` is left alone. */
export function mutateBmp(source, random) {
  const bytes = Uint8Array.from(source);
  if (bytes.length <= HEADERS_BYTES || random.chance(1 / 4)) return mutateBytes(bytes, random);
  for (let n = 1 + random.below(3); n > 0; n--) {
    const isHeader = random.chance(0.5);
    const at = isHeader ? random.pick(FIELDS) : HEADERS_BYTES + random.below(bytes.length - HEADERS_BYTES);
    const telling = TELLING[at];
    // Small bytes are the codes of run lengths.
    const value = isHeader && telling !== undefined ? random.pick(telling) : random.chance(0.3) ? random.below(4) : random.below(256);
    if (at < bytes.length) bytes[at] = value;
  }
  return random.chance(0.1) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
}
