// The light transport: one path per call, diffuse and glossy surfaces, metal, rectangular lights, a sun and a sky.
import { intersect, nearest } from './bvh.mjs';
import { bounce, sampleDiffuse, sampleGloss } from './scatter.mjs';

const DEPTH_MAX = 6;
const OFFSET = 1e-4;
// A rare path through two reflections can carry a thousand times the mean; clamping it trades a little light for no speckles.
const INDIRECT_RADIANCE_MAX = 8;

/**
 * The surface at a hit, filled in by a material: albedo r g b, f0 (reflectance straight on), rough (0 mirror … 1),
 * metal (reflection tinted by albedo, no diffuse), emission er eg eb,
 * and the shading normal, which a material may bend. `isSeen` says whether the camera sees the place, itself or mirrored;
 * where it does not, a material may leave its fine detail out.
 */
export const surface = {
  x: 0,
  y: 0,
  z: 0,
  nx: 0,
  ny: 0,
  nz: 0,
  u: 0,
  v: 0,
  r: 0,
  g: 0,
  b: 0,
  f0: 0.04,
  rough: 0.5,
  metal: false,
  er: 0,
  eg: 0,
  eb: 0,
  isSeen: true,
};

/** Radiance of the last path, and the first surface's albedo, normal and distance for the noise filter. */
export const result = { r: 0, g: 0, b: 0, ar: 0, ag: 0, ab: 0, nx: 0, ny: 0, nz: 0, t: 0 };

/**
 * Follows one light path backwards from the camera into {@link result}.
 * @param {object} scene tree, materials (functions that fill {@link surface}), sky(dx, dy, dz, out), lights, sun
 * @param {() => number} random
 */
export function tracePath(scene, ox, oy, oz, dx, dy, dz, random) {
  const { tree, materials } = scene;
  let pr = 1,
    pg = 1,
    pb = 1;
  let seesLights = true;
  result.r = result.g = result.b = 0;
  result.ar = result.ag = result.ab = 1;
  result.nx = result.ny = result.nz = 0;
  result.t = 1e3;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    if (!intersect(tree, ox, oy, oz, dx, dy, dz, 1e9, false)) {
      scene.sky(dx, dy, dz, sky, depth);
      addLight(pr * sky[0], pg * sky[1], pb * sky[2], depth);
      return;
    }
    const t = nearest.t;
    fillSurface(tree, ox + dx * t, oy + dy * t, oz + dz * t);
    surface.isSeen = seesLights;
    materials[tree.material[nearest.triangle]](surface, dx, dy, dz);
    const s = surface;
    if (s.er + s.eg + s.eb > 0) {
      if (seesLights) addLight(pr * s.er, pg * s.eg, pb * s.eb, depth);
      return;
    }
    // Sheets have two sides: the normal is turned to the one that the path came from.
    const side = dx * s.nx + dy * s.ny + dz * s.nz < 0 ? 1 : -1;
    const nx = s.nx * side,
      ny = s.ny * side,
      nz = s.nz * side;
    if (depth === 0) {
      result.ar = s.r;
      result.ag = s.g;
      result.ab = s.b;
      result.nx = nx;
      result.ny = ny;
      result.nz = nz;
      result.t = t;
    }
    ox = s.x + nx * OFFSET;
    oy = s.y + ny * OFFSET;
    oz = s.z + nz * OFFSET;
    const cosine = Math.max(1e-3, -(dx * nx + dy * ny + dz * nz));
    const gloss = s.f0 + (Math.max(1 - s.rough, s.f0) - s.f0) * (1 - cosine) ** 5;
    // Lamps and windows are far brighter than what lies around: reflections earn more rays than their share of the light.
    const pick = s.metal ? 1 : Math.min(0.85, Math.max(0.3, gloss * 2));
    if (random() < pick) {
      sampleGloss(dx, dy, dz, nx, ny, nz, s.rough * s.rough, random);
      if (bounce[3] <= 0) return;
      const h = Math.max(0, bounce[4]);
      const schlick = (1 - h) ** 5;
      const weight = bounce[3] / pick;
      if (s.metal) {
        pr *= weight * (s.r + (1 - s.r) * schlick);
        pg *= weight * (s.g + (1 - s.g) * schlick);
        pb *= weight * (s.b + (1 - s.b) * schlick);
      } else {
        const f = weight * (s.f0 + (1 - s.f0) * schlick);
        pr *= f;
        pg *= f;
        pb *= f;
      }
      seesLights = true;
    } else {
      const keep = (1 - gloss) / (1 - pick);
      pr *= s.r * keep;
      pg *= s.g * keep;
      pb *= s.b * keep;
      addDirect(scene, ox, oy, oz, nx, ny, nz, pr, pg, pb, depth, random);
      sampleDiffuse(nx, ny, nz, random);
      seesLights = false;
    }
    dx = bounce[0];
    dy = bounce[1];
    dz = bounce[2];
    if (depth > 0) {
      const survive = Math.min(0.95, 1.5 * Math.max(pr, pg, pb));
      if (random() > survive) return;
      pr /= survive;
      pg /= survive;
      pb /= survive;
    }
  }
}

const sky = new Float64Array(3);

function addLight(r, g, b, depth) {
  const most = Math.max(r, g, b);
  const scale = depth > 0 && most > INDIRECT_RADIANCE_MAX ? INDIRECT_RADIANCE_MAX / most : 1;
  result.r += r * scale;
  result.g += g * scale;
  result.b += b * scale;
}

function fillSurface(tree, x, y, z) {
  const { triangle, u, v } = nearest;
  const w = 1 - u - v,
    n = triangle * 9,
    c = triangle * 6;
  const { normal, uv } = tree;
  const nx = normal[n] * w + normal[n + 3] * u + normal[n + 6] * v;
  const ny = normal[n + 1] * w + normal[n + 4] * u + normal[n + 7] * v;
  const nz = normal[n + 2] * w + normal[n + 5] * u + normal[n + 8] * v;
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
  const s = surface;
  s.x = x;
  s.y = y;
  s.z = z;
  s.nx = nx / length;
  s.ny = ny / length;
  s.nz = nz / length;
  s.u = uv[c] * w + uv[c + 2] * u + uv[c + 4] * v;
  s.v = uv[c + 1] * w + uv[c + 3] * u + uv[c + 5] * v;
  s.f0 = 0.04;
  s.rough = 0.5;
  s.metal = false;
  s.er = s.eg = s.eb = 0;
}

// Light that arrives straight from the lamps and the sun at a diffuse surface, with one shadow ray each.
function addDirect(scene, px, py, pz, nx, ny, nz, pr, pg, pb, depth, random) {
  for (const light of scene.lights) {
    const a = random(),
      b = random();
    const lx = light.corner[0] + a * light.across[0] + b * light.up[0] - px;
    const ly = light.corner[1] + a * light.across[1] + b * light.up[1] - py;
    const lz = light.corner[2] + a * light.across[2] + b * light.up[2] - pz;
    const distance2 = lx * lx + ly * ly + lz * lz,
      distance = Math.sqrt(distance2);
    const toward = (nx * lx + ny * ly + nz * lz) / distance;
    const facing = -(light.normal[0] * lx + light.normal[1] * ly + light.normal[2] * lz) / distance;
    if (toward <= 0 || facing <= 0) continue;
    const shine = light.shine(a, b);
    const geometry = (toward * facing * light.area * shine) / (Math.PI * distance2);
    if (geometry < 1e-6) continue;
    if (intersect(scene.tree, px, py, pz, lx / distance, ly / distance, lz / distance, distance - 1e-3, true)) continue;
    addLight(pr * light.colour[0] * geometry, pg * light.colour[1] * geometry, pb * light.colour[2] * geometry, depth);
  }
  const { sun } = scene;
  if (sun === undefined) return;
  const angle = 2 * Math.PI * random(),
    radius = sun.spread * Math.sqrt(random());
  const sx = sun.direction[0] + radius * (Math.cos(angle) * sun.side[0] + Math.sin(angle) * sun.other[0]);
  const sy = sun.direction[1] + radius * (Math.cos(angle) * sun.side[1] + Math.sin(angle) * sun.other[1]);
  const sz = sun.direction[2] + radius * (Math.cos(angle) * sun.side[2] + Math.sin(angle) * sun.other[2]);
  const toward = nx * sx + ny * sy + nz * sz;
  if (toward <= 0) return;
  const through = toward * sun.passes(px, py, pz, sx, sy, sz);
  if (through <= 0.001 || intersect(scene.tree, px, py, pz, sx, sy, sz, 1e9, true)) return;
  addLight(pr * sun.colour[0] * through, pg * sun.colour[1] * through, pb * sun.colour[2] * through, depth);
}
