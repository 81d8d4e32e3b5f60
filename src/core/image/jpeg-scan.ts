/** Scans of a JPEG file, counted without decoding any: what a decoder without a bound of its own is held to. */

/** Most scans of a progressive JPEG; encoders write 3 to 12. Our own decoder stops at the same number (`wasm/jpeg/decoder.ts`). */
export const JPEG_SCANS_MAX = 100;

const SOS = 0xda;

/** Scan headers (ITU-T T.81 B.2.3) in the file, thumbnails in its metadata included. Counts to one beyond `max`; one pass over the bytes at most. */
export function countJpegScans(bytes: Uint8Array, max: number = JPEG_SCANS_MAX): number {
  let count = 0;
  // A 0xFF of entropy-coded data is followed by 0x00 or a restart marker, so each of these two bytes there begins a scan.
  for (let at = bytes.indexOf(0xff); at >= 0 && count <= max; at = bytes.indexOf(0xff, at + 1)) if (bytes[at + 1] === SOS) count += 1;
  return count;
}
