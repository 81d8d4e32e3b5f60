/** Structure-aware mutations of JPEG files: headers, tables, markers, entropy-coded bits. */
import { TELLING_BYTES } from './mutate-bytes.mjs';

/** Marker segments of a file: `{ marker, at, end }`, the first entropy-coded byte in `scanAt`. */
function segmentsOf(bytes) {
  const segments = [];
  let at = 2;
  let scanAt = bytes.length;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0 || bytes[at + 1] === 0xff || (bytes[at + 1] & 0xf8) === 0xd0) {
      at += 1;
      continue;
    }
    const marker = bytes[at + 1];
    const end = Math.min(bytes.length, at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]));
    segments.push({ marker, at, end });
    if (marker === 0xda) scanAt = Math.min(scanAt, end);
    at = Math.max(end, at + 2);
  }
  return { segments, scanAt };
}

const MUTATIONS = [
  /** Bytes anywhere. */
  (bytes, random) => {
    for (let i = 0; i < 1 + random.below(12); i++) bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  /** Bits of the entropy-coded data. */
  (bytes, random) => {
    const { scanAt } = segmentsOf(bytes);
    for (let i = 0; i < 1 + random.below(8); i++) {
      bytes[scanAt + random.below(bytes.length - scanAt)] ^= 1 << random.below(8);
    }
    return bytes;
  },
  /** A telling value in a table, frame or scan header. */
  (bytes, random) => {
    const heads = segmentsOf(bytes).segments.filter((s) => s.marker < 0xe0);
    for (let i = 0; i < 1 + random.below(4) && heads.length > 0; i++) {
      const segment = random.pick(heads);
      const at = segment.at + 4 + random.below(Math.min(segment.end - segment.at - 4, 24));
      if (at < bytes.length) bytes[at] = random.pick(TELLING_BYTES);
    }
    return bytes;
  },
  /** Another size. */
  (bytes, random) => {
    const frame = segmentsOf(bytes).segments.find((s) => s.marker >= 0xc0 && s.marker <= 0xc2);
    if (frame === undefined) return bytes;
    const at = frame.at + (random.chance(0.5) ? 5 : 7);
    bytes[at] = random.chance(0.3) ? random.below(256) : random.below(8);
    bytes[at + 1] = random.below(256);
    return bytes;
  },
  /** Cut short. */
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  /** A segment's length field. */
  (bytes, random) => {
    const { segments } = segmentsOf(bytes);
    if (segments.length === 0) return bytes;
    const { at } = random.pick(segments);
    bytes[at + 2] = random.chance(0.5) ? 0 : random.below(256);
    bytes[at + 3] = random.pick(TELLING_BYTES);
    return bytes;
  },
  /** A marker put into the data, restart markers among them. */
  (bytes, random) => {
    const { scanAt } = segmentsOf(bytes);
    for (let i = 0; i < 1 + random.below(3); i++) {
      const at = scanAt + random.below(bytes.length - scanAt - 1);
      if (at + 1 >= bytes.length) break;
      bytes[at] = 0xff;
      bytes[at + 1] = random.chance(0.7) ? 0xd0 + random.below(10) : random.below(256);
    }
    return bytes;
  },
  /** A segment twice, or one moved elsewhere. */
  (bytes, random) => {
    const { segments } = segmentsOf(bytes);
    if (segments.length < 2) return bytes;
    const from = random.pick(segments);
    const to = random.pick(segments);
    const piece = bytes.slice(from.at, random.chance(0.5) ? from.end : Math.min(bytes.length, from.end + random.below(400)));
    return Uint8Array.from([...bytes.subarray(0, to.at), ...piece, ...bytes.subarray(to.at)]);
  },
];

/** A mutant of `source`, decided by `random`; `source` is left alone. */
export function mutateJpeg(source, random) {
  let bytes = Uint8Array.from(source);
  for (let i = 0; i < 1 + random.below(3) && bytes.length > 8; i++) bytes = random.pick(MUTATIONS)(bytes, random);
  return bytes;
}
