/** Mutations that know nothing of a format. */

/** Values that sit at bounds of fields and tables. */
export const TELLING_BYTES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 63, 64, 127, 128, 200, 254, 255];

const MUTATIONS = [
  (bytes, random) => {
    bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  (bytes, random) => {
    bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  (bytes, random) => {
    bytes[random.below(bytes.length)] = random.pick(TELLING_BYTES);
    return bytes;
  },
  /** A run copied elsewhere. */
  (bytes, random) => bytes.copyWithin(random.below(bytes.length), random.below(bytes.length), random.below(bytes.length)),
  /** A run of one value. */
  (bytes, random) => {
    const at = random.below(bytes.length);
    return bytes.fill(random.below(256), at, at + random.below(64));
  },
  /** The first bytes, where sizes and kinds stand. */
  (bytes, random) => {
    bytes[random.below(Math.min(64, bytes.length))] = random.pick(TELLING_BYTES);
    return bytes;
  },
];

/** Changes `bytes` in place, one to six times; now and then gives only their beginning. */
export function mutateBytes(bytes, random) {
  if (bytes.length === 0) return bytes;
  for (let n = 1 + random.below(6); n > 0; n--) random.pick(MUTATIONS)(bytes, random);
  return random.chance(0.15) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
}
