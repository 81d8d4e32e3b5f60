// Where the light comes from: windows, the sun through a window, and the glow of a room.
import { fbm3, smoothstep } from '../noise.mjs';
import { addSurface } from './mesh.mjs';
import { lamp } from './material.mjs';

/**
 * A rectangle that shines on one side, with panes parted by bars; it is both a lamp for direct light and a thing that
 * reflections show.
 * @param {{mesh: object, materials: Function[], lights: object[]}} scene gets the new parts
 * @param {{corner: number[], across: number[], up: number[], colour: number[], panes?: [number, number]}} window
 *   light leaves on the side of across × up
 */
export function addWindow(scene, { corner, across, up, colour, panes = [1, 1] }) {
  const cross = [across[1] * up[2] - across[2] * up[1], across[2] * up[0] - across[0] * up[2], across[0] * up[1] - across[1] * up[0]];
  const area = Math.hypot(...cross);
  const shine = (a, b) => {
    const x = (a * panes[0]) % 1,
      y = (b * panes[1]) % 1;
    const bar = smoothstep(0.02, 0.05, Math.min(x, 1 - x)) * smoothstep(0.02, 0.05, Math.min(y, 1 - y));
    return bar * (0.7 + 0.5 * b);
  };
  scene.lights.push({ corner, across, up, colour, area, shine, normal: cross.map((value) => value / area) });
  const surface = (u, v) => corner.map((value, axis) => value + u * across[axis] + v * up[axis]);
  addSurface(scene.mesh, surface, { columns: 1, rows: 1, material: scene.materials.length });
  scene.materials.push(lamp(colour, shine));
}

/**
 * The sun: `toward` points at it, `colour` is its irradiance over π, `spread` the tangent of its half angle (0.0047 in a
 * clear sky, more through haze). `passes(a, b)` says how much gets through at a, b cm on a pane that faces it `away` cm off.
 */
export function createSun({ toward, colour, spread = 0.006, away = 150, passes }) {
  const length = Math.hypot(...toward);
  const direction = toward.map((value) => value / length);
  const side = [direction[2], 0, -direction[0]];
  const level = Math.hypot(...side);
  for (let axis = 0; axis < 3; axis++) side[axis] /= level;
  const other = [
    direction[1] * side[2] - direction[2] * side[1],
    direction[2] * side[0] - direction[0] * side[2],
    direction[0] * side[1] - direction[1] * side[0],
  ];
  return {
    direction,
    side,
    other,
    colour,
    spread,
    passes(x, y, z, sx, sy, sz) {
      const reach = (away - (x * direction[0] + y * direction[1] + z * direction[2])) / (sx * direction[0] + sy * direction[1] + sz * direction[2]);
      const px = x + sx * reach,
        py = y + sy * reach,
        pz = z + sz * reach;
      return passes(px * side[0] + py * side[1] + pz * side[2], px * other[0] + py * other[1] + pz * other[2]);
    },
  };
}

/** A pane pattern for {@link createSun}: panes of `wide` × `high` cm with bars, and leaves outside that dapple it. */
export function dappledPanes({ wide, high, bar = 2.2, leaves = 0.5, shiftX = 0, shiftY = 0, limit = Infinity }) {
  return (a, b) => {
    const x = a + shiftX,
      y = b + shiftY;
    if (Math.abs(x) > limit || Math.abs(y) > limit) return 0;
    const inX = Math.abs(x - Math.round(x / wide) * wide),
      inY = Math.abs(y - Math.round(y / high) * high);
    if (inX < bar / 2 || inY < bar / 2) return 0;
    return leaves === 0 ? 1 : smoothstep(leaves + 0.06, leaves - 0.06, fbm3(x * 0.085, y * 0.085, 4.5, 3) + 0.25 * fbm3(x * 0.3, y * 0.3, 9.5, 2) + 0.32);
  };
}

/** A room's glow: `up` above, `level` at the height of the eye, `down` below, linear RGB. */
export function roomGlow(up, level, down) {
  return (dx, dy, dz, out) => {
    const t = Math.abs(dy) ** 0.7;
    for (let channel = 0; channel < 3; channel++) {
      out[channel] = level[channel] + ((dy > 0 ? up : down)[channel] - level[channel]) * t;
    }
  };
}
