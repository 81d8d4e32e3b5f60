/** The end of a JPEG picture, looked for from the end of the file. */

/**
 * How far before the file's end EOI may stand, its own two bytes included: room for padding to whole sectors and for the trailers that cameras append. What lies
 * further off is a film or a second picture; then the decoder judges whether the first one is whole.
 */
export const JPEG_TRAILER_BYTES_MAX = 65_536;

const EOI = 0xd9;

/**
 * Whether EOI (ITU-T T.81 B.1.1.3) stands within `JPEG_TRAILER_BYTES_MAX` bytes of the file's end and behind `from`, where the first
 * scan's data begin: thumbnails in metadata have an EOI of their own. Entropy-coded data cannot hold one. No other bytes are looked at.
 */
export function hasEndOfImage(bytes: Uint8Array, from: number): boolean {
  const tail = bytes.subarray(Math.max(from, bytes.length - JPEG_TRAILER_BYTES_MAX));
  for (let at = tail.lastIndexOf(EOI); at > 0; at = tail.lastIndexOf(EOI, at - 1)) if (tail[at - 1] === 0xff) return true;
  return false;
}
