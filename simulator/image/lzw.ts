/** GIF's codes never grow past 12 bits (GIF89a Appendix F). */
const CODES_MAX = 4096;

/**
 * Expands GIF's variable-length LZW into palette indices, at most `countMax` of them. Damaged data ends the output
 * where it is met, as browsers show it. Allocates `countMax` bytes: the caller bounds it.
 *
 * @param data the joined sub-blocks
 * @param minimumBits LZW minimum code size, 2 to 8 (1 occurs and is read)
 */
export function expandLzw(data: Uint8Array, minimumBits: number, countMax: number): Uint8Array {
  if (minimumBits < 1 || minimumBits > 8 || countMax === 0) return new Uint8Array(0);
  const output = new Uint8Array(countMax);
  const clear = 1 << minimumBits;
  const end = clear + 1;
  const prefix = new Uint16Array(CODES_MAX);
  const suffix = new Uint8Array(CODES_MAX);
  const length = new Uint16Array(CODES_MAX);
  for (let code = 0; code < clear; code++) {
    suffix[code] = code;
    length[code] = 1;
  }
  let used = 0;
  let next = end + 1;
  let bits = minimumBits + 1;
  let previous = -1;
  let buffer = 0;
  let buffered = 0;
  let position = 0;
  while (used < output.length) {
    while (buffered < bits) {
      const byte = data[position++];
      if (byte === undefined) return output.subarray(0, used);
      buffer |= byte << buffered;
      buffered += 8;
    }
    const code = buffer & ((1 << bits) - 1);
    buffer >>>= bits;
    buffered -= bits;
    if (code === clear) {
      next = end + 1;
      bits = minimumBits + 1;
      previous = -1;
      continue;
    }
    if (code === end || code > next || (code === next && previous < 0)) break;
    // The code that is being defined stands for the previous string and its own first index.
    const source = code === next ? previous : code;
    const copied = length[source] ?? 0;
    let at = used + copied;
    const total = code === next ? copied + 1 : copied;
    for (let walk = source; at > used; walk = prefix[walk] ?? 0) {
      at -= 1;
      if (at < output.length) output[at] = suffix[walk] ?? 0;
    }
    const first = output[used] ?? 0;
    if (code === next && used + copied < output.length) output[used + copied] = first;
    if (previous >= 0 && next < CODES_MAX) {
      prefix[next] = previous;
      suffix[next] = first;
      length[next] = (length[previous] ?? 0) + 1;
      next += 1;
      if (next === 1 << bits && bits < 12) bits += 1;
    }
    previous = code;
    used += total;
  }
  return output.subarray(0, Math.min(used, output.length));
}
