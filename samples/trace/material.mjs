// Surfaces: each function here gives a material, which fills in what `path.mjs` asks of a surface at a hit. Lengths in cm.
import { fbm3, hash3, mix, nearestPoint3, noise3, smoothstep } from '../noise.mjs';

/** One flat colour (linear RGB) with a gloss. */
export function plain([r, g, b], { f0 = 0.04, rough = 0.5, metal = false } = {}) {
  return (s) => {
    s.r = r;
    s.g = g;
    s.b = b;
    s.f0 = f0;
    s.rough = rough;
    s.metal = metal;
  };
}

/** A lamp: it shines, it is not lit. `radiance(u, v)` gives a factor for the place on the surface. */
export function lamp([r, g, b], radiance = () => 1) {
  return (s) => {
    const shine = radiance(s.u, s.v);
    s.r = s.g = s.b = 0.02;
    s.er = r * shine + 1e-6;
    s.eg = g * shine;
    s.eb = b * shine;
  };
}

/** Fired glaze: tiny ripples in the gloss, speckles of iron, and the raw clay below `rawBelow`. */
export function glaze(colour, { speckle = 0.5, rough = 0.12, rawBelow = -1e9, clay = [0.42, 0.3, 0.2], pool = 0.15 } = {}) {
  return (s) => {
    const raw = smoothstep(rawBelow + 0.12, rawBelow - 0.05, s.y + 0.12 * noise3(s.x * 1.4, 3, s.z * 1.4));
    const thin = 1 + pool * fbm3(s.x * 0.5, s.y * 0.9, s.z * 0.5, 3);
    const spot =
      speckle * smoothstep(0.62, 0.78, noise3(s.x * 7, s.y * 7, s.z * 7)) * (0.4 + hash3(Math.floor(s.x * 3), Math.floor(s.y * 3), Math.floor(s.z * 3)));
    s.r = mix(colour[0] * thin * (1 - spot), clay[0], raw);
    s.g = mix(colour[1] * thin * (1 - spot * 1.05), clay[1], raw);
    s.b = mix(colour[2] * thin * (1 - spot * 1.1), clay[2], raw);
    s.f0 = mix(0.05, 0.03, raw);
    s.rough = mix(rough, 0.85, raw);
    if (s.isSeen) bump(s, 0.018, (x, y, z) => noise3(x * 2.2, y * 2.2, z * 2.2) + 2.4 * raw * noise3(x * 18, y * 18, z * 18));
  };
}

/** Oak boards along x, `board` cm wide, oiled: rings, fibres, pores, and a groove between two boards. */
export function boards({ board = 12, light = [0.4, 0.24, 0.125], dark = [0.2, 0.105, 0.047], rough = 0.42 } = {}) {
  return (s) => {
    const index = Math.floor(s.z / board),
      across = s.z - index * board,
      along = s.x + index * 57.3;
    const tone = hash3(index, 7, 3);
    if (!s.isSeen) {
      // Light that the table throws back at other things only knows the board's mean colour.
      const mean = 0.34 + (tone - 0.5) * 0.45;
      s.r = mix(light[0], dark[0], mean);
      s.g = mix(light[1], dark[1], mean);
      s.b = mix(light[2], dark[2], mean);
      s.rough = rough;
      return;
    }
    const bend = fbm3(along * 0.02, across * 0.08, index * 9.7, 2) * 5;
    const centre = (hash3(index, 1, 1) - 0.5) * board * 2.6 + board / 2;
    const rings = Math.abs(across - centre) * 0.85 + bend;
    const phase = rings - Math.floor(rings);
    const late = smoothstep(0.25, 0.92, phase) * (1 - smoothstep(0.93, 1, phase));
    const fibre = noise3(along * 0.11, across * 15, index) * 0.6 + noise3(along * 0.4, across * 41, index + 9) * 0.4;
    const pore = smoothstep(0.42, 0.75, noise3(along * 0.45, across * 22, index + 31)) * (0.35 + 0.65 * late);
    const amount = Math.min(1, Math.max(0, 0.16 + 0.5 * late + 0.14 * fibre + (tone - 0.5) * 0.45 + 0.1 * fbm3(along * 0.05, across * 0.1, index, 2)));
    const groove = smoothstep(0.1, 0.02, Math.min(across, board - across));
    const keep = (1 - 0.5 * pore) * (1 - 0.85 * groove);
    s.r = mix(light[0], dark[0], amount) * keep;
    s.g = mix(light[1], dark[1], amount) * keep;
    s.b = mix(light[2], dark[2], amount) * keep;
    s.rough = rough + 0.1 * fibre + 0.25 * groove + 0.2 * pore;
    s.f0 = 0.04 * (1 - groove);
    s.nz += 0.05 * fibre * 0.5 - 0.25 * groove * (across < board / 2 ? 1 : -1);
    renormalize(s);
  };
}

/** A citrus peel: pores that catch the light, deeper orange in the hollows; `centre` is the fruit's middle. */
export function peel(centre, { colour = [0.84, 0.27, 0.02], seed = 0 } = {}) {
  return (s) => {
    const x = s.x - centre[0] + seed,
      y = s.y - centre[1],
      z = s.z - centre[2];
    const patch = fbm3(x * 0.5, y * 0.5, z * 0.5, 3);
    s.r = colour[0] * (1 + 0.1 * patch);
    s.g = colour[1] * (1 + 0.32 * patch);
    s.b = colour[2] * (1 + 0.5 * patch);
    s.f0 = 0.045;
    s.rough = 0.34 + 0.08 * patch;
    if (!s.isSeen) return;
    // Oil glands: round pits about a millimetre apart, each a little deeper in colour, on a skin that is never quite even.
    s.g *= 1 - 0.14 * smoothstep(0.42, 0.12, nearestPoint3(x * 7, y * 7, z * 7));
    bump(s, 0.02, (px, py, pz) => {
      const ax = px - centre[0] + seed,
        ay = py - centre[1],
        az = pz - centre[2];
      return smoothstep(0.1, 0.5, nearestPoint3(ax * 7, ay * 7, az * 7)) + 0.9 * noise3(ax * 1.9, ay * 1.9, az * 1.9);
    });
  };
}

/** Coffee in a cup: nearly black, a paler ring of foam at the rim, a few bubbles; `radius` of the surface, `x z` its middle. */
export function coffee([cx, cz], radius) {
  return (s) => {
    const x = s.x - cx,
      z = s.z - cz,
      distance = Math.hypot(x, z) / radius;
    const swirl = fbm3(x * 0.8 + 4, z * 0.8, 2.2, 4);
    const foam = smoothstep(0.8, 0.99, distance + 0.16 * swirl) + 0.16 * smoothstep(0.15, 0.6, fbm3(x * 1.3, 9, z * 1.3, 3));
    const bubble = smoothstep(0.7, 0.85, noise3(x * 9, 2, z * 9)) * foam;
    const amount = Math.min(1, foam);
    s.r = mix(0.022, 0.36, amount) * (1 - 0.5 * bubble);
    s.g = mix(0.009, 0.17, amount) * (1 - 0.5 * bubble);
    s.b = mix(0.004, 0.06, amount) * (1 - 0.5 * bubble);
    s.f0 = 0.025;
    s.rough = mix(0.04, 0.4, amount);
  };
}

/**
 * Paper that carries a picture over its uv square (v down): `texture` is {data: RGB bytes, width, height}, read bilinearly.
 * The fibres give the white a grain, and a slow waviness.
 */
export function printed(texture, { rough = 0.8, f0 = 0.03, white = 0.86, wave = 0.05 } = {}) {
  return (s) => {
    const x = Math.min(0.9999, Math.max(0, s.u)) * (texture.width - 1),
      y = Math.min(0.9999, Math.max(0, s.v)) * (texture.height - 1);
    const column = Math.floor(x),
      row = Math.floor(y),
      fx = x - column,
      fy = y - row;
    const at = (row * texture.width + column) * 3,
      below = at + texture.width * 3;
    const read = (channel) => {
      const top = mix(texture.data[at + channel], texture.data[at + 3 + channel], fx);
      const bottom = mix(texture.data[below + channel], texture.data[below + 3 + channel], fx);
      return (mix(top, bottom, fy) / 255) ** 2.2 * white;
    };
    const fibre = 1 + 0.03 * noise3(s.x * 22, s.y, s.z * 22) + 0.02 * noise3(s.x * 3, s.y, s.z * 3);
    s.r = read(0) * fibre;
    s.g = read(1) * fibre;
    s.b = read(2) * fibre;
    s.f0 = f0;
    s.rough = rough;
    s.nx += wave * noise3(s.x * 0.35, 1, s.z * 0.25);
    s.nz += wave * noise3(s.x * 0.3, 5, s.z * 0.35);
    renormalize(s);
  };
}

/** Leaves: darker veins along the middle of the uv square, a waxy gloss. */
export function leaf([r, g, b]) {
  return (s) => {
    const vein = smoothstep(0.05, 0.0, Math.abs(s.u - 0.5)) + 0.4 * smoothstep(0.75, 1, Math.cos((s.v * 9 - Math.abs(s.u - 0.5) * 7) * 2 * Math.PI));
    const tone = 1 + 0.35 * vein + 0.25 * fbm3(s.x * 0.7, s.y * 0.7, s.z * 0.7, 2);
    s.r = r * tone;
    s.g = g * tone;
    s.b = b * tone;
    s.f0 = 0.045;
    s.rough = 0.35;
  };
}

// Bends the normal by the slope of `height` (cm per unit of `depth`), found by small steps in space.
function bump(s, depth, height) {
  const step = 0.02,
    base = height(s.x, s.y, s.z);
  s.nx -= (depth * (height(s.x + step, s.y, s.z) - base)) / step;
  s.ny -= (depth * (height(s.x, s.y + step, s.z) - base)) / step;
  s.nz -= (depth * (height(s.x, s.y, s.z + step) - base)) / step;
  renormalize(s);
}

function renormalize(s) {
  const length = Math.hypot(s.nx, s.ny, s.nz);
  s.nx /= length;
  s.ny /= length;
  s.nz /= length;
}
