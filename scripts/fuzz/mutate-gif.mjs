/** Structure-aware mutations of GIF files: screen, colour table, image descriptor, LZW data. */
import { mutateBytes } from './mutate-bytes.mjs';

const SCREEN_BYTES = 13;
const IMAGE_SEPARATOR = 0x2c;
const DESCRIPTOR_BYTES = 10;

/** A mutant of `source`, decided by `random`; `source` is left alone. */
export function mutateGif(source, random) {
  const bytes = Uint8Array.from(source);
  const frame = bytes.indexOf(IMAGE_SEPARATOR, SCREEN_BYTES);
  if (frame < 0 || random.chance(1 / 3)) return mutateBytes(bytes, random);
  const [from, to] = random.pick([
    [6, SCREEN_BYTES],
    [SCREEN_BYTES, frame],
    [frame, frame + DESCRIPTOR_BYTES + 2],
    [frame + DESCRIPTOR_BYTES, bytes.length],
  ]);
  for (let n = 1 + random.below(3); n > 0; n--) {
    const at = Math.min(bytes.length - 1, from + random.below(to - from));
    bytes[at] = random.chance(0.5) ? random.below(256) : bytes[at] ^ (1 << random.below(8));
  }
  return bytes;
}
