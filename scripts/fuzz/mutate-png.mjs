/** Structure-aware mutations of PNG files: whole chunks, IHDR, and the zlib stream behind a right CRC. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { mutateBytes } from './mutate-bytes.mjs';

const SIGNATURE_BYTES = 8;
/** Length, type and CRC of a chunk. */
const FRAMING_BYTES = 12;
/** A mutated stream can unfold a thousandfold; more than this is left packed. */
const UNPACKED_BYTES_MAX = 1 << 20;
/** Of IHDR: the low bytes of the sides, bit depth, colour type, methods. */
const HEADER_FIELDS = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12];

const MUTATIONS = [
  (chunks, random) => chunks.toSpliced(random.below(chunks.length), 1),
  (chunks, random) => chunks.toSpliced(random.below(chunks.length), 0, random.pick(chunks)),
  (chunks, random) => mutateData(chunks, random.below(chunks.length), (data) => mutateBytes(data, random)),
  (chunks, random) => mutateData(chunks, indexOfData(chunks, random), (data) => mutateBytes(data, random)),
  /** What the stream unfolds to: filter types and samples. */
  (chunks, random) => {
    const first = chunks.findIndex(({ type }) => type === 'IDAT');
    if (first < 0) return chunks;
    const rows = inflateOrNothing(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
    if (rows === undefined) return chunks;
    const data = Uint8Array.from(deflateSync(mutateBytes(Uint8Array.from(rows), random), { level: random.below(10) }));
    return chunks.filter(({ type }, index) => type !== 'IDAT' || index === first).map((chunk) => (chunk.type === 'IDAT' ? { ...chunk, data } : chunk));
  },
  (chunks, random) =>
    mutateData(chunks, 0, (data) => {
      const at = random.pick(HEADER_FIELDS);
      if (at < data.length) data[at] = random.chance(0.6) ? random.below(17) : random.below(256);
      return data;
    }),
];

/** A mutant of `source`, decided by `random`; `source` is left alone. The CRCs are right, but for a mutant in six. */
export function mutatePng(source, random) {
  if (random.chance(1 / 6)) return mutateBytes(Uint8Array.from(source), random);
  let chunks = splitChunks(source);
  for (let n = 1 + random.below(2); n > 0 && chunks.length > 0; n--) chunks = random.pick(MUTATIONS)(chunks, random);
  return joinChunks(source.subarray(0, SIGNATURE_BYTES), chunks);
}

function splitChunks(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks = [];
  for (let at = SIGNATURE_BYTES; at + FRAMING_BYTES <= bytes.length;) {
    const length = view.getUint32(at);
    chunks.push({ type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), data: bytes.subarray(at + 8, at + 8 + length) });
    at += length + FRAMING_BYTES;
  }
  return chunks;
}

function joinChunks(signature, chunks) {
  const parts = [signature];
  for (const { type, data } of chunks) {
    const chunk = Buffer.alloc(data.length + FRAMING_BYTES);
    chunk.writeUInt32BE(data.length, 0);
    chunk.write(type, 4, 'latin1');
    chunk.set(data, 8);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
    parts.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(parts));
}

function mutateData(chunks, index, change) {
  return chunks.map((chunk, at) => (at === index ? { ...chunk, data: change(Uint8Array.from(chunk.data)) } : chunk));
}

function indexOfData(chunks, random) {
  return random.pick(chunks.flatMap(({ type }, index) => (type === 'IDAT' ? [index] : []))) ?? 0;
}

/** The unfolded stream; nothing when it is broken or too large. */
function inflateOrNothing(data) {
  try {
    return inflateSync(data, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch {
    return undefined;
  }
}
