/** Names of the chunks of a WebP, and the padding between them. */

const NAMES = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP', 'EXIF', 'XMP ']);

/**
 * Bytes between the payload of a chunk of `bytes` bytes, which ends before `end`, and the next chunk: 1 after an odd size (RFC 9649 §2.3). Some
 * writers forget it: 0 where a chunk's name stands at `end` and none behind the padding.
 */
export function paddingAfter(file: Uint8Array, end: number, bytes: number): number {
  if ((bytes & 1) === 0) return 0;
  return isChunkName(nameAt(file, end)) && !isChunkName(nameAt(file, end + 1)) ? 0 : 1;
}

/** Whether RFC 9649 knows a chunk of this name. */
export function isChunkName(name: string): boolean {
  return NAMES.has(name);
}

function nameAt(file: Uint8Array, at: number): string {
  return String.fromCharCode(...file.subarray(at, at + 4));
}
