// Repeatable randomness and smooth noise: every picture is the same, bit for bit, on every run.

/**
 * A seeded generator of uniform numbers in [0, 1): 32 bits of state, period 2³².
 * @param {number} seed any integer
 * @returns {() => number}
 */
export function createRandom(seed) {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A number in [0, 1) that belongs to a lattice point; neighbours are unrelated.
 * @param {number} x @param {number} y @param {number} z integers
 */
export function hash3(x, y, z) {
  return mixBits(Math.imul(x, PRIME_X) ^ Math.imul(y, PRIME_Y) ^ Math.imul(z, PRIME_Z));
}

const PRIME_X = 0x8da6b343 | 0;
const PRIME_Y = 0xd8163841 | 0;
const PRIME_Z = 0xcb1ab31f | 0;

function mixBits(mixed) {
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
}

/** Value noise in [-1, 1] with continuous second derivatives; features are one unit wide. */
export function noise3(x, y, z) {
  const xi = Math.floor(x),
    yi = Math.floor(y),
    zi = Math.floor(z);
  const xf = x - xi,
    yf = y - yi,
    zf = z - zi;
  const u = xf * xf * xf * (xf * (xf * 6 - 15) + 10);
  const v = yf * yf * yf * (yf * (yf * 6 - 15) + 10);
  const w = zf * zf * zf * (zf * (zf * 6 - 15) + 10);
  // hash3 at the eight corners, its products shared: this is the innermost loop of every picture.
  const x0 = Math.imul(xi, PRIME_X),
    x1 = (x0 + PRIME_X) | 0;
  const y0 = Math.imul(yi, PRIME_Y),
    y1 = (y0 + PRIME_Y) | 0,
    z0 = Math.imul(zi, PRIME_Z),
    z1 = (z0 + PRIME_Z) | 0;
  const a = mixBits(x0 ^ y0 ^ z0),
    b = mixBits(x1 ^ y0 ^ z0),
    c = mixBits(x0 ^ y1 ^ z0),
    d = mixBits(x1 ^ y1 ^ z0);
  const e = mixBits(x0 ^ y0 ^ z1),
    f = mixBits(x1 ^ y0 ^ z1),
    g = mixBits(x0 ^ y1 ^ z1),
    h = mixBits(x1 ^ y1 ^ z1);
  const near = a + (b - a) * u + (c - a + (a - b - c + d) * u) * v;
  const far = e + (f - e) * u + (g - e + (e - f - g + h) * u) * v;
  return (near + (far - near) * w) * 2 - 1;
}

/** Fractal sum of `octaves` of noise, each twice as fine and half as strong; about [-1, 1]. */
export function fbm3(x, y, z, octaves) {
  let sum = 0,
    amplitude = 0.5;
  for (let octave = 0; octave < octaves; octave++) {
    sum += amplitude * noise3(x, y, z);
    // The odd factor and offset keep the lattices of two octaves from lining up.
    x = x * 2.03 + 17.1;
    y = y * 2.03 + 5.7;
    z = z * 2.03 + 31.4;
    amplitude *= 0.5;
  }
  return sum;
}

/** Distance to the nearest of randomly strewn points, about one in each unit cube (Worley's cellular noise). */
export function nearestPoint3(x, y, z) {
  const xi = Math.floor(x),
    yi = Math.floor(y),
    zi = Math.floor(z);
  let least = Infinity;
  for (let cell = 0; cell < 27; cell++) {
    const cx = xi + (cell % 3) - 1,
      cy = yi + (Math.floor(cell / 3) % 3) - 1,
      cz = zi + Math.floor(cell / 9) - 1;
    const dx = cx + hash3(cx, cy, cz) - x,
      dy = cy + hash3(cx + 71, cy, cz) - y,
      dz = cz + hash3(cx, cy + 53, cz) - z;
    least = Math.min(least, dx * dx + dy * dy + dz * dz);
  }
  return Math.sqrt(least);
}

/** 0 below `low`, 1 above `high`, a smooth S between. */
export function smoothstep(low, high, value) {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** The value that is `t` of the way from a to b. */
export function mix(a, b, t) {
  return a + (b - a) * t;
}
