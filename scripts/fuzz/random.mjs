/**
 * Uniform 32-bit numbers (xorshift32) that one seed decides: `below(n)` gives 0 to n - 1, `chance(p)` true with
 * probability p, `pick(list)` one of a list.
 */
export function createRandom(seed) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x6d2b79f5) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  // Neighbouring seeds begin alike; some steps tell them apart.
  for (let i = 0; i < 8; i++) next();
  const below = (bound) => (bound <= 0 ? 0 : next() % bound);
  return { below, chance: (p) => next() / 2 ** 32 < p, pick: (list) => list[below(list.length)] };
}
