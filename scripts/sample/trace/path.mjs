// The light transport: one path per call, diffuse + glossy surfaces, metal, glass, rectangular lights, a sun and a sky.
import { intersect, nearest } from './bvh.mjs';

const DEPTH_MAX = 6;
const OFFSET = 1e-4;
// A rare path through two reflections can carry a thousand times the mean; clamping it trades a little light for no speckles.
const INDIRECT_RADIANCE_MAX = 8;

/**
 * The surface at a hit, filled in by a material: albedo r g b, f0 (reflectance straight on), rough (0 mirror … 1),
 * metal (reflection tinted by albedo, no diffuse), glass (index of refraction, 0 for opaque), emission er eg eb,
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
  glass: 0,
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
    const entering = dx * s.nx + dy * s.ny + dz * s.nz < 0;
    const side = entering ? 1 : -1;
    const nx = s.nx * side,
      ny = s.ny * side,
      nz = s.nz * side;
    if (depth === 0) {
      result.ar = s.glass ? 1 : s.r;
      result.ag = s.glass ? 1 : s.g;
      result.ab = s.glass ? 1 : s.b;
      result.nx = nx;
      result.ny = ny;
      result.nz = nz;
      result.t = t;
    }
    if (s.glass > 0) {
      const ratio = entering ? 1 / s.glass : s.glass;
      const cosine = -(dx * nx + dy * ny + dz * nz);
      const k = 1 - ratio * ratio * (1 - cosine * cosine);
      const base = ((1 - s.glass) / (1 + s.glass)) ** 2;
      const inside = ratio > 1 && k > 0 ? Math.sqrt(k) : cosine;
      const reflectance = k < 0 ? 1 : base + (1 - base) * (1 - inside) ** 5;
      if (random() < reflectance) {
        dx += 2 * cosine * nx;
        dy += 2 * cosine * ny;
        dz += 2 * cosine * nz;
        ox = s.x + nx * OFFSET;
        oy = s.y + ny * OFFSET;
        oz = s.z + nz * OFFSET;
      } else {
        const bend = ratio * cosine - Math.sqrt(k);
        dx = ratio * dx + bend * nx;
        dy = ratio * dy + bend * ny;
        dz = ratio * dz + bend * nz;
        ox = s.x - nx * OFFSET;
        oy = s.y - ny * OFFSET;
        oz = s.z - nz * OFFSET;
        pr *= s.r;
        pg *= s.g;
        pb *= s.b;
      }
      seesLights = true;
      continue;
    }
    ox = s.x + nx * OFFSET;
    oy = s.y + ny * OFFSET;
    oz = s.z + nz * OFFSET;
    makeFrame(nx, ny, nz);
    const cosine = Math.max(1e-3, -(dx * nx + dy * ny + dz * nz));
    const gloss = s.f0 + (Math.max(1 - s.rough, s.f0) - s.f0) * (1 - cosine) ** 5;
    // Lamps and windows are far brighter than what lies around: reflections earn more rays than their share of the light.
    const pick = s.metal ? 1 : Math.min(0.85, Math.max(0.3, gloss * 2));
    if (random() < pick) {
      sampleGloss(dx, dy, dz, nx, ny, nz, s.rough * s.rough, random);
      if (out[3] <= 0) return;
      const h = Math.max(0, out[4]);
      const schlick = (1 - h) ** 5;
      const weight = out[3] / pick;
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
      const px = ox,
        py = oy,
        pz = oz;
      addDirect(scene, px, py, pz, nx, ny, nz, pr, pg, pb, depth, random);
      const angle = 2 * Math.PI * random(),
        radius2 = random(),
        radius = Math.sqrt(radius2);
      toWorld(radius * Math.cos(angle), radius * Math.sin(angle), Math.sqrt(1 - radius2), nx, ny, nz);
      seesLights = false;
    }
    dx = out[0];
    dy = out[1];
    dz = out[2];
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
const out = new Float64Array(5);
const frame = new Float64Array(6);

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
  s.glass = 0;
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

function makeFrame(nx, ny, nz) {
  const sign = nz >= 0 ? 1 : -1,
    a = -1 / (sign + nz),
    b = nx * ny * a;
  frame[0] = 1 + sign * nx * nx * a;
  frame[1] = sign * b;
  frame[2] = -sign * nx;
  frame[3] = b;
  frame[4] = sign + ny * ny * a;
  frame[5] = -ny;
}

function toWorld(x, y, z, nx, ny, nz) {
  out[0] = x * frame[0] + y * frame[3] + z * nx;
  out[1] = x * frame[1] + y * frame[4] + z * ny;
  out[2] = x * frame[2] + y * frame[5] + z * nz;
}

// GGX reflection by sampling the visible half vectors (Heitz 2018); out[3] is shadowing over masking, out[4] the half angle's cosine.
function sampleGloss(dx, dy, dz, nx, ny, nz, alpha, random) {
  alpha = Math.max(alpha, 1e-3);
  const vx = -(dx * frame[0] + dy * frame[1] + dz * frame[2]);
  const vy = -(dx * frame[3] + dy * frame[4] + dz * frame[5]);
  const vz = Math.max(1e-4, -(dx * nx + dy * ny + dz * nz));
  const sx = alpha * vx,
    sy = alpha * vy,
    length = Math.sqrt(sx * sx + sy * sy + vz * vz);
  const wx = sx / length,
    wy = sy / length,
    wz = vz / length;
  const flat = Math.sqrt(wx * wx + wy * wy);
  const t1x = flat > 1e-6 ? -wy / flat : 1,
    t1y = flat > 1e-6 ? wx / flat : 0;
  const t2x = -wz * t1y,
    t2y = wz * t1x,
    t2z = wx * t1y - wy * t1x;
  const radius = Math.sqrt(random()),
    angle = 2 * Math.PI * random();
  const p1 = radius * Math.cos(angle),
    half = 0.5 * (1 + wz);
  const p2 = (1 - half) * Math.sqrt(1 - p1 * p1) + half * radius * Math.sin(angle);
  const p3 = Math.sqrt(Math.max(0, 1 - p1 * p1 - p2 * p2));
  let hx = alpha * (p1 * t1x + p2 * t2x + p3 * wx),
    hy = alpha * (p1 * t1y + p2 * t2y + p3 * wy);
  let hz = Math.max(1e-6, p2 * t2z + p3 * wz);
  const scale = 1 / Math.sqrt(hx * hx + hy * hy + hz * hz);
  hx *= scale;
  hy *= scale;
  hz *= scale;
  const cosine = vx * hx + vy * hy + vz * hz;
  const lx = 2 * cosine * hx - vx,
    ly = 2 * cosine * hy - vy,
    lz = 2 * cosine * hz - vz;
  out[4] = cosine;
  out[3] = lz <= 0 ? 0 : 2 / (1 + Math.sqrt(1 + alpha * alpha * (1 / (lz * lz) - 1)));
  toWorld(lx, ly, lz, nx, ny, nz);
}
