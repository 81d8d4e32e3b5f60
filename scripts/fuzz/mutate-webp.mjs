/** Structure-aware mutations of WebP files: sizes of chunks, chunks as a whole, the first bytes of payloads. */
import { mutateBytes } from './mutate-bytes.mjs';

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** Frame tag, start code, sizes, segments and filter of VP8; sizes, transforms and first codes of VP8L. */
const HEAD_BYTES = 48;

const MUTATIONS = [
  mutateBytes,
  /** A chunk's length, small, enormous or a little wrong. */
  (bytes, random) => {
    const at = random.pick(chunksOf(bytes));
    if (at === undefined) return bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const length = view.getUint32(at + 4, true);
    view.setUint32(at + 4, random.pick([random.below(0xffffffff), random.below(64), length + 1 + random.below(9), length - 1 - random.below(9)]) >>> 0, true);
    return bytes;
  },
  /** What opens a payload. */
  (bytes, random) => {
    const at = random.pick(chunksOf(bytes));
    if (at === undefined) return bytes;
    for (let n = 1 + random.below(3); n > 0; n--) {
      const place = at + CHUNK_HEADER_BYTES + random.below(HEAD_BYTES);
      if (place < bytes.length) bytes[place] ^= random.chance(0.6) ? 1 << random.below(8) : random.below(256);
    }
    return bytes;
  },
  /** A chunk twice, or in another place. */
  (bytes, random) => {
    const starts = chunksOf(bytes);
    if (starts.length === 0) return bytes;
    const index = random.below(starts.length);
    const piece = bytes.slice(starts[index], starts[index + 1] ?? bytes.length);
    const to = random.pick(starts);
    return Uint8Array.from([...bytes.subarray(0, to), ...piece, ...bytes.subarray(to)]);
  },
  (bytes, random) => bytes.subarray(0, RIFF_HEADER_BYTES + random.below(bytes.length - RIFF_HEADER_BYTES)),
];

/** A mutant of `source`, decided by `random`; `source` is left alone. */
export function mutateWebp(source, random) {
  let bytes = Uint8Array.from(source);
  for (let n = 1 + random.below(2); n > 0 && bytes.length > RIFF_HEADER_BYTES; n--) bytes = random.pick(MUTATIONS)(bytes, random);
  return bytes;
}

/** Where the chunks begin; lengths are as they are, so that a broken one ends the list. */
function chunksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const starts = [];
  for (let at = RIFF_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= bytes.length;) {
    starts.push(at);
    const length = view.getUint32(at + 4, true);
    at += CHUNK_HEADER_BYTES + length + (length & 1);
  }
  return starts;
}
