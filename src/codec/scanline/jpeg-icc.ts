/** ICC profiles in JPEG files: taken from the source, put into what we write (ICC.1:2022 Annex B.4). */

/** Profiles above this are dropped: printer profiles of half a megabyte would weigh more than the picture. */
export const ICC_BYTES_MAX = 65_536;

/** Most profile bytes in one APP2 segment: 65,533 less the 14 of the chunk header. */
const CHUNK_BYTES_MAX = 65_519;

const SIGNATURE = [0x49, 0x43, 0x43, 0x5f, 0x50, 0x52, 0x4f, 0x46, 0x49, 0x4c, 0x45, 0x00];

/** SOI and our encoder's JFIF segment; the profile follows them. */
const PROFILE_AT = 20;

/**
 * The ICC profile in the markers of `bytes` before the first scan, or `undefined` when there is none, it is incomplete,
 * larger than `ICC_BYTES_MAX`, or for another colour space than `components` have after decoding (RGB or gray).
 */
export function readIccProfile(bytes: Uint8Array, components: number): Uint8Array | undefined {
  const chunks = new Map<number, Uint8Array>();
  let expected = 0;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const content = at + 4;
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) break;
    if (marker === 0xe2 && length >= 16 && SIGNATURE.every((byte, i) => bytes[content + i] === byte)) {
      chunks.set(bytes[content + 12] ?? 0, bytes.subarray(content + 14, end));
      expected = bytes[content + 13] ?? 0;
    }
    at = end;
  }
  return joinChunks(chunks, expected, components);
}

function joinChunks(chunks: Map<number, Uint8Array>, expected: number, components: number): Uint8Array | undefined {
  let size = 0;
  for (let i = 1; i <= expected; i++) size += chunks.get(i)?.length ?? Infinity;
  if (expected === 0 || size > ICC_BYTES_MAX || size < 128) return undefined;
  const profile = new Uint8Array(size);
  let at = 0;
  for (let i = 1; i <= expected; i++) {
    const chunk = chunks.get(i);
    if (chunk === undefined) return undefined;
    profile.set(chunk, at);
    at += chunk.length;
  }
  // ICC.1 7.2.6: the data colour space, four characters.
  const space = String.fromCharCode(...profile.subarray(16, 20));
  return space === (components === 1 ? 'GRAY' : 'RGB ') ? profile : undefined;
}

/** How many bytes `profile` takes as APP2 segments. */
export function iccSegmentBytes(profile: Uint8Array): number {
  return profile.length + 18 * Math.ceil(profile.length / CHUNK_BYTES_MAX);
}

/** The APP2 segments of `profile`. */
export function iccSegments(profile: Uint8Array): Uint8Array {
  const count = Math.ceil(profile.length / CHUNK_BYTES_MAX);
  const segments = new Uint8Array(iccSegmentBytes(profile));
  let at = 0;
  for (let i = 0; i < count; i++) {
    const chunk = profile.subarray(i * CHUNK_BYTES_MAX, (i + 1) * CHUNK_BYTES_MAX);
    const length = chunk.length + 16;
    segments.set([0xff, 0xe2, length >> 8, length & 255, ...SIGNATURE, i + 1, count], at);
    segments.set(chunk, at + 18);
    at += 18 + chunk.length;
  }
  return segments;
}

/** Joins the encoder's `parts` into one file, with `profile` behind the JFIF segment when there is one. */
export function joinFile(parts: readonly Uint8Array[], profile: Uint8Array | undefined): Uint8Array {
  const segments = profile === undefined ? new Uint8Array(0) : iccSegments(profile);
  const size = parts.reduce((sum, part) => sum + part.length, segments.length);
  const file = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
    if (at !== part.length || segments.length === 0) continue;
    // The first part holds the whole header.
    file.copyWithin(PROFILE_AT + segments.length, PROFILE_AT, at);
    file.set(segments, PROFILE_AT);
    at += segments.length;
  }
  return file;
}
